"""The verdict on a report is what its clock says, and nothing more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.lateness import VERDICT_WORDS, Asked, Judged, Verdict, judge, say_delay, worst
from responsibilities.tasks import Fact, FactKind

DUE = datetime(2026, 11, 23, 3, tzinfo=UTC)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def handed_in(after: int, *, complete: bool = True) -> Fact:
    body = {"attempt": 1, "complete": complete}
    return Fact("t", f"submitted/{after}", FactKind.SUBMITTED, DUE + minutes(after), "x", body)


def judged(*facts: Fact, now: int = 600, phoned: int | None = None) -> Judged:
    phoned_at = None if phoned is None else DUE + minutes(phoned)
    return judge(Asked("t", "首报", "护理学院", DUE, phoned_at), facts, DUE + minutes(now))


@pytest.mark.parametrize(
    ("facts", "now", "verdict", "late"),
    [
        ([handed_in(-5)], 600, Verdict.ON_TIME, 0),
        ([handed_in(0)], 600, Verdict.ON_TIME, 0),
        ([handed_in(130)], 600, Verdict.LATE, 130),
        ([handed_in(-5, complete=False), handed_in(20)], 600, Verdict.LATE, 20),
        ([], -1, Verdict.AWAITED, 0),
        ([], 45, Verdict.OVERDUE, 45),
        ([Fact("t", "waived", FactKind.WAIVED, DUE, "x", {})], 600, Verdict.SPARED, 0),
    ],
)
def test_the_first_complete_report_counts(
    facts: list[Fact], now: int, verdict: Verdict, late: int
) -> None:
    found = judged(*facts, now=now)
    assert (found.verdict, found.late_by) == (verdict, minutes(late))


def test_a_first_report_by_phone_counts_when_it_was_made() -> None:
    found = judged(handed_in(90), phoned=-10)
    assert (found.verdict, found.by_phone) == (Verdict.ON_TIME, True)
    assert judged(phoned=5).late_by == minutes(5)


def test_no_verdict_ever_says_that_something_was_hidden() -> None:
    said = "".join(words.zh + words.en for words in VERDICT_WORDS.values())
    assert "瞒" not in said
    assert "conceal" not in said


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_late_is_exactly_what_lies_behind_the_clock(made: int, now: int) -> None:
    found = judged(handed_in(made), now=now)
    assert found.late_by == max(minutes(made), timedelta())
    assert (found.verdict is Verdict.LATE) == (made > 0)


def test_the_worst_is_the_latest_and_none_where_all_are_in_time() -> None:
    early, late, later = judged(handed_in(-1)), judged(handed_in(5)), judged(handed_in(70))
    assert worst([early, late, later]) is later
    assert worst([early]) is None
    assert say_delay(minutes(1570)).zh == "1天2小时10分钟"
