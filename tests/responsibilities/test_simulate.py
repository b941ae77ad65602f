"""A year in memory: the same seed gives the same year, and its figures add up."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from responsibilities.plan import (
    EVENT_UNIT,
    Duty,
    EventType,
    EvidenceKind,
    Kind,
    Plan,
    Requirement,
    Stage,
)
from responsibilities.simulation.burden import of_task
from responsibilities.simulation.chance import draw
from responsibilities.simulation.conduct import Scenario, Temper, temper, year_named
from responsibilities.simulation.simulate import Happening, line, simulate, text
from responsibilities.words import Refused
from tests.responsibilities.small_plans import CLOCK, COLLEGES, duty, plan, said

WEEKLY = duty("reminder", "每周", due="周五前", units=COLLEGES)
MONTHLY = duty(
    "bulletin",
    due="5日前",
    units=("保卫处",),
    evidence=(
        Requirement("text", EvidenceKind.FILE, "通报正文", minimum=2),
        Requirement("cases", EvidenceKind.NUMBER, "发案数"),
    ),
)
CASE = Duty(
    "case-report", "报告电诈案件", Kind.EVENT, "bwc", (), (EVENT_UNIT,), event="case",
    ladder="ordinary",
    stages=(
        Stage("first", "首报", said("知悉后30分钟内")),
        Stage("follow", "续报", said("首报后24小时内")),
        Stage("final", "终报", said("结案后5个工作日内")),
    ),
)  # fmt: skip
PLAN = plan(WEEKLY, MONTHLY, CASE, event_types=(EventType("case", "电诈案件", (), True),))
AUTUMN = Scenario(date(2026, 9, 1), date(2026, 12, 31), incidents=9)


def told(scenario: Scenario, of: Plan = PLAN) -> list[Happening]:
    events: list[Happening] = []
    simulate(of, CLOCK, scenario, events.append)
    return events


def everybody(how: Temper, returned: float = 0.08, incidents: float = 9) -> Scenario:
    tempers = dict.fromkeys(("保卫处", *COLLEGES), how)
    return replace(AUTUMN, tempers=tempers, returned=returned, incidents=incidents)


def test_the_same_seed_gives_the_same_year_and_another_seed_another() -> None:
    assert told(AUTUMN) == told(AUTUMN)
    assert told(AUTUMN) != told(replace(AUTUMN, seed="2"))


def test_everything_happens_in_order_of_time() -> None:
    events = told(AUTUMN)
    assert [one.at for one in events] == sorted(one.at for one in events)


def test_every_task_opens_once_and_is_closed_at_most_once() -> None:
    counted = Counter((one.what, one.key) for one in told(AUTUMN))
    assert all(counted[what, key] == 1 for what, key in counted if what in ("opened", "accepted"))
    opened = {key for what, key in counted if what == "opened"}
    assert {key for what, key in counted if what not in ("opened", "reported")} <= opened


def test_prompt_units_are_never_chased() -> None:
    found = simulate(PLAN, CLOCK, everybody(Temper.PROMPT, returned=0))
    assert found.escalations == 0
    assert sum(unit.late for unit in found.units) == 0


def test_silent_units_climb_the_whole_ladder() -> None:
    silent = everybody(Temper.SILENT)
    found = simulate(PLAN, CLOCK, silent)
    assert found.ladder["逾期5个工作日"] > 40
    assert sum(unit.on_time for unit in found.units) == 0


def test_late_units_hand_in_after_the_date_or_ask_for_more_time() -> None:
    found = simulate(PLAN, CLOCK, everybody(Temper.LATE))
    assert sum(unit.extended for unit in found.units) > 0
    assert sum(unit.late for unit in found.units) > sum(unit.on_time for unit in found.units)


def test_what_is_returned_is_handed_in_again() -> None:
    events = told(everybody(Temper.PROMPT, returned=1))
    counted = Counter(one.what for one in events)
    assert counted["submitted"] >= counted["returned"] + counted["accepted"]
    assert counted["returned"] > 40


def test_a_first_report_opens_the_follow_up_and_closing_opens_the_final_one() -> None:
    events = told(everybody(Temper.PROMPT))
    stages = Counter(one.key.split("/")[2] for one in events if one.what == "opened")
    assert stages["case-report.first"] == stages["case-report.follow"] > 0
    assert 0 < stages["case-report.final"] <= stages["case-report.first"]


def test_letters_are_bundled_for_each_mailbox_and_day() -> None:
    """Five weekly duties of one college open at one instant: one letter, not five."""
    many = plan(*(duty(f"d{n}", "每周", due="周五前") for n in range(5)))
    quiet = everybody(Temper.PROMPT, returned=0)
    found = simulate(many, CLOCK, quiet)
    weeks = [week for unit in found.units for week in unit.weeks.values() if week.tasks]
    assert all(week.tasks % 5 == 0 for week in weeks)  # a holiday moves all five
    mondays = simulate(plan(duty("d0", "每周", due="周五前")), CLOCK, quiet)
    assert found.letters < 2 * mondays.letters


def test_the_figures_of_the_weeks_add_up_to_what_happened() -> None:
    events: list[Happening] = []
    found = simulate(PLAN, CLOCK, AUTUMN, events.append)
    counted = Counter(one.what for one in events)
    assert found.tasks == counted["opened"]
    assert found.events == counted["reported"]
    assert found.happenings == len(events)
    submitted_first = sum(unit.on_time + unit.late for unit in found.units)
    assert submitted_first == len({one.key for one in events if one.what == "submitted"})


def test_the_burden_is_counted_by_a_stated_rule() -> None:
    found = of_task(PLAN, MONTHLY, "保卫处")
    assert (found.fields, found.files, found.minutes) == (1, 2, 3 + 16 + 2)
    year = simulate(PLAN, CLOCK, replace(AUTUMN, incidents=0))
    (office,) = (unit for unit in year.units if unit.unit == "保卫处")
    assert (office.tasks, office.burden.minutes) == (4, 4 * 21)


def test_clashes_name_the_unit_the_day_and_how_many() -> None:
    many = plan(*(duty(f"d{n}", due="5日前", units=("药学院",)) for n in range(4)))
    found = simulate(many, CLOCK, AUTUMN)
    assert ("药学院", "2026-11-05", 4) in found.clashes
    assert all(clash.dues >= 3 for clash in found.clashes)


def test_provisional_dates_are_counted() -> None:
    winter = replace(AUTUMN, first=date(2026, 12, 1), last=date(2027, 1, 31), incidents=0)
    found = simulate(plan(MONTHLY), CLOCK, winter)
    assert found.provisional == 1


def test_a_duty_beyond_the_calendars_is_named_and_the_others_go_on() -> None:
    term = duty("term", "每学期", opens="开课前1周", due="开课后4个教学周内", units=("保卫处",))
    late = replace(AUTUMN, first=date(2027, 7, 1), last=date(2027, 12, 1), incidents=0)
    found = simulate(plan(term, MONTHLY), CLOCK, late)
    assert found.tasks == 6


def test_a_span_beyond_the_calendars_is_refused() -> None:
    with pytest.raises(Refused, match="2028"):
        simulate(PLAN, CLOCK, replace(AUTUMN, last=date(2028, 3, 1)))


def test_the_year_is_the_plans_first_school_year_unless_another_is_named() -> None:
    assert year_named(PLAN) == (date(2025, 9, 1), date(2026, 8, 27))
    assert year_named(PLAN, "2026-27")[0] == date(2026, 8, 28)
    assert year_named(PLAN, "2026") == (date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(Refused, match="2031"):
        year_named(PLAN, "2031-32")


def test_a_plan_without_a_school_calendar_runs_over_the_civil_year() -> None:
    hospital = replace(PLAN, school=None, in_force=date(2026, 3, 1))
    assert year_named(hospital) == (date(2026, 1, 1), date(2026, 12, 31))
    assert year_named(hospital, "2027") == (date(2027, 1, 1), date(2027, 12, 31))
    with pytest.raises(Refused, match="2026-27"):
        year_named(hospital, "2026-27")


def test_chance_is_fair_and_the_same_everywhere() -> None:
    drawn = [draw("1", str(n)) for n in range(2000)]
    assert 0.45 < sum(drawn) / len(drawn) < 0.55
    assert f"{draw('1', 'unit 药学院'):.6f}" == "0.976068"
    tempers = Counter(temper(AUTUMN, f"unit {n}") for n in range(1000))
    assert tempers[Temper.PROMPT] > tempers[Temper.LATE] > tempers[Temper.SILENT] > 0


def test_the_report_reads_in_both_languages() -> None:
    found = simulate(PLAN, CLOCK, AUTUMN)
    chinese, english = text(found, "zh"), text(found, "en")
    assert f"任务 {found.tasks} 项" in chinese
    assert f"{found.tasks} tasks" in english
    assert "护理学院" in chinese
    assert all(len(row) <= 110 for row in chinese.splitlines())


def test_a_year_can_be_kept_as_lines_of_text() -> None:
    lines = [line(one, PLAN, CLOCK) for one in told(everybody(Temper.SILENT, incidents=0))]
    assert lines[:2] == [
        "2026-09-01 08:00 下达 保卫处《bulletin》（2026-09）办理时限 2026-09-07 17:30",
        "2026-09-02 08:00 发出 保卫处《bulletin》（2026-09）截止前3个工作日",
    ]
