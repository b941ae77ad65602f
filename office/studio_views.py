"""What the studio shows of a draft: its duties, their lines, dates and ladder, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from office.calendars import site_days
from office.duty_sheet import next_periods
from office.studio import Files, Target, compile_files, files_of, find_passage, seen
from office.studio_entries import tried_duty
from office.workplace import InForce, place_of
from responsibilities.exchange.passages import passage, replaced
from responsibilities.exchange.rows import Fault, table
from responsibilities.ladder import preview
from responsibilities.language.compile import Compiled
from responsibilities.language.reading import read
from responsibilities.language.saying import say_step
from responsibilities.occurrences import Dated
from responsibilities.openings import ladder_of
from responsibilities.period_words import say_period
from responsibilities.plan import EVENT_UNIT, Duty
from responsibilities.problem import Problem, Severity
from responsibilities.promises import promise
from responsibilities.roles import resolve_all
from responsibilities.words import Refused, Words
from storage import plans
from storage.engine import reading


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty in the list."""

    id: str
    title: str
    responsible: str
    often: str
    problems: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder as it will be told: when, the sentence, to which posts."""

    at: datetime
    said: Words
    to: tuple[str, ...]
    """Empty: this step reaches nobody."""


@dataclass(frozen=True, slots=True)
class Window:
    """One coming period of a duty."""

    period: Words
    opens_at: datetime
    due_at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a duty comes to, as far as it compiles."""

    coming: tuple[Window, ...] = ()
    ladder: tuple[Rung, ...] = ()
    """Of the first coming period, if nothing is handed in."""
    units: tuple[str, ...] = ()
    helping: tuple[str, ...] = ()
    limit: Words | None = None
    """Why there are no more dates."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A text to be edited: where it stands, what names it, what is wrong in it."""

    file: str
    first: int
    text: str
    seen: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty as form and as text."""

    cells: Mapping[str, str]
    lines: Lines
    meaning: Meaning


def duty_rows(db: Engine, plan: str, wanted: str = "") -> tuple[DutyRow, ...]:
    """The duties of the draft (or of the plan in force) that hold every word of `wanted`."""
    with reading(db) as connection:
        files = files_of(connection, plan)
        compiled = compile_files(connection, files)
        version = plans.current_version(connection, plan)
        base = plans.source(connection, plan, version[0]) if version else None
    before = {row["id"]: row for row in table(base or {})}
    listed = (_row(files, cells, compiled, before) for cells in table(files))
    words = wanted.split()
    return tuple(
        row for row in listed
        if all(word in f"{row.id} {row.title} {row.responsible} {row.often}" for word in words)
    )  # fmt: skip


def _row(
    files: Files, cells: Mapping[str, str], compiled: Compiled,
    before: Mapping[str, Mapping[str, str]],
) -> DutyRow:  # fmt: skip
    often = next((cells[key] for key in ("every", "renew", "draw", "checkpoint", "on", "once")
                  if cells[key]), "")  # fmt: skip
    held = passage(files, "duties", cells["id"]) if compiled.problems else None
    wrong = len(_inside(compiled, held.file, held.first, held.last)) if held else 0
    changed = dict(before.get(cells["id"], {})) != dict(cells)
    return DutyRow(cells["id"], cells["title"], cells["responsible"], often, wrong, changed)


def duty_view(db: Engine, plan: str, id_: str, now: datetime) -> DutyView:
    """A duty of the draft, or of the plan in force. Refused where there is none of this id."""
    with reading(db) as connection:
        files = files_of(connection, plan)
        cells = next((row for row in table(files) if row["id"] == id_), None)
        if cells is None:
            raise Refused(Words(f"没有职责“{id_}”。", f"There is no duty “{id_}”."))
        compiled = compile_files(connection, files)
        lines = _lines(files, Target(section="duties", id=id_), compiled)
        return DutyView(cells, lines, _meaning(connection, compiled, id_, now))


def text_view(db: Engine, plan: str, target: Target, typed: str | None = None) -> Lines:
    """A text of the draft with what is wrong in it; as it would be with `typed`, unsaved."""
    with reading(db) as connection:
        files = files_of(connection, plan)
        held = find_passage(files, target)
        if typed is not None:
            made = replaced(files, held, typed)
            compiled = compile_files(connection, made)
            last = held.first + typed.rstrip("\r\n").count("\n")
            wrong = _inside(compiled, held.file, held.first, last)
            return Lines(held.file, held.first, typed, seen(held.text), wrong)
        return _lines(files, target, compile_files(connection, files))


def duty_as_typed(
    db: Engine, plan: str, cells: Mapping[str, str], now: datetime
) -> tuple[Meaning, tuple[Fault, ...]]:
    """What a duty would mean as it stands in a form, and what is wrong; nothing is saved."""
    with reading(db) as connection:
        files, _, faults = tried_duty(connection, files_of(connection, plan), cells)
        compiled = compile_files(connection, files)
        return _meaning(connection, compiled, cells.get("id", ""), now), tuple(faults)


def compile_draft(db: Engine, plan: str) -> Compiled:
    """What the draft (or the plan in force) compiles to, as `duban check` does."""
    with reading(db) as connection:
        return compile_files(connection, files_of(connection, plan))


def files(db: Engine, plan: str) -> Files:
    """The files of the draft, or of the plan in force."""
    with reading(db) as connection:
        return files_of(connection, plan)


def problems(db: Engine, plan: str) -> tuple[Problem, ...]:
    """Everything that `duban check` says of the draft, errors first."""
    found = compile_draft(db, plan).problems
    return tuple(sorted(found, key=lambda one: (one.severity is Severity.WARNING, one.place)))


def title_of(db: Engine, plan: str, id_: str) -> str:
    """The title of a duty of the draft; its id where the draft cannot be read."""
    listed = read(files(db, plan))[0].sections.get("duties") or ()
    return next((str(one.get("title")) for one in listed if one.get("id") == id_), id_)


def choices(files: Files) -> dict[str, tuple[str, ...]]:
    """Key -> the names in the plan that may stand there, for completions."""
    sections = read(files)[0].sections

    def names(*wanted: str) -> tuple[str, ...]:
        listed = (one for section in wanted for one in sections.get(section) or ())
        return tuple(str(one.get("name") or one.get("id")) for one in listed)

    units = names("units", "groups")
    return {
        **dict.fromkeys(("responsible", "with", "inform"), units),
        "review": (*units, *names("posts")),
        "leader": names("posts"),
        **dict.fromkeys(("cover", "each"), names("rosters")),
        "ladder": names("ladders"),
        "on": names("events"),
        "window": names("windows"),
        "phase": names("phases"),
    }


def ladders(files: Files) -> list[Mapping[str, Any]]:
    """The ladders as plain data."""
    return list(read(files)[0].sections.get("ladders") or ())


def ladder_said(compiled: Compiled, id_: str) -> tuple[tuple[Words, ...], tuple[str, ...]]:
    """A ladder's steps as sentences, and the titles of the duties that use it."""
    plan = compiled.plan
    found = next((one for one in plan.ladders if one.id == id_), None) if plan else None
    if plan is None or found is None:
        return (), ()
    used = tuple(duty.title for duty in plan.duties if duty.ladder == id_)
    return tuple(say_step(step) for step in found.steps), used


