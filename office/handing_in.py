"""Handing in by a link: the hand-in itself, and the receipt to the post that the link is for."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from office.handed_in import Papers
from office.matters import find
from office.receipts import by_row, discreet, received
from office.receive import Receipt, submit
from office.replies import letter, with_rows
from responsibilities.plan import Role
from storage import notices
from storage.blobs import Blobs
from storage.instants import whole


def hand_in(
    db: Engine, blobs: Blobs, task: int, papers: Papers, *, by: str, role: Role, now: datetime
) -> Receipt:
    """As `receive.submit`; the post `role` of the unit gets the receipt that mail would get."""
    now = whole(now)

    def tell(connection: Connection, receipt: Receipt) -> None:
        matter = find(connection, task)
        said = discreet(matter, received(matter, papers, receipt), (f.name for f in papers.files))
        said = with_rows(said, by_row(by))
        mark, plan = f"{matter.task.key}/{receipt.attempt}", matter.place.plan.id
        notices.add(
            connection, [letter("receipt", said, mark, plan, matter.task.unit, role, task, now)]
        )

    return submit(
        db, blobs, task, by=by, now=now, files=papers.files, figures=papers.figures,
        covered=papers.covered, heads=papers.heads, zero=papers.zero, text=papers.text,
        taken_back=papers.taken_back, also=tell,
    )  # fmt: skip
