"""Who a letter goes to: the mailboxes of a role. A vacant post does not wait, it goes up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from responsibilities.delegation import delegate_of, is_part, whole_of
from responsibilities.plan import Plan, Post, Role, Unit
from responsibilities.reviewing import reviewer_of
from responsibilities.tasks import Promise
from responsibilities.words import Words

UPWARDS: Final = (
    Role.DELEGATE,
    Role.CONTACT,
    Role.DEPUTY,
    Role.HEAD,
    Role.LEADER,
    Role.OFFICE,
    Role.DEPUTY_GROUP_LEADER,
    Role.GROUP_LEADER,
)
"""Where a letter goes when a post is vacant: the next one that is not."""
_LEADERSHIP: Final = (Role.OFFICE, Role.DEPUTY_GROUP_LEADER, Role.GROUP_LEADER)

ROLE_NAMES: Final[Mapping[Role, Words]] = {
    Role.DELEGATE: Words("受托", "delegate"),
    Role.CONTACT: Words("联络员", "contact"),
    Role.DEPUTY: Words("副联络员", "deputy contact"),
    Role.HEAD: Words("负责人", "head"),
    Role.LEADER: Words("分管领导", "leader in charge"),
    Role.OFFICE: Words("领导小组办公室", "leadership group's office"),
    Role.DEPUTY_GROUP_LEADER: Words("副组长", "deputy group leader"),
    Role.GROUP_LEADER: Words("组长", "group leader"),
    Role.REVIEWER: Words("审核人", "reviewer"),
    Role.INFORMED: Words("知会单位", "informed units"),
    Role.CO_ACTING: Words("配合单位", "co-acting units"),
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One mailbox and the post behind it; never a person."""

    mailbox: str
    role: Role
    """The role that receives it in fact."""
    name: str
    """How the letter addresses it: 护理学院联络员, 分管学生工作校领导."""
    instead_of: Role | None = None
    """The vacant role that the letter was meant for; None where it reached it."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where letters go, without a mailbox twice. Empty only while nobody at all can be reached."""

    addressees: tuple[Addressee, ...]

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """The addresses alone."""
        return tuple(addressee.mailbox for addressee in self.addressees)

    @property
    def vacant(self) -> tuple[Role, ...]:
        """The roles that were vacant and passed over."""
        return tuple(
            dict.fromkeys(a.instead_of for a in self.addressees if a.instead_of is not None)
        )


def resolve(plan: Plan, unit: str, role: Role, promise: Promise | None = None) -> Resolved:
    """The mailboxes for a role of a unit; `promise` says who reviews and whom a duty informs."""
    return resolve_all(plan, unit, (role,), promise)


def resolve_all(
    plan: Plan, unit: str, roles: tuple[Role, ...], promise: Promise | None = None
) -> Resolved:
    """The mailboxes for several roles; a mailbox that stands for two of them comes once."""
    found: dict[str, Addressee] = {}
    for role in roles:
        for addressee in _addressees(_Directory.of(plan), unit, role, promise):
            held = found.get(addressee.mailbox)
            if held is None or (held.instead_of and not addressee.instead_of):
                found[addressee.mailbox] = addressee
    return Resolved(tuple(found.values()))


class _Directory:
    """Units and posts of a plan by id."""

    __slots__ = ("plan", "posts", "units")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in plan.units}
        self.posts: Mapping[str, Post] = {post.id: post for post in plan.posts}

    @classmethod
    def of(cls, plan: Plan) -> "_Directory":
        """The directory of a plan, kept for the next question about the same plan."""
        return _kept(_Identity(plan))


class _Identity:
    """A plan as a cache key: the very same value, compared without looking into it."""

    __slots__ = ("plan",)

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __hash__(self) -> int:
        return id(self.plan)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.plan is self.plan


@lru_cache(maxsize=64)
def _kept(key: _Identity) -> _Directory:
    return _Directory(key.plan)


