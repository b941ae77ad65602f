"""The link in a letter: what it opens without an account, for whom, until when, and who used it.

A link is no session: it opens one task, or the tasks of one unit, as often as it is followed, from
any device. Looking never changes anything. A newer letter leaves the older links good for looking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import scrypt, sha256
from secrets import choice, token_urlsafe

from sqlalchemy import Connection, Engine

from inspections.record import Private
from office.matters import Matter
from office.parcels import Parcel
from office.settings import Portal
from office.sign_in_failures import TooOften
from office.telling import Bundles
from office.workplace import in_force
from responsibilities.plan import Role
from responsibilities.roles import resolve
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, links, notices, tasks, throttles
from storage.engine import reading, writing
from storage.instants import text, whole
from storage.links import NewLink, StoredLink
from storage.notices import Notice

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of short codes: none that is taken for another, or makes words."""
CODE = 8
OVERLAP = timedelta(days=1)
"""For so long after a newer letter has arrived, the older link still acts."""
UNIT_ROLES = (Role.CONTACT, Role.DEPUTY, Role.HEAD, Role.DELEGATE)
"""Posts that act for their unit; a letter to any other post lets look only."""
FRESH, ACTED = "link", "acted"
"""Kinds of notices: another link that was asked for, and what was done by way of a link."""
_BY_CODE = timedelta(hours=12)
_PATIENCE = timedelta(days=1)
_TRIES, _WINDOW = 10, timedelta(minutes=15)
_ALL_TRIES = 300
"""Codes tried by everybody together in an hour: of 6·10¹¹, so that none is found by guessing."""

UNKNOWN = Words(
    "链接不对或已失效。请直接回复收到的督办邮件办理，或打开最近一封邮件中的链接，或输入邮件中的短码；"
    "也可请系统向原收件邮箱再发一个链接。",
    "This link is wrong or no longer good. Reply to the letter, open the link in the newest one or "
    "enter the short code in it; or have another link sent to the mailbox this one went to.",
)
_REPLACED = Words(
    "此链接已由较新邮件中的链接替换，只能查看。请打开最近一封邮件中的链接办理。",
    "A newer letter has replaced this link; it still shows, but acts no more. Open the newest one.",
)
_VIEW = Words("此链接只供查看，不能办理。", "This link shows; it does not act.")
_NAME = Words("请填写办理人姓名（不超过30字）。", "Give the name of who does this (30 characters).")


