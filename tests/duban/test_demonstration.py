"""The first `duban up`: the worked example's twelve weeks, all of them or none."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from duban import demonstration
from duban.demonstration import demonstrate
from duban.desk import desk
from duban.sources import read_plan
from office.adopt_plan import adopt
from office.ledger import list_letters
from responsibilities.words import Refused
from storage import plans, tasks
from storage.engine import reading

NOW = datetime.fromisoformat("2026-11-24T08:00:00+08:00")


@pytest.fixture
def two_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "WEEKS", 2)


def interrupted(folder: Path, by: signal.Signals) -> int:
    """Stop `duban up` when it has begun to live through its weeks. Gives its exit code."""
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "duban", "-C", str(folder), "up"],
            stdout=said, stderr=said, env={**os.environ, "DUBAN_LANG": "zh"},
        )  # fmt: skip
    letters = folder / "data" / "demonstration" / "Maildir" / "new"
    while process.poll() is None:
        with suppress(FileNotFoundError):
            if next(letters.iterdir(), None):
                break
        if (folder / "data" / "Maildir").exists():
            break  # it came through before anybody looked: told by the exit code, not by waiting
        time.sleep(0.05)
    process.send_signal(by)
    return process.wait()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_whoever_interrupts_the_demonstration_has_no_half_of_it_and_starts_over(
    tmp_path: Path, two_weeks: None, by: signal.Signals
) -> None:
    code = interrupted(tmp_path, by)
    assert code == (130 if by is signal.SIGINT else -9)
    with desk(tmp_path) as at:
        with reading(at.db) as connection:
            assert not plans.adopted(connection)
        demonstrate(at, NOW)
        letters = list_letters(at.db, limit=10_000)
        with reading(at.db) as connection:
            assert tasks.last_id(connection) > 50
    assert len(list((tmp_path / "data" / "Maildir" / "new").iterdir())) == len(letters) > 50
    assert not (tmp_path / "data" / "demonstration").exists()


def test_a_plan_adopted_meanwhile_is_never_written_over(tmp_path: Path, two_weeks: None) -> None:
    with desk(tmp_path, found=True) as at:
        adopt(at.db, read_plan(None).compiled, NOW, "办公室")
        with pytest.raises(Refused, match="另行施行"):
            demonstrate(at, NOW)
        with reading(at.db) as connection:
            [only] = plans.versions(connection, "anti-fraud")
    assert only.adopted_by == "办公室"
    assert not (tmp_path / "data" / "Maildir").exists()
