"""How much of each worked plan a first draft finds: `python -m benchmarks.draft_recall [PLAN…]`.

Judged against tests/plans/obligations/<plan>.csv, rows read out of the plan's text by hand. Its
columns: id, section, quote, type (R recurring, S standing, E upon an event, O once; M figure,
P principle), unit (as the text names it, several with 、; empty where it is silent), rhythm (those
that stand in words, with 、). A row is found when a clause that is not rhetoric covers most of its
quote. No rule or word list is written for a single row. Whoever wrote the rules had read the
anti-fraud plan and its rows: its figures are an upper bound, those of the other plans are not.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from duban.sources import compile_files
from responsibilities.drafting.folder import draft
from responsibilities.language.reading import read
from responsibilities.quotes import normalise, plain, spans

ROOT = Path(__file__).parents[1]
OBLIGATIONS = ROOT / "tests" / "plans" / "obligations"
PLANS = ROOT / "responsibilities" / "plans"
TODAY = date(2026, 1, 1)
TASKS = "RSEO"
"""Types of row that ask for something to be done; M and P are figures and principles."""


class Clause(NamedTuple):
    """One drafted clause: its place in the text, what it was taken for, units and rhythms."""

    span: tuple[int, int]
    kind: str
    units: frozenset[str]
    rhythms: frozenset[str]


def drafted(text: str) -> list[Clause]:
    """The clauses of the draft with what its duties say."""
    sections: dict[str, Any] = read(draft(text, "plan", TODAY))[0].sections
    whole = normalise(text).text
    found, at = [], 0
    for clause in sections["clauses"]:
        duties = [duty for duty in sections["duties"] if duty["source"] == clause["id"]]
        places = [span for span in spans(whole, clause["quote"]) if span[0] >= at]
        span = min(places) if places else (0, 0)
        at = max(at, span[0])
        named = (one for one in duties if "responsible" not in one.get("assumed", {}))
        units = frozenset(one["responsible"] for one in named)
        rhythms = frozenset(duty["every"] for duty in duties if "every" in duty)
        found.append(Clause(span, clause["as"], units, rhythms))
    return found


def listed(row: dict[str, str], column: str) -> frozenset[str]:
    """What a column names, none where it is empty."""
    return frozenset(filter(None, row[column].split("、")))


def touching(
    row: dict[str, str], clauses: list[Clause], whole: str
) -> Iterator[tuple[Clause, int]]:
    """Clauses that share text with the row's quote, and how many characters."""
    for start, end in spans(whole, row["quote"])[:1]:
        for clause in clauses:
            shared = min(end, clause.span[1]) - max(start, clause.span[0])
            if shared > 0:
                yield clause, shared


class Score(NamedTuple):
    """Counts; each pair is right of so many."""

    found: tuple[int, int]
    as_duty: tuple[int, int]
    precise: tuple[int, int]
    unit: tuple[int, int]
    unnamed: tuple[int, int]
    rhythm: tuple[int, int]
    rhythm_precise: tuple[int, int]


Shared = list[tuple[Clause, int]]


def _marks(row: dict[str, str], shared: Shared) -> Iterator[tuple[str, bool]]:
    """What one row says about the draft: name of the figure, and whether the draft is right."""
    need = 0.8 * len(plain(row["quote"]).rstrip("。；"))
    yield "found", sum(n for c, n in shared if c.kind != "rhetoric") >= need
    if row["type"] in TASKS:
        yield "as_duty", sum(n for c, n in shared if c.kind == "duty") >= need
        units = {unit for clause, n in shared if n >= 4 for unit in clause.units}
        if named := listed(row, "unit"):
            bare = [unit.removeprefix("各") for unit in named]
            yield "unit", all(any(unit in one for one in units) for unit in bare)
        else:
            yield "unnamed", not units
    if stated := listed(row, "rhythm"):
        yield "rhythm", stated <= {b for clause, n in shared if n >= 4 for b in clause.rhythms}


def _precision(
    clauses: list[Clause], rows: list[tuple[dict[str, str], Shared]]
) -> Iterator[tuple[str, bool]]:
    """What each drafted clause is worth: does it answer a row, does it say a rhythm that stands."""
    for clause in clauses:
        near = [row for row, shared in rows if clause in {one for one, _ in shared}]
        if clause.kind == "duty":
            yield "precise", any(row["type"] in TASKS for row in near)
        if clause.rhythms:
            allowed = {beat for row in near for beat in listed(row, "rhythm")}
            yield "rhythm_precise", clause.rhythms <= allowed


def text_of(name: str) -> str:
    """The plan's own text."""
    return (PLANS / name / "text.md").read_text("utf-8")


def measure(name: str) -> Score:
    """The draft of a worked plan against its table."""
    text = text_of(name)
    whole, clauses = normalise(text).text, drafted(text)
    table = csv.DictReader((OBLIGATIONS / f"{name}.csv").read_text("utf-8").splitlines())
    rows = [(row, list(touching(row, clauses, whole))) for row in table]
    marks = [mark for row, shared in rows for mark in _marks(row, shared)]
    marks += _precision(clauses, rows)
    return Score(
        **{
            name: (marks.count((name, True)), sum(one == name for one, _ in marks))
            for name in Score._fields
        }
    )


SAID = {
    "found": "recall: rows whose quote stands in clauses that are not rhetoric",
    "as_duty": "recall: rows that ask for something (R S E O), drafted as a duty",
    "precise": "precision: drafted duty clauses that answer such a row",
    "unit": "unit right, where the text names one",
    "unnamed": "left open, where the text names no unit",
    "rhythm": "rhythm right, where it is stated in words",
    "rhythm_precise": "precision: clauses drafted with a rhythm that the text states",
}


def main(names: Sequence[str]) -> None:
    """Print the figures of the plans named; of all where none is."""
    for name in names or sorted(path.stem for path in OBLIGATIONS.glob("*.csv")):
        compiled = compile_files(draft(text_of(name), "plan", TODAY))
        print(f"{name}: the drafted folder compiles with {len(compiled.errors)} errors")
        for figure, (right, of) in measure(name)._asdict().items():
            print(f"{right:3}/{of:<3} {right / max(of, 1):6.1%}  {SAID[figure]}")


if __name__ == "__main__":
    main(sys.argv[1:])
