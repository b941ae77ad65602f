"""Handing in by a link: the hand-in itself, and the receipt to the post that the link is for."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from office import drafts
from office.handed_in import Papers
from office.matters import find
from office.receipts import by_row, discreet, received
from office.receive import Receipt
from office.replies import letter, with_rows
from responsibilities.plan import Role
from storage import notices
from storage.blobs import Blobs
from storage.instants import whole


def hand_in(
    db: Engine, blobs: Blobs, task: int, papers: Papers, *, by: str, role: Role, now: datetime,
    owner: str = "",
) -> Receipt:  # fmt: skip
    """As `receive.submit`, with the draft that `owner` has prepared; the post `role` of the unit
    gets the receipt that mail would get."""
    now = whole(now)

    def tell(connection: Connection, receipt: Receipt) -> None:
        matter = find(connection, task)
        names = (name for _line, name, _digest, _size in receipt.files)
        said = discreet(matter, received(matter, papers, receipt), names)
        said = with_rows(said, by_row(by))
        mark, plan = f"{matter.task.key}/{receipt.attempt}", matter.place.plan.id
        notices.add(
            connection, [letter("receipt", said, mark, plan, matter.task.unit, role, task, now)]
        )

    return drafts.hand_in(db, blobs, task, owner, papers, by=by, now=now, also=tell)