def _lines(files: Files, target: Target, compiled: Compiled) -> Lines:
    held = find_passage(files, target)
    wrong = _inside(compiled, held.file, held.first, held.last)
    return Lines(held.file, held.first, held.text, seen(held.text), wrong)


def _inside(compiled: Compiled, file: str, first: int, last: int) -> tuple[Problem, ...]:
    return tuple(
        one for one in compiled.problems
        if one.place.file == file and first <= one.place.line <= last
    )  # fmt: skip


def _meaning(connection: Connection, compiled: Compiled, id_: str, now: datetime) -> Meaning:
    plan = compiled.plan
    duty = next((one for one in plan.duties if one.id == id_), None) if plan else None
    if plan is None or duty is None:
        return Meaning()
    place = place_of(plan, 0, "", site_days(connection))
    windows, limit = next_periods(place, duty, now, None)
    units = {unit.id: unit.name for unit in plan.units} | {EVENT_UNIT: "事发单位"}
    return Meaning(
        tuple(_window(one) for one in windows),
        tuple(_rungs(place, duty, windows[0])) if windows else (),
        tuple(units.get(one, one) for one in duty.responsible),
        tuple(units.get(one, one) for one in duty.co_acting),
        limit,
    )


def _window(one: Dated) -> Window:
    return Window(say_period(one.period), one.opens_at, one.due_at, one.provisional)


def _rungs(place: InForce, duty: Duty, first: Dated) -> list[Rung]:
    plan, promised = place.plan, promise(place.plan, 0, duty)
    unit = duty.responsible[0]
    dated = preview(ladder_of(plan, duty), first.opens_at, first.due_at, place.clock)
    return [
        Rung(at, say_step(step),
             tuple(one.name for one in resolve_all(plan, unit, step.to, promised).addressees))
        for at, step in dated
    ]  # fmt: skip
