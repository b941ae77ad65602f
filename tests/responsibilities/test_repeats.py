"""Reports that come again until the case is closed: numbered by the clock, one at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.incidents import event_occurrences, numbered, stage_of
from responsibilities.language.ladder_phrases import interval
from responsibilities.plan import Interval, Stage
from responsibilities.tasks import Event
from responsibilities.words import Words
from tests.responsibilities.compiling import compiled
from tests.responsibilities.small_plans import CLOCK, at, plan, said, wall
from tests.responsibilities.test_incidents import CASE, on_case

FIRST = at("2026-10-03 23:30")
EVERY = on_case(
    stages=(
        Stage("first", "首报", said("知悉后30分钟内")),
        Stage("follow", "续报", said("首报后4小时内"), Interval(4, "hour")),
        Stage("final", "终报", said("结案后5个工作日内")),
    )
)


def follow_ups(**more: datetime) -> list[tuple[str, str, str]]:
    marks = {**CASE.marks, "首报": FIRST, **more}
    event = replace(CASE, marks=marks, closed_at=more.get("结案"))
    found = event_occurrences(plan(EVERY), EVERY, event, CLOCK)
    return [
        (one.key.split("/")[2], wall(one.opens_at), wall(one.due_at))
        for one in found
        if ".follow" in one.key
    ]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("每4小时", Interval(4, "hour")),
        ("每4小时续报一次，直至结案", Interval(4, "hour")),
        ("每半小时报告一次", Interval(30, "minute")),
        ("每两天", Interval(2, "day")),
    ],
)
def test_how_often_is_said_as_plans_say_it(text: str, means: Interval) -> None:
    assert interval(text) == means


def test_an_interval_without_a_number_says_what_would_be_right() -> None:
    found = interval("不定时续报")
    assert isinstance(found, Words)
    assert "每4小时续报一次，直至结案" in found.zh


def test_the_next_report_is_asked_for_when_the_one_before_is_in() -> None:
    assert follow_ups() == [("report.follow.1", "2026-10-03 23:30", "2026-10-04 03:30")]
    assert follow_ups(续报1=at("2026-10-04 03:10"))[1:] == [
        ("report.follow.2", "2026-10-04 03:10", "2026-10-04 07:30")
    ]


def test_a_report_that_comes_in_late_skips_the_places_it_has_missed() -> None:
    assert follow_ups(续报1=at("2026-10-04 12:00"))[1:] == [
        ("report.follow.4", "2026-10-04 12:00", "2026-10-04 15:30")
    ]


def test_once_the_case_is_closed_no_further_report_is_asked_for() -> None:
    closed = at("2026-10-04 03:00")
    assert len(follow_ups(续报1=at("2026-10-04 03:10"), 结案=closed)) == 1
    assert len(follow_ups(续报1=at("2026-10-04 02:50"), 结案=closed)) == 2


def test_the_number_stands_in_the_key_and_can_be_read_back() -> None:
    stage, number = stage_of(EVERY, "p/E2026-0001/report.follow.12/药学院") or (None, 0)
    assert stage is EVERY.stages[1]
    assert numbered("续报", number) == "续报12"
    assert stage_of(EVERY, "p/E2026-0001/report.first/药学院") == (EVERY.stages[0], 0)
    assert stage_of(EVERY, "p/E2026-0001/report.other/药学院") is None


@given(st.lists(st.integers(min_value=1, max_value=3000), max_size=12))
def test_however_late_the_reports_come_each_is_due_after_it_opens_and_on_the_clock(
    gaps: list[int],
) -> None:
    event: Event = replace(CASE, marks={**CASE.marks, "首报": FIRST})
    for gap in gaps:
        found = event_occurrences(plan(EVERY), EVERY, event, CLOCK)
        last = max((one for one in found if ".follow" in one.key), key=lambda one: one.due_at)
        number = int(last.key.split("/")[2].rpartition(".")[2])
        assert last.due_at == FIRST + timedelta(hours=4 * number)
        assert last.opens_at < last.due_at
        name = numbered("续报", number)
        event = replace(event, marks={**event.marks, name: last.opens_at + timedelta(minutes=gap)})
    keys = [one.key for one in event_occurrences(plan(EVERY), EVERY, event, CLOCK)]
    assert len(keys) == len(set(keys)) == len(gaps) + 2


def test_what_repeats_until_the_closing_cannot_begin_there() -> None:
    duty = (
        "{id: a, title: 甲, responsible: 保卫处, on: 火警, "
        "stages: [{id: s, name: 续报, due: 结案后1日内, repeat: %s}]}"
    )
    for repeat in ("每4小时", "时常"):
        found = compiled(f"duties:\n  - {duty % repeat}").problems
        assert "bad-repeat" in {problem.code for problem in found}
