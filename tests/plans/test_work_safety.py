"""An enterprise's work-safety duties: their dates in 2026, and the night of an accident.

The dates were counted by hand on a wall calendar of 2026 with the State Council's holidays
(1 to 3 January, 15 to 23 February, 4 to 6 April, 1 to 5 May, 19 to 21 June, 25 to 27 September,
1 to 7 October; 4 January, 14 and 28 February, 9 May, 20 September and 10 October are worked).
"""

from collections.abc import Callable

import pytest

from office.windows import open_window
from responsibilities.tasks import State, Task
from tests.plans.worked import Year, entries, rows
from tests.stories.town import Town

YEAR = Year("work-safety", 2026)
Towns = Callable[[str], Town]


def due(duty: str, unit: str = "") -> dict[str, str]:
    return {period: day for period, _, day in YEAR.dates(duty, unit)}


def test_a_rhythm_that_the_text_states_is_the_rhythm_of_a_duty_that_cites_it() -> None:
    """每3年 of what runs out one by one is 有效期3年; 每半月 in winter is a surge."""
    duties = entries("work-safety", "duties").values()
    for one, row in rows("work-safety").items():
        if not row["rhythm"]:
            continue
        said = [
            str(duty.get(key, ""))
            for duty in duties
            if one in (duty["source"] if isinstance(duty["source"], list) else [duty["source"]])
            for key in ("every", "renew", "surge")
        ]
        wanted = (row["rhythm"], row["rhythm"].replace("每", "有效期"))
        assert any(word in text for text in said for word in wanted), one


def test_statistics_are_due_on_the_15th_of_the_next_quarter_and_at_the_end_of_january() -> None:
    found = due("aqb-quarterly-statistics")
    assert found["2026-Q1"] == "04-15 17:30"
    assert found["2026-Q3"] == "10-15 17:30"
    assert found["2026-Q4"] == "01-15 17:30"
    # 31 January 2026 is a Saturday, 31 January 2027 a Sunday: a return goes in before it.
    assert due("aqb-yearly-statistics") == {"2025": "01-30 17:30", "2026": "01-29 17:30"}


def test_the_monthly_round_up_never_slips_into_the_next_month() -> None:
    found = due("awh-monthly")
    assert found["2026-01"] == "01-30 17:30"
    assert found["2026-02"] == "02-28 17:30"  # a Saturday that is worked
    assert found["2026-05"] == "05-29 17:30"
    assert found["2026-10"] == "10-30 17:30"


def test_the_weekly_round_is_excused_in_the_week_of_the_spring_festival() -> None:
    found = due("aqb-weekly")
    assert "2026-W08" not in found  # 16 to 22 February: no working day
    assert found["2026-W07"] == "02-13 17:30"
    assert found["2026-W14"] == "04-03 17:30"
    assert found["2026-W18"] == "04-30 17:30"  # Friday is Labour Day
    assert found["2026-W40"] == "09-30 17:30"


def test_permits_are_looked_at_twice_a_month_a_week_apart() -> None:
    found = YEAR.dates("aqb-permits")
    assert len(found) == 24
    assert found[4:6] == [
        ("2026-03.T1", "03-02 08:00", "03-16 17:30"),  # the 15th is a Sunday
        ("2026-03.T2", "03-16 08:00", "03-31 17:30"),
    ]


def test_fire_checks_are_monthly_and_half_monthly_in_winter() -> None:
    found = due("xfb-check")
    assert len(found) == 3 * 2 + 7 + 2 * 2
    assert found["2026-03.B1"] == "03-16 17:30"  # a Sunday
    assert found["2026-04"] == "04-30 17:30"
    assert found["2026-10"] == "11-02 17:30"  # 31 October is a Saturday
    assert found["2026-11.B1"] == "11-16 17:30"
    assert found["2026-12.B2"] == "12-31 17:30"


