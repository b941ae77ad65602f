"""Packs of evidence: what an inspector takes away and checks alone.

A pack holds the whole record (so that nothing can be left out of it unseen), and the tasks and
files of its scope. All is as of the last signed head: the same scope and head give the same bytes.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from importlib.resources import files as packaged
from io import StringIO
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from inspections.pack_page import Case, Entry, Paper, page
from notifications.rows import STANDINGS
from office.holders import cover, tier
from office.ledger import Detail, Row, detail
from office.matters import matter
from office.openings import openings
from office.owed import EXPECTED, calendars_of, listed
from office.settings import Mail
from office.witnesses import attested, cosigned_note
from office.workplace import InForce, all_in_force
from responsibilities.tasks import Fact, FactKind, Task
from responsibilities.words import Refused, Words
from storage import bags, checkpoints, facts, plans, tasks
from storage.bags import Member
from storage.blobs import Blobs, Evidence
from storage.checkpoints import Kept
from storage.engine import reading
from storage.instants import text

_PAGE = 500
_ENDING = re.compile(r"\.([a-z0-9]{1,5})$")
TASK_COLUMNS = (
    "key", "number", "plan", "duty", "title", "unit", "period", "opens_at", "due_at",
    "original_due_at", "standing", "closed_at",
)  # fmt: skip
FILE_COLUMNS = ("task", "attempt", "requirement", "name", "sha256", "size", "at")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tasks a pack is about; None: all."""

    plan: str | None = None
    unit: str | None = None
    duty: str | None = None
    since: date | None = None
    until: date | None = None
    """Due days, both included."""

    def has(self, task: Task, place: InForce) -> bool:
        """Whether the task's due day lies in the scope."""
        day = place.clock.day(task.due_at)
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished pack."""

    tasks: int
    files: int
    facts: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of evidence, named in the pack by what it holds, never by what it was called."""

    task: str
    piece: Evidence
    line: str

    @property
    def path(self) -> str:
        ending = _ENDING.search(self.piece.name.lower())
        named = "txt" if not self.piece.name else ending[1] if ending else "bin"
        return f"evidence/{self.piece.sha256}.{named}"


def make_pack(
    db: Engine, blobs: Blobs, scope: Scope, target: Path,
    seen: Callable[[int], None] = lambda written: None, *,
    holding: tuple[Mail, Sequence[str]] | None = None,
) -> Packed:  # fmt: skip
    """Write the pack to `target`, whole or not at all. `holding`: how letters leave and who is sent
    heads; then the pack says who holds its checkpoints.

    Refused where the record is not signed as it stands, where nothing is in scope, and where a
    file of evidence is missing or no longer what it was.
    """
    with reading(db) as connection:
        kept = _head(connection)
        places = all_in_force(connection)
        details = _details(connection, scope, places, kept.at)
        if not details:
            raise Refused(Words("范围内没有督办事项。", "There is no task in this scope."))
        pieces = [piece for one in details for piece in _pieces(one)]
        check_pieces(blobs, pieces)
        said = _said(scope, kept, places)
        if holding is not None:
            found = cover(connection, *holding, until=kept.at)
            said.append(("检查点的存放", tier(found, kept.signed.checkpoint.size).zh))
            said.append(("见证单位", attested(connection, kept.signed.checkpoint).zh))
        members = _members(connection, blobs, said, kept, details, pieces, places)
        digest = bags.write_bag(target, members, _info(scope, kept), seen)
    count = len({piece.piece.sha256 for piece in pieces})
    return Packed(len(details), count, kept.signed.checkpoint.size, digest)


def _head(connection: Connection) -> Kept:
    kept = checkpoints.last(connection)
    if kept is None or kept.signed.checkpoint.size != facts.last_seq(connection):
        raise Refused(
            Words(
                "办理记录还没有签名至此；请先运行 duban record --seal。",
                "The record is not signed as it stands; run duban record --seal first.",
            )
        )
    return kept


def _details(
    connection: Connection, scope: Scope, places: dict[str, InForce], as_of: datetime
) -> list[Detail]:
    found: list[Detail] = []
    before = None
    while True:
        listed = tasks.listed(
            connection, plan=scope.plan, unit=scope.unit, duty=scope.duty, before=before,
            limit=_PAGE,
        )  # fmt: skip
        for task in listed:
            if scope.has(task, places[task.plan]):
                found.append(detail(connection, matter(connection, task, places), as_of, "zh"))
        if len(listed) < _PAGE:
            return sorted(found, key=lambda one: one.row.task.key)
        before = listed[-1].id


def _pieces(one: Detail) -> Iterator[Piece]:
    for piece in one.evidence:
        yield Piece(one.row.task.key, piece, piece.requirement)


def check_pieces(blobs: Blobs, pieces: Iterable[Piece]) -> None:
    """Every file is there and still what its name says, before anything is written."""
    for digest in sorted({piece.piece.sha256 for piece in pieces}):
        try:
            blobs.get(digest)
        except (OSError, ValueError) as error:
            raise Refused(
                Words(
                    f"佐证材料 {digest[:16]} 缺失或已损坏，未打包；请从备份恢复该文件。",
                    f"The evidence {digest[:16]} is missing or damaged; nothing was packed. "
                    "Restore the file from a backup.",
                )
            ) from error


