"""Who may sign in: the posts of the plan in force by their mailboxes, and who was let in besides.

There are no accounts to keep: whoever holds a post's mailbox in the plan is a member, and no more
once the plan names another. Inspectors and administrators are let in by a grant, for a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine

from inspections.record import Private
from notifications.addresses import checked_address
from office.workplace import InForce, all_in_force, in_force
from responsibilities.plan import Plan, Role, Unit
from responsibilities.problem import did_you_mean
from responsibilities.roles import ROLE_NAMES
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, members
from storage.engine import reading, writing
from storage.instants import text, whole
from storage.members import Grant

Capacity = Literal["office", "leader", "unit", "inspector", "admin"]
"""What a member may do: office and unit by post, leader by post, the others by grant."""
GRANTED: tuple[Capacity, ...] = ("inspector", "admin", "office")


@dataclass(frozen=True, slots=True)
class Person:
    """A member in one plan."""

    plan: str
    name: str
    """The post (护理学院联络员), or the name in the grant."""
    address: str
    roles: frozenset[Capacity]
    units: tuple[str, ...]
    """The units whose tasks are theirs to see, by id."""
    duties: tuple[str, ...] = ()
    """Of an inspector: the duties; empty for all."""


def person(connection: Connection, address: str, now: datetime) -> dict[str, Person]:
    """What an address is in each plan, by plan; empty for somebody unknown."""
    wanted = address.strip().lower()
    found: dict[str, Person] = {}
    for place in all_in_force(connection).values():
        for one in _by_post(place, wanted):
            found[one.plan] = _joined(found.get(one.plan), one)
    for grant in members.grants_of(connection, wanted):
        if grant.holds(now):
            one = _by_grant(in_force(connection, grant.plan).plan, grant)
            found[one.plan] = _joined(found.get(one.plan), one)
    return found


def _by_post(place: InForce, address: str) -> Iterator[Person]:
    plan = place.plan
    everyone = tuple(unit.id for unit in plan.units)
    for unit in plan.units:
        for role, mailbox in unit.mailboxes.items():
            if mailbox.lower() == address:
                office = unit.id == plan.office
                yield Person(
                    plan.id,
                    f"{unit.name}{ROLE_NAMES[role].zh}",
                    address,
                    frozenset(["office", "unit"] if office else ["unit"]),
                    everyone if office else (unit.id,),
                )
    for post in plan.posts:
        if post.mailbox is not None and post.mailbox.lower() == address:
            led = tuple(unit.id for unit in plan.units if unit.leader == post.id)
            top = post.id in (plan.group_leader, plan.deputy_group_leader)
            units = everyone if top else led
            yield Person(plan.id, post.name, address, frozenset(["leader"]), units)


def _by_grant(plan: Plan, grant: Grant) -> Person:
    everyone = tuple(unit.id for unit in plan.units)
    role: Capacity = next(one for one in GRANTED if one == grant.role)
    name = grant.name or grant.address
    units = grant.units or everyone
    return Person(plan.id, name, grant.address, frozenset([role]), units, grant.duties)


def _joined(known: Person | None, other: Person) -> Person:
    """Two posts in one hand; what one may see, the other need not ask for."""
    if known is None:
        return other
    units = tuple(dict.fromkeys((*known.units, *other.units)))
    duties = known.duties and other.duties and (*known.duties, *other.duties)
    return replace(known, roles=known.roles | other.roles, units=units, duties=duties)


def grant(
    db: Engine, plan: str, address: str, role: str, *, name: str, since: datetime, until: datetime,
    by: str, now: datetime, units: tuple[str, ...] = (), duties: tuple[str, ...] = (),
) -> Grant:  # fmt: skip
    """Let an address sign in as inspector, administrator or office, from `since` until `until`.

    Empty `units` and `duties` mean all. Refused for a malformed address, an unknown role, unit or
    duty, and a time that is over before it begins.
    """
    with writing(db) as connection:
        return grant_within(
            connection, plan, address, role, name=name, since=since, until=until, by=by, now=now,
            units=units, duties=duties,
        )  # fmt: skip


def grant_within(
    connection: Connection, plan: str, address: str, role: str, *, name: str, since: datetime,
    until: datetime, by: str, now: datetime, units: tuple[str, ...] = (),
    duties: tuple[str, ...] = (),
) -> Grant:  # fmt: skip
    """As `grant`, as part of another act's transaction."""
    now = whole(now)
    wanted = checked_address(address.strip().lower())
    if role not in GRANTED:
        listed = "、".join(GRANTED)
        raise Refused(Words(f"角色应为{listed}之一。", f"The role is one of {listed}."))
    if until <= max(since, now):
        raise Refused(
            Words("截止时间应晚于开始时间和现在。", "The end must lie after the beginning and now.")
        )
    place = in_force(connection, plan)
    chosen = tuple(_unit(place.plan, unit).id for unit in units)
    for duty in duties:
        _known_duty(place, duty)
    new = Grant(
        plan, wanted, name.strip(), role, chosen, duties, whole(since), whole(until), by, now
    )
    number = members.add_grant(connection, new)
    body = {
        "address": Private(wanted), "duties": list(duties), "name": Private(new.name),
        "number": number,
        "role": role, "since": text(new.since), "units": list(chosen), "until": text(new.until),
    }  # fmt: skip
    key = f"{plan}/granted/{number}"
    facts.append(connection, [Fact(None, key, FactKind.GRANTED, now, by, body)])
    return replace(new, id=number)


