"""Dates and spans as a letter writes them; instants come in the plan's zone and stay there."""

from datetime import datetime

from responsibilities.period_words import MONTHS, say_day
from responsibilities.words import Words


def say_instant(at: datetime) -> Words:
    """2026年11月30日（星期一）17:00 / Monday, 30 November 2026, 17:00."""
    day = say_day(at)
    return Words(f"{day.zh}{at:%H:%M}", f"{day.en}, {at:%H:%M}")


def say_short(at: datetime) -> Words:
    """11月30日17:00 / 30 Nov 17:00, for a subject line."""
    return Words(
        f"{at.month}月{at.day}日{at:%H:%M}", f"{at.day} {MONTHS[at.month - 1][:3]} {at:%H:%M}"
    )


def say_days_left(days: int) -> Words:
    """剩3天, 今日截止, 已逾期2天; `days` in calendar days to the due day."""
    if days > 0:
        return Words(f"剩{days}天", "1 day left" if days == 1 else f"{days} days left")
    if days == 0:
        return Words("今日截止", "due today")
    return Words(f"已逾期{-days}天", f"{-days} day{'' if days == -1 else 's'} overdue")
