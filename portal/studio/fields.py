"""The fields of a duty's form, made from the plan language itself, in the order of a clerk."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from responsibilities.exchange.cells import Shape
from responsibilities.exchange.columns import Column, columns
from responsibilities.words import Words

_GROUPS: Final = (
    (Words("事项和单位", "What and who"), ("title", "responsible", "source"),
     ("with", "inform", "leader", "delegate")),
    (Words("何时办理", "When"), ("every", "due"),
     ("opens", "on", "when", "once", "standing", "checkpoint", "renew", "draw", "times", "surge",
      "window", "phase", "about", "lapses", "roll", "no_workday", "stages", "policy", "metric")),
    (Words("报送什么", "What is handed in"), ("evidence",),
     ("cover", "each", "target", "late_joiners", "zero_report", "on_change")),
    (Words("督办和审核", "Escalation and review"), ("ladder", "review"), ("watch", "weight")),
    (Words("核定和说明", "Choices and remarks"), (), ("assumed", "question", "note")),
)  # fmt: skip
"""Heading, keys that always stand there, keys that stand there when they are filled in."""
_TALL: Final = frozenset({Shape.EVIDENCE, Shape.STAGES, Shape.REASONS})
_LONG: Final = 60
"""Characters that one line shows."""


class Field(NamedTuple):
    """One key of a duty with its text."""

    column: Column
    value: str
    tall: bool
    """Takes several lines."""
    options: tuple[tuple[str, str], ...] = ()
    """Where only some words are allowed: value and what is shown."""


class Group(NamedTuple):
    """Fields under one heading; `more` are those that are seldom needed and empty."""

    heading: Words
    fields: tuple[Field, ...]
    more: tuple[Field, ...]


def groups(cells: Mapping[str, str]) -> Iterator[Group]:
    """Every key of the language but the id, once."""
    known = {column.key: column for column in columns() if column.key != "id"}
    placed = {key for _, first, rest in _GROUPS for key in (*first, *rest)}
    left = tuple(key for key in known if key not in placed)
    for place, (heading, first, rest) in enumerate(_GROUPS):
        keys = (*first, *rest, *(left if place == len(_GROUPS) - 1 else ()))
        made = [_field(known[key], cells.get(key, "")) for key in keys]
        shown = [one for one in made if one.column.key in first or one.value]
        yield Group(heading, tuple(shown), tuple(one for one in made if one not in shown))


def _field(column: Column, value: str) -> Field:
    only = tuple((one, one) for one in column.choices)
    options = (("", "—"), *only) if only else ()
    tall = column.shape in _TALL or "\n" in value or len(value) > _LONG
    return Field(column, value, tall, options)


def cells_of(typed: Mapping[str, str], id_: str) -> dict[str, str]:
    """A form as the cells of a row of the workbook; what the form does not have stays."""
    return {"id": id_, **{c.key: typed[c.key].strip() for c in columns()[1:] if c.key in typed}}
