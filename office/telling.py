"""What an act has to say, bundled: one notice for a post of a unit and a kind of letter.

Urgent ones stand alone. The letter itself is made later, by `post`, from the outbox.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from responsibilities.plan import Role
from responsibilities.tasks import Task
from storage.notices import Matter, Notice

_PATIENCE = timedelta(days=3)
"""How long a letter may wait for its relay before it has become pointless."""
_SHORT = timedelta(hours=12)


class Address(NamedTuple):
    """Whom a notice is for, and what kind it is; `alone` is a task's number where urgent."""

    plan: str
    unit: str
    role: Role
    kind: str
    alone: int


class Bundles:
    """Collects what one transaction says; `notices` makes the rows."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._said: dict[Address, list[tuple[Matter, str]]] = {}
        self._until: dict[Address, datetime] = {}

    def tell(
        self, plan: str, unit: str, roles: Iterable[Role], kind: str, matter: Matter,
        *, mark: str, due_at: datetime, urgent: bool = False,
    ) -> None:  # fmt: skip
        """Say `matter` to these posts of `unit`. `mark` is the key of the fact that says so."""
        until = useful_until(kind, due_at, self._now)
        for role in roles:
            address = Address(plan, unit, role, kind, matter.task if urgent else 0)
            said = self._said.get(address)
            if said is None:
                self._said[address] = [(matter, mark)]
                self._until[address] = until
                continue
            said.append((matter, mark))
            if until > self._until[address]:
                self._until[address] = until

    def tell_about(
        self, task: Task, roles: Iterable[Role], kind: str, mark: str, reason: str = ""
    ) -> None:
        """As `tell`, for an act on one task."""
        matter = Matter(task.id, "", reason)
        self.tell(task.plan, task.unit, roles, kind, matter, mark=mark, due_at=task.due_at)

    def notices(self) -> list[Notice]:
        """One notice for each address; its key is made of the facts it speaks for."""
        return [
            Notice(
                key=_key(address, said),
                plan=address.plan,
                kind=address.kind,
                unit=address.unit,
                role=address.role.value,
                matters=tuple(matter for matter, _ in said),
                urgent=bool(address.alone),
                created_at=self._now,
                useful_until=self._until[address],
                facts={},
            )
            for address, said in self._said.items()
        ]


def useful_until(kind: str, due_at: datetime, now: datetime) -> datetime:
    """Until when a letter of this kind is worth sending.

    A reminder is of no use after the due date; news of a task is, for a few days.
    """
    if kind == "reminder":
        return max(due_at, now + _SHORT)
    return max(due_at, now + _PATIENCE) if kind == "opened" else now + _PATIENCE


def _key(address: Address, said: list[tuple[Matter, str]]) -> str:
    facts = "\n".join(f"{matter.task} {mark}" for matter, mark in said)
    plan, unit, role, kind, _ = address
    return f"{plan}/{unit}/{role.value}/{kind}/{sha256(facts.encode()).hexdigest()[:24]}"
