"""A story's docstring is its plan: what it adds to the cast. Without one, it is the worked plan."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.databases import sqlite_template
from tests.stories.town import Town, plan_told

__all__ = ["sqlite_template"]

MEMORY = Path("/dev/shm")
"""Stories are about words and time; that the disk keeps them is for tests/faults to show."""


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that is not on a disk, where the machine has one."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def story(request: pytest.FixtureRequest, memory: Path, sqlite_template: Path) -> Iterator[Town]:
    """The town in which the test's plan is not yet in force."""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(request.function.__doc__))
    yield town
    town.db.dispose()
