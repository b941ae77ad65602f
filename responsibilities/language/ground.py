"""What duties refer to by name: each name with the id it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from responsibilities.language.entries import Draft
from responsibilities.plan import EVENT_UNIT, Clause, EventType, Group, OfficeHost

EVENT_UNIT_WORD = "事发单位"
"""What is written for whichever unit the event names."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What duties refer to by name, each name with its id."""

    draft: Draft
    groups: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    posts: Mapping[str, str]
    rosters: Mapping[str, str]
    ladders: Mapping[str, str]
    events: Mapping[str, EventType]
    clauses: Mapping[str, Clause]
    office: str
    host: OfficeHost | None

    @classmethod
    def under(
        cls,
        draft: Draft,
        groups: Sequence[Group],
        events: Sequence[EventType],
        clauses: Sequence[Clause],
        office: str,
        host: OfficeHost | None,
    ) -> "Ground":
        """The names of everything that was compiled before the duties."""
        named = {name: group.units for group in groups for name in (group.id, group.name)}
        happening = {name: event for event in events for name in (event.id, event.name)}
        return cls(
            draft, named, draft.names("units"), draft.names("posts"), draft.names("rosters"),
            draft.names("ladders"), happening, {c.id: c for c in clauses}, office, host,
        )  # fmt: skip

    def reviewer(self, name: str | None) -> str:
        """The unit or post that is named; the office where nobody is, or nobody is called so."""
        if name is None:
            return self.office
        return self.units.get(name) or self.posts.get(name) or self.office

    def unit_ids(self, names: Sequence[str] | None) -> tuple[str, ...]:
        """Unit ids for units and groups; what is unknown is left to the checks."""
        found: dict[str, None] = {}
        for name in names or ():
            if name == EVENT_UNIT_WORD:
                found[EVENT_UNIT] = None
            elif name in self.units:
                found[self.units[name]] = None
            else:
                found.update(dict.fromkeys(self.groups.get(name, ())))
        return tuple(found)
