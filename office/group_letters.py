"""What a group robot says: beside the letters to a unit's contact, a few lines in the unit's chat.

Titles, units, dates and numbers only: a group chat is no place for reasons, fields or names. It
leaves through the outbox like a mail, under a key of its own, at most once for the same notices.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from notifications import robots
from notifications.bucket import ROBOT
from notifications.dates import say_short
from notifications.letters import Item
from notifications.refusals import PERMANENT, Undelivered
from office.carriers import Carrier
from office.parcels import Parcel
from office.settings import Mail, Robot
from responsibilities.plan import Role, Unit
from responsibilities.words import Language, Words
from storage.outbox import NewLetter

_SAID = frozenset(
    {"opened", "reminder", "overdue", "returned", "reopened", "moved", "extended", "incident"}
)
_BETWEEN = re.compile(r"[、，,\s]+")
_HEAD = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
"""So that `duban mail` shows the text as it does a letter's."""


def for_groups(
    parcels: Iterable[tuple[Parcel, Mapping[int, Item]]], groups: Mapping[str, Robot], mail: Mail,
    now: datetime, language: Language,
) -> list[NewLetter]:  # fmt: skip
    """One message for each plan and robot whose units have letters in this round."""
    said: dict[tuple[str, str, bool], list[tuple[Parcel, Mapping[int, Item]]]] = {}
    for parcel, items in parcels:
        for name, robot in groups.items():
            if _is_meant(parcel, robot):
                key = parcel.place.plan.id, name, parcel.urgent
                said.setdefault(key, []).append((parcel, items))
    found = [
        _message(plan, name, groups[name], chosen, mail, now, language)
        for (plan, name, _), chosen in said.items()
    ]
    return [one for one in found if one is not None]


def _is_meant(parcel: Parcel, robot: Robot) -> bool:
    units = {n.unit for n in parcel.notices if n.role == Role.CONTACT.value and n.kind in _SAID}
    if not units or parcel.to.role is not Role.CONTACT:
        return False
    wanted = set(filter(None, _BETWEEN.split(robot.units)))
    return not wanted or any(_is_one(u, wanted) for u in parcel.place.plan.units if u.id in units)


def _is_one(unit: Unit, wanted: set[str]) -> bool:
    return unit.id in wanted or unit.name in wanted


def _message(
    plan: str, name: str, robot: Robot, chosen: list[tuple[Parcel, Mapping[int, Item]]],
    mail: Mail, now: datetime, language: Language,
) -> NewLetter | None:  # fmt: skip
    items = {n: i for _, found in chosen for n, i in found.items() if i.kind in _SAID}
    if not items:
        return None
    notices = [n for parcel, _ in chosen for n in parcel.notices if n.kind in _SAID]
    text = robots.fitted(_lines(list(items.values()), language), robot.vendor, _MORE.in_(language))
    keys = "\n".join([name, *sorted(notice.key for notice in notices)])
    domain = mail.sender.rpartition("@")[2]
    return NewLetter(
        message_id=f"<robot.{sha256(keys.encode()).hexdigest()[:32]}@{domain}>",
        plan=plan,
        sender=mail.sender,
        recipient=ROBOT + name,
        to_name=name,
        kind="robot",
        subject=text.partition("\n")[0],
        body=_HEAD + text.encode(),
        urgent=chosen[0][0].urgent,
        useful_until=max(notice.useful_until for notice in notices),
        created_at=now,
        notices=tuple(notice.id for notice in notices),
        tasks=tuple(items),
    )


_MORE = Words("另有{}项，见邮件。", "{} more, see the mail.")


def _lines(items: list[Item], language: Language) -> list[str]:
    """A heading, and a line for each task by its date."""
    head = Words(f"督办事项{len(items)}项，详见邮件：", f"{len(items)} tasks, see the mail:")
    lines = [head.in_(language)]
    for number, item in enumerate(sorted(items, key=lambda one: one.due_at), 1):
        due = say_short(item.due_at)
        line = Words(
            f"{number}. {item.title}｜{item.unit}｜{due.zh}截止｜{item.number}",
            f"{number}. {item.title} | {item.unit} | due {due.en} | {item.number}",
        )
        lines.append(line.in_(language))
    return lines


class WithGroups:
    """Mail by its own carrier, and what is for a group by its robot."""

    def __init__(
        self, mail: Carrier, groups: Mapping[str, Robot], clock: Callable[[], datetime]
    ) -> None:
        self._mail = mail
        self._groups = groups
        self._clock = clock

    async def send(self, sender: str, to: str, message_id: str, message: bytes) -> str:
        """Hand it to whoever it is for."""
        if not to.startswith(ROBOT):
            return await self._mail.send(sender, to, message_id, message)
        known = self._groups.get(to.removeprefix(ROBOT))
        if known is None:
            raise Undelivered("data", None, "no such robot in duban.toml", PERMANENT)
        robot = robots.Robot(known.vendor, known.hook, known.secret)
        text = message.removeprefix(_HEAD).decode()
        return await asyncio.to_thread(robots.say, robot, text, int(self._clock().timestamp()))
