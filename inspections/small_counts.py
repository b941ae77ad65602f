"""Small counts: which numbers of a column must not be printed, so that nobody is found by them.

A count of 1 to k-1 is withheld, and as many further ones as it takes that no withheld count can be
computed from the total and the others (complementary suppression).
"""

from collections.abc import Sequence


def withheld(counts: Sequence[int], fewer_than: int) -> tuple[bool, ...]:
    """For each count whether it is withheld where the total stands beside; negative: ValueError.

    With zeros and larger counts shown, a reader knows that each withheld count is at least 1 and
    what they sum up to; each may still be `fewer_than` or more. Where that cannot be reached, all
    are withheld.
    """
    if any(count < 0 for count in counts):
        raise ValueError("a count is not negative")
    hidden = [n for n, count in enumerate(counts) if 0 < count < fewer_than]
    if not hidden:
        return (False,) * len(counts)
    others = sorted((n for n, c in enumerate(counts) if c >= fewer_than), key=lambda n: counts[n])
    while not _safe([counts[n] for n in hidden], fewer_than):
        if not others:
            return (True,) * len(counts)
        hidden.append(others.pop(0))
    return tuple(n in hidden for n in range(len(counts)))


def said(count: int, fewer_than: int) -> str:
    """A total as it may be printed."""
    return f"少于{fewer_than}" if 0 < count < fewer_than else str(count)


def _safe(hidden: Sequence[int], fewer_than: int) -> bool:
    largest = sum(hidden) - len(hidden) + 1  # of one, the others being 1
    return len(hidden) > 1 and largest >= fewer_than
