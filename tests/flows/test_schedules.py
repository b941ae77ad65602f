"""Every opening and every due date of a plan has its knock in Prefect's schedules."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.server.schemas.schedules import CronSchedule, RRuleSchedule

from flows.schedules import (
    MAX_DATES,
    DeploymentSpec,
    ScheduleSpec,
    deployments,
    heartbeats,
    instants,
    slug_of,
)
from responsibilities.calendars.clock import Roll
from responsibilities.occurrences import dated, occurrences
from responsibilities.plan import Duty, Group, Kind, RuntimeWindow
from responsibilities.windows import Span
from responsibilities.words import Refused
from tests.responsibilities.small_plans import CLOCK, COLLEGES, at, duty, every, plan

END = CLOCK.end_of_day(CLOCK.working.last)
LATER = END + timedelta(days=400)
"""What opens before the calendar ends may fall due after it."""
RHYTHMS = [
    "每日", "每工作日", "每周", "每2周", "每旬", "每月", "每季度", "每半年", "每年", "每学期",
    "每学年", "每教学周", "每个节假日", "每周，3月至12月", "每月，学期内", "每年9月",
]  # fmt: skip


def knocks(schedule: ScheduleSpec, since: datetime, until: datetime = LATER) -> set[datetime]:
    """When Prefect's own server would start runs of this schedule."""
    found: set[datetime] = set()
    if schedule.cron is not None:
        prefects: CronSchedule | RRuleSchedule = CronSchedule(
            cron=schedule.cron, timezone=schedule.timezone
        )
    else:
        assert schedule.rrule is not None
        prefects = RRuleSchedule(rrule=schedule.rrule, timezone=schedule.timezone)
    while True:
        more = {
            one.astimezone(UTC)
            for one in asyncio.run(prefects.get_dates(n=900, start=since, end=until))
        } - found
        if not more:
            return found
        found |= more
        since = max(found)


def openings(one: Duty, as_of: datetime) -> set[datetime]:
    found: set[datetime] = set()
    try:
        for occurrence in occurrences(plan(one), one, CLOCK, as_of, END):
            found.add(occurrence.opens_at)
    except Refused:
        pass  # where the calendars end
    return found


def only(spec: tuple[DeploymentSpec, ...]) -> DeploymentSpec:
    (found,) = spec
    return found


@settings(max_examples=60)
@given(
    rhythm=st.sampled_from(RHYTHMS),
    roll=st.sampled_from(Roll),
    day=st.dates(date(2025, 9, 1), date(2027, 6, 30)),
)
def test_a_department_is_knocked_at_whenever_a_duty_opens(
    rhythm: str, roll: Roll, day: date
) -> None:
    one = duty("report", rhythm, roll=roll)
    as_of = CLOCK.at(day, datetime.min.time())
    spec = only(deployments(plan(one), CLOCK, as_of))
    heard = {instant for schedule in spec.schedules for instant in knocks(schedule, as_of)}
    opens, due = instants(plan(one), one, CLOCK, as_of)
    assert openings(one, as_of) <= opens <= heard
    assert due <= heard
    listed = [schedule for schedule in spec.schedules if schedule.cron is None]
    said = {instant for schedule in listed for instant in knocks(schedule, as_of)}
    assert said <= opens | due


def test_a_rhythm_that_no_holiday_moves_is_a_cron() -> None:
    weekly = duty("talk", "每周", opens="周一", due="周五前", roll=Roll.NONE)
    spec = only(deployments(plan(weekly), CLOCK, at("2026-01-01 00:00")))
    assert [(one.slug, one.cron) for one in spec.schedules] == [
        ("every-week-opens", "0 8 * * 1"),
        ("every-week-due", "30 17 * * 5"),
    ]


def test_the_last_day_of_the_month_is_a_cron_as_well() -> None:
    monthly = duty("sum", "每月", opens="1日", due="月底前", roll=Roll.NONE)
    spec = only(deployments(plan(monthly), CLOCK, at("2026-01-01 00:00")))
    assert [one.cron for one in spec.schedules] == ["0 8 1 * *", "30 17 L * *"]


def test_a_rhythm_that_holidays_move_is_a_list_of_local_dates() -> None:
    monthly = duty("bulletin", "每月", opens="1日", due="5日前")
    spec = only(deployments(plan(monthly), CLOCK, at("2026-03-31 00:00")))
    opens = spec.schedules[0]
    assert opens.timezone == "Asia/Shanghai"
    assert opens.rrule is not None
    assert opens.rrule.startswith("RDATE:20260401T080000,20260506T080000,20260601T080000")
    assert "Z" not in opens.rrule  # Prefect would silently be eight hours off


