"""The Merkle tree of RFC 9162 over the leaves of the record, and the proofs that rest on it.

`Subtree` gives the hash of a complete subtree; where it comes from (the stored leaves, a cache of
tiles, a list) is the caller's matter, so a proof out of a million facts reads a few hundred.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]
"""(level, index) -> hash over the 2**level leaves from index * 2**level on."""

EMPTY = sha256(b"").digest()
"""The root of a record without a fact."""


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees (RFC 9162, 2.1.1): SHA-256(0x01 || left || right)."""
    return sha256(b"\1" + left + right).digest()


def of_leaves(leaves: Sequence[bytes]) -> Subtree:
    """The complete subtrees of leaves held in memory."""

    def subtree(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))

    return subtree


def root(size: int, subtree: Subtree) -> bytes:
    """The root over the first `size` leaves."""
    return _over(0, size, subtree) if size else EMPTY


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The proof that leaf `index` is among the first `size` (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, proof = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            proof.append(_over(middle, end, subtree))
            end = middle
        else:
            proof.append(_over(start, middle, subtree))
            start = middle
    return proof[::-1]


def consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The proof that the first `old` leaves are the beginning of the first `new` (2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} is not the beginning of one of {new}")
    start, end, proof = 0, new, list[bytes]()
    while old != end:
        middle = start + _left(end - start)
        if old <= middle:
            proof.append(_over(middle, end, subtree))
            end = middle
        else:
            proof.append(_over(start, middle, subtree))
            start = middle
    if start:  # otherwise the old root itself, which the verifier holds
        proof.append(_over(start, end, subtree))
    return proof[::-1]


def includes(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` under the root of a tree of `size` (2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != len(EMPTY):
        return False
    place, last, found = index, size - 1, leaf
    for hashed in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(hashed, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, hashed)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def continues(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `new` only appended to that of `old` (2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new or not proof:
        return old == new and not proof and old_root == new_root
    path = proof if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for hashed in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node(hashed, before), node(hashed, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, hashed)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _over(start: int, end: int, subtree: Subtree) -> bytes:
    """The hash over the leaves from `start` to `end`; `start` is a multiple of what it spans."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _left(size)
    return node(_over(start, middle, subtree), _over(middle, end, subtree))


def _left(size: int) -> int:
    """How many of `size` leaves are under the left branch: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1


class Growing:
    """A tree that is read once from its first leaf to its last: keeps one hash a level."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks = list[bytes]()
        """The complete subtrees so far, the largest first (RFC 9162, 2.1.2)."""

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        self.size += 1
        found, rest = leaf, self.size
        while rest & 1 == 0:
            found, rest = node(self._peaks.pop(), found), rest >> 1
        self._peaks.append(found)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            found = node(peak, found)
        return found
