"""A story's docstring is its plan: what it adds to the cast. Without one, it is the worked plan."""

import shutil
from pathlib import Path

import pytest

from tests.databases import sqlite_template
from tests.stories.town import Town, plan_told

__all__ = ["sqlite_template"]


@pytest.fixture
def story(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Town:
    """The town in which the test's plan is not yet in force."""
    shutil.copy(sqlite_template, tmp_path / "duban.sqlite")
    return Town(tmp_path, plan_told(request.function.__doc__))
