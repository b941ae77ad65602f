"""敏感时期: what is asked for only while the office says so."""

import inspect
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from responsibilities.occurrences import dated, next_opening
from responsibilities.plan import Plan
from responsibilities.simulation.simulate import Happening, Scenario, simulate
from responsibilities.windows import Span
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, said, wall


def daily(rhythm: str = "每日") -> Plan:
    """
    windows:
      - {id: sensitive, name: 敏感时期}
    duties:
      - id: zero
        title: 报送校园安全情况
        responsible: 保卫处
        every: 每日
        window: 敏感时期
        zero_report: true
        roll: 不变
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    text = inspect.cleandoc(daily.__doc__ or "").replace("每日", rhythm)
    result = compiled(text)
    assert result.problems == ()
    assert result.plan is not None
    return result.plan


def shown(plan: Plan, *spans: Span) -> list[tuple[str, str]]:
    since, until = at("2026-03-02 00:00"), at("2026-12-31 00:00")
    found = dated(plan, plan.duties[0], CLOCK, since, until, {"sensitive": spans})
    return [(one.period, wall(one.opens_at)) for one in found]


def test_nothing_is_asked_for_until_the_office_opens_the_window() -> None:
    plan = daily()
    assert shown(plan) == []
    assert next_opening(plan, plan.duties[0], CLOCK, at("2026-09-01 00:00")) is None


def test_the_day_on_which_it_opens_is_asked_for_at_once() -> None:
    span = Span(at("2026-09-28 10:30"), at("2026-09-30 12:00"))
    assert shown(daily(), span) == [
        ("2026-09-28", "2026-09-28 10:30"),
        ("2026-09-29", "2026-09-29 08:00"),
        ("2026-09-30", "2026-09-30 08:00"),
    ]


def test_an_evening_opening_begins_with_the_next_day() -> None:
    span = Span(at("2026-09-28 18:00"), at("2026-09-29 18:00"))
    assert [period for period, _ in shown(daily(), span)] == ["2026-09-29"]


def test_two_windows_on_one_day_ask_once() -> None:
    spans = (
        Span(at("2026-09-28 09:00"), at("2026-09-28 10:00")),
        Span(at("2026-09-28 11:00"), at("2026-09-28 12:00")),
    )
    assert shown(daily(), *spans) == [("2026-09-28", "2026-09-28 09:00")]


def test_what_is_due_long_after_its_day_is_asked_for_when_the_window_opens() -> None:
    plan = daily()
    (one,) = plan.duties
    assert one.when is not None
    late = replace(one, when=replace(one.when, due=said("期初后3个月")))
    span = Span(at("2026-06-09 09:00"), at("2026-06-09 12:00"))
    found = shown(replace(plan, duties=(late,)), span)
    assert found[0] == ("2026-03-09", "2026-06-09 09:00")


INSTANTS = st.integers(0, 300 * 24).map(lambda hour: at("2026-03-02 00:00") + timedelta(hours=hour))


@given(st.lists(st.tuples(INSTANTS, st.integers(1, 900)), max_size=4), st.booleans())
def test_inside_is_what_every_single_day_says(
    drawn: list[tuple[datetime, int]], weekly: bool
) -> None:
    spans: list[Span] = []
    for start, hours in sorted(drawn):
        if not spans or start >= (spans[-1].closes_at or start):
            spans.append(Span(start, start + timedelta(hours=hours)))
    expected: dict[str, str] = {}
    day = date(2026, 1, 5)
    while day < date(2026, 12, 31):  # one period after the other, by hand
        last = day + timedelta(6 if weekly else 0)
        opens, due = CLOCK.opening(day), CLOCK.closing(last)
        year, week, _ = day.isocalendar()
        for opened, closed in spans:
            starts = max(opens, opened)
            shown_then = at("2026-03-02 00:00") < starts <= at("2026-12-31 00:00")
            if shown_then and opened < due and closed is not None and starts < closed:
                name = f"{year}-W{week:02d}" if weekly else day.isoformat()
                expected.setdefault(name, wall(starts))
        day = last + timedelta(1)
    plan = daily("每周" if weekly else "每日")
    assert dict(shown(plan, *spans)) == expected
    for now in (at("2026-04-01 00:00"), at("2026-08-01 13:00")):
        later = [wall(now) < starts for starts in expected.values()]
        found = next_opening(plan, plan.duties[0], CLOCK, now, {"sensitive": spans})
        after = sorted(starts for starts in expected.values() if starts > wall(now))
        assert (wall(found) if found else "") == (after[0] if any(later) else "")


def test_a_simulated_year_has_its_sensitive_times() -> None:
    happened: list[Happening] = []
    scenario = Scenario(date(2026, 3, 2), date(2026, 12, 30))
    simulate(daily(), CLOCK, scenario, happened.append)
    opened = [one.key for one in happened if one.what == "opened"]
    assert 10 <= len(opened) <= 22
    assert len(opened) == len(set(opened))


def test_a_window_that_nobody_declared() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每日, window: 非常时期, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_a_window_that_nobody_declared, "unknown-window")


def test_a_yearly_rhythm_makes_no_sense_inside_a_window() -> None:
    """
    windows: [{id: sensitive, name: 敏感时期}]
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每年, window: 敏感时期, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_a_yearly_rhythm_makes_no_sense_inside_a_window, "window-rhythm")
