"""Dates in letters."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.dates import say_days_left, say_instant, say_short

AT = datetime(2026, 11, 30, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_an_instant_has_date_weekday_and_time() -> None:
    assert say_instant(AT) == ("2026年11月30日（星期一）17:00", "Monday, 30 November 2026, 17:00")


def test_a_subject_has_no_room_for_the_year() -> None:
    assert say_short(AT) == ("11月30日17:00", "30 Nov 17:00")


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (3, "剩3天", "3 days left"),
        (1, "剩1天", "1 day left"),
        (0, "今日截止", "due today"),
        (-1, "已逾期1天", "1 day overdue"),
        (-12, "已逾期12天", "12 days overdue"),
    ],
)
def test_days_left_are_counted_both_ways(days: int, zh: str, en: str) -> None:
    assert say_days_left(days) == (zh, en)
