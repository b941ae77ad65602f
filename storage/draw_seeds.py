"""Seeds of draws that are on record only by their hash, until they are revealed."""

from collections.abc import Mapping

from sqlalchemy import Connection, insert

from storage import bulk
from storage.tables import draw_seeds


def keep(connection: Connection, label: str, seed: str) -> None:
    """Keep the seed of one draw."""
    connection.execute(insert(draw_seeds).values(label=label, seed=seed))


def of_plan(connection: Connection, plan: str) -> Mapping[str, str]:
    """Every seed of a plan's draws, by label (plan/duty/period)."""
    found = bulk.fetched(
        connection,
        "SELECT label, seed FROM draw_seeds WHERE label >= ? AND label < ?",
        (f"{plan}/", f"{plan}0"),  # 0 is what comes after a slash
    )
    return {label: seed for label, seed in found}
