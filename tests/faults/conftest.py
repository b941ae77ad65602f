"""A town for the faults: the same as the stories', with its plan given by the test."""

from tests.databases import sqlite_template

__all__ = ["sqlite_template"]