def end_grant(db: Engine, plan: str, number: int, *, by: str, now: datetime) -> None:
    """End a grant at once; whoever is signed in by it is out with the next page."""
    now = whole(now)
    with writing(db) as connection:
        known = {one.id: one for one in members.grants_in(connection, plan)}
        if number not in known:
            raise Refused(Words("没有这项授权。", "There is no such grant."))
        if members.end_grant(connection, number, now):
            key, kind = f"{plan}/grant_ended/{number}", FactKind.GRANT_ENDED
            body = {"address": Private(known[number].address), "number": number}
            facts.append(connection, [Fact(None, key, kind, now, by, body)])


def grants_in(db: Engine, plan: str) -> tuple[Grant, ...]:
    """Every grant of a plan, newest first, those that have ended too."""
    with reading(db) as connection:
        return members.grants_in(connection, plan)


def by_post(db: Engine, plan: str) -> tuple[Person, ...]:
    """Everybody who is a member by holding a post, in the institution's order."""
    with reading(db) as connection:
        place = in_force(connection, plan)
    boxes = [box.lower() for unit in place.plan.units for box in unit.mailboxes.values()]
    boxes += [post.mailbox.lower() for post in place.plan.posts if post.mailbox]
    found = []
    for box in dict.fromkeys(boxes):
        joined: Person | None = None
        for one in _by_post(place, box):
            joined = _joined(joined, one)
        assert joined is not None
        found.append(joined)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class UnitPost:
    """A post within a unit, and who holds its mailbox acts for the unit."""

    unit: str
    role: Role
    name: str


def unit_post(connection: Connection, plan: str, address: str) -> UnitPost | None:
    """The first post within a unit whose mailbox this is."""
    for unit in in_force(connection, plan).plan.units:
        for role, mailbox in unit.mailboxes.items():
            if mailbox.lower() == address:
                return UnitPost(unit.id, role, f"{unit.name}{ROLE_NAMES[role].zh}")
    return None


def first_address(connection: Connection, plan: str) -> str:
    """The mailbox that the first sign-in of an installation is for: the office's."""
    place = in_force(connection, plan)
    office = next(unit for unit in place.plan.units if unit.id == place.plan.office)
    box = next((office.mailboxes[r] for r in _DESK if r in office.mailboxes), None)
    if box is None:
        raise Refused(
            Words("办公室各岗位均空缺，请指明邮箱。", "The office's posts are vacant; say who.")
        )
    return box


_DESK = (Role.CONTACT, Role.DEPUTY, Role.HEAD)


def _unit(plan: Plan, name: str) -> Unit:
    found = next((unit for unit in plan.units if name in (unit.id, unit.name)), None)
    if found is None:
        near = did_you_mean(name, [unit.name for unit in plan.units])
        zh, en = (near.zh, f" {near.en}") if near else ("", "")
        raise Refused(Words(f"没有单位“{name}”。{zh}", f"There is no unit “{name}”.{en}"))
    return found


def _known_duty(place: InForce, duty: str) -> None:
    if duty not in place.duties:
        near = did_you_mean(duty, list(place.duties))
        zh, en = (near.zh, f" {near.en}") if near else ("", "")
        raise Refused(Words(f"没有职责“{duty}”。{zh}", f"There is no duty “{duty}”.{en}"))
