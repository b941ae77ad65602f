"""The adopted versions of plans, as the database keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, Row, delete, insert, select

from storage.instants import instant, text
from storage.tables import plan_sources, plans, promises


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """One adopted version; `snapshot` is the compiled plan as text."""

    plan: str
    version: int
    digest: str
    snapshot: str
    in_force_from: datetime
    adopted_at: datetime
    adopted_by: str


def store(connection: Connection, version: StoredPlan) -> None:
    """Keep a newly adopted version; the versions before it stay."""
    connection.execute(
        insert(plans),
        [
            {
                "plan": version.plan,
                "version": version.version,
                "digest": version.digest,
                "snapshot": version.snapshot,
                "in_force_from": text(version.in_force_from),
                "adopted_at": text(version.adopted_at),
                "adopted_by": version.adopted_by,
            }
        ],
    )


def current(connection: Connection, plan: str) -> StoredPlan | None:
    """The version in force: the last one adopted."""
    query = select(plans).where(plans.c.plan == plan).order_by(plans.c.version.desc()).limit(1)
    found = connection.execute(query).first()
    return None if found is None else _stored(found)


def current_version(connection: Connection, plan: str) -> tuple[int, str] | None:
    """Version and digest of the plan in force, without its snapshot."""
    query = select(plans.c.version, plans.c.digest).where(plans.c.plan == plan)
    found = connection.execute(query.order_by(plans.c.version.desc()).limit(1)).first()
    return None if found is None else (found.version, found.digest)


def adopted(connection: Connection) -> tuple[str, ...]:
    """The ids of all plans."""
    return tuple(connection.scalars(select(plans.c.plan).distinct().order_by(plans.c.plan)))


def versions(connection: Connection, plan: str) -> tuple[StoredPlan, ...]:
    """Every version of a plan, oldest first."""
    query = select(plans).where(plans.c.plan == plan).order_by(plans.c.version)
    return tuple(map(_stored, connection.execute(query)))


def keep_source(connection: Connection, plan: str, version: int, files: Mapping[str, str]) -> None:
    """Keep the files that a version was compiled from, in place of those kept for it before."""
    here = (plan_sources.c.plan == plan) & (plan_sources.c.version == version)
    connection.execute(delete(plan_sources).where(here))
    body = orjson.dumps(dict(files), option=orjson.OPT_SORT_KEYS).decode()
    values = {"plan": plan, "version": version, "files": body}
    connection.execute(insert(plan_sources), [values])


def source(connection: Connection, plan: str, version: int) -> dict[str, str] | None:
    """The files that a version was compiled from; None where it was adopted without them."""
    query = select(plan_sources.c.files).where(
        plan_sources.c.plan == plan, plan_sources.c.version == version
    )
    found = connection.scalar(query)
    return None if found is None else dict(orjson.loads(found))


def keep_promises(connection: Connection, bodies: dict[str, str]) -> None:
    """Store the promises, by digest, that are not there yet."""
    query = select(promises.c.digest).where(promises.c.digest.in_(list(bodies)))
    known = set(connection.scalars(query))
    new = [{"digest": d, "body": body} for d, body in bodies.items() if d not in known]
    if new:
        connection.execute(insert(promises), new)


def promise_body(connection: Connection, digest: str) -> str | None:
    """The text of a frozen promise."""
    return connection.scalar(select(promises.c.body).where(promises.c.digest == digest))


def promise_digests(connection: Connection) -> tuple[str, ...]:
    """The digests of all promises that were ever frozen."""
    return tuple(connection.scalars(select(promises.c.digest)))


def _stored(row: "Row[tuple[str, int, str, str, str, str, str]]") -> StoredPlan:
    return StoredPlan(
        row.plan,
        row.version,
        row.digest,
        row.snapshot,
        instant(row.in_force_from),
        instant(row.adopted_at),
        row.adopted_by,
    )
