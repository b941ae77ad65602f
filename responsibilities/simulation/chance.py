"""Chance by hash: the same seed and the same matter always fall the same way, on any machine.

Each matter draws for itself, so that a new duty in a plan changes nobody else's
luck, and two simulations of two versions can be compared line by line.
"""

from hashlib import blake2b
from struct import unpack
from typing import Final

_WHOLE: Final = float(1 << 32)


def draws(seed: str, about: str) -> tuple[float, ...]:
    """Eight numbers in [0, 1), uniform and independent, for one matter under one seed."""
    digest = blake2b(f"{seed}\0{about}".encode(), digest_size=32).digest()
    return tuple([number / _WHOLE for number in unpack(">8I", digest)])


def draw(seed: str, about: str) -> float:
    """One number in [0, 1)."""
    return draws(seed, about)[0]
