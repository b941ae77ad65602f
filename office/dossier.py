"""倒查卷宗 to take away: of an incident or a unit, what had been required, told, handed in and
decided as of a day, as a pack that verifies like any other.

All is as of the last head that was signed by the end of the day: what the head covers is in it,
whatever came later is not, in no file of the pack.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from inspections.dossier_page import Line, Sheet, dossier_page
from inspections.log_query import EVERYTHING, Remit
from notifications.rows import STANDINGS
from office.moments import moment, moment_at
from office.pack import (
    FILE_COLUMNS,
    TASK_COLUMNS,
    Packed,
    Piece,
    check_pieces,
    file_row,
    log_members,
    table,
    task_row,
)
from office.timeline import Case, Entry, Letter, Trace, trace_at
from office.timestamping import said_of_stamp
from office.witnesses import attested
from office.workplace import promise
from responsibilities.tasks import FactKind
from responsibilities.words import Refused, Words
from storage import bags, blobs, checkpoints, facts
from storage.bags import Member
from storage.blobs import Blobs
from storage.checkpoints import Kept
from storage.engine import reading

LETTER_COLUMNS = ("task", "letter", "made_at", "to", "subject", "accepted_at")


@dataclass(frozen=True, slots=True)
class About:
    """Of what a dossier is: an incident, a unit (by id), or a unit's part in an incident."""

    event: str | None = None
    unit: str | None = None
    day: date | None = None
    """None: today."""


def make_dossier(
    db: Engine, store: Blobs, about: About, target: Path, now: datetime,
    remit: Remit = EVERYTHING, seen: Callable[[int], None] = lambda written: None,
) -> Packed:  # fmt: skip
    """Write the dossier to `target`, whole or not at all.

    Refused where nothing was signed by then, where there was no such task, and where a file of
    evidence is gone.
    """
    with reading(db) as connection:
        kept = _head(connection, about.day, now)
        found = moment_at(connection, kept.signed.checkpoint.size, kept.at)
    trace = trace_at(db, found, about.event, about.unit, remit)
    if trace is None:
        raise Refused(Words("当日没有有关的督办事项。", "There was no such task on that day."))
    with reading(db) as connection:
        pieces = {case.row.task.key: _pieces(connection, case, found.size) for case in trace.cases}
        flat = [piece for of_case in pieces.values() for piece in of_case]
        check_pieces(store, flat)
        members = _members(connection, store, about, kept, trace, pieces)
        digest = bags.write_bag(target, members, _info(about, kept), seen)
    count = len({piece.piece.sha256 for piece in flat})
    return Packed(len(trace.cases), count, found.size, digest)


def _head(connection: Connection, day: date | None, now: datetime) -> Kept:
    kept = checkpoints.last_within(connection, moment(connection, day, now).size)
    if kept is None:
        raise Refused(
            Words(
                "至当日办理记录还没有签名的检查点，无法出具卷宗。",
                "No head of the record had been signed by that day, so there is no dossier of it.",
            )
        )
    return kept


def _pieces(connection: Connection, case: Case, size: int) -> list[Piece]:
    """The files that the facts known then name."""
    known = (f for f in facts.of_task(connection, case.row.task.key) if f.seq <= size)
    named = {
        file["sha256"] for f in known if f.kind is FactKind.SUBMITTED for file in f.body["files"]
    }
    held = blobs.of_task(connection, case.row.task.id)
    unique = {(p.sha256, p.name, p.requirement): p for p in held if p.sha256 in named}
    return [Piece(case.row.task.key, piece, piece.requirement) for piece in unique.values()]


def _members(
    connection: Connection, store: Blobs, about: About, kept: Kept, trace: Trace,
    pieces: dict[str, list[Piece]],
) -> Iterator[Member]:  # fmt: skip
    sheets = [_sheet(connection, case, pieces[case.row.task.key]) for case in trace.cases]
    incident = [_entry(entry) for entry in trace.entries]
    head = kept.signed.checkpoint
    said = [
        *_said(about, kept, trace),
        ("时间戳", said_of_stamp(connection, head).zh),
        ("见证单位", attested(connection, head).zh),
    ]
    html = dossier_page(said, kept.signed, incident, sheets)
    yield Member("data/index.html", lambda: (part.encode() for part in html))
    flat = [piece for of_case in pieces.values() for piece in of_case]
    rows = (task_row(case.row) for case in trace.cases)
    yield Member("data/tasks.csv", table(TASK_COLUMNS, rows))
    yield Member("data/evidence.csv", table(FILE_COLUMNS, map(file_row, flat)))
    yield Member("data/letters.csv", table(LETTER_COLUMNS, _letters(trace)))
    for path, digest in sorted({piece.path: piece.piece.sha256 for piece in flat}.items()):
        yield Member(f"data/{path}", store.path(digest))
    events = {case.row.task.event for case in trace.cases if case.row.task.event}
    yield from log_members(connection, kept, set(pieces), events)


def _sheet(connection: Connection, case: Case, pieces: Sequence[Piece]) -> Sheet:
    row = case.row
    files = [
        Line(f"第{one.piece.attempt}次", one.piece.name or "填报内容", one.path) for one in pieces
    ]
    return Sheet(
        number=row.number,
        key=row.task.key,
        title=row.title,
        unit=row.unit,
        standing=STANDINGS[row.standing].zh,
        due=f"{row.due_at:%Y-%m-%d %H:%M}",
        basis=[(one.section, one.quote) for one in promise(connection, row.task.promise).sources],
        required=case.required,
        told=[_told(letter) for letter in case.told],
        handed_in=[*map(_entry, case.handed_in), *files],
        decided=[_entry(entry) for entry in case.decided],
    )


def _told(letter: Letter) -> Line:
    return Line(f"{letter.made_at:%Y-%m-%d %H:%M}", f"致{letter.to}：{letter.subject}")


def _entry(entry: Entry) -> Line:
    return Line(f"{entry.at:%Y-%m-%d %H:%M:%S}", f"{entry.says}（{entry.by}，第{entry.seq}条）")


def _letters(trace: Trace) -> Iterator[tuple[object, ...]]:
    for case in trace.cases:
        for one in case.told:
            accepted = one.accepted_at if one.accepted_at and one.accepted_at <= trace.at else None
            yield (
                case.row.task.key, one.number, one.made_at.isoformat(), one.to, one.subject,
                accepted.isoformat() if accepted else "",
            )  # fmt: skip


def _said(about: About, kept: Kept, trace: Trace) -> list[tuple[str, str]]:
    first = trace.cases[0].row
    unit = next((c.row.unit for c in trace.cases if c.row.task.unit == about.unit), about.unit)
    local = kept.at.astimezone(first.due_at.tzinfo)
    when = f"{local:%Y-%m-%d %H:%M:%S}（{first.due_at.tzinfo}，此前最后一个检查点）"
    return [
        ("事件", about.event or "不限"),
        ("单位", unit or "全部"),
        ("截至", when),
        ("未收入", "此后的一切：其后的通知、报送、审核和改正不在本卷宗内"),
    ]


def _info(about: About, kept: Kept) -> dict[str, str]:
    parts = [f"event={about.event}"] if about.event else []
    parts += [f"unit={about.unit}"] if about.unit else []
    return {
        "Bag-Software-Agent": "duban",
        "External-Description": f"Dossier: {', '.join(parts)}",
        "Bagging-Date": f"{kept.at:%Y-%m-%d}",
        "External-Identifier": f"{kept.signed.checkpoint.origin} {kept.signed.checkpoint.size}",
    }
