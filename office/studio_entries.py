"""Duties and ladders of a draft changed by a form: only the lines that say something else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from office.studio import Files, Target, change, compile_files, find_passage, fresh
from responsibilities.exchange.columns import order
from responsibilities.exchange.passages import passage
from responsibilities.exchange.revising import Revision, revise
from responsibilities.exchange.rows import Changes, Fault, Row, changes
from responsibilities.exchange.rungs import STEP, Rung, with_rungs
from responsibilities.exchange.trying import brought_in, revised, with_right
from responsibilities.language.reading import YAML_ENDINGS, read
from responsibilities.language.report import CONSEQUENCE
from responsibilities.problem import Problem
from responsibilities.words import Refused, Words
from storage.presets import ladders

DUTIES, LADDERS = "duties", "ladders"


def save_duty(
    db: Engine, plan: str, cells: Mapping[str, str], shown: str, by: str, now: datetime,
    *, new: bool = False,
) -> tuple[str, tuple[Fault, ...]]:  # fmt: skip
    """One duty from a form, its cells as in the workbook; its id, and what is wrong.

    With any fault nothing is saved. A `new` duty may come without an id. Stale where the duty says
    something else than `shown` names.
    """
    id_, faults = cells.get("id", ""), list[Fault]()

    def make(connection: Connection, files: Files) -> Files | None:
        nonlocal id_
        if not new:
            held = find_passage(files, Target(section=DUTIES, id=id_))
            fresh(connection, plan, held.text, shown)
        elif id_ and passage(files, DUTIES, id_) is not None:
            faults.append(Fault(1, "id", _TAKEN))
            return None
        after, found, wrong = tried_duty(connection, files, cells)
        faults.extend(wrong)
        id_ = next(iter(found.rows), id_)
        return None if faults else after

    change(db, plan, by, now, make)
    return id_, tuple(faults)


_TAKEN = Words("此代号已有职责使用，请换一个", "another duty has this id; choose another")


def tried_duty(
    connection: Connection, files: Files, cells: Mapping[str, str]
) -> tuple[Files, Changes, list[Fault]]:
    """The files with one duty's cells, and what would be wrong; nothing is saved."""
    found = changes(files, [Row(1, cells)], delete=False)
    if found.faults:
        return files, found, found.faults
    after = revised(files, found)
    before, made = (compile_files(connection, one) for one in (files, after))
    return after, found, brought_in(before, made, found)


def remove_duty(db: Engine, plan: str, id_: str, shown: str, by: str, now: datetime) -> None:
    """A duty taken out of the draft; Stale as `save_duty`."""

    def make(connection: Connection, files: Files) -> Files:
        held = find_passage(files, Target(section=DUTIES, id=id_))
        fresh(connection, plan, held.text, shown)
        gone = Revision(removed=frozenset({id_}))
        return {**files, held.file: revise(files[held.file], gone, order())}

    change(db, plan, by, now, make)


def save_ladder(
    db: Engine, plan: str, id_: str, rows: Sequence[Rung], shown: str, by: str, now: datetime
) -> tuple[Fault, ...]:
    """A ladder from a form, a row for each step; what is wrong, row from 1. Otherwise as a duty."""
    faults: list[Fault] = []

    def make(connection: Connection, files: Files) -> Files | None:
        held = find_passage(files, Target(section=LADDERS, id=id_))
        fresh(connection, plan, held.text, shown)
        edited, wrong = with_rungs(ladder(files, id_), rows)
        faults.extend(Fault(row, key, what) for row, key, what in wrong)
        text = revise(files[held.file], Revision({id_: edited}), (*STEP,), LADDERS)
        after = {**files, held.file: text}
        faults.extend(_wrong_steps(connection, files, after, id_))
        return None if faults else after

    change(db, plan, by, now, make)
    return tuple(faults)


def presets() -> list[Mapping[str, Any]]:
    """The ladders that come with Duban, as plain data."""
    document, _ = read({"ladders.yaml": ladders()})
    return list(document.sections[LADDERS])


def add_preset(db: Engine, plan: str, id_: str, by: str, now: datetime) -> None:
    """Take a packaged ladder into the draft, beside those it has. Refused where it is there."""
    wanted = next((one for one in presets() if one["id"] == id_), None)

    def make(_: Connection, files: Files) -> Files:
        document, _problems = read(files)
        there = document.sections.get(LADDERS) or []
        if wanted is None or any(one.get("id") == id_ for one in there):
            raise Refused(
                Words(f"梯次“{id_}”已在方案中。", f"The ladder “{id_}” is in the plan already.")
            )
        path = (LADDERS, 0) if there else ("plan",)
        file = document.place(path).file
        new = Revision(new=(wanted,))
        return {**files, file: revise(files[file], new, (*STEP,), LADDERS)}

    change(db, plan, by, now, make)


def ladder(files: Files, id_: str) -> Mapping[str, Any]:
    """A ladder as plain data. Refused where the files have none of this id."""
    listed = read(files)[0].sections.get(LADDERS) or []
    found: Mapping[str, Any] | None = next((one for one in listed if one.get("id") == id_), None)
    if found is None:
        raise Refused(Words(f"没有梯次“{id_}”。", f"There is no ladder “{id_}”."))
    return found


def _wrong_steps(connection: Connection, before: Files, after: Files, id_: str) -> Sequence[Fault]:
    """The errors that a changed ladder brings in, at its steps; row 0 for those elsewhere."""
    known = {(one.code, one.what) for one in compile_files(connection, before).errors}
    new = [
        one
        for one in compile_files(connection, after).errors
        if (one.code, one.what) not in known and one.code != CONSEQUENCE
    ]
    document, _ = read({name: text for name, text in after.items() if name.endswith(YAML_ENDINGS)})
    paths = {place: path for path, place in (*document.values.items(), *document.keys.items())}
    found = []
    for problem in new:
        path = paths.get(problem.place, ())
        step = path[3] if len(path) > 3 and path[0] == LADDERS and path[2] == "steps" else None
        key = str(path[4]) if len(path) > 4 else ""
        row = step + 1 if isinstance(step, int) else 0
        found.append(Fault(row, key, _placed(problem, row)))
    return found


def _placed(problem: Problem, row: int) -> Words:
    what = with_right(problem.what, problem.right)
    at = problem.place
    return what if row else Words(f"{at}：{what.zh}", f"{at}: {what.en}")
