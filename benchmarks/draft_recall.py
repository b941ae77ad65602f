"""How much of the worked plan a first draft finds: `python -m benchmarks.draft_recall`.

Judged against tests/plans/obligations.csv, 76 rows read out of the plan by hand before the rules
were written. Whoever wrote the rules had read both, so the figures are an upper bound: another
plan will fare worse. A row is found when a clause that is not rhetoric covers most of its quote.
A row's unit is that of its section or its `who`; its rhythms are those that the table says are
stated in words. No rule or word list is written for a single row.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from duban.sources import compile_files
from responsibilities.drafting.folder import draft
from responsibilities.language.reading import read
from responsibilities.quotes import normalise, plain, spans

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "tests" / "plans" / "obligations.csv"
TEXT = ROOT / "responsibilities" / "plans" / "anti-fraud" / "text.md"
TASKS = "RSEO"
"""Types of row that ask for something to be done; M and P are figures and principles."""
STATED = {
    **{"S04": {"每月"}, "S01": {"每月"}, "S05": {"每年"}, "X05": {"每年"}, "X12": {"每年"}},
    **{"X06": {"每学期"}, "X03": {"每周"}, "X09": {"每年"}},
    **{"M08": {"每周", "每月", "每年"}, "C04": {"每周", "每月", "每年"}},
}
"""The rows whose rhythm stands in words (finding 1 of the table)."""
WHO = {"leadership group": "领导小组", "office": "办公室", "every": "部门", "all": "部门"}


class Clause(NamedTuple):
    """One drafted clause: its place in the text, what it was taken for, units and rhythms."""

    span: tuple[int, int]
    kind: str
    units: frozenset[str]
    rhythms: frozenset[str]


def drafted(text: str) -> list[Clause]:
    """The clauses of the draft with what its duties say."""
    sections: dict[str, Any] = read(draft(text, "plan", date(2023, 7, 12)))[0].sections
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


def owner(row: dict[str, str]) -> str:
    """The unit a row expects; empty where the text names none."""
    section, who = row["section"], row["who"]
    if section.startswith("五（二）"):
        return section.removeprefix("五（二）")
    if section.startswith("五（一）"):
        return "二级学院"
    return next((unit for word, unit in WHO.items() if who.startswith(word)), "")


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
        if unit := owner(row):
            yield "unit", any(unit in one for one in units)
        else:
            yield "unnamed", not units
    if row["id"] in STATED:
        said = {beat for clause, n in shared if n >= 4 for beat in clause.rhythms}
        yield "rhythm", said >= STATED[row["id"]]


def _precision(
    clauses: list[Clause], rows: list[tuple[dict[str, str], Shared]]
) -> Iterator[tuple[str, bool]]:
    """What each drafted clause is worth: does it answer a row, does it say a rhythm that stands."""
    for clause in clauses:
        near = [row for row, shared in rows if clause in {one for one, _ in shared}]
        if clause.kind == "duty":
            yield "precise", any(row["type"] in TASKS for row in near)
        if clause.rhythms:
            allowed = {beat for row in near for beat in STATED.get(row["id"], ())}
            yield "rhythm_precise", clause.rhythms <= allowed


def measure() -> Score:
    """The draft of the worked plan against the table."""
    text = TEXT.read_text("utf-8")
    whole, clauses = normalise(text).text, drafted(text)
    table = csv.DictReader(ROWS.read_text("utf-8-sig").splitlines())
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


def main() -> None:
    """Print the figures."""
    compiled = compile_files(draft(TEXT.read_text("utf-8"), "plan", date(2023, 7, 12)))
    print(f"the drafted folder compiles with {len(compiled.errors)} errors")
    for name, (right, of) in measure()._asdict().items():
        print(f"{right:3}/{of:<3} {right / of:6.1%}  {SAID[name]}")


if __name__ == "__main__":
    main()
