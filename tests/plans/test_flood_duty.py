"""A town's flood-season duty: its dates in 2026, and the nights on which it is needed.

The dates were counted by hand on a wall calendar of 2026 with the State Council's holidays
(1 to 5 May, 19 to 21 June, 25 to 27 September, 1 to 7 October; 4 January, 28 February and
20 September are worked), not taken from a run.
"""

from collections import Counter
from collections.abc import Callable

from office.windows import open_window
from responsibilities.tasks import FactKind, State, Task
from tests.plans.worked import Year
from tests.stories.town import Town

YEAR = Year("flood-duty", 2026)
Towns = Callable[[str], Town]


def test_before_the_flood_everything_has_its_day() -> None:
    assert YEAR.dates("gc-self-check") == [("2026", "03-02 08:00", "03-31 17:30")]
    assert YEAR.dates("fxb-inspection") == [("2026", "04-01 08:00", "04-20 17:30")]
    assert YEAR.dates("zhb-meeting") == [("2026", "03-16 08:00", "04-30 17:30")]  # 15 March: Sunday
    assert YEAR.dates("gc-drill") == [("2026", "04-01 08:00", "05-14 17:30")]
    assert YEAR.dates("fxb-drill") == [("2026", "04-01 08:00", "05-14 17:30")]
    assert Year("flood-duty", 2027).tasks("fxb-drill") == []  # every second year


def test_the_squad_trains_twice_before_the_flood_each_in_its_half() -> None:
    # 16 March to 14 May are 60 days, 30 for each time.
    assert YEAR.dates("wzb-training") == [
        ("2026.T1", "03-16 08:00", "04-14 17:30"),
        ("2026.T2", "04-15 08:00", "05-14 17:30"),
    ]


def test_the_daily_report_runs_from_15_may_to_30_september_on_sundays_too() -> None:
    found = YEAR.dates("gc-daily")
    assert len(found) == 17 + 30 + 31 + 31 + 30
    assert found[0] == ("2026-05-15", "05-15 08:00", "05-15 17:00")
    assert found[1] == ("2026-05-16", "05-16 08:00", "05-16 17:00")  # a Saturday
    assert found[-1] == ("2026-09-30", "09-30 08:00", "09-30 17:00")


def test_the_town_sums_up_an_hour_later() -> None:
    assert YEAR.dates("fxb-daily")[0] == ("2026-05-15", "05-15 16:00", "05-15 18:00")


def test_villages_walk_their_river_weekly_and_twice_in_july_and_august() -> None:
    found = {period: (opens, due) for period, opens, due in YEAR.dates("gc-patrol")}
    assert min(found) == "2026-W10"  # its Thursday, 5 March, is the first of the season
    assert found["2026-W10"] == ("03-02 08:00", "03-06 17:30")
    assert found["2026-W18"] == ("04-27 08:00", "04-30 17:30")  # the Friday is a holiday
    assert found["2026-W27"] == ("06-29 08:00", "07-03 17:30")  # begins in June: once
    assert found["2026-W28.T1"] == ("07-06 08:00", "07-08 17:30")
    assert found["2026-W28.T2"] == ("07-09 08:00", "07-10 17:30")
    assert found["2026-W36"] == ("08-31 08:00", "09-04 17:30")
    assert found["2026-W53"] == ("12-28 08:00", "12-31 17:30")
    assert sum(".T" in period for period in found) == 2 * 8  # W28 to W35


def test_the_reservoir_is_walked_weekly_and_daily_in_the_flood_season() -> None:
    weekly = YEAR.dates("sks-weekly")
    assert ("2026-W20", "05-11 08:00", "05-15 17:30") in weekly  # Thursday 14 May
    assert "2026-W21" not in {period for period, *_ in weekly}
    assert ("2026-W40", "09-28 08:00", "09-30 17:30") in weekly  # Thursday 1 October
    daily = YEAR.dates("sks-daily")
    assert (daily[0][0], daily[-1][0], len(daily)) == ("2026-05-15", "2026-09-30", 139)


