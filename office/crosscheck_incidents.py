"""The act of holding an independent list against the record; the run itself is a fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import orjson
from sqlalchemy import Connection, Engine

from inspections.crosscheck import Case, Crosscheck, Outcome, crosscheck
from inspections.lateness import worst
from office.figures import day_of
from office.incident_file import reports_of
from office.incident_form import type_of
from office.report_incident import HAPPENED
from office.workplace import InForce, in_force
from responsibilities.plan import EventType
from responsibilities.tasks import Event, Fact, FactKind
from responsibilities.words import Refused, Words
from storage import events, facts
from storage.engine import reading, writing
from storage.instants import whole

DAYS = ("发生", "发生日期", "日期", "发案日期", "案发日期", "发案时间", "案发时间", "时间", "date")
UNITS = ("事发单位", "单位", "学院", "部门", "unit")
"""What lists call these two columns; the others go by the names of the event's fields."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the list came to, and which of its columns were not read."""

    result: Crosscheck
    ignored: tuple[str, ...]
    repeated: bool
    """This list came to this very result before; nothing was recorded again."""


def check_list(
    db: Engine, plan: str, type_: str, rows: Sequence[Mapping[str, str]], digest: str, *,
    by: str, now: datetime, days: int = 3,
) -> Checked:  # fmt: skip
    """Match `rows` (by column name) of the file with this SHA-256 against the incidents of `type_`.

    Refused: an unknown type, a list without a column of days, a line whose day or unit cannot be
    read. The record gets the digest and the numbers of lines, never what stands in them.
    """
    now = whole(now)
    with writing(db) as connection:
        found, fact = _checked(connection, plan, type_, rows, digest, days, by, now)
        if not found.repeated:
            facts.append(connection, [fact])
    return found


def preview_list(
    db: Engine, plan: str, type_: str, rows: Sequence[Mapping[str, str]], digest: str, *,
    now: datetime, days: int = 3,
) -> Checked:  # fmt: skip
    """What `check_list` would come to; nothing is written."""
    with reading(db) as connection:
        return _checked(connection, plan, type_, rows, digest, days, "", whole(now))[0]


def _checked(
    connection: Connection, plan: str, type_: str, rows: Sequence[Mapping[str, str]], digest: str,
    days: int, by: str, now: datetime,
) -> tuple[Checked, Fact]:  # fmt: skip
    place = in_force(connection, plan)
    kind = type_of(place, type_)
    columns = _columns(kind, rows)
    listed = [_case(place, columns, row, number) for number, row in enumerate(rows, 1)]
    known = [
        _known(connection, place, kind, event, now)
        for event in events.of_plan(connection, plan)
        if event.type == kind.id
    ]
    result = crosscheck(listed, known, days)
    fact = _fact(place, kind, result, digest, days, by, now)
    every = {name for row in rows for name in row}
    ignored = tuple(sorted(every - columns.keys()))
    return Checked(result, ignored, facts.has(connection, None, fact.key)), fact


def _columns(kind: EventType, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What each column that is read stands for: 日期, 单位, or the name of a field."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    fields = {f.name: f.name for f in kind.fields} | {f.id: f.name for f in kind.fields}
    found = {name: fields[name] for name in names if name in fields}
    for meaning, called in ((HAPPENED, DAYS), ("单位", UNITS)):
        column = next((name for name in called if name in names and name not in found), None)
        if column is not None:
            found[column] = meaning
    if HAPPENED not in found.values():
        raise Refused(
            Words(
                f"名单没有日期一栏，请把表头写作“{DAYS[2]}”。",
                f"The list has no column of days; call it “{DAYS[2]}”.",
            )
        )
    return found


def _case(place: InForce, columns: Mapping[str, str], row: Mapping[str, str], number: int) -> Case:
    given = {meaning: row.get(name, "").strip() for name, meaning in columns.items()}
    unit, day = given.pop("单位", ""), given.pop(HAPPENED)
    return Case(
        str(number),
        _day(day, number),
        _unit(place, unit, number) if unit else "",
        {name: value for name, value in given.items() if value},
    )


def _day(written: str, number: int) -> date:
    try:
        return day_of(written.replace("T", " ").partition(" ")[0])
    except Refused as refused:
        raise _in_line(number, refused.words) from None


def _unit(place: InForce, written: str, number: int) -> str:
    for unit in place.plan.units:
        if written in (unit.id, unit.name):
            return unit.id
    words = Words(f"没有单位“{written}”", f"there is no unit “{written}”")
    raise _in_line(number, words)


def _in_line(number: int, words: Words) -> Refused:
    return Refused(Words(f"名单第{number}行：{words.zh}", f"Line {number} of the list: {words.en}"))


def _known(
    connection: Connection, place: InForce, kind: EventType, event: Event, now: datetime
) -> Case:
    latest = worst(reports_of(connection, place, event, now))
    values = {f.name: _said(event.fields[f.id]) for f in kind.fields if f.id in event.fields}
    day = place.clock.day(event.marks[HAPPENED])
    found = Case(event.id, day, event.unit, values)
    return found if latest is None else Case(event.id, day, event.unit, values, latest.late_by)


def _said(value: object) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _fact(
    place: InForce, kind: EventType, result: Crosscheck, digest: str, days: int, by: str,
    now: datetime,
) -> Fact:  # fmt: skip
    def lines(outcome: Outcome) -> Iterable[int]:
        return [int(one.listed.name) for one in result.lines if one.outcome is outcome]

    body = {
        "days": days,
        "late": lines(Outcome.LATE),
        "lines": len(result.lines),
        "list": digest,
        "matched": {one.listed.name: one.event.name for one in result.lines if one.event},
        "missed": lines(Outcome.MISSED),
        "type": kind.id,
        "unlisted": [event.name for event in result.unlisted],
    }
    outcome = sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
    key = f"{place.plan.id}/crosscheck/{digest[:16]}/{outcome[:16]}"
    return Fact(None, key, FactKind.CROSSCHECKED, now, by, body)