def _addressees(
    directory: _Directory, unit: str, role: Role, promise: Promise | None
) -> Iterator[Addressee]:
    if role is Role.INFORMED:
        for informed in promise.inform if promise else ():
            yield from _upwards(directory, informed, Role.CONTACT, promise)
    elif role is Role.CO_ACTING:
        for helping in promise.co_acting if promise else ():
            if helping != unit:
                yield from _upwards(directory, helping, Role.CONTACT, promise)
    elif role is Role.REVIEWER:
        yield from _reviewer(directory, unit, promise)
    elif role is Role.CONTACT and is_part(unit):
        yield from _upwards(directory, unit, Role.DELEGATE, promise)
    else:
        yield from _upwards(directory, unit, role, promise)


def _reviewer(directory: _Directory, unit: str, promise: Promise | None) -> Iterator[Addressee]:
    """The reviewing unit's contact, or the reviewing post; the office while that is vacant."""
    reviewer = (reviewer_of(promise, unit) if promise else "") or directory.plan.office
    post = directory.posts.get(reviewer)
    if post is None:
        for found in _upwards(directory, reviewer, Role.CONTACT, promise):
            name = found.name if found.instead_of else f"{_unit_name(directory, reviewer)}（审核）"
            yield Addressee(found.mailbox, Role.REVIEWER, name, found.instead_of)
    elif post.mailbox is not None:
        yield Addressee(post.mailbox, Role.REVIEWER, post.name)
    else:
        for found in _upwards(directory, reviewer, Role.OFFICE, promise):
            yield Addressee(found.mailbox, found.role, found.name, Role.REVIEWER)


def _upwards(
    directory: _Directory, unit: str, role: Role, promise: Promise | None
) -> Iterator[Addressee]:
    """The post itself, or the next one up that is not vacant; from the top back to the office."""
    order = UPWARDS[UPWARDS.index(role) :]
    for above in (*order, *(back for back in reversed(_LEADERSHIP) if back not in order)):
        found = _holder(directory, unit, above, promise)
        if found is not None:
            mailbox, name = found
            yield Addressee(mailbox, above, name, None if above is role else role)
            return


def _holder(
    directory: _Directory, unit: str, role: Role, promise: Promise | None
) -> tuple[str, str] | None:
    """Mailbox and name of a post; None while it is vacant or does not exist."""
    if role is Role.DELEGATE:
        delegate = delegate_of(directory.plan, unit)
        return (delegate.mailbox, delegate.name) if delegate and delegate.mailbox else None
    plan, held = directory.plan, directory.units.get(whole_of(unit))
    if role in (Role.CONTACT, Role.DEPUTY, Role.HEAD):
        mailbox = held.mailboxes.get(role) if held else None
        return (mailbox, f"{held.name}{ROLE_NAMES[role].zh}") if held and mailbox else None
    if role is Role.OFFICE:
        office = directory.units.get(plan.office)
        first = next(iter(_of_office(office)), None) if office else None
        return (first, office.name) if office and first else None
    post = directory.posts.get(_post_id(plan, held, role, promise) or "")
    return (post.mailbox, post.name) if post and post.mailbox else None


def _of_office(office: Unit) -> Iterator[str]:
    for role in (Role.CONTACT, Role.DEPUTY, Role.HEAD):
        if role in office.mailboxes:
            yield office.mailboxes[role]


def _post_id(plan: Plan, unit: Unit | None, role: Role, promise: Promise | None) -> str | None:
    """The post of a leadership role: the duty's own leader in charge comes before the unit's."""
    if role is Role.LEADER:
        return (promise.leader if promise else None) or (unit.leader if unit else None)
    return plan.group_leader if role is Role.GROUP_LEADER else plan.deputy_group_leader


def _unit_name(directory: _Directory, unit: str) -> str:
    held = directory.units.get(unit)
    return held.name if held else unit