class NoLink(Refused):
    """The token opens nothing, for whatever reason: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(UNKNOWN)


@dataclass(frozen=True, slots=True)
class Link:
    """An open link; whoever holds it is its bearer."""

    id: int
    plan: str
    unit: str
    task: int | None
    """None: all tasks of the unit."""
    recipient: str
    """The mailbox it was issued to."""
    to_name: str
    """The post behind it: 护理学院联络员."""
    role: Role
    acts: bool
    """Issued to a post that acts for the unit."""
    replaced: bool
    """A newer letter has come since: it shows only."""
    issued_at: datetime
    expires_at: datetime

    @property
    def may_act(self) -> bool:
        """Whether its bearer may hand in, ask and answer."""
        return self.acts and not self.replaced

    def refuse_to_act(self) -> None:
        """Refused unless it acts."""
        if not self.acts:
            raise Refused(_VIEW)
        if self.replaced:
            raise Refused(_REPLACED)

    def by(self, doer: str) -> str:
        """Who did it, for the record; Refused without a name."""
        return f"{self.to_name}（{doer_named(doer)}，凭发至{self.recipient}的链接）"


@dataclass(frozen=True, slots=True)
class Issued:
    """A link that is new: told once, only hashes are kept."""

    token: str
    code: str
    """Short, to be typed: `K7QM-2XWP`."""
    new: NewLink


def doer_named(name: str) -> str:
    """The name that whoever acts has given, as the record keeps it; Refused where it is none."""
    said = " ".join(name.split())
    if not 0 < len(said) <= 30 or not said.isprintable():
        raise Refused(_NAME)
    return said


def make(
    plan: str, unit: str, task: int | None, recipient: str, role: Role, to_name: str, *,
    acts: bool, now: datetime, until: datetime,
) -> Issued:  # fmt: skip
    """A token of 256 bits and a short code, and what is to be stored of them."""
    token = token_urlsafe(32)
    code = "".join(choice(LETTERS) for _ in range(CODE))
    new = NewLink(
        hashed(token), code_hashed(code), plan, unit, task, recipient, role.value, to_name, acts,
        now, until,
    )  # fmt: skip
    return Issued(token, f"{code[:4]}-{code[4:]}", new)


def issue(
    connection: Connection, plan: str, unit: str, task: int | None, recipient: str, role: Role,
    to_name: str, *, acts: bool, now: datetime, until: datetime,
) -> str:  # fmt: skip
    """The token of a new link outside any letter (tests, the command line)."""
    made = make(plan, unit, task, recipient, role, to_name, acts=acts, now=now, until=until)
    links.add(connection, [(made.new, None)])
    return made.token


def for_letter(
    parcel: Parcel, about: Mapping[int, Matter], portal: Portal, now: datetime
) -> Issued | None:
    """The link of one letter: to its task, or of several to the unit that holds most of them.

    None where the letter is to a post that acts for none of the units: it signs in.
    """
    acting = _acting(parcel, about)
    until = now + timedelta(days=portal.link_days)
    to, plan = parcel.to, parcel.place.plan.id
    only = next(iter(about)) if len(about) == 1 else None
    if only is not None:
        unit = about[only].task.unit
        return make(plan, unit, only, to.mailbox, to.role, to.name,
                    acts=only in acting, now=now, until=until)  # fmt: skip
    asked = next((n for n in parcel.notices if n.kind == FRESH), None)
    if asked is not None:
        return _again(parcel, asked, now, until)
    units = [about[number].task.unit for number in acting]
    if not units:
        return None
    most = max(units, key=units.count)
    return make(plan, most, None, to.mailbox, to.role, to.name, acts=True, now=now, until=until)


def _acting(parcel: Parcel, about: Mapping[int, Matter]) -> list[int]:
    """The tasks that this mailbox acts in for their unit."""
    if parcel.to.role not in UNIT_ROLES:
        return []
    meant = [n for n in parcel.notices if Role(n.role) in UNIT_ROLES]
    found = {m.task for n in meant for m in n.matters if m.task in about}
    return [number for number in about if number in found]


def _again(parcel: Parcel, asked: Notice, now: datetime, until: datetime) -> Issued:
    number = int(asked.key.split(f"/{FRESH}/")[1].split("/")[0])
    to = parcel.to
    acts = Role(asked.role) in UNIT_ROLES and to.role in UNIT_ROLES
    return make(asked.plan, asked.unit, number or None, to.mailbox, to.role, to.name,
                acts=acts, now=now, until=until)  # fmt: skip


def open_link(db: Engine, token: str, now: datetime, grace: timedelta = timedelta(days=14)) -> Link:
    """What the token opens; NoLink for one unknown, expired or revoked, without saying which.

    `grace`: for so long a link to a task outlasts the task. Nothing is written.
    """
    with reading(db) as connection:
        found = links.by_hash(connection, hashed(token))
        if found is None or not _good(found, now, grace):
            raise NoLink
        return _opened(connection, found, now)


def opens(db: Engine, link: Link, number: int) -> bool:
    """Whether the task of this number is what the link is for."""
    with reading(db) as connection:
        task = tasks.by_id(connection, number)
    if task is None or (task.plan, task.unit) != (link.plan, link.unit):
        return False
    return link.task is None or link.task == number


def _good(link: StoredLink, now: datetime, grace: timedelta) -> bool:
    over = link.closed_at is not None and now >= link.closed_at + grace
    return link.revoked_at is None and now < link.expires_at and not over


def _opened(connection: Connection, link: StoredLink, now: datetime) -> Link:
    newer = links.newer_acts_since(connection, link) if link.acts else None
    return Link(
        link.id, link.plan, link.unit, link.task, link.recipient, link.to_name, Role(link.role),
        link.acts, newer is not None and now >= newer + OVERLAP, link.issued_at, link.expires_at,
    )  # fmt: skip


def enter_code(
    db: Engine, code: str, source: str, now: datetime, grace: timedelta = timedelta(days=14)
) -> str:
    """The token of a link for half a day, for whoever types a letter's short code.

    `source` is who tries (an address of the network). Refused for too many tries; NoLink else.
    """
    now = whole(now)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    with writing(db) as connection:
        allowed = throttles.take(connection, f"code/{hashed(source)}", _TRIES, _WINDOW, now)
        allowed &= throttles.take(connection, "code", _ALL_TRIES, timedelta(hours=1), now)
    if not allowed:
        raise TooOften
    sought = code_hashed(typed) if len(typed) == CODE else ""
    with writing(db) as connection:
        found = links.by_code(connection, sought)
        if found is None or not _good(found, now, grace):
            raise NoLink
        token = token_urlsafe(32)
        until = min(now + _BY_CODE, found.expires_at)
        new = NewLink(
            hashed(token), None, found.plan, found.unit, found.task, found.recipient, found.role,
            found.to_name, found.acts, now, until,
        )  # fmt: skip
        links.add(connection, [(new, found.letter)])
    return token


def fresh(db: Engine, token: str, source: str, now: datetime) -> None:
    """Send another link to the post that this one, which may have expired, was issued to.

    Whether there was such a link nobody learns here. Refused for too many tries.
    """
    now = whole(now)
    with writing(db) as connection:
        if not throttles.take(connection, f"fresh/{hashed(source)}", _TRIES, _WINDOW, now):
            raise TooOften
        found = links.by_hash(connection, hashed(token))
        if found is None or found.revoked_at is not None:
            return
        whose = f"fresh/{found.recipient}"
        if _holds_still(connection, found) and throttles.take(
            connection, whose, 3, timedelta(hours=1), now
        ):
            notices.add(connection, [_asked(found, now)])


def _holds_still(connection: Connection, link: StoredLink) -> bool:
    """Whether the mailbox is still that of the post: nobody who has left it gets another."""
    place = in_force(connection, link.plan)
    return link.recipient in resolve(place.plan, link.unit, Role(link.role)).mailboxes


def _asked(link: StoredLink, now: datetime) -> Notice:
    return Notice(
        key=f"{link.plan}/{FRESH}/{link.task or 0}/{link.id}/{now.isoformat()}",
        plan=link.plan,
        kind=FRESH,
        unit=link.unit,
        role=link.role,
        matters=(),
        urgent=True,
        created_at=now,
        useful_until=now + _PATIENCE,
        facts={"原链接": (f"发至{link.recipient}", f"sent to {link.recipient}")},
    )


def acted(
    connection: Connection, link: Link, task: int, doer: str, what: Words, now: datetime
) -> None:
    """Tell the post that the link was issued to what its bearer did, in the next bundled letter.

    Part of the act's own transaction; `what` ends without a full stop: 提交了材料.
    """
    found = tasks.by_ids(connection, [task])[task]
    said = f"{doer_named(doer)}{what.zh} / {doer_named(doer)}: {what.en}"
    bundles = Bundles(now)
    bundles.tell_about(found, [link.role], ACTED, f"{now.isoformat()}/{said}", said)
    notices.add(connection, bundles.notices())


def of_bearer(db: Engine, link: Link, now: datetime) -> tuple[StoredLink, ...]:
    """The links of the same mailbox in the same task or unit: what its bearer may revoke."""
    with reading(db) as connection:
        found = links.listed(connection, link.plan, now, unit=link.unit, recipient=link.recipient)
    return tuple(one for one in found if link.task is None or one.task == link.task)


def of_unit(db: Engine, plan: str, unit: str, now: datetime) -> tuple[StoredLink, ...]:
    """Every link of a unit that still opens something, newest first."""
    with reading(db) as connection:
        return links.listed(connection, plan, now, unit=unit)


def revoke_all(db: Engine, link: Link, now: datetime) -> int:
    """The bearer: this link and the others of its mailbox open nothing any more; how many."""
    mine = [one.id for one in of_bearer(db, link, now)]
    return revoke(db, link.plan, [link.id, *mine], by=f"{link.to_name}链接持有人", now=now)


def revoke(db: Engine, plan: str, ids: Sequence[int], *, by: str, now: datetime) -> int:
    """These links of the plan open nothing any more, by the office's word or the bearer's.

    How many opened something until now.
    """
    now = whole(now)
    with writing(db) as connection:
        known = {one.id: one for one in links.listed(connection, plan, now)}
        gone = [known[id_] for id_ in sorted(set(ids)) if id_ in known]
        if not gone:
            return 0
        body = {
            "links": [{"id": o.id, "task": o.task or 0, "to": Private(o.recipient), "unit": o.unit}
                      for o in gone],
        }  # fmt: skip
        key = f"{plan}/links_revoked/{gone[0].id}/{text(now)}"
        facts.append(connection, [Fact(None, key, FactKind.LINKS_REVOKED, now, by, body)])
        return links.revoke(connection, [one.id for one in gone], by, now)


def hashed(token: str) -> str:
    """What is stored of a token of 256 bits."""
    return sha256(token.encode()).hexdigest()


@lru_cache(maxsize=4)
def code_hashed(code: str) -> str:
    """What is stored of a short code: slow to compute, for 39 bits could be tried one by one.

    One salt for all, as the code itself is what is looked up.
    """
    return scrypt(code.encode(), salt=b"duban short code", n=2**12, r=8, p=1, dklen=16).hex()
