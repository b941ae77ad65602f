"""Programs that ask the API: who may, what for, and until when."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Literal

from sqlalchemy import Connection, Engine

from office.workplace import in_force, only_plan
from responsibilities.problem import did_you_mean
from responsibilities.words import Refused, Words
from storage import api_tokens
from storage.api_tokens import ApiToken
from storage.engine import reading, writing
from storage.instants import whole

Role = Literal["office", "read"]
PREFIX = "duban_"
"""Begins every token, so that a scanner of repositories knows one when it sees it."""
LONGEST = 366
"""Days: whoever still needs a token after a year makes a new one."""


def issue(
    db: Engine, name: str, role: Role, days: int, now: datetime, by: str, *,
    plan: str | None = None, unit: str | None = None,
) -> str:  # fmt: skip
    """A token of 256 bits for the program `name`, told once; limited to a plan, or a unit in it.

    Refused: a name that was taken before, a time of no days or too many, an unknown plan or unit.
    """
    name = name.strip()
    if not name:
        raise Refused(Words("请写明由哪个程序使用。", "Say which program is to use it."))
    if not 1 <= days <= LONGEST:
        raise Refused(
            Words(f"有效期为1至{LONGEST}天。", f"A token is good for 1 to {LONGEST} days.")
        )
    now, secret = whole(now), PREFIX + token_urlsafe(32)
    with writing(db) as connection:
        if api_tokens.by_name(connection, name) is not None:
            raise Refused(
                Words(
                    f"“{name}”已用作令牌的名称，请另取名称。",
                    f"“{name}” has been the name of a token; take another.",
                )
            )
        within = _scope(connection, plan, unit)
        made = ApiToken(name, role, *within, now, by, now + timedelta(days=days))
        api_tokens.add(connection, made, _hashed(secret))
    return secret


def _scope(connection: Connection, plan: str | None, unit: str | None) -> tuple[str, str]:
    if unit is None:
        return (in_force(connection, plan).plan.id if plan else ""), ""
    place = only_plan(connection, plan)
    found = next((u for u in place.plan.units if unit in (u.id, u.name)), None)
    if found is None:
        near = did_you_mean(unit, [u.name for u in place.plan.units])
        zh, en = (near.zh, f" {near.en}") if near else ("", "")
        raise Refused(Words(f"没有单位“{unit}”。{zh}", f"There is no unit “{unit}”.{en}"))
    return place.plan.id, found.id


def bearer(db: Engine, secret: str, now: datetime) -> ApiToken | None:
    """What the program that shows `secret` may do; None where it may do nothing (any more)."""
    with reading(db) as connection:
        found = api_tokens.by_hash(connection, _hashed(secret))
    if found is None or found.revoked_at is not None or now >= found.expires_at:
        return None
    day = now.astimezone(UTC).date()
    if found.last_used != day:
        with writing(db) as connection:
            api_tokens.used(connection, found.name, day)
    return found


def listed(db: Engine) -> tuple[ApiToken, ...]:
    """All tokens ever made, by name."""
    with reading(db) as connection:
        return api_tokens.every(connection)


def revoke(db: Engine, name: str, now: datetime) -> ApiToken:
    """The token is void at once; revoking it again changes nothing. Refused for an unknown name."""
    with writing(db) as connection:
        found = api_tokens.by_name(connection, name)
        if found is None:
            raise Refused(Words(f"没有名为“{name}”的令牌。", f"There is no token “{name}”."))
        if found.revoked_at is None:
            api_tokens.revoke(connection, name, whole(now))
    return found


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
