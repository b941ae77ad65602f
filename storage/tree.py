"""The complete subtrees of the record: leaves stand beside their facts, tiles above them.

A tile is the hash over 256 leaves, or over 256 tiles of the level below. Tiles follow from the
leaves and can be made again; they are kept so that a root or a proof reads some hundred rows, not
the whole record.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from inspections.tree import Subtree, of_leaves
from storage import bulk
from storage.tables import tiles

HEIGHT = 8
WIDTH = 1 << HEIGHT


def grow(connection: Connection, size: int) -> None:
    """Store the tiles that have become complete among the first `size` facts."""
    level = HEIGHT
    while count := size >> level:
        [(stored,)] = bulk.fetched(
            connection, "SELECT COUNT(*) FROM tiles WHERE level = ?", (level,)
        )
        rows = [
            (level, index, of_leaves(_below(connection, level, index))(HEIGHT, 0))
            for index in range(stored, count)
        ]
        bulk.insert_rows(connection, tiles, rows)
        level += HEIGHT


def subtrees(connection: Connection) -> Subtree:
    """The hashes of the stored record; reads a tile's 256 children at a time and keeps them."""
    kept = dict[tuple[int, int], Subtree]()

    def subtree(level: int, index: int) -> bytes:
        above = level - level % HEIGHT + HEIGHT
        tile = index >> (above - level)
        if (above, tile) not in kept:
            kept[above, tile] = of_leaves(_below(connection, above, tile))
        return kept[above, tile](level % HEIGHT, index - (tile << (above - level)))

    return subtree


def _below(connection: Connection, level: int, index: int) -> Sequence[bytes]:
    """The hashes that a tile is over, in order; fewer than 256 where it is not complete yet."""
    first, below = index * WIDTH, level - HEIGHT
    if below == 0:
        query = "SELECT leaf FROM facts WHERE seq > ? AND seq <= ? ORDER BY seq"
        found = bulk.fetched(connection, query, (first, first + WIDTH))
    else:
        query = (
            "SELECT hash FROM tiles WHERE level = ? AND index_ >= ? AND index_ < ? ORDER BY index_"
        )
        found = bulk.fetched(connection, query, (below, first, first + WIDTH))
    return [bytes(hashed) for (hashed,) in found]
