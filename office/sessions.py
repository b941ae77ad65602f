"""Signing in without a password, and staying signed in: one-time tokens and codes, sessions.

Tokens have 256 bits, and of tokens and codes only hashes are kept. Whether an address is known is
told to nobody but its mailbox.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import choice, token_urlsafe

from sqlalchemy import Connection, Engine

from inspections.record import Private
from office.links import CODE, LETTERS, code_hashed, hashed
from office.members import Person, person
from office.sign_in_failures import TooOften
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, members, throttles
from storage.engine import reading, writing
from storage.instants import whole
from storage.members import Session

LASTS = timedelta(minutes=10)
"""How long a one-time link or code is good (ASVS 5.0, 6.5.5)."""
_SEEN = timedelta(minutes=5)
"""A session that is in use is marked so only so often: looking at a page writes next to nothing."""
_BY_SOURCE, _BY_ADDRESS, _TRIES = 20, 5, 5
_WINDOW = timedelta(minutes=15)
_KEPT = timedelta(days=30)
_NO_WAY_IN = Words(
    "登录链接或验证码不对、已使用或已超过10分钟，请重新获取。",
    "The link or code is wrong, was used, or is older than 10 minutes; ask for another.",
)
_STRANGER = Words(
    "此邮箱不在工作方案和授权名单中，不能登录；请与办公室联系。",
    "This mailbox is neither in the plan nor let in; ask the office.",
)


@dataclass(frozen=True, slots=True)
class OneTime:
    """A way in: told once, in a letter or in the terminal."""

    address: str
    token: str
    code: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is good, and who it is for in each plan."""

    session: Session
    person: Person
    """In the plan that the session is about."""
    plans: tuple[str, ...]


def ask(db: Engine, address: str, source: str, now: datetime) -> OneTime | None:
    """A way in for whoever reads the mailbox; None where it is no member's, or asked too often.

    The caller says the same to both. Refused where `source` (an address of the network) tries too
    often, whatever it tries.
    """
    now = whole(now)
    wanted = address.strip().lower()
    with writing(db) as connection:
        _forget(connection, now)
        if not throttles.take(connection, f"ask/{hashed(source)}", _BY_SOURCE, _WINDOW, now):
            raise TooOften
        allowed = throttles.take(connection, f"ask/{hashed(wanted)}", _BY_ADDRESS, _WINDOW, now)
        if not (allowed and person(connection, wanted, now)):
            return None
        return offer(connection, wanted, now)


def offer(connection: Connection, address: str, now: datetime) -> OneTime:
    """A way in for ten minutes; Refused for an address that is nobody's."""
    wanted = address.strip().lower()
    if not person(connection, wanted, now):
        raise Refused(_STRANGER)
    token = token_urlsafe(32)
    code = "".join(choice(LETTERS) for _ in range(CODE))
    members.offer(connection, hashed(token), code_hashed(code), wanted, now, now + LASTS)
    return OneTime(wanted, token, f"{code[:4]}-{code[4:]}")


def is_offered(db: Engine, token: str, now: datetime) -> bool:
    """Whether the token is good; looking at it uses nothing up."""
    with reading(db) as connection:
        return members.is_offered(connection, hashed(token), now)


def sign_in(
    db: Engine, now: datetime, source: str, *, token: str = "", address: str = "", code: str = ""
) -> str:
    """Use a way in, by its token or by address and code: the secret of a new session.

    Refused for what is wrong, used or expired, in one and the same sentence, and for too many
    tries from one source or for one address.
    """
    now = whole(now)
    wanted = address.strip().lower()
    names = [f"in/{hashed(source)}", *([f"in/{hashed(wanted)}"] if not token else [])]
    with writing(db) as connection:
        limits = {names[0]: _BY_SOURCE}
        allowed = [
            throttles.take(connection, name, limits.get(name, _TRIES), _WINDOW, now)
            for name in names
        ]
    if not all(allowed):
        raise TooOften
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    with writing(db) as connection:
        if token:
            found = members.take_token(connection, hashed(token), now)
        else:
            found = members.take_code(connection, wanted, code_hashed(typed), now)
        if found is None:
            raise Refused(_NO_WAY_IN)
        return begin(connection, found, "mail", now)


def sign_in_as(db: Engine, address: str, how: str, now: datetime) -> str:
    """A session for an address that another system (`how`: oidc, cas) vouches for."""
    with writing(db) as connection:
        return begin(connection, address.strip().lower(), how, whole(now))


def begin(connection: Connection, address: str, how: str, now: datetime) -> str:
    """The secret of a new session; Refused for an address that is nobody's any more."""
    known = person(connection, address, now)
    if not known:
        raise Refused(_STRANGER)
    secret = token_urlsafe(32)
    plan = next(iter(known))
    members.begin(connection, Session(hashed(secret), address, plan, how, now, now, None))
    for one in known:
        key = f"{one}/signed_in/{hashed(secret)[:24]}"
        body = {"address": Private(address), "how": how}
        facts.append(connection, [Fact(None, key, FactKind.SIGNED_IN, now, known[one].name, body)])
    return secret


def signed_in(
    db: Engine, secret: str, now: datetime, *, idle: timedelta, lasts: timedelta
) -> SignedIn | None:
    """Who comes with this cookie; None where the session is unknown, ended, too old or too idle."""
    now = whole(now)
    with reading(db) as connection:
        found = members.session(connection, hashed(secret))
        if found is None or found.ended_at is not None:
            return None
        if now >= found.at + lasts or now >= found.seen_at + idle:
            return None
        known = person(connection, found.address, now)
    if not known:
        return None
    if now - found.seen_at >= _SEEN:
        with writing(db) as connection:
            members.seen(connection, found.hash, now)
    who = known.get(found.plan) or next(iter(known.values()))
    return SignedIn(found, who, tuple(known))


def sign_out(db: Engine, session: Session, now: datetime, *, everywhere: bool = False) -> int:
    """End this session, or every one of its address; how many."""
    with writing(db) as connection:
        if everywhere:
            return members.end(connection, whole(now), address=session.address)
        return members.end(connection, whole(now), hashed=session.hash)


def end_one(db: Engine, address: str, hashed_: str, now: datetime) -> int:
    """End another session of the same address."""
    with writing(db) as connection:
        found = members.session(connection, hashed_)
        if found is None or found.address != address:
            return 0
        return members.end(connection, whole(now), hashed=hashed_)


def sessions_of(db: Engine, address: str, now: datetime, lasts: timedelta) -> tuple[Session, ...]:
    """Where an address is signed in, newest first."""
    with reading(db) as connection:
        return members.sessions_of(connection, address, whole(now) - lasts)


def turn_to(db: Engine, session: str, plans: Container[str], plan: str) -> None:
    """Let a session be about another of its person's `plans`; Refused where it is not theirs."""
    if plan not in plans:
        raise Refused(Words("您在此方案中没有岗位。", "You hold no post in that plan."))
    with writing(db) as connection:
        members.turn_to(connection, session, plan)


def csrf_of(secret: str) -> str:
    """What a form of this session carries; it tells nothing about the session's secret."""
    return sha256(f"csrf {secret}".encode()).hexdigest()


def _forget(connection: Connection, now: datetime) -> None:
    """What nobody comes in by any more is not kept."""
    members.forget(connection, now - _KEPT)
    throttles.forget(connection, now - timedelta(days=1))