def test_a_rhythm_with_more_dates_than_prefect_takes_knocks_too_often_rather_than_too_rarely() -> (
    None
):
    daily = duty("patrol", "每工作日")
    as_of = at("2025-09-01 00:00")
    opens, _ = instants(plan(daily), daily, CLOCK, as_of)
    assert len(opens) > MAX_DATES
    schedule = only(deployments(plan(daily), CLOCK, as_of)).schedules[0]
    assert schedule.cron is not None
    assert opens <= knocks(schedule, as_of)


def test_nothing_is_scheduled_beyond_the_known_calendars() -> None:
    yearly = duty("plan", "每年", opens="1日", due="9月30日前")
    spec = only(deployments(plan(yearly), CLOCK, at("2026-06-01 00:00")))
    for schedule in spec.schedules:
        assert schedule.cron is None
        assert max(knocks(schedule, at("2026-06-01 00:00"))) < END


def test_what_opened_long_ago_still_knocks_when_it_falls_due() -> None:
    once = duty("found", kind=Kind.ONCE, opens="2026-01-05", due="2026-12-18前")
    spec = only(deployments(plan(once), CLOCK, at("2026-11-23 08:00")))
    assert [(one.slug, one.rrule) for one in spec.schedules] == [
        ("once-due", "RDATE:20261218T173000")
    ]


def test_policies_and_indicators_knock_nowhere() -> None:
    policy = Duty("rule", "rule", Kind.POLICY, "bwc", (), ("保卫处",))
    assert deployments(plan(policy), CLOCK, at("2026-11-23 08:00")) == ()


def test_a_department_with_nothing_but_incidents_still_stands_there() -> None:
    case = Duty("case", "case", Kind.EVENT, "bwc", (), ("保卫处",), event="case")
    spec = only(deployments(plan(case), CLOCK, at("2026-11-23 08:00")))
    assert (spec.name, spec.schedules) == ("p.bwc", ())


def test_duties_of_one_rhythm_share_a_schedule() -> None:
    two = plan(duty("a", "每月", due="5日前"), duty("b", "每月", due="10日前"))
    spec = only(deployments(two, CLOCK, at("2026-11-23 08:00")))
    assert [one.slug for one in spec.schedules] == ["every-month-opens", "every-month-due"]
    assert spec.schedules[1].rrule is not None
    assert spec.schedules[1].rrule.startswith("RDATE:20261207T173000,20261210T173000")


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_the_name_of_a_schedule_is_ascii_and_says_the_rhythm(rhythm: str) -> None:
    slug = slug_of(every(rhythm))
    assert slug.isascii()
    assert slug.startswith("every-")


def test_different_rhythms_have_different_names() -> None:
    assert len({slug_of(every(rhythm)) for rhythm in RHYTHMS}) == len(RHYTHMS)


def test_parameters_and_tags_hold_identifiers_only() -> None:
    spec = only(deployments(plan(duty()), CLOCK, at("2026-11-23 08:00")))
    assert spec.parameters == {"plan": "p", "department": "bwc"}
    assert spec.schedules[0].parameters == {"schedule": "every-month-opens"}


def test_a_group_of_units_is_tagged_with_its_own_name() -> None:
    colleges = Group("colleges", "二级学院", COLLEGES)
    both = plan(duty(units=COLLEGES), groups=(colleges,))
    spec = only(deployments(both, CLOCK, at("2026-11-23 08:00")))
    assert spec.tags == ("duban", "p", "二级学院")
    assert spec.description.startswith("**二级学院**")


def test_the_heart_beats_every_five_minutes() -> None:
    beats = {spec.name: spec.schedules[0] for spec in heartbeats([plan()])}
    start = at("2026-11-23 08:00")
    for name in ("reconcile", "mailroom"):
        assert len(knocks(beats[name], start, start + timedelta(minutes=59))) == 12


def test_a_duty_of_a_sensitive_time_is_knocked_at_as_if_it_always_lasted() -> None:
    as_of = at("2026-03-02 00:00")
    zero = duty("zero", "每日", roll=Roll.NONE, window="sensitive")
    whole = plan(zero, windows=(RuntimeWindow("sensitive", "敏感时期"),))
    spec = only(deployments(whole, CLOCK, as_of))
    knocked = set[datetime]().union(*(knocks(one, as_of, END) for one in spec.schedules))
    opened = {one.opens_at for one in dated(
        whole, zero, CLOCK, as_of, END, {"sensitive": (Span(as_of, None),)}
    )}  # fmt: skip
    assert len(opened) > 300
    assert opened <= knocked
