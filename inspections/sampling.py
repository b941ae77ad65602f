"""A random sample of an inspection, stratified, that anybody can draw again.

In each stratum the tasks are put in the order of SHA-256 of `seed/key`, and as many as the stratum
is allotted are taken from the front (docs/reference/inspections.md works one out by hand).
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from hashlib import sha256
from heapq import nsmallest
from itertools import groupby
from typing import NamedTuple


class By(StrEnum):
    """What the population is divided by."""

    UNIT = "unit"
    DUTY = "duty"


class Member(NamedTuple):
    """One task of the population."""

    unit: str
    duty: str
    key: str


class Stratum(NamedTuple):
    """A part of the population; unit and duty are empty where it is not divided by them."""

    unit: str
    duty: str
    tasks: tuple[str, ...]
    """Keys, in order."""


def strata(population: Iterable[Member], by: Collection[By]) -> tuple[Stratum, ...]:
    """The population divided, in order of unit, duty and key; one stratum where `by` is empty."""
    placed = sorted(
        (one.unit if By.UNIT in by else "", one.duty if By.DUTY in by else "", one.key)
        for one in set(population)
    )
    groups = groupby(placed, key=lambda one: one[:2])
    return tuple(
        Stratum(place[0], place[1], tuple(key for *_, key in some)) for place, some in groups
    )


def digest(population: Sequence[Stratum]) -> str:
    """SHA-256 (hexadecimal) of the lines `unit<TAB>duty<TAB>key`, in order, each ended."""
    lines = (f"{one.unit}\t{one.duty}\t{key}\n" for one in population for key in one.tasks)
    return sha256("".join(lines).encode()).hexdigest()


def allotment(sizes: Sequence[int], count: int) -> tuple[int, ...]:
    """How many of each stratum make a sample of `count`, or of all where there are not so many.

    One of each, where `count` allows; the rest in proportion to what is left of each stratum, by
    the largest remainder (Hamilton), of equal ones the first.
    """
    count = min(count, sum(sizes))
    least = 1 if count >= len(sizes) else 0
    left = [size - least for size in sizes]
    rest, whole = count - least * len(sizes), max(sum(left), 1)
    shares = [rest * size // whole for size in left]
    by_remainder = sorted(range(len(sizes)), key=lambda n: (-(rest * left[n] % whole), n))
    for n in by_remainder[: rest - sum(shares)]:
        shares[n] += 1
    return tuple(least + share for share in shares)


def sample(population: Sequence[Stratum], seed: str, count: int) -> tuple[str, ...]:
    """The keys drawn, in the order of the strata and within each of the draw."""
    shares = allotment([len(one.tasks) for one in population], count)
    return tuple(
        key
        for one, share in zip(population, shares, strict=True)
        for key in nsmallest(share, one.tasks, key=lambda key: order(seed, key))
    )


def order(seed: str, key: str) -> bytes:
    """Where a task stands in the draw."""
    return sha256(f"{seed}/{key}".encode()).digest()
