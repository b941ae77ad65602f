"""The day of the daily letter: from one opening of the office to the next. Pure."""

from datetime import datetime, timedelta

from responsibilities.calendars.clock import Clock

SETTLING = timedelta(minutes=10)
"""How long the morning's round may take to say all it has to say: what comes within this time
after a letter still goes out at once, and what waited for the morning waits for the round."""
_A_DAY = timedelta(days=1)


def began(clock: Clock, now: datetime) -> datetime:
    """The last opening of the office at or before `now`; rest days have one too."""
    today = clock.opening(clock.day(now))
    return today if today <= now else clock.opening(clock.day(now) - _A_DAY)


def next_digest(clock: Clock, now: datetime) -> datetime:
    """When what has to wait for the next daily letter leaves, if nothing takes it along before."""
    return clock.opening(clock.day(began(clock, now)) + _A_DAY) + SETTLING
