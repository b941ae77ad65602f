"""The signals of a remit (信号，不是结论), for the reading room."""

from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Engine

from inspections.log_query import EVERYTHING, Remit
from inspections.signals import Piece, Signal, bursts, same_files, same_texts
from office.log_conditions import allowed
from office.moments import moment
from storage import blobs
from storage.blobs import Blobs, Used
from storage.engine import reading

FORTNIGHT = timedelta(days=14)
MOST = 200
"""Signals of one kind that are shown; the newest."""


def signals_of(
    db: Engine, files: Blobs, now: datetime, inspected_at: datetime, remit: Remit = EVERYTHING
) -> tuple[Signal, ...]:
    """Files and texts used twice, and what came all at once in the fortnight before a moment."""
    with reading(db) as connection:
        within = list(allowed(remit, moment(connection, None, now)))
        shared = [_piece(files, one) for one in blobs.shared(connection, within)]
        used = blobs.handed_in(connection, within, inspected_at - FORTNIGHT, inspected_at)
    recent = [Piece(o.task, o.unit, o.sha256, o.name, o.at, o.opened_at) for o in used]
    kinds = (same_files(shared), same_texts(shared), bursts(recent, inspected_at))
    return tuple(signal for kind in kinds for signal in islice(kind, MOST))


def _piece(files: Blobs, one: Used) -> Piece:
    """A text is read; of a file its bytes say enough."""
    said = None if one.name else files.get(one.sha256).decode()
    return Piece(one.task, one.unit, one.sha256, one.name, one.at, one.opened_at, said)
