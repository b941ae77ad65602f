"""The draft of a plan's next version, and the workbook that waits to be taken into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from storage.instants import instant, instant_or_none, text, text_or_none
from storage.tables import plan_books, plan_drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands; there is at most one for each plan."""

    plan: str
    base: int
    """The version in force that it was begun from, or last compared with."""
    base_digest: str
    files: Mapping[str, str]
    """The plan folder as it shall be, text by name."""
    revision: int
    """Rises with every change, so that what is approved is what was looked at."""
    authors: tuple[str, ...]
    """Everybody who has changed it."""
    begun_at: datetime
    changed_at: datetime
    changed_by: str
    proposed_by: str = ""
    proposed_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """An uploaded workbook, byte for byte."""

    plan: str
    name: str
    body: bytes
    at: datetime
    by: str


def find(connection: Connection, plan: str) -> Draft | None:
    """The draft of a plan."""
    row = connection.execute(select(plan_drafts).where(plan_drafts.c.plan == plan)).first()
    if row is None:
        return None
    return Draft(
        plan,
        row.base,
        row.base_digest,
        orjson.loads(row.files),
        row.revision,
        tuple(orjson.loads(row.authors)),
        instant(row.begun_at),
        instant(row.changed_at),
        row.changed_by,
        row.proposed_by,
        instant_or_none(row.proposed_at),
        row.approved_by,
        instant_or_none(row.approved_at),
    )


def begin(connection: Connection, draft: Draft) -> None:
    """Keep the first state of a draft."""
    connection.execute(insert(plan_drafts), [_values(draft)])


def change(connection: Connection, draft: Draft) -> None:
    """The draft's next state, in place of the one before."""
    connection.execute(
        update(plan_drafts).where(plan_drafts.c.plan == draft.plan).values(_values(draft))
    )


def remove(connection: Connection, plan: str) -> None:
    """No draft, and no workbook waiting for it."""
    connection.execute(delete(plan_drafts).where(plan_drafts.c.plan == plan))
    remove_book(connection, plan)


def put_book(connection: Connection, book: Book) -> None:
    """The workbook uploaded last takes the place of the one before."""
    remove_book(connection, book.plan)
    values = {"plan": book.plan, "name": book.name, "body": book.body}
    connection.execute(insert(plan_books), [{**values, "at": text(book.at), "by_": book.by}])


def book(connection: Connection, plan: str) -> Book | None:
    """The workbook that waits."""
    row = connection.execute(select(plan_books).where(plan_books.c.plan == plan)).first()
    return None if row is None else Book(plan, row.name, row.body, instant(row.at), row.by_)


def remove_book(connection: Connection, plan: str) -> None:
    """The workbook is taken in, or not wanted."""
    connection.execute(delete(plan_books).where(plan_books.c.plan == plan))


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "plan": draft.plan,
        "base": draft.base,
        "base_digest": draft.base_digest,
        "files": orjson.dumps(dict(draft.files), option=orjson.OPT_SORT_KEYS).decode(),
        "revision": draft.revision,
        "authors": orjson.dumps(draft.authors).decode(),
        "begun_at": text(draft.begun_at),
        "changed_at": text(draft.changed_at),
        "changed_by": draft.changed_by,
        "proposed_by": draft.proposed_by,
        "proposed_at": text_or_none(draft.proposed_at),
        "approved_by": draft.approved_by,
        "approved_at": text_or_none(draft.approved_at),
    }