def test_the_headquarters_confers_twice_a_month_in_july_and_august() -> None:
    assert YEAR.dates("zhb-consult") == [
        ("2026-07.B1", "07-01 08:00", "07-15 17:30"),
        ("2026-07.B2", "07-16 08:00", "07-31 17:30"),
        ("2026-08.B1", "08-03 08:00", "08-14 17:30"),  # 1, 2 and 15 August are a weekend's
        ("2026-08.B2", "08-17 08:00", "08-31 17:30"),
    ]


def test_slopes_are_walked_every_ten_days_within_the_season() -> None:
    found = YEAR.dates("zrs-patrol")
    assert len(found) == 14
    assert found[0] == ("2026-05.X2", "05-15 08:00", "05-20 17:30")
    assert found[-1] == ("2026-09.X3", "09-21 08:00", "09-30 17:30")


def test_holiday_rosters_are_due_three_working_days_before() -> None:
    found = {period: (opens, due) for period, opens, due in YEAR.dates("members-holiday", "fxb")}
    assert found == {}  # the office is no member unit of itself
    found = {period: (opens, due) for period, opens, due in YEAR.dates("members-holiday", "gds")}
    assert found["2026.dragon-boat"] == ("06-05 08:00", "06-16 17:30")
    assert found["2026.national-day"] == ("09-17 08:00", "09-28 17:30")  # over Mid-Autumn


def test_month_ends_follow_the_official_calendar() -> None:
    due = {period: due for period, _, due in YEAR.dates("fxb-statistics")}
    assert due["2026-01"] == "01-30 17:30"  # the 31st is a Saturday
    assert due["2026-02"] == "02-28 17:30"  # a Saturday that is worked
    assert due["2026-05"] == "05-29 17:30"
    roster = {period: due for period, _, due in YEAR.dates("dzb-roster")}
    assert roster == {
        "2026-04": "04-24 17:30", "2026-05": "05-25 17:30", "2026-06": "06-25 17:30",
        "2026-07": "07-24 17:30", "2026-08": "08-25 17:30",
    }  # fmt: skip


def test_after_the_flood() -> None:
    assert YEAR.dates("gc-after") == [("2026", "10-08 08:00", "10-15 17:30")]
    assert YEAR.dates("nsz-repair-plan") == [
        ("2026", "10-16 08:00", "11-02 17:30")
    ]  # 31st: Saturday
    assert YEAR.dates("fxb-summary") == [("2026", "10-09 08:00", "10-30 17:30")]
    assert YEAR.dates("zhb-assess") == [("2026", "12-01 08:00", "12-25 17:30")]


class Danger:
    """The leak in the dam at two in the morning of Sunday, 12 July."""

    def __init__(self, story: Town) -> None:
        self.story = story
        story.begins("2026-07-11 23:00")
        story.pass_until("2026-07-12 02:10")
        self.event = story.report(
            "工程险情", "龙潭水库管理所", known="2026-07-12 02:00", 工程和部位="大坝背水坡",
            险情类别="渗漏", 险情等级="重大",
        )  # fmt: skip

    def due(self) -> dict[str, str]:
        """Due dates by duty and stage."""
        tasks = self.story.tasks("", self.event.id)
        return {task.key.split("/")[2]: self.story.wall(task.due_at) for task in tasks}

    def stage(self, name: str) -> Task:
        key = f"flood-duty/{self.event.id}/gc-danger.{name}/sks"
        [task] = [one for one in self.story.tasks() if one.key == key]
        return task

    def hand_in(self, name: str, hour: str) -> None:
        self.story.pass_until(f"2026-07-12 {hour}")
        self.story.hand_in(self.stage(name), text="渗水清澈，已抢筑反滤")


