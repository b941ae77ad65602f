"""A disk that is full or read-only, a database that is not there: nothing half done (P24)."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from duban.specimen_files import file_of
from office import receive
from tests.faults.aborts import everything, sound
from tests.stories.town import WORKED, Town, plan_told

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("disk")]

PLAN = """
duties:
  - id: weekly
    title: 落实周提醒
    source: {clause: 五, quote: 周提醒}
    responsible: [护理学院, 学生处, 督查组]
    every: 每教学周
    due: 周五前
    evidence: [{file: 截图}]
    ladder: 每周
"""
BLOCK = 4096


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """No file of this process can grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def town(folder: Path, template: Path) -> Town:
    folder.mkdir()
    shutil.copy(template, folder / "duban.sqlite")
    made = Town(folder, plan_told(PLAN))
    made.begins("2026-11-22 20:00")
    made.now = made.at("2026-11-23 08:00")
    return made


def test_a_disk_that_fills_up_in_the_middle_of_a_round_leaves_nothing_half_done(
    tmp_path: Path, sqlite_template: Path, full: bool
) -> None:
    untouched = town(tmp_path / "untouched", sqlite_template)
    untouched.round()
    failures = 0
    for room in range(0, 100 if full else 12):
        made = town(tmp_path / str(room), sqlite_template)
        written = (tmp_path / str(room) / "duban.sqlite-wal").stat().st_size
        try:
            with full_at(written + room * BLOCK):
                made.round()
        except (OperationalError, OSError, ExceptionGroup):
            failures += 1
        sound(made.db)
        made.round()  # there is room again
        made.pass_until("2026-11-23 08:05")  # and leases have run out
        assert _apart_from_the_post(made) == _apart_from_the_post(untouched)
        assert sorted(m.message_id for m in made.letterbox) == sorted(
            m.message_id for m in untouched.letterbox
        )
    print({"fills": failures})
    assert failures > 5


def _apart_from_the_post(made: Town) -> list[str]:
    return [fact.key for task in made.tasks() for fact in made.facts(task)]


def test_evidence_that_the_disk_has_no_room_for_is_refused_whole(
    tmp_path: Path, sqlite_template: Path
) -> None:
    made = town(tmp_path / "town", sqlite_template)
    made.round()
    task = made.task("weekly", unit="护理学院")
    before = everything(made.db)
    with full_at(1_000_000), pytest.raises(OSError, match="too large"):
        receive.submit(
            made.db, made.blobs, task.key, by="联络员", now=made.now,
            files=[receive.File("截图.png", file_of("png", "x" * 2_000_000))],
        )  # fmt: skip

    assert everything(made.db) == before
    assert [path for path in made.blobs.folder.rglob("*") if path.is_file()] == []
    assert made.hand_in(task, files=["截图.png"]).files


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the worked plan was put in force by command."""
    folder = tmp_path_factory.mktemp("installed")
    _duban(folder, "adopt", "-y", str(WORKED), "--now", "2026-11-20T12:00:00Z")
    return folder


@pytest.mark.parametrize("fault", ["read-only", "no server", "a folder in its place", "full"])
def test_a_database_that_cannot_be_used_is_told_in_one_sentence(
    tmp_path: Path, installed: Path, fault: str
) -> None:
    shutil.copytree(installed, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "data" / "duban.sqlite"
    database, limit = f"sqlite:///{path}", resource.RLIM_INFINITY
    if fault == "read-only":
        database = f"sqlite:///file:{path}?mode=ro&uri=true"
    elif fault == "no server":
        database = "postgresql+psycopg://127.0.0.1:1/duban"
    elif fault == "a folder in its place":
        database = f"sqlite:///{tmp_path}"
    else:
        limit = 2 * BLOCK
    done = _duban(
        tmp_path, "tick", "--now", "2026-11-23T00:00:00Z", database=database, limit=limit, code=4
    )

    assert done.startswith("数据库无法使用（")
    assert "请检查磁盘空间、权限和数据库服务后重试" in done
    assert done.count("\n") == 1
    after = _duban(tmp_path, "tick", "--now", "2026-11-23T00:00:00Z")
    assert "Traceback" not in after


def _duban(
    folder: Path, *words: str, database: str = "", limit: int = resource.RLIM_INFINITY,
    code: int = 0,
) -> str:  # fmt: skip
    """Run the command; what it said, on either channel."""
    chosen = {"DUBAN_LANG": "zh", **({"DUBAN_DATABASE": database} if database else {})}
    done = subprocess.run(
        [sys.executable, "-m", "duban", "-C", str(folder), *words],
        env={**os.environ, **chosen},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
