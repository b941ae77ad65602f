"""A hospital's infection control: its dates in 2026, and an outbreak of five cases on a holiday.

The dates were counted by hand on a wall calendar of 2026 with the State Council's holidays (1 to 3
January, 15 to 23 February, 4 to 6 April, 1 to 5 May, 19 to 21 June, 1 to 7 October; 4 January,
9 May and 10 October are worked), not taken from a run.
"""

from collections.abc import Callable

import pytest

from office import correct_incident
from tests.plans.worked import Year
from tests.stories.approve import approved
from tests.stories.town import Town

YEAR = Year("infection-control", 2026)
Towns = Callable[[str], Town]


def test_the_year_begins_with_priorities_and_a_plan() -> None:
    assert YEAR.dates("wyh-priorities") == [("2026", "01-04 08:00", "01-30 17:30")]
    assert YEAR.dates("ygk-year-plan")[0][2] == "01-30 17:30"  # the 31st is a Saturday
    assert YEAR.dates("lc-group")[0] == ("2026", "01-04 08:00", "01-15 17:30")


def test_the_committee_meets_every_quarter() -> None:
    due = [due for _, _, due in YEAR.dates("wyh-meeting")]
    assert due == ["03-31 17:30", "06-30 17:30", "09-30 17:30", "12-31 17:30"]


def test_what_is_due_on_the_fifth_moves_over_the_holidays() -> None:
    due = {period: due for period, _, due in YEAR.dates("ygk-monthly-rates")}
    assert due["2026-04"] == "04-07 17:30"  # Qingming
    assert due["2026-05"] == "05-06 17:30"  # Labour Day
    assert due["2026-10"] == "10-08 17:30"  # National Day
    assert [task.subject for task in YEAR.tasks("ygk-monthly-rates")][9] == "2026-09"


def test_the_bulletin_of_the_tenth_is_due_on_a_saturday_that_is_worked() -> None:
    due = {period: due for period, _, due in YEAR.dates("ygk-bulletin")}
    assert due["2026-10"] == "10-10 17:30"
    assert due["2026-05"] == "05-11 17:30"  # 10 May is a Sunday


def test_sterilisers_are_watched_in_the_week_of_the_spring_festival_too() -> None:
    found = {period: due for period, _, due in YEAR.dates("xdgy-biological")}
    assert found["2026-W08"] == "02-22 17:30"  # no working day in it; hospitals have no holiday
    assert sum(period.startswith("2026-") for period in found) == 53


def test_high_risk_departments_sample_monthly_the_others_quarterly() -> None:
    assert [due for _, _, due in YEAR.dates("ks-environment", "zzyx")][:3] == [
        "01-30 17:30", "02-28 17:30", "03-31 17:30",
    ]  # fmt: skip
    assert [due for _, _, due in YEAR.dates("ks-environment", "gk")] == [
        "03-31 17:30", "06-30 17:30", "09-30 17:30", "12-31 17:30",
    ]  # fmt: skip


def test_a_ward_of_higher_risk_since_july_samples_monthly_from_then_on() -> None:
    assert [due for _, _, due in YEAR.dates("ks-environment", "ptwk")] == [
        "03-31 17:30", "06-30 17:30",
        "07-31 17:30", "08-31 17:30", "09-30 17:30", "10-30 17:30", "11-30 17:30", "12-31 17:30",
    ]  # fmt: skip


def test_triage_is_checked_weekly_in_the_respiratory_season_and_monthly_else() -> None:
    found = {period: due for period, _, due in YEAR.dates("lc-triage", "jzk")}
    assert found["2026-W13"] == "03-27 17:30"
    assert "2026-W14" not in found  # its Thursday is 2 April
    assert found["2026-04"] == "04-30 17:30"
    assert "2026-W44" not in found  # its Thursday is 29 October
    assert found["2026-W45"] == "11-06 17:30"
    assert "2026-11" not in found


def test_survey_drill_and_assessment_have_their_season() -> None:
    assert YEAR.dates("ygk-prevalence") == [("2026", "09-01 08:00", "09-30 17:30")]
    assert YEAR.dates("ygk-drill") == [("2026", "04-01 08:00", "06-30 17:30")]
    assert YEAR.dates("ygk-assess") == [("2026", "12-01 08:00", "12-25 17:30")]
    assert YEAR.dates("ygk-summary")[0][2] == "01-20 17:30"


@pytest.mark.parametrize(
    ("opens", "what", "due"),
    [
        ("03-23", "参加岗位培训复训，更新合格证书", "2026-05-20"),  # 60 days before: a Saturday
        ("02-09", "检测灭菌器、生物安全柜和空气净化设备", "2026-03-10"),  # 30 days: a Sunday
        ("03-30", "检测灭菌器、生物安全柜和空气净化设备", "2026-04-27"),
        ("05-19", "检测灭菌器、生物安全柜和空气净化设备", "2026-06-18"),
        ("08-24", "检测灭菌器、生物安全柜和空气净化设备", "2026-09-22"),
        ("03-02", "更新消毒药械证明", "2026-03-31"),  # 30 days before: Sunday, 1 March
    ],
)
def test_what_runs_out_is_asked_for_in_time(opens: str, what: str, due: str) -> None:
    lines = approved("infection-control").read_text("utf-8").splitlines()
    begun = [line for line in lines if line.startswith(f"2026-{opens} 08:00 下达") and what in line]
    assert any(line.endswith(f"办理时限 {due} 17:30") for line in begun), begun


