"""A ladder as rows of a form, and the edited rows as its entry again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from responsibilities.exchange.cells import Shape, say, tidy, understand
from responsibilities.words import Words

STEP: Final[Mapping[str, Shape]] = {
    "when": Shape.TEXT,
    "tell": Shape.NAMES,
    "notice": Shape.TEXT,
    "colour": Shape.TEXT,
    "urgent": Shape.FLAG,
}
"""The keys of a step, in their usual order."""
Rung = Mapping[str, str]


def rungs(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """Each step's texts by key."""
    steps = entry.get("steps")
    return [_texts(step) for step in (steps if isinstance(steps, list) else ())]


def _texts(step: object) -> dict[str, str]:
    held = step if isinstance(step, dict) else {}
    said = {key: tidy(say(shape, held.get(key), {})) for key, shape in STEP.items()}
    return {**said, "urgent": "" if said["urgent"] == "否" else said["urgent"]}


def with_rungs(
    entry: Mapping[str, Any], rows: Sequence[Rung]
) -> tuple[dict[str, Any], list[tuple[int, str, Words]]]:
    """The entry with these steps, and what is wrong: row from 1, key, sentence.

    A row that is empty is no step; one that says what it said before keeps how it was written.
    """
    faults: list[tuple[int, str, Words]] = []
    steps = entry.get("steps")
    old: list[Any] = steps if isinstance(steps, list) else []
    shown = [_texts(step) for step in old]
    new: list[Any] = []
    for number, row in enumerate(rows):
        clean = {key: tidy(row.get(key, "")) for key in STEP}
        if not any(clean.values()):
            continue
        if clean in shown:
            new.append(old[shown.index(clean)])
            continue
        before = old[number] if number < len(old) and isinstance(old[number], dict) else {}
        was = shown[number] if before else {}
        new.append(dict(_step(before, was, clean, number + 1, faults)))
    return {**entry, "steps": new}, faults


def _step(
    before: Mapping[str, Any], was: Rung, now: Rung, number: int,
    faults: list[tuple[int, str, Words]],
) -> Iterator[tuple[str, Any]]:  # fmt: skip
    for key in [*before, *(key for key in STEP if key not in before)]:
        text = now.get(key, "")
        if key in before and (key not in STEP or text == was.get(key, "")):
            yield key, before[key]
        elif text:
            value = understand(STEP[key], text, {})
            if isinstance(value, Words):
                faults.append((number, key, value))
            else:
                yield key, value
