"""The national working days as the clocks use them, read once a process."""

from functools import cache

from responsibilities.calendars.workdays import WorkingDays
from responsibilities.words import Refused, Words
from storage.calendars import national


@cache
def working_days(country: str = "cn") -> WorkingDays:
    """The packaged years of `country`; Refused where their files are broken."""
    years, problems = national(country)
    if problems:
        first = problems[0]
        raise Refused(Words(f"{first.place}：{first.what.zh}", f"{first.place}: {first.what.en}"))
    return WorkingDays(years)
