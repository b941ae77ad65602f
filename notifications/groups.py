"""What a digest shows first: overdue, due soon, new, then what is to review, then what is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.letters import Item
from responsibilities.tasks import Standing

SHOWN = 40
"""Items with their whole block in the HTML; beyond them the text part has the rest."""
ORDER = ("overdue", "due_soon", "new", "review", "news")
_REVIEW = frozenset({"review", "extension_asked"})


@dataclass(frozen=True, slots=True)
class Group:
    """`name` is one of ORDER; `items` by due date; `shown` is the part within SHOWN."""

    name: str
    items: tuple[Item, ...]
    shown: tuple[Item, ...]
    start: int
    """The number of its first item, counted through all groups from 1."""


def groups(items: Sequence[Item]) -> tuple[Group, ...]:
    """The non-empty groups in ORDER; SHOWN is spent from the top."""
    by_name: dict[str, list[Item]] = {name: [] for name in ORDER}
    for item in sorted(items, key=lambda item: item.due_at):
        by_name[group_of(item)].append(item)
    start = 1
    found = []
    for name, members in by_name.items():
        if members:
            shown = members[: max(0, SHOWN + 1 - start)]
            found.append(Group(name, tuple(members), tuple(shown), start))
            start += len(members)
    return tuple(found)


def group_of(item: Item) -> str:
    """Where an item belongs: whose turn it is first, then how late it is."""
    if item.kind in _REVIEW:
        return "review"
    if item.closed:
        return "news"
    if item.standing is Standing.OVERDUE:
        return "overdue"
    return "new" if item.kind in ("opened", "co_acting") else "due_soon"
