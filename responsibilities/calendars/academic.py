"""One academic year as declared: its terms, exceptions and free anchors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from responsibilities.calendars.dates import ONE_DAY, Form, Path
from responsibilities.calendars.overrides import Override, read_overrides
from responsibilities.calendars.terms import ANCHORS, Term, anchor_word, read_term
from responsibilities.words import Words

_YEAR = re.compile(r"(\d{4})-(\d{4}|\d{2})(?:学年)?")
_KEYS = ("status", "terms", "overrides", "anchors")
_SUMMER = range(6, 10)
_WINTER = (12, 1, 2)


@dataclass(frozen=True, slots=True)
class AcademicYear:
    """One 学年. Ends on 31 August, or the day before the next declared year begins.

    Where only the first term is declared it ends with that term: the rest is not known.
    """

    id: str
    """`2026-27`"""
    name: str
    """`2026-2027学年`"""
    first: date
    last: date
    draft: bool
    """Declared as `status: draft`: its dates are provisional."""


@dataclass(frozen=True, slots=True)
class Vacation:
    """The students' days off after a term, from 放假 to the day before they are back."""

    id: str
    """`2026-27-1.V`, made from the term it follows."""
    name: str
    """寒假, 暑假 or 假期"""
    term: Term
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A free anchor of one academic year, e.g. 录取通知书寄发 (often before the year begins)."""

    year: str
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Declared:
    """What the section of one academic year says."""

    year: AcademicYear
    terms: tuple[Term, ...]
    named: tuple[NamedDay, ...]
    overrides: tuple[Override, ...]


def vacation_after(term: Term, following: Term | None, end: date) -> Vacation | None:
    """The vacation between `term` and the `following` one (or `end`); None where there is none."""
    leave = term.anchor("放假") or max(term.last, term.monday(term.weeks + 1) - ONE_DAY) + ONE_DAY
    last = end
    if following is not None:
        opening = following.monday(0 if following.prep_week else 1)
        last = (following.anchor("学生注册") or opening) - ONE_DAY
    if last < leave:
        return None
    middle = leave + (last - leave) / 2
    name = "暑假" if middle.month in _SUMMER else "寒假" if middle.month in _WINTER else "假期"
    return Vacation(f"{term.id}.V", name, term, leave, last)


def read_academic_year(form: Form, key: str, data: object) -> Declared | None:
    """The section under `key` (`2026-2027`); None when its terms cannot be used.

    A bad exception or free anchor is noted and left out.
    """
    errors = form.errors
    years = _read_key(form, key)
    if years is None:
        return None
    item = form.mapping((key,), data, _KEYS)
    listed = enumerate(form.sequence((key, "terms"), item.get("terms")))
    read = [read_term(form, (key, "terms", i), one, years, i) for i, one in listed]
    terms = tuple(term for term in read if term is not None)
    if not read:
        form.note((key,), "missing", Words("没有声明学期（terms）", "no `terms` are declared"))
    _check_terms(form, (key, "terms"), terms)
    if form.errors > errors:
        return None
    year_id = terms[0].year
    first = min(date(years[0], 9, 1), terms[0].first)
    last = _reach(years[1], terms[-1])
    draft = _read_draft(form, (key, "status"), item.get("status"))
    named = _read_named(form, (key, "anchors"), item.get("anchors"), year_id)
    overrides = read_overrides(form, (key, "overrides"), item.get("overrides"), terms)
    year = AcademicYear(year_id, f"{years[0]}-{years[1]}学年", first, last, draft)
    return Declared(year, terms, named, overrides)


def _reach(year: int, term: Term) -> date:
    """How far the year is known: through the summer, if its last term leads up to the summer."""
    return max(date(year, 8, 31), term.last) if term.last >= date(year, 5, 1) else term.last


def _read_key(form: Form, key: str) -> tuple[int, int] | None:
    match = _YEAR.fullmatch(key)
    if match and int(match[2]) % 100 == (int(match[1]) + 1) % 100:
        return int(match[1]), int(match[1]) + 1
    what = Words(f"“{key}”不是学年", f"“{key}” is not an academic year")
    form.note((key,), "bad-year", what, Words("应写作 2026-2027", "write e.g. 2026-2027"))
    return None


def _read_draft(form: Form, path: Path, value: object) -> bool:
    if value not in (None, "draft", "published"):
        what = Words(f"不认识的状态“{value}”", f"unknown status “{value}”")
        right = Words("可用 draft（草案）、published（已公布）", "`draft` or `published`")
        form.note(path, "unknown-status", what, right)
    return value == "draft"


def _read_named(form: Form, path: Path, data: object, year_id: str) -> tuple[NamedDay, ...]:
    found: list[NamedDay] = []
    for name, value in form.mapping(path, data or {}).items():
        day = form.day((*path, name), value)
        if anchor_word(name) in ANCHORS:
            what = Words(f"“{name}”应在学期（terms）中声明", f"“{name}” belongs under `terms`")
            form.note((*path, name), "term-anchor", what)
        if day is not None:
            found.append(NamedDay(year_id, name, day))
    return tuple(found)


def _check_terms(form: Form, path: Path, terms: Sequence[Term]) -> None:
    """Terms follow each other, with ids of their own."""
    for i in range(1, len(terms)):
        before, term = terms[i - 1], terms[i]
        if term.first <= before.last or term.monday(1) < before.monday(before.weeks + 1):
            what = Words(
                f"{term.name}（{term.first}起）与{before.name}（至{before.last}）重叠",
                f"{term.id} (from {term.first}) overlaps {before.id} (to {before.last})",
            )
            form.note((*path, i), "overlap", what)
    ids = [term.id for term in terms]
    for i, term_id in enumerate(ids):
        if term_id in ids[:i]:
            what = Words(f"学期编号“{term_id}”重复", f"two terms are called “{term_id}”")
            form.note((*path, i), "duplicate-id", what)
