"""A town in which one of the worked plans is about to be put in force."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import sqlite_template
from tests.plans.worked import compiled
from tests.stories.conftest import memory
from tests.stories.town import Town

__all__ = ["memory", "sqlite_template"]


@pytest.fixture
def town_of(memory: Path, sqlite_template: Path) -> Iterator[Callable[[str], Town]]:
    """`town_of("flood-duty")`"""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    towns: list[Town] = []

    def build(name: str) -> Town:
        towns.append(Town(memory, compiled(name)))
        return towns[-1]

    yield build
    for town in towns:
        town.db.dispose()