def _members(
    connection: Connection, blobs: Blobs, said: Sequence[tuple[str, str]], kept: Kept,
    details: Sequence[Detail], pieces: Sequence[Piece], places: dict[str, InForce],
) -> Iterator[Member]:  # fmt: skip
    cases = [_case(one, places[one.row.task.plan]) for one in details]
    pages = page("督办证据包", said, kept.signed, cases)
    yield Member("data/index.html", lambda: (part.encode() for part in pages))
    yield Member("data/tasks.csv", table(TASK_COLUMNS, (task_row(one.row) for one in details)))
    yield Member("data/evidence.csv", table(FILE_COLUMNS, map(file_row, pieces)))
    for path, digest in sorted({piece.path: piece.piece.sha256 for piece in pieces}.items()):
        yield Member(f"data/{path}", blobs.path(digest))
    scoped = [one.row.task for one in details]
    events = {task.event for task in scoped if task.event}
    yield from log_members(connection, kept, {task.key for task in scoped}, events)


def log_members(
    connection: Connection, kept: Kept, tasks: Collection[str], events: Collection[str]
) -> Iterator[Member]:
    """The record up to a signed head with all that it takes to verify it; opened are the values
    about `tasks` and `events`. Nothing that came after the head is in it."""
    size = kept.signed.checkpoint.size
    general = [fact for fact in facts.without_task(connection, "") if fact.seq <= size]
    yield Member("data/log/checkpoint", kept.signed.note())
    yield from _witnessed(connection, kept)
    yield Member("data/log/keys.txt", "".join(f"{key}\n" for key in _keys(general)).encode())
    yield Member("data/log/facts.jsonl", lambda: _record(connection, size))
    yield Member(EXPECTED, lambda: listed(connection, kept))
    yield Member("data/log/openings.jsonl", lambda: openings(connection, tasks, events, size))
    adopted = {fact.body["digest"] for fact in general if fact.kind is FactKind.ADOPTED}
    for plan in plans.adopted(connection):
        for version in plans.versions(connection, plan):
            if version.digest in adopted:
                yield Member(f"data/plans/{version.digest}.json", version.snapshot.encode())
    for year in calendars_of(connection, general):
        name = f"data/calendars/cn-{year.year}-{year.revision}.yaml"
        yield Member(name, year.body.encode())
    for name in ("verify.py", "verify.html"):
        yield Member(name, packaged("inspections").joinpath(name).read_bytes())


def _witnessed(connection: Connection, kept: Kept) -> Iterator[Member]:
    """The newest head that superior offices cosigned, and their keys."""
    head = kept.signed.checkpoint
    note, keys = cosigned_note(connection, head.origin, head.size)
    if note:
        yield Member("data/log/witnessed", note)
        yield Member("data/log/witnesses.txt", "".join(f"{key}\n" for key in keys).encode())


def _keys(general: Iterable[Fact]) -> Iterator[str]:
    """Every key that signed the record, oldest first, as the record says."""
    for fact in general:
        if fact.kind in (FactKind.KEY, FactKind.EPOCH):
            yield fact.body["key"]


def _record(connection: Connection, size: int) -> Iterator[bytes]:
    for row in islice(checkpoints.rows(connection), size):
        yield row.record + b"\n"


def _case(one: Detail, place: InForce) -> Case:
    row = one.row
    local = place.clock.local
    papers = [
        Paper(found.piece.name or "填报内容", found.path, found.line, local(found.piece.at))
        for found in _pieces(one)
    ]
    return Case(
        number=row.number,
        key=row.task.key,
        title=row.title,
        unit=row.unit,
        period=row.period,
        due_at=row.due_at,
        standing=STANDINGS[row.standing].zh,
        basis=one.basis,
        papers=papers,
        entries=[Entry(f.seq, local(f.at), f.kind, f.by) for f in one.facts],
    )


def _said(scope: Scope, kept: Kept, places: dict[str, InForce]) -> list[tuple[str, str]]:
    """The scope in words."""
    titles = "、".join(place.plan.title for place in places.values())
    names = {unit.id: unit.name for place in places.values() for unit in place.plan.units}
    days = f"{scope.since or '最早'} 至 {scope.until or '最近'}"
    return [
        ("方案", titles),
        ("单位", names.get(scope.unit or "", scope.unit or "全部")),
        ("职责", scope.duty or "全部"),
        ("截止日期", days if scope.since or scope.until else "全部"),
        ("截至", "；".join(dict.fromkeys(_when(kept.at, place) for place in places.values()))),
    ]


def _when(at: datetime, place: InForce) -> str:
    local = place.clock.local(at)
    return f"{local:%Y-%m-%d %H:%M}（{place.plan.zone}）"


def _info(scope: Scope, kept: Kept) -> dict[str, str]:
    chosen = ((f.name, getattr(scope, f.name)) for f in fields(scope))
    parts = [f"{name}={value}" for name, value in chosen if value is not None]
    return {
        "Bag-Software-Agent": "duban",
        "External-Description": f"Evidence of tasks: {', '.join(parts) or 'all'}",
        "Bagging-Date": f"{kept.at:%Y-%m-%d}",
        "External-Identifier": f"{kept.signed.checkpoint.origin} {kept.signed.checkpoint.size}",
    }


def task_row(row: Row) -> tuple[object, ...]:
    """`TASK_COLUMNS`."""
    task = row.task
    return (
        task.key, row.number, task.plan, task.duty, row.title, row.unit,
        row.period, text(task.opens_at), text(task.due_at), text(task.original_due_at),
        STANDINGS[row.standing].zh, text(task.closed_at) if task.closed_at else "",
    )  # fmt: skip


def file_row(one: Piece) -> tuple[object, ...]:
    """`FILE_COLUMNS`."""
    piece = one.piece
    return (
        one.task, piece.attempt, piece.requirement, piece.name, piece.sha256, piece.size,
        text(piece.at),
    )  # fmt: skip


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV that Excel opens as UTF-8 and where no cell is a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_plain(str(cell)) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