def test_a_dam_in_danger_is_reported_every_four_hours(town_of: Towns) -> None:
    danger = Danger(town_of("flood-duty"))
    assert danger.due() == {
        "gc-danger.phone": "2026-07-12 02:30",
        "gc-danger.first": "2026-07-12 03:00",
        "fxb-major-danger": "2026-07-12 03:00",
    }
    heads = [mail.at for mail in danger.story.mail_to("龙潭水库管理所负责人")]
    assert heads == ["2026-07-12 02:10"] * 2  # each of the two reports, at once, in the night
    danger.hand_in("phone", "02:20")
    danger.hand_in("first", "02:50")
    assert danger.due()["gc-danger.follow.1"] == "2026-07-12 06:50"
    danger.hand_in("follow.1", "06:30")
    assert danger.due()["gc-danger.follow.2"] == "2026-07-12 10:50"
    danger.story.pass_until("2026-07-12 11:00")
    assert "2026-07-12 11:00 紧急催办单" in danger.story.told(danger.stage("follow.2"))


def test_when_the_dam_is_safe_the_reports_end_and_a_summary_is_due(town_of: Towns) -> None:
    danger = Danger(town_of("flood-duty"))
    for name, hour in (("phone", "02:20"), ("first", "02:50"), ("follow.1", "06:30")):
        danger.hand_in(name, hour)
    danger.story.pass_until("2026-07-12 10:00")
    danger.story.mark(danger.event, "结案", "2026-07-12 09:50")
    second = danger.stage("follow.2")
    assert second.state is State.CLOSED
    assert [fact.kind for fact in danger.story.facts(second)][-1] is FactKind.WAIVED
    assert danger.due()["gc-danger.final"] == "2026-07-14 17:30"  # two days on


def test_an_orange_warning_moves_the_villages_and_a_yellow_one_only_warns_them(
    town_of: Towns,
) -> None:
    story = town_of("flood-duty")
    story.begins("2026-07-05 20:00")
    story.pass_until("2026-07-05 21:05")
    orange = story.report(
        "暴雨山洪预警", "防汛办", known="2026-07-05 21:00", 类别="山洪", 预警级别="橙色",
        发布单位="县气象台",
    )  # fmt: skip
    found = Counter((task.duty, story.wall(task.due_at)) for task in story.tasks("", orange.id))
    assert found == {
        ("fxb-relay", "2026-07-05 21:30"): 1,
        ("gc-warned", "2026-07-05 22:00"): 6,
        ("gc-evacuate", "2026-07-05 23:00"): 6,
        ("pcs-traffic", "2026-07-05 23:00"): 1,
        ("wsy-care", "2026-07-05 23:00"): 1,
        ("shb-relief", "2026-07-06 03:00"): 1,
    }
    yellow = story.report(
        "暴雨山洪预警", "防汛办", known="2026-07-05 20:55", 类别="暴雨", 预警级别="黄色",
        发布单位="县气象台",
    )  # fmt: skip
    assert {task.duty for task in story.tasks("", yellow.id)} == {"fxb-relay", "gc-warned"}


def test_a_village_that_is_silent_on_a_saturday_reaches_the_deputy_commander_by_nine(
    town_of: Towns,
) -> None:
    story = town_of("flood-duty")
    story.begins("2026-05-16 07:00")
    story.pass_until("2026-05-16 23:00")
    silent = story.task("gc-daily", "2026-05-16", "西岭村")
    assert story.told(silent)[-3:] == [
        "2026-05-16 17:30 漏报催办单",
        "2026-05-16 19:00 漏报督办单",
        "2026-05-16 21:00 值守失联通报",
    ]
    assert any(mail.at == "2026-05-16 21:00" for mail in story.mail_to("副指挥长"))


def test_in_an_emergency_villages_report_by_eight_as_long_as_it_lasts(town_of: Towns) -> None:
    story = town_of("flood-duty")
    story.begins("2026-07-08 07:00")
    story.pass_until("2026-07-08 20:00")
    assert story.tasks("gc-response") == []
    until = story.at("2026-07-10 20:00")
    open_window(story.db, None, "应急响应期", by="指挥部", now=story.now, until=until)
    story.pass_until("2026-07-12 12:00")
    asked = Counter(
        (story.wall(task.opens_at), story.wall(task.due_at)) for task in story.tasks("gc-response")
    )
    assert asked == {
        ("2026-07-09 06:00", "2026-07-09 08:00"): 6,
        ("2026-07-10 06:00", "2026-07-10 08:00"): 6,
    }
    assert len(story.tasks("zrs-patrol-dense")) == 2
