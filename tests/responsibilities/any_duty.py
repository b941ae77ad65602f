"""Prints how many of N drawn plans the engine reads as the independent expansion does.

Run as a process of its own, so that it can be another engine: see `test_mutants`.
`python -m tests.responsibilities.any_duty 12`; it ends at the first difference.
"""

import sys

from hypothesis import HealthCheck, Phase, given, settings

from tests.responsibilities.test_expansion import (
    cases,
    differences,
    event_differences,
    plans,
)


class Difference(Exception):
    """The engine and the expansion part here."""


def agreed(number: int) -> int:
    """How many plans of twenty duties agree before the first that does not."""
    drawn = settings(
        max_examples=number,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    seen = 0

    def looked_at(found: list[str]) -> None:
        nonlocal seen
        if found:
            raise Difference(found[0])
        seen += 1

    try:
        drawn(given(plans())(lambda plan: looked_at(differences(*plan))))()
        drawn(given(cases())(lambda case: looked_at(event_differences(*case))))()
    except (Difference, AssertionError, ArithmeticError, LookupError, ValueError) as difference:
        print(difference, file=sys.stderr)
    return seen


if __name__ == "__main__":
    print(agreed(int(sys.argv[1])))
