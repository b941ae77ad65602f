"""Everything that a task asks for, as a unit that has done its work hands it in."""

from datetime import date, datetime

from sqlalchemy import Engine

from duban.specimens import specimen
from office import receive
from office.matters import Matter, find
from responsibilities.promises import heads_to_cover
from responsibilities.spans import span_of
from storage.blobs import Blobs
from storage.engine import reading


def hand_in_everything(
    db: Engine, blobs: Blobs, key: str, now: datetime, mark: str = ""
) -> receive.Receipt:
    """Report the task `key` done, complete; `mark` makes one submission unlike another."""
    with reading(db) as connection:
        found = find(connection, key)
        wanted, unit = found.promise, found.task.unit
        paper = specimen(wanted.evidence, f"{key}{mark}", _day(found))
    return receive.submit(
        db, blobs, key, by="联络员", now=now, files=paper.files, figures=paper.figures,
        text=paper.texts,
        covered=["全部"] if wanted.coverage else (),
        heads=heads_to_cover(wanted, unit) if wanted.counts else 0,
    )  # fmt: skip


def _day(matter: Matter) -> date:
    """A day inside the period that the task is about."""
    duty = matter.place.duties.get(matter.task.duty)
    opened = matter.clock.day(matter.task.opens_at)
    return span_of(duty, matter.task, matter.clock).first if duty is not None else opened
