"""Reading off the evidence, in the sandbox, what the signals compare: looks and dates.

Each round reads what no round has read, so that evidence older than this pass is read too, and a
pass that was broken off goes on where it was.
"""

from sqlalchemy import Engine

from storage import imprints, sandbox
from storage.blobs import Blobs
from storage.engine import reading, writing
from storage.structure import ending_of

A_ROUND = 200
"""Files that one round reads at most."""


def imprint_waiting(db: Engine, blobs: Blobs, most: int = A_ROUND) -> int:
    """Read up to `most` files that were not read yet; gives how many were."""
    with reading(db) as connection:
        waiting = imprints.waiting(connection, most)
    done = 0
    for sha256, name in waiting:
        try:
            with open(blobs.path(sha256), "rb") as file:
                found = sandbox.imprint(file, ending_of(name))
        except FileNotFoundError:  # erased, or not restored yet
            continue
        with writing(db) as connection:
            imprints.note(connection, sha256, found)
        done += 1
    return done
