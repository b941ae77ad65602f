"""`duban up` as a user runs it: one process tree, killed in every way, and nothing lost."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from flows import server as servers
from flows.installation import Installation
from flows.server import PrefectUnavailable, Server, compact, environment, free_port
from flows.up import specs, up, what_you_see
from storage import tables
from storage.engine import reading
from tests.flows.conftest import FIRST_PORT, WEEK_LATER, told

alone = pytest.mark.xdist_group("prefect")


class Running:
    """`duban up` in a process group of its own, its output in a file."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "duban", "-C", str(folder), "up", "--port", str(PORT)],
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, "DUBAN_LANG": "zh", "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text("utf-8")

    @property
    def server(self) -> int:
        """The process id of Prefect's server; 0 between two."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int((children.read_text().split() or ["0"])[0])

    def answers(self) -> bool:
        port = int(re.findall(r"127\.0\.0\.1:(\d+)", self.said())[0])
        with closing(socket.socket()) as knock:
            return knock.connect_ex(("127.0.0.1", port)) == 0


PORT = FIRST_PORT + 25


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """`duban up`, once it has said that it runs; killed at the end, if it still lives."""
    started = Running(folder)
    try:
        eventually(lambda: "督办已启动" in started.said() or started.process.poll() is not None)
        assert started.process.poll() is None, started.said()
        yield started
    finally:
        if started.process.poll() is None:
            os.killpg(started.process.pid, signal.SIGKILL)
        started.process.wait()


def eventually(true: Callable[[], bool]) -> None:
    """Wait until it is true; a machine may be slow, but not two minutes."""
    for _ in range(1200):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("not within two minutes")


def lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def record(office: Installation) -> list[tuple[int, str, str]]:
    with reading(office.db) as connection:
        rows = connection.execute(
            select(tables.facts.c.seq, tables.facts.c.task, tables.facts.c.key).order_by(
                tables.facts.c.seq
            )
        )
        return [(seq, task, key) for seq, task, key in rows]


@alone
@pytest.mark.prefect
@pytest.mark.fault
@told
def test_killed_and_robbed_of_prefects_database_it_starts_again_and_has_lost_nothing(
    office: Installation,
) -> None:
    with running(office.settings.folder) as first:
        child, known = first.server, record(office)
        assert known
        first.process.kill()
        eventually(lambda: not lives(child))
    for file in (office.settings.data / "prefect").glob("prefect.db*"):
        file.unlink()
    with running(office.settings.folder) as second:
        assert record(office)[: len(known)] == known
        assert len({(task, key) for _, task, key in record(office)}) == len(record(office))
        a_server_that_dies_is_started_again(second)
        ctrl_c_ends_everything(second)


def a_server_that_dies_is_started_again(one: Running) -> None:
    child = one.server
    os.kill(child, signal.SIGKILL)
    eventually(lambda: one.server not in (0, child) and one.answers())


def ctrl_c_ends_everything(one: Running) -> None:
    child = one.server
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(60) == 0
    assert not lives(child)


def test_a_taken_port_is_passed_over() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_without_any_free_port_it_says_so_and_how_to_choose_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "PORTS_TRIED", 1)
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PrefectUnavailable, match="--port") as refused:
            free_port(taken.getsockname()[1])
    assert refused.value.exit_code == 4


@told
def test_a_second_one_on_the_same_data_is_refused(office: Installation) -> None:
    with (office.settings.data / "up.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(PrefectUnavailable, match="已在运行"):
            up(office.settings, office.db, lambda words: None, PORT)


def test_nothing_is_told_to_anybody_outside(tmp_path: Path) -> None:
    told_to_prefect = environment(tmp_path, 4200)
    assert told_to_prefect["DO_NOT_TRACK"] == "1"
    assert told_to_prefect["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert told_to_prefect["PREFECT_API_URL"].startswith("http://127.0.0.1:")


@told
def test_the_page_shows_the_address_the_letters_and_the_commands(office: Installation) -> None:
    here = Path.cwd()
    os.chdir(office.settings.folder)
    try:
        page = what_you_see(office.settings, Server(4200, here, subprocess.Popen(["true"])))
    finally:
        os.chdir(here)
    for text in page:
        assert "http://127.0.0.1:4200" in text
        assert " data/Maildir" in text
        assert all(f"duban {command}" in text for command in ("tasks", "mail", "show"))


@told
def test_departments_follow_the_heartbeats(office: Installation) -> None:
    assert [spec.name for spec in specs(office, WEEK_LATER)] == [
        "reconcile", "mailroom", "housekeeping", "fanzha.colleges", "fanzha.students"
    ]  # fmt: skip


def test_prefects_file_is_made_smaller_when_most_of_it_is_free(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "prefect.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE runs (body BLOB)")
        database.executemany("INSERT INTO runs VALUES (?)", [(b"x" * 4000,)] * 500)
        database.commit()
        database.execute("DELETE FROM runs")
        database.commit()
    before = path.stat().st_size
    compact(path)
    assert path.stat().st_size * 10 < before
