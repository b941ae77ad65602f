"""What an act has to say, bundled: one notice for a post of a unit and a kind of letter.

Urgent ones stand alone. The letter itself is made later, by `post`, from the outbox.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from responsibilities.plan import Role, Step
from responsibilities.tasks import Task
from storage.notices import Matter, Notice

_PATIENCE = timedelta(days=3)
"""How long a letter may wait for its relay before it has become pointless."""
_SHORT = timedelta(hours=12)


class _Bundle:
    """What is said to one address: the matters, the facts that say so, and until when of use."""

    __slots__ = ("marks", "matters", "until")

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.matters: list[Matter] = []
        self.marks: list[str] = []


class Bundles:
    """Collects what one transaction says; `notices` makes the rows."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._said: dict[tuple[str, str, Role, str, int], _Bundle] = {}

    def tell(
        self, plan: str, unit: str, roles: Iterable[Role], kind: str, matter: Matter,
        *, mark: str, until: datetime, urgent: bool = False,
    ) -> None:  # fmt: skip
        """Say `matter` to these posts of `unit`, of use `until` then (see `useful_until`).

        `mark` is the key of the fact that says so.
        """
        for role in roles:
            address = (plan, unit, role, kind, matter.task if urgent else 0)
            bundle = self._said.get(address)
            if bundle is None:
                bundle = self._said[address] = _Bundle(until)
            elif until > bundle.until:
                bundle.until = until
            bundle.matters.append(matter)
            bundle.marks.append(mark)

    def tell_units(
        self, plan: str, units: Iterable[str], first: int, step: Step, kind: str,
        *, mark: str, due_at: datetime, urgent: bool = False,
    ) -> None:  # fmt: skip
        """`step` speaks to every one of `units`, whose tasks are numbered from `first` on."""
        until = useful_until(kind, due_at, self._now)
        alone = step.urgent or urgent
        for number, unit in enumerate(units, first):
            matter = Matter(number, step.id)
            self.tell(plan, unit, step.to, kind, matter, mark=mark, until=until, urgent=alone)

    def tell_about(
        self, task: Task, roles: Iterable[Role], kind: str, mark: str, reason: str = ""
    ) -> None:
        """As `tell`, for an act on one task."""
        matter = Matter(task.id, "", reason)
        until = useful_until(kind, task.due_at, self._now)
        self.tell(task.plan, task.unit, roles, kind, matter, mark=mark, until=until)

    def notices(self) -> list[Notice]:
        """One notice for each address; its key is made of the facts it speaks for."""
        return [
            Notice(
                key=_key(plan, unit, role, kind, bundle),
                plan=plan,
                kind=kind,
                unit=unit,
                role=role.value,
                matters=tuple(bundle.matters),
                urgent=bool(alone),
                created_at=self._now,
                useful_until=bundle.until,
                facts={},
            )
            for (plan, unit, role, kind, alone), bundle in self._said.items()
        ]


def useful_until(kind: str, due_at: datetime, now: datetime) -> datetime:
    """Until when a letter of this kind is worth sending.

    A reminder is of no use after the due date; news of a task is, for a few days.
    """
    if kind == "reminder":
        return max(due_at, now + _SHORT)
    return max(due_at, now + _PATIENCE) if kind == "opened" else now + _PATIENCE


def _key(plan: str, unit: str, role: Role, kind: str, bundle: _Bundle) -> str:
    pairs = zip(bundle.matters, bundle.marks, strict=True)
    said = "\n".join([f"{matter.task} {mark}" for matter, mark in pairs])
    return f"{plan}/{unit}/{role.value}/{kind}/{sha256(said.encode()).hexdigest()[:24]}"
