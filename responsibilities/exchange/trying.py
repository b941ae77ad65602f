"""Changes made on a copy of the plan's files, and the errors that they would bring in."""

from collections.abc import Mapping

from responsibilities.exchange.columns import order
from responsibilities.exchange.revising import revise
from responsibilities.exchange.rows import Changes, Fault, located
from responsibilities.language.compile import Compiled
from responsibilities.words import Words


def revised(files: Mapping[str, str], found: Changes) -> dict[str, str]:
    """The files with every revision made. Refused as `revise` refuses."""
    made = {
        name: revise(files.get(name, ""), revision, order())
        for name, revision in found.revisions.items()
    }
    return {**files, **made}


def brought_in(before: Compiled, after: Compiled, found: Changes) -> list[Fault]:
    """The errors that only `after` has, at the cells they come from."""
    known = {
        (id_, key, problem.code, problem.what)
        for id_, key, problem in located(before.files, before.errors)
    }
    faults = []
    for id_, key, problem in located(after.files, after.errors):
        if (id_, key, problem.code, problem.what) not in known:
            row = found.rows.get(id_)
            what = with_right(problem.what, problem.right)
            faults.append(Fault(row or 1, key if row else "", _at_place(what, row, problem.place)))
    return faults


def with_right(what: Words, right: Words | None) -> Words:
    """What is wrong and what would be right, as one sentence."""
    return what if right is None else Words(f"{what.zh}；{right.zh}", f"{what.en}; {right.en}")


def _at_place(what: Words, row: int | None, place: object) -> Words:
    return what if row else Words(f"{place}：{what.zh}", f"{place}: {what.en}")
