"""Whether the installation can do its work now: each check with its reason where it fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from office.settings import Settings
from responsibilities.words import Words
from storage import heartbeats
from storage.engine import reading
from storage.migrations import HEAD, revision

ENOUGH_DISK = 1_000_000_000
"""Bytes: SQLite, evidence and letters together must never meet a full disk."""
_ROUNDS = {"reconcile": Words("办理", "reconcile"), "mailroom": Words("收发室", "the mailroom")}
_INBOX = Words("收信", "reading mail")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so; `why` is None where it is."""

    name: str
    why: Words | None = None


def readiness(db: Engine, settings: Settings, free: int, now: datetime) -> tuple[Check, ...]:
    """Database at head, every round beaten within `outage_after`, `free` bytes of disk enough."""
    try:
        with reading(db) as connection:
            found = revision(connection)
            beats = heartbeats.every(connection) if found == HEAD else {}
    except DatabaseError:  # its text may name hosts and users
        return (Check("database", Words("数据库无法使用。", "The database cannot be used.")),)
    return (_database(found), *_rounds(beats, settings, now), _disk(free))


def _database(found: str | None) -> Check:
    if found == HEAD:
        return Check("database")
    return Check(
        "database",
        Words(
            f"数据库的版本是 {found or '空'}，应为 {HEAD}。",
            f"The database is at revision {found or 'none'}; it should be at {HEAD}.",
        ),
    )


def _rounds(beats: Mapping[str, datetime], settings: Settings, now: datetime) -> Iterator[Check]:
    wanted = _ROUNDS | ({"inbox": _INBOX} if settings.inbox.host else {})
    for name, said in wanted.items():
        last = beats.get(name)
        if last is None:
            yield Check(name, Words(f"{said.zh}从未运行。", f"{said.en} has never run."))
        elif now - last > settings.outage:
            minutes = int((now - last).total_seconds() // 60)
            yield Check(
                name,
                Words(
                    f"{said.zh}已有{minutes}分钟没有运行，上限为{settings.outage_after}分钟。",
                    f"{said.en} last ran {minutes} minutes ago; the limit is"
                    f" {settings.outage_after}.",
                ),
            )
        else:
            yield Check(name)


def _disk(free: int) -> Check:
    if free >= ENOUGH_DISK:
        return Check("disk")
    return Check(
        "disk",
        Words(
            f"磁盘只剩 {free // 10**6} MB，应至少留出 {ENOUGH_DISK // 10**6} MB。",
            f"{free // 10**6} MB of disk free; it should be {ENOUGH_DISK // 10**6} at least.",
        ),
    )
