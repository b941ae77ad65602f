"""A town for the faults: the same as the stories', with its plan given by the test."""

from tests.databases import sqlite_template
from tests.stories.conftest import memory

__all__ = ["memory", "sqlite_template"]
