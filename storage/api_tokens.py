"""Which programs may ask the API; of a token only the SHA-256 is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.instants import instant, instant_or_none, text, text_or_none
from storage.tables import api_tokens


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What one program may do; `plan` and `unit` are empty where it is not limited to one."""

    name: str
    role: str
    plan: str
    unit: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used: date | None = None


def add(connection: Connection, token: ApiToken, hashed: str) -> None:
    """A new token; its name is taken for ever."""
    connection.execute(
        insert(api_tokens).values(
            name=token.name,
            hash=hashed,
            role=token.role,
            plan=token.plan,
            unit=token.unit,
            made_at=text(token.made_at),
            made_by=token.made_by,
            expires_at=text(token.expires_at),
            revoked_at=text_or_none(token.revoked_at),
            last_used=token.last_used and token.last_used.isoformat(),
        )
    )


def by_hash(connection: Connection, hashed: str) -> ApiToken | None:
    """The token with this hash, whether or not it is still good."""
    row = connection.execute(select(api_tokens).where(api_tokens.c.hash == hashed)).first()
    return None if row is None else _read(row)


def by_name(connection: Connection, name: str) -> ApiToken | None:
    """The token of this name, whether or not it is still good."""
    row = connection.execute(select(api_tokens).where(api_tokens.c.name == name)).first()
    return None if row is None else _read(row)


def every(connection: Connection) -> tuple[ApiToken, ...]:
    """All tokens ever made, by name."""
    return tuple(map(_read, connection.execute(select(api_tokens).order_by(api_tokens.c.name))))


def revoke(connection: Connection, name: str, now: datetime) -> None:
    """The token is void from `now` on."""
    connection.execute(
        update(api_tokens).where(api_tokens.c.name == name).values(revoked_at=text(now))
    )


def used(connection: Connection, name: str, day: date) -> None:
    """The token was used on `day`."""
    connection.execute(
        update(api_tokens).where(api_tokens.c.name == name).values(last_used=day.isoformat())
    )


def _read(row: Any) -> ApiToken:
    return ApiToken(
        name=row.name,
        role=row.role,
        plan=row.plan,
        unit=row.unit,
        made_at=instant(row.made_at),
        made_by=row.made_by,
        expires_at=instant(row.expires_at),
        revoked_at=instant_or_none(row.revoked_at),
        last_used=date.fromisoformat(row.last_used) if row.last_used else None,
    )
