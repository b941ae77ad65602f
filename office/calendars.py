"""The national working days as the clocks use them: packaged years, and those the office imported.

A notice that comes in November is imported (`import_years`); the next round then moves what was
provisional (see `redating`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache

from sqlalchemy import Connection, Engine

from responsibilities.calendars.workdays import CalendarYear, WorkingDays, read_year
from responsibilities.problem import Problem, Severity
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, site_calendars
from storage.calendars import national
from storage.engine import writing
from storage.instants import whole
from storage.site_calendars import HeldYear


@cache
def working_days(country: str = "cn") -> WorkingDays:
    """The packaged years of `country`; Refused where their files are broken."""
    return WorkingDays(_packaged(country))


def site_days(connection: Connection, country: str = "cn") -> WorkingDays:
    """The packaged years, and over them the imported ones whose revision is not lower."""
    held = site_calendars.held(connection, country)
    return _joined(country, held) if held else working_days(country)


def import_years(
    db: Engine, texts: Mapping[str, str], now: datetime, by: str, country: str = "cn"
) -> tuple[int, ...]:
    """Import calendar files (YAML by name); the years that are new or of a higher revision.

    Refused, with the first problem, where a file is not sound: then nothing is imported.
    """
    now = whole(now)
    years = {text: _read(text, name) for name, text in sorted(texts.items())}
    with writing(db) as connection:
        known = {year.year: year.revision for year in _packaged(country)}
        for held in site_calendars.held(connection, country):
            known[held.year] = max(held.revision, known.get(held.year, -1))
        new = [(y, text) for text, y in years.items() if y.revision > known.get(y.year, -1)]
        for year, text in new:
            site_calendars.hold(connection, country, HeldYear(year.year, year.revision, text))
            facts.append(connection, [_fact(country, year, now, by)])
    return tuple(year.year for year, _ in new)


def _fact(country: str, year: CalendarYear, now: datetime, by: str) -> Fact:
    key = f"calendar/{country}/{year.year}/{year.revision}"
    body = {
        "country": country,
        "notice": year.notice or "",
        "revision": year.revision,
        "status": year.status.value,
        "year": year.year,
    }
    return Fact(None, key, FactKind.CALENDAR, now, by, body)


def _read(text: str, name: str) -> CalendarYear:
    year, problems = read_year(text, name)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if year is None or errors:
        raise _broken(errors or problems)
    return year


@cache
def _packaged(country: str) -> tuple[CalendarYear, ...]:
    years, problems = national(country)
    if problems:
        raise _broken(problems)
    return years


@lru_cache(maxsize=16)
def _joined(country: str, held: tuple[HeldYear, ...]) -> WorkingDays:
    chosen = {year.year: year for year in _packaged(country)}
    for one in held:
        year = _read(one.body, f"{country}/{one.year}.yaml")
        if year.year not in chosen or year.revision >= chosen[year.year].revision:
            chosen[year.year] = year
    return WorkingDays(chosen[year] for year in sorted(chosen))


def _broken(problems: Sequence[Problem]) -> Refused:
    first = problems[0]
    return Refused(Words(f"{first.place}：{first.what.zh}", f"{first.place}: {first.what.en}"))
