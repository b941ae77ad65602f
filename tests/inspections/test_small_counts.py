"""Nobody is found by a small count: neither printed, nor computed from the total."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.small_counts import said, withheld


def test_a_single_small_count_takes_the_next_smallest_with_it() -> None:
    assert withheld((12, 2, 0, 7), 5) == (False, True, False, True)


def test_where_nothing_is_small_nothing_is_withheld() -> None:
    assert withheld((0, 5, 9), 5) == (False, False, False)


def test_a_total_is_said_to_be_small_and_zero_is_said() -> None:
    assert (said(3, 5), said(0, 5), said(5, 5)) == ("少于5", "0", "5")


def test_a_negative_count_is_no_count() -> None:
    with pytest.raises(ValueError, match="not negative"):
        withheld((1, -1), 5)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(1, 5))
def test_whoever_tries_every_possibility_finds_no_small_count(
    counts: list[int], limit: int
) -> None:
    """A reader knows the total (printed from `limit` on), what is shown, and how we withhold."""
    hidden = withheld(counts, limit)
    assert all(away for count, away in zip(counts, hidden, strict=True) if 0 < count < limit)
    places = [n for n, away in enumerate(hidden) if away]
    total = sum(counts)
    if not places or total < limit:  # then no column is printed at all
        return
    least = 0 if all(hidden) else 1
    left = sum(counts[n] for n in places)
    possible = [
        tried for tried in product(range(least, left + 1), repeat=len(places))
        if sum(tried) == left
    ]  # fmt: skip
    if len(counts) > 1:
        for place in range(len(places)):
            seen = {tried[place] for tried in possible}
            assert len(seen) > 1
            assert max(seen) >= limit
