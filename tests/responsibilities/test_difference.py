"""Two versions side by side: every change is said, nothing is said that did not change."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.clock import Roll
from responsibilities.difference import Difference, difference
from responsibilities.duty_words import Aspect
from responsibilities.plan import (
    Assumption,
    Duty,
    EvidenceKind,
    Ladder,
    Plan,
    Requirement,
    Role,
    Source,
)
from responsibilities.simulation.comparison import Version, compare
from responsibilities.simulation.conduct import Scenario, Temper
from tests.responsibilities.small_plans import CLOCK, COLLEGES, at, duty, every, plan, said, step

WEEKLY = duty("reminder", "每周", due="周五前", units=COLLEGES)
MONTHLY = duty("bulletin", due="5日前", units=("保卫处",))
OLD = plan(WEEKLY, MONTHLY)
FILE = Requirement("text", EvidenceKind.FILE, "通报正文")


def said_of(before: Duty, after: Duty) -> list[tuple[Aspect, str, str, str]]:
    """What is said of one duty that became another."""
    found = difference(plan(before), plan(after)).changes[before.id]
    return [
        (
            one.aspect,
            one.name.zh,
            "；".join(w.zh for w in one.before),
            "；".join(w.zh for w in one.after),
        )
        for one in found
    ]


def test_a_version_adds_moves_retires_and_leaves_alone() -> None:
    new = plan(replace(WEEKLY, title="报送周提醒"), duty("audit", "每年9月", due="期末"))
    found = difference(OLD, new, {"reminder": 3, "bulletin": 1})
    assert (found.adds, found.moves, found.retires) == (("audit",), ("reminder",), ("bulletin",))
    assert found.unchanged == ()
    assert (found.open_tasks, found.left_alone["reminder"]) == (4, 3)


def test_the_first_version_adds_everything() -> None:
    found = difference(None, OLD)
    assert found == Difference(("reminder", "bulletin"), (), (), (), {}, (), {})


def test_a_date_is_said_in_the_words_of_the_plan() -> None:
    assert WEEKLY.when
    later = replace(WEEKLY, when=replace(WEEKLY.when, due=said("周四前")))
    assert said_of(WEEKLY, later) == [(Aspect.DATES, "时限", "周五前", "周四前")]


def test_units_that_come_and_go_are_named_and_the_others_are_not() -> None:
    fewer = replace(WEEKLY, responsible=("护理学院", "保卫处"))
    assert said_of(WEEKLY, fewer) == [
        (Aspect.UNITS, "责任单位", "药学院；口腔医学院", "保卫处"),
    ]


def test_a_changed_ladder_is_a_change_of_every_duty_that_climbs_it() -> None:
    steps = (step("逾期2个工作日", Role.HEAD), *OLD.ladders[0].steps)
    new = replace(OLD, ladders=(Ladder(OLD.ladders[0].id, OLD.ladders[0].name, steps),))
    found = difference(OLD, new)
    assert found.moves == ("reminder", "bulletin")
    for changes in found.changes.values():
        assert [(one.aspect, len(one.before), len(one.after)) for one in changes] == [
            (Aspect.LADDER, 0, 1)
        ]


def test_what_concerns_no_single_duty_is_said_once() -> None:
    new = replace(OLD, in_force=date(2027, 3, 1), title="新方案")
    found = difference(OLD, new)
    assert found.moves == ()
    assert [one.name.zh for one in found.institution] == ["施行日期", "标题"]


def test_a_place_in_a_file_is_no_change() -> None:
    assert difference(OLD, plan(replace(WEEKLY, file="other.yaml", line=7), MONTHLY)).moves == ()


EDITS: dict[str, Any] = {
    "title": "改", "department": "改", "co_acting": ("保卫处",), "inform": ("保卫处",),
    "leader": "组长", "rhythm": every("每月"), "subject": -1, "evidence": (FILE,),
    "zero_report": True, "review": "护理学院", "ladder": None, "weight": 3.0,
    "assumed": (Assumption("due", "办公室核定"),), "question": "何时",
    "note": "注", "said": "常态化",
    "sources": (Source("S9", "三", "新句"),),
}  # fmt: skip


@given(st.sets(st.sampled_from(sorted(EDITS)), min_size=1), st.sampled_from(list(Roll)))
def test_whatever_is_edited_is_said_and_said_the_other_way_round(
    edited: set[str], roll: Roll
) -> None:
    assert WEEKLY.when
    after = replace(WEEKLY, **{name: EDITS[name] for name in edited})
    after = replace(after, when=replace(WEEKLY.when, roll=roll))
    there, back = said_of(WEEKLY, after), said_of(after, WEEKLY)
    assert len(there) >= len(edited - {"note", "said"})
    assert [(a, n, new, old) for a, n, old, new in back] == there


def versions(new: Plan) -> tuple[Version, Version]:
    return Version(OLD, CLOCK), Version(new, CLOCK)


def test_the_next_dates_are_shown_where_they_differ_and_only_there() -> None:
    assert WEEKLY.when
    new = plan(replace(WEEKLY, when=replace(WEEKLY.when, due=said("周四前"))), MONTHLY)
    found = compare(*versions(new), at("2026-11-23 12:00"))
    (one,) = found.dates
    assert one.duty == "reminder"
    assert [CLOCK.day(dated.due_at) for dated in one.before] == [
        date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 18),
    ]  # fmt: skip
    assert [CLOCK.day(dated.due_at).isoweekday() for dated in one.after] == [4, 4, 4]


def test_a_year_is_lived_under_both_versions_by_the_same_units() -> None:
    tempers = dict.fromkeys(("保卫处", *COLLEGES), Temper.PROMPT)
    autumn = Scenario(date(2026, 9, 1), date(2026, 12, 31), tempers=tempers)
    same = compare(*versions(OLD), at("2026-11-23 12:00"), scenario=autumn)
    assert same.load
    assert all(unit.before == unit.after for unit in same.load)
    fewer = compare(*versions(plan(WEEKLY)), at("2026-11-23 12:00"), scenario=autumn)
    changed = {unit.unit: unit.after.tasks - unit.before.tasks for unit in fewer.load}
    assert changed.pop("保卫处") == -4
    assert set(changed.values()) == {0}


def test_a_version_that_begins_later_is_compared_by_its_rules_not_its_half_year() -> None:
    autumn = Scenario(date(2026, 9, 1), date(2026, 12, 31))
    later = replace(OLD, in_force=date(2026, 12, 1))
    found = compare(*versions(later), at("2026-11-23 12:00"), scenario=autumn)
    assert all(unit.before == unit.after for unit in found.load)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_is_empty_in_either_language(language: str) -> None:
    after = replace(WEEKLY, **EDITS)
    for change in difference(plan(WEEKLY), plan(after)).changes["reminder"]:
        for words in (change.name, *change.before, *change.after):
            assert words._asdict()[language].strip()
