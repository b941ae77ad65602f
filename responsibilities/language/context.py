"""What the checks look at besides the plan: the entries as written, and the calendars."""

from collections.abc import Iterator
from dataclasses import dataclass

from responsibilities.calendars.workdays import WorkingDays
from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Draft, Entry, Finding
from responsibilities.plan import Duty, Plan
from responsibilities.problem import did_you_mean
from responsibilities.words import Words


@dataclass(frozen=True, slots=True)
class Context:
    """The draft (texts and places), the national working days, and the plan as built so far."""

    draft: Draft
    working: WorkingDays
    plan: Plan

    def duties(self) -> Iterator[tuple[Entry[DutyText], Duty]]:
        """Every duty as written and as built."""
        return zip(self.draft.of(DutyText), self.plan.duties, strict=True)

    def units_named(self, name: str) -> frozenset[str]:
        """The ids of a unit, or of the units of a group; none where it is neither."""
        known = self.draft.names("units").get(name)
        groups = [group.units for group in self.plan.groups if name in (group.id, group.name)]
        return frozenset((known,) if known else (unit for units in groups for unit in units))

    def error(
        self, at: tuple[str | int, ...], code: str, what: Words, right: Words | None = None
    ) -> Finding:
        """A finding that leaves its owner out of the plan; `at` is the owner and keys below it."""
        return self.draft.finding(at, code, what, right)

    def warning(
        self, at: tuple[str | int, ...], code: str, what: Words, right: Words | None = None
    ) -> Finding:
        """A finding that somebody should look at."""
        return self.draft.finding(at, code, what, right, warn=True)

    def unknown(
        self, at: tuple[str | int, ...], code: str, noun: Words, name: str, *sections: str
    ) -> Finding | None:
        """A finding when `name` stands in none of the sections, with the nearest known one."""
        draft = self.draft
        if any(name in draft.names(s) or name in draft.unusable(s) for s in sections):
            return None
        known = {known for section in sections for known in draft.names(section)}
        right = did_you_mean(name, known) or Words(
            f"请先在 {'、'.join(sections)} 中写明",
            f"declare it under {' or '.join(sections)} first",
        )
        what = Words(f"没有名为“{name}”的{noun.zh}", f"there is no {noun.en} “{name}”")
        return self.error(at, code, what, right)
