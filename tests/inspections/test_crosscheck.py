"""A list from outside and the record: what was reported, what came late, what never came."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inspections.crosscheck import OUTCOME_WORDS, Case, Outcome, crosscheck

DAY = date(2026, 11, 12)


def case(name: str, after: int = 0, unit: str = "nursing", late: int = 0, **values: str) -> Case:
    return Case(name, DAY + timedelta(days=after), unit, values, timedelta(minutes=late))


def told(listed: list[Case], events: list[Case]) -> list[tuple[str | None, Outcome, bool]]:
    found = crosscheck(listed, events).lines
    return [(one.event.name if one.event else None, one.outcome, one.sure) for one in found]


def test_the_same_day_unit_and_amount_is_one_case() -> None:
    events = [case("E1", 损失金额="68000", 诈骗手法="刷单返利")]
    listed = [case("1", 损失金额="68,000", 诈骗手法="刷单返利")]
    assert told(listed, events) == [("E1", Outcome.REPORTED, True)]
    reasons = crosscheck(listed, events).lines[0].reasons
    assert [one.zh for one in reasons] == ["日期相同", "单位相同", "损失金额相同", "诈骗手法相同"]


def test_a_case_that_was_reported_late_says_so_and_one_that_was_not_is_missed() -> None:
    events = [case("E1", late=220, 损失金额="500")]
    listed = [case("1", 损失金额="500"), case("2", unit="pharmacy", 损失金额="900")]
    assert told(listed, events) == [("E1", Outcome.LATE, True), (None, Outcome.MISSED, True)]


def test_another_unit_or_another_week_is_another_case() -> None:
    events = [case("E1", 损失金额="500")]
    assert told([case("1", 4, 损失金额="500")], events)[0][0] is None
    assert told([case("1", unit="pharmacy", 损失金额="500")], events)[0][0] is None
    assert told([case("1", 3, 损失金额="500")], events)[0][0] == "E1"


def test_what_agrees_only_in_day_and_unit_is_left_for_somebody_to_look_at() -> None:
    assert told([case("1", 1)], [case("E1")]) == [("E1", Outcome.REPORTED, False)]


def test_two_cases_of_one_day_go_to_the_amounts_they_have() -> None:
    events = [case("E1", 损失金额="100"), case("E2", 损失金额="9000")]
    listed = [case("1", 损失金额="9000"), case("2", 损失金额="100")]
    assert [name for name, _, _ in told(listed, events)] == ["E2", "E1"]


def test_incidents_that_the_list_does_not_have_are_named_too() -> None:
    assert [one.name for one in crosscheck([], [case("E1")]).unlisted] == ["E1"]


def test_no_outcome_says_that_anything_was_hidden() -> None:
    assert all(
        "瞒" not in words.zh and "conceal" not in words.en for words in OUTCOME_WORDS.values()
    )


cases = st.builds(
    lambda after, unit, amount: (after, unit, amount),
    st.integers(0, 6), st.sampled_from(["nursing", "pharmacy"]), st.sampled_from(["100", "900"]),
)  # fmt: skip


@given(st.lists(cases, max_size=6), st.lists(cases, max_size=6))
def test_the_answer_does_not_depend_on_the_order_of_the_record_and_nothing_counts_twice(
    lines: list[tuple[int, str, str]], known: list[tuple[int, str, str]]
) -> None:
    listed = [case(str(n), a, u, 损失金额=m) for n, (a, u, m) in enumerate(lines, 1)]
    events = [case(f"E{n}", a, u, 损失金额=m) for n, (a, u, m) in enumerate(known, 1)]
    found = crosscheck(listed, events)
    assert told(listed, events) == told(listed, events[::-1])
    names = [one.event.name for one in found.lines if one.event]
    assert len(names) == len(set(names))
    assert sorted(names + [one.name for one in found.unlisted]) == [one.name for one in events]
