"""One Prefect server for the tests of this room, as `duban up` starts it, and an office to run.

Prefect reads its settings when it is imported, so they are set here, before any test imports it.
"""

import atexit
import inspect
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.installation import Installation, working_on
from flows.server import (
    Server,
    environment,
    free_port,
    prefect_server,
    set_environment,
    wait_until_ready,
)
from office import adopt_plan
from office.calendars import working_days
from office.settings import load
from responsibilities.language.compile import compile_plan
from storage.engine import open_engine
from storage.migrations import upgrade

HOME = Path(tempfile.mkdtemp(prefix="duban-prefect-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
# every process looks in a corner of its own: xdist's workers, and another run beside this one
FIRST_PORT = 15000 + os.getpid() % 340 * 50
PORT = free_port(FIRST_PORT)
set_environment(environment(HOME, PORT))

ADOPTED = datetime(2026, 11, 23, 1, tzinfo=UTC)
WEEK_LATER = datetime(2026, 11, 30, 0, 0, 5, tzinfo=UTC)
"""Five seconds past eight on the next Monday, in Changchun: what the office's clock shows."""
CAST = Path(__file__).parents[1] / "stories" / "cast.yaml"


@pytest.fixture(scope="session")
def prefect() -> Iterator[Server]:
    """The server; every test marked `prefect` shares it."""
    with prefect_server(HOME, PORT) as server:
        assert server.port == PORT
        wait_until_ready(server)
        yield server


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose plan the test's docstring adds to the cast of the stories.

    Lines `# students.yaml` begin a file of their own: a department.
    """
    text = inspect.getdoc(request.function) or ""
    with opened(tmp_path, {"cast.yaml": CAST.read_text("utf-8"), **files_in(text)}) as found:
        yield found


def files_in(text: str) -> dict[str, str]:
    """The files of a docstring, by the names in its `# name.yaml` lines."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("# ") and line.strip().endswith(".yaml"):
            name = line.removeprefix("# ").strip()
            found[name] = ""
        elif name:
            found[name] += line
    return found


@contextmanager
def opened(folder: Path, files: dict[str, str]) -> Iterator[Installation]:
    """An installation in `folder` with the plan of `files` adopted on Monday, 23 November 2026."""
    settings = load(folder, {})
    settings.data.mkdir(parents=True, exist_ok=True)
    db = open_engine(settings.url)
    upgrade(db)
    compiled = compile_plan(files, working_days())
    assert not compiled.errors, compiled.errors
    adopt_plan.adopt(db, compiled, ADOPTED, "领导小组办公室")
    with working_on(Installation(settings, db, lambda: WEEK_LATER)) as installation:
        yield installation
    db.dispose()


TWO_DEPARTMENTS = """
# students.yaml
duties:
  - id: reminder
    title: 发布周提醒
    source: {clause: 五（二）, quote: 做好学生反诈“周提醒”}
    responsible: 学生处
    every: 每周
    opens: 周一
    due: 周五前
    evidence: [{file: 周提醒}]
# colleges.yaml
duties:
  - id: talk
    title: 召开班会
    source: {clause: 五（一）, quote: 召开班会}
    responsible: 护理学院
    every: 每月
    opens: 1日
    due: 5日前
    evidence: [{file: 记录}]
"""


def told(function: Any) -> Any:
    """The test's plan is the one of two departments."""
    function.__doc__ = TWO_DEPARTMENTS
    return function