def test_the_patrol_of_every_night_ends_in_the_next_morning_on_holidays_too() -> None:
    found = {period: (opens, end) for period, opens, end in YEAR.dates("xfb-patrol")}
    assert found["2026-02-17"] == ("02-17 00:00", "02-18 08:00")  # New Year's Day by the moon
    assert found["2026-12-31"] == ("12-31 00:00", "01-01 08:00")


def test_the_daily_check_is_asked_of_every_workshop_that_produces() -> None:
    for unit in ("hccj", "jzcj", "cycj", "gycj"):
        found = due("cj-daily", unit)
        assert found["2026-10-03"] == "10-03 20:00"
    assert due("cj-daily", "jxcj") == {}


def test_each_boiler_is_put_down_for_inspection_a_month_before_its_own_day() -> None:
    tasks = {one.key.rpartition(":")[2]: one for one in YEAR.tasks("sbb-inspection")}
    found = {name: (YEAR.wall(one.opens_at), YEAR.wall(one.due_at)) for name, one in tasks.items()}
    assert found == {
        # valid until 10 February: the month before is Saturday 10 January, so Friday
        "lift-1": ("01-04 08:00", "01-09 17:30"),
        "r101": ("01-15 08:00", "02-14 17:30"),  # 15 February is a holiday, Saturday is worked
        "r102": ("01-15 08:00", "02-14 17:30"),
        "forklift-1": ("02-12 08:00", "03-12 17:30"),
        "boiler-1": ("03-20 08:00", "04-20 17:30"),
        "crane-1": ("04-30 08:00", "05-29 17:30"),  # 30 May is a Saturday
        "v201": ("06-30 08:00", "07-31 17:30"),
        "boiler-2": ("09-08 08:00", "10-08 17:30"),
    }  # the second forklift, of July, is good until June 2027


def test_a_major_hazard_is_assessed_three_years_after_the_last_time() -> None:
    found = [
        (YEAR.wall(one.opens_at), one.due_at.year) for one in YEAR.tasks("scb-hazard-assessment")
    ]
    assert found == [("03-30 08:00", 2026), ("10-16 08:00", 2027)]  # 28 March is a Saturday


def test_checks_before_four_holidays_are_over_on_the_last_working_day() -> None:
    found = {period: (opens, end) for period, opens, end in YEAR.dates("cj-before-holidays")}
    assert found == {
        "2026.spring-festival": ("02-10 08:00", "02-14 17:30"),
        "2026.labour-day": ("04-24 08:00", "04-30 17:30"),
        "2026.national-day": ("09-23 08:00", "09-30 17:30"),
        "2027.new-year": ("12-25 08:00", "12-31 17:30"),
    }


def test_the_campaign_has_its_phases() -> None:
    weeks = YEAR.dates("cj-self-check")
    assert (weeks[0][0], weeks[-1][0], len(weeks)) == ("2026-W10", "2026-W18", 9)
    tens = YEAR.dates("aqb-bulletin")
    assert (tens[0][0], tens[-1][0], len(tens)) == ("2026-05.X1", "2026-08.X3", 12)
    assert YEAR.dates("aqb-summary") == [("once", "09-01 08:00", "09-30 17:30")]


def test_the_heat_of_july_and_august() -> None:
    found = YEAR.dates("cj-heat")
    assert (found[0][0], found[-1][0], len(found)) == ("2026-W27", "2026-W35", 9)


class Accident:
    """A fire in the tank farm at 23:40 on Friday, 2 October: two badly hurt, known at once."""

    def __init__(self, story: Town, *, deaths: str, injured: str, entrusted: str = "否") -> None:
        self.story = story
        story.begins("2026-10-02 20:00")
        story.pass_until("2026-10-02 23:55")
        self.event = story.report(
            "生产安全事故", "储运车间", known="2026-10-02 23:50", happened="2026-10-02 23:40",
            事故类别="火灾", 死亡人数=deaths, 重伤人数=injured, 是否委托公司调查=entrusted,
            简要经过="装卸鹤管泄漏起火",
        )  # fmt: skip

    def due(self) -> dict[str, str]:
        tasks = self.story.tasks("", self.event.id)
        return {task.key.split("/")[2]: self.story.wall(task.due_at) for task in tasks}

    def stage(self, name: str) -> Task:
        key = f"work-safety/{self.event.id}/aqb-accident-report.{name}/aqb"
        [task] = [one for one in self.story.tasks() if one.key == key]
        return task

    def hand_in(self, name: str, at: str) -> None:
        self.story.pass_until(at)
        day = {"报告日期": at[:10]}
        self.story.hand_in(self.stage(name), text={"报告内容": "伤亡无变化"}, figures=day)