class Outbreak:
    """Five neonates in the night to Saturday, 20 June, a day of the Dragon Boat Festival."""

    def __init__(self, story: Town) -> None:
        self.story = story
        story.begins("2026-06-19 23:00")
        story.pass_until("2026-06-20 03:10")
        self.event = story.report(
            "感染聚集", "新生儿科", known="2026-06-20 03:00", 性质="疑似暴发", 病例数="5",
            是否特殊或新发病原体="否", 是否重大公共影响或严重后果="否",
        )  # fmt: skip

    def due(self) -> dict[str, tuple[str, str]]:
        """Unit and due date by duty and stage."""
        return {
            task.key.split("/")[2]: (self.story.name(task.unit), self.story.wall(task.due_at)[5:])
            for task in self.story.tasks("", self.event.id)
        }


def test_five_suspected_cases_are_reported_within_twelve_hours_night_and_holiday(
    town_of: Towns,
) -> None:
    outbreak = Outbreak(town_of("infection-control"))
    assert outbreak.due() == {
        "lc-cluster": ("新生儿科", "06-20 03:30"),
        "ygk-outbreak-survey": ("院感科", "06-20 05:00"),
        "ywk-outbreak": ("医务科", "06-20 05:00"),
        "ygk-outbreak-suspected": ("院感科", "06-20 15:00"),
        "jyk-outbreak": ("检验科", "06-21 03:00"),
        "hqbz-outbreak": ("后勤保障部", "06-21 03:00"),
        "lc-outbreak-follow.follow.1": ("新生儿科", "06-21 03:00"),
    }
    assert any(mail.at == "2026-06-20 03:10" for mail in outbreak.story.mail_to("院感科负责人"))


def test_a_confirmed_outbreak_of_eleven_asks_for_more_and_leaves_what_is_open(
    town_of: Towns,
) -> None:
    outbreak = Outbreak(town_of("infection-control"))
    story = outbreak.story
    before = outbreak.due()
    story.pass_until("2026-06-20 04:00")
    correct_incident.correct(
        story.db, outbreak.event.id, {"性质": "确认暴发", "病例数": "11"}, "检验科确认同源",
        by="院感科", now=story.now,
    )  # fmt: skip
    story.round()
    after = outbreak.due()
    assert {one: after[one] for one in set(after) - set(before)} == {
        "ygk-outbreak-confirmed": ("院感科", "06-20 15:00"),
        "ygk-outbreak-large": ("院感科", "06-20 05:00"),
    }
    assert before.items() <= after.items()


def test_the_report_on_the_outbreak_is_due_five_working_days_after_it_is_over(
    town_of: Towns,
) -> None:
    outbreak = Outbreak(town_of("infection-control"))
    outbreak.story.pass_until("2026-06-25 10:00")
    outbreak.story.mark(outbreak.event, "结案", "2026-06-25 09:30")
    assert outbreak.due()["ygk-outbreak-report"] == ("院感科", "07-02 17:30")


def test_whoever_was_exposed_is_followed_up_for_half_a_year(town_of: Towns) -> None:
    story = town_of("infection-control")
    story.begins("2026-03-02 08:00")
    story.pass_until("2026-03-02 10:20")
    event = story.report(
        "职业暴露", "手术室", known="2026-03-02 10:10", happened="2026-03-02 10:00",
        暴露源="艾滋病病毒", 暴露方式="锐器伤", 暴露者编号="S-017",
    )  # fmt: skip
    due = {task.key.split("/")[2]: story.wall(task.due_at) for task in story.tasks("", event.id)}
    assert due == {
        "ks-exposure": "2026-03-02 12:00",
        "ygk-exposure-assess": "2026-03-03 10:10",
        "ygk-exposure-follow.week4": "2026-03-30 17:30",
        "ygk-exposure-follow.week8": "2026-04-27 17:30",
        "ygk-exposure-follow.week12": "2026-05-25 17:30",
        "ygk-exposure-follow.month6": "2026-09-02 17:30",
    }
    assert all("S-017" not in mail.text + mail.html for mail in story.letterbox)


def test_the_office_of_infection_control_does_not_review_itself(town_of: Towns) -> None:
    story = town_of("infection-control")
    own = {duty.reviewers.get("ygk", duty.review) for duty in story.plan.duties if duty.when}
    assert "ygk" not in {
        duty.reviewers.get("ygk", duty.review)
        for duty in story.plan.duties
        if duty.when and "ygk" in duty.responsible
    }
    assert own
