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
    return joined(country, held) if held else working_days(country)


def import_years(
    db: Engine, texts: Mapping[str, str], now: datetime, by: str, country: str = "cn"
) -> tuple[int, ...]:
    """Import calendar files (YAML by name); the years that are new or of a higher revision.

    Refused, with the first problem, where a file is not sound: then nothing is imported.
    """
    now = whole(now)
    with writing(db) as connection:
        new = news(connection, texts, country)
        for year, text in new:
            site_calendars.hold(connection, country, HeldYear(year.year, year.revision, text))
            facts.append(connection, [_fact(country, year, now, by)])
    return tuple(year.year for year, _ in new)


def news(
    connection: Connection, texts: Mapping[str, str], country: str = "cn"
) -> list[tuple[CalendarYear, str]]:
    """The files that say more than is known, each with its text. Refused as `import_years`."""
    years = [(_read(text, name), text) for name, text in sorted(texts.items())]
    held = {one.year: one for one in site_calendars.held(connection, country)}
    packaged = {year.year: year for year in _packaged(country)}
    return [(y, t) for y, t in years if _is_news(y, t, held.get(y.year), packaged.get(y.year))]


def years_held(connection: Connection, country: str = "cn") -> Mapping[int, CalendarYear]:
    """Every year as it is held: packaged, or imported over it."""
    return _chosen(country, site_calendars.held(connection, country))


def days_with(
    connection: Connection, new: Sequence[tuple[CalendarYear, str]], country: str = "cn"
) -> WorkingDays:
    """The working days as they would be with these years imported."""
    more = tuple(HeldYear(year.year, year.revision, text) for year, text in new)
    return joined(country, (*site_calendars.held(connection, country), *more))


def _is_news(
    year: CalendarYear, text: str, held: HeldYear | None, packaged: CalendarYear | None
) -> bool:
    """Whether a file says more than is known; at equal revisions the office's own file counts."""
    if held is not None and held.revision == year.revision and held.body != text:
        raise Refused(
            Words(
                f"{year.year}年的安排已导入第 {year.revision} 版，内容不同；请将 revision 加1。",
                f"Revision {year.revision} of {year.year} was imported with other content; "
                "raise `revision` by one.",
            )
        )
    if held is not None:
        return year.revision > held.revision
    return packaged is None or (year.revision >= packaged.revision and year != packaged)


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
def joined(country: str, held: tuple[HeldYear, ...]) -> WorkingDays:
    """The packaged years, and over them those held whose revision is not lower."""
    chosen = _chosen(country, held)
    return WorkingDays(chosen[year] for year in sorted(chosen))


def _chosen(country: str, held: tuple[HeldYear, ...]) -> dict[int, CalendarYear]:
    chosen = {year.year: year for year in _packaged(country)}
    for one in held:
        year = _read(one.body, f"{country}/{one.year}.yaml")
        if year.year not in chosen or year.revision >= chosen[year.year].revision:
            chosen[year.year] = year
    return chosen


def _broken(problems: Sequence[Problem]) -> Refused:
    first = problems[0]
    return Refused(Words(f"{first.place}：{first.what.zh}", f"{first.place}: {first.what.en}"))
