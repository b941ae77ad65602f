"""The columns of the duties' table, one for each key of the language, found again by heading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from responsibilities.exchange.cells import Shape
from responsibilities.language.duty_language import DutyText
from responsibilities.language.schema import json_schema
from responsibilities.words import Language, Words

KIND: Final = Words("类别", "kind")
"""The column that says what sort of duty it is; it follows from the keys that are filled in."""
REMARK: Final = Words("问题说明", "what is wrong")
"""The column that an import adds to say what is wrong."""
_SHAPES: Final = {
    "source": Shape.SOURCE,
    "evidence": Shape.EVIDENCE,
    "stages": Shape.STAGES,
    "assumed": Shape.REASONS,
    "every": Shape.EVERY,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One key of a duty."""

    key: str
    heading: Words
    about: str
    """What the key means and examples, in Chinese, from the schema."""
    shape: Shape
    choices: tuple[str, ...] = ()
    """The only words allowed; empty where anything may stand."""


@cache
def columns() -> tuple[Column, ...]:
    """Every key of a duty in the order of the language reference."""
    properties: Mapping[str, Any] = json_schema()["$defs"]["DutyText"]["properties"]
    return tuple(
        Column(
            key,
            Words(said["title"], key),
            _about(said),
            _shape(key, said),
            ("是", "否") if said.get("type") == "boolean" else tuple(said.get("enum", ())),
        )
        for key, said in properties.items()
    )


def _about(said: Mapping[str, Any]) -> str:
    examples = [one for one in said.get("examples", ()) if isinstance(one, str)]
    return str(said["description"]) + (f"\n例：{'；'.join(examples)}" if examples else "")


def _shape(key: str, said: Mapping[str, Any]) -> Shape:
    if key in _SHAPES:
        return _SHAPES[key]
    if said.get("type") == "boolean":
        return Shape.FLAG
    if said.get("type") in ("string", "number", "integer"):
        return Shape.TEXT
    plain = [one.get("type") for one in said.get("anyOf", ())]
    return Shape.NAMES if plain == ["string", "array"] else Shape.DATA


@cache
def titles() -> Mapping[str, str]:
    """Key -> Chinese title."""
    return {column.key: column.heading.zh for column in columns()}


def order() -> tuple[str, ...]:
    """The usual order of a duty's keys."""
    return tuple(DutyText.model_fields[name].alias or name for name in DutyText.model_fields)


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of a sheet holds which key, found by name whatever the order."""

    places: Mapping[str, int]
    """Key -> index from 0."""
    kind: int | None
    extra: tuple[str, ...]
    """Headings that name no key; their columns are left alone."""
    missing: tuple[str, ...]
    """Keys without a column; their values stay as they are."""
    twice: tuple[str, ...]


def find(headings: Sequence[str]) -> Headings:
    """The columns of a sheet by its first row. Titles in Chinese and keys are both understood."""
    known = {word.casefold(): column.key for column in columns() for word in column.heading}
    places: dict[str, int] = {}
    extra, twice, kind = [], [], None
    for place, heading in enumerate(one.strip() for one in headings):
        key = known.get(heading.casefold())
        if heading.casefold() in KIND:
            kind = place
        elif key in places:
            twice.append(heading)
        elif key is not None:
            places[key] = place
        elif heading and heading not in REMARK:
            extra.append(heading)
    missing = tuple(column.key for column in columns() if column.key not in places)
    return Headings(places, kind, tuple(extra), missing, tuple(twice))


def headings_in(language: Language) -> Iterator[str]:
    """The headings of the duties' sheet in order: the id, the title, the kind, the rest."""
    first, second, *rest = columns()
    yield from (first.heading.in_(language), second.heading.in_(language), KIND.in_(language))
    yield from (column.heading.in_(language) for column in rest)
