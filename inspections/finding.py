"""A finding (问题) of an inspection, from 登记 to 销号: its state follows from its task."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from responsibilities.tasks import State, Task
from responsibilities.words import Words


class FindingState(StrEnum):
    """How far a finding has come."""

    REGISTERED = "registered"
    ORDERED = "ordered"
    IN_HAND = "in_hand"
    TO_BE_CHECKED = "to_be_checked"
    AGAIN = "again"
    STRUCK_OFF = "struck_off"
    EXEMPT = "exempt"
    """Waived, or lapsed: nothing more is asked, and it is not struck off."""


STATES: Final[Mapping[FindingState, Words]] = {
    FindingState.REGISTERED: Words("登记", "registered"),
    FindingState.ORDERED: Words("下达整改", "rectification ordered"),
    FindingState.IN_HAND: Words("整改中", "being put right"),
    FindingState.TO_BE_CHECKED: Words("待复查", "to be checked"),
    FindingState.AGAIN: Words("再次整改", "to be put right again"),
    FindingState.STRUCK_OFF: Words("销号", "struck off"),
    FindingState.EXEMPT: Words("免予整改", "exempt"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, as it was registered, and the incident by which it was ordered put right."""

    inspection: str
    number: int
    """Within the inspection, from 1."""
    unit: str
    duty: str
    """The duty that was inspected; empty where it is about none."""
    clause: str
    fact: str
    demand: str
    severity: str
    """One of those that the plan declares."""
    evidence: tuple[str, ...]
    """Numbers of what shows it: 督办〔2026〕12号, or the SHA-256 of a photo."""
    item: int | None
    """Of the sample."""
    registered_at: datetime
    by: str
    event: str | None = None
    closed_at: datetime | None = None
    """When it was struck off."""

    @property
    def name(self) -> str:
        """I2026-0001-01: what it is called in letters."""
        return name_of(self.inspection, self.number)


def name_of(inspection: str, number: int) -> str:
    """What a finding is called in letters: I2026-0001-01."""
    return f"{inspection}-{number:02}"


def state_of(task: Task | None, returned: bool) -> FindingState:
    """The state that follows from the task of the rectification; None while it is not ordered.

    `returned`: whether a check has found it wanting before (退回, or closed and taken up again).
    """
    if task is None:
        return FindingState.REGISTERED
    if task.state is State.CLOSED:
        done = task.outcome == "accepted"
        return FindingState.STRUCK_OFF if done else FindingState.EXEMPT
    if task.state is State.SUBMITTED:
        return FindingState.TO_BE_CHECKED
    if returned:
        return FindingState.AGAIN
    return FindingState.IN_HAND if task.attempt else FindingState.ORDERED


class Repeat(NamedTuple):
    """A finding that had been struck off before at the same unit (屡改屡犯)."""

    finding: Finding
    earlier: Finding


def repeats(findings: Iterable[Finding]) -> Iterator[Repeat]:
    """Each finding with the newest of the same unit, and the same clause or duty, that another
    inspection had struck off before this one was registered.
    """
    known = sorted(findings, key=lambda one: (one.registered_at, one.inspection, one.number))
    for one in known:
        before = [old for old in known if _same(old, one) and _struck_off(old, one.registered_at)]
        if before:
            yield Repeat(one, before[-1])


def _same(old: Finding, new: Finding) -> bool:
    clause = bool(new.clause) and old.clause == new.clause
    duty = bool(new.duty) and old.duty == new.duty
    return old.unit == new.unit and old.inspection != new.inspection and (clause or duty)


def _struck_off(old: Finding, at: datetime) -> bool:
    return old.closed_at is not None and old.closed_at <= at