def test_within_the_hour_whatever_the_hour_and_then_daily_until_it_is_closed(
    town_of: Towns,
) -> None:
    night = Accident(town_of("work-safety"), deaths="0", injured="2")
    assert night.due() == {
        "cj-on-the-spot": "2026-10-02 23:50",
        "cj-response": "2026-10-03 00:05",
        "aqb-accident-report.first": "2026-10-03 00:50",
        "aqb-accident-report.casualties": "2026-11-02 17:30",  # the 30th day is a Sunday
    }
    night.hand_in("first", "2026-10-03 00:40")
    assert night.due()["aqb-accident-report.follow.1"] == "2026-10-04 00:40"
    night.hand_in("follow.1", "2026-10-03 20:00")
    assert night.due()["aqb-accident-report.follow.2"] == "2026-10-05 00:40"
    night.story.pass_until("2026-10-05 00:50")
    assert night.story.told(night.stage("follow.2"))[-1] == "2026-10-05 00:50 紧急催办单"
    night.story.mark(night.event, "结案", "2026-10-05 00:45")
    assert night.stage("follow.2").state is State.OPEN  # it was late before the case was closed


@pytest.mark.parametrize(
    ("deaths", "injured", "entrusted", "more"),
    [
        ("0", "0", "是", {"aqb-investigation": "2026-12-01 17:30"}),  # sixty days on
        ("0", "0", "否", {}),
        ("0", "1", "是", {}),
        ("1", "0", "否", {"awh-after-death": "2026-10-03 23:50"}),
    ],
)
def test_what_follows_an_accident_depends_on_how_grave_it_was(
    town_of: Towns, deaths: str, injured: str, entrusted: str, more: dict[str, str]
) -> None:
    night = Accident(town_of("work-safety"), deaths=deaths, injured=injured, entrusted=entrusted)
    found = {duty: at for duty, at in night.due().items() if duty in _BY_SEVERITY}
    assert found == more


_BY_SEVERITY = ("aqb-investigation", "awh-after-death")


def test_a_major_hazard_goes_to_the_top_and_an_ordinary_one_stays_in_the_workshop(
    town_of: Towns,
) -> None:
    story = town_of("work-safety")
    story.begins("2026-03-06 08:00")
    story.pass_until("2026-03-06 16:00")
    found = {}
    for level in ("一般", "重大"):
        event = story.report(
            "事故隐患",
            "合成车间",
            known="2026-03-06 16:00",
            隐患等级=level,
            部位="R101",
            问题="联锁摘除",
        )
        found[level] = {
            t.key.split("/")[2]: story.wall(t.due_at) for t in story.tasks("", event.id)
        }
    assert found == {
        "一般": {"cj-hazard": "2026-03-07 16:00"},
        "重大": {
            "aqb-major-hazard": "2026-03-06 18:00",
            "cj-major-hazard.plan": "2026-03-11 17:30",
        },
    }


def test_in_special_times_the_workshops_report_every_day_as_long_as_it_lasts(
    town_of: Towns,
) -> None:
    story = town_of("work-safety")
    story.begins("2026-03-04 07:00")
    until = story.at("2026-03-06 12:00")
    open_window(story.db, None, "特殊时段", by="办公室", now=story.now, until=until)
    story.pass_until("2026-03-08 12:00")
    days = sorted({task.period for task in story.tasks("cj-special-period")})
    assert days == ["2026-03-04", "2026-03-05", "2026-03-06"]
    assert len(story.tasks("cj-special-period")) == 3 * 5
