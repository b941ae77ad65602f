"""The signals of a remit (信号，不是结论), for the reading room."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, Engine

from inspections.log_query import EVERYTHING, Remit
from inspections.signals import (
    Piece,
    Signal,
    bursts,
    near_images,
    outside,
    same_files,
    same_texts,
)
from office.log_conditions import allowed
from office.moments import end_of_day, moment
from office.workplace import all_in_force
from responsibilities.spans import Span, span_of
from storage import blobs, imprints, tasks
from storage.blobs import Blobs, Used
from storage.engine import reading
from storage.imprints import Imprinted

FORTNIGHT = timedelta(days=14)
MOST = 200
"""Signals of one kind that are shown; the newest."""


def signals_of(
    db: Engine, files: Blobs, now: datetime, on: date | None = None, remit: Remit = EVERYTHING
) -> tuple[Signal, ...]:
    """What was used twice, looks the same or is dated beside its period, and what came all at once
    in the fortnight to the end of the day of the inspection; without a day, to now.
    """
    with reading(db) as connection:
        found = moment(connection, None, now)
        within = list(allowed(remit, found))
        inspected_at = now if on is None else end_of_day(found, on)
        shared = [_piece(files, one) for one in blobs.shared(connection, within)]
        seen = list(_imprinted(connection, imprints.handed_in(connection, within)))
        used = blobs.handed_in(connection, within, inspected_at - FORTNIGHT, inspected_at)
    recent = [Piece(o.task, o.unit, o.sha256, o.name, o.at, o.opened_at) for o in used]
    kinds = (
        same_files(shared), same_texts(shared), near_images(seen), outside(seen),
        bursts(recent, inspected_at),
    )  # fmt: skip
    return tuple(signal for kind in kinds for signal in islice(kind, MOST))


def _piece(files: Blobs, one: Used) -> Piece:
    """A text is read; of a file its bytes say enough."""
    said = None if one.name else files.get(one.sha256).decode()
    return Piece(one.task, one.unit, one.sha256, one.name, one.at, one.opened_at, said)


def _imprinted(connection: Connection, found: Sequence[Imprinted]) -> Iterator[Piece]:
    """With the days that each task is about, where its plan still knows the duty."""
    places = all_in_force(connection)
    dated = tasks.by_ids(connection, {one.task for one in found if one.imprint.days})
    spans: dict[tuple[str, str, str], Span] = {}
    for one in found:
        likeness = int(one.imprint.likeness, 16) if one.imprint.likeness else None
        days, period, task = one.imprint.days, None, dated.get(one.task)
        place = places.get(task.plan) if task else None
        if task and place and (duty := place.duties.get(task.duty)):
            key = (task.plan, task.duty, task.period)
            span = spans.get(key) or spans.setdefault(key, span_of(duty, task, place.clock))
            first = min(span.first, place.clock.day(task.opens_at))
            period = (first, place.clock.day(one.at))
        yield Piece(
            one.task, one.unit, one.sha256, one.name, one.at, one.opened_at, None, likeness, days,
            period,
        )  # fmt: skip
