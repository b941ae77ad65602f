"""The address of a unit's calendar as the office gets it, and the door that `duban up` opens."""

import json
import socket
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from duban.commands.serving import portal_served
from duban.desk import desk
from tests.duban.test_commands import BEGAN, Run, run

__all__ = ["run"]


@pytest.fixture
def school(run: Run) -> Run:
    """The worked plan in force since the first of September."""
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    return run


def test_with_a_public_address_it_is_told_whole(school: Run, tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_text('[portal]\nurl = "https://duban.school.example/"\n')
    webcal, web = school("feed", "护理学院")[1].split()
    assert webcal.startswith("webcal://duban.school.example/calendar/")
    assert web == webcal.replace("webcal:", "https:")
    told = json.loads(school("feed", "护理学院", "--new", "--json")[1])["feed"]
    assert told["web"] == "https://duban.school.example" + told["path"]
    assert told["web"] != web


def test_without_one_it_is_a_path(school: Run, tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_text('[portal]\nlisten = ""\n')
    assert school("feed", "护理学院")[1].startswith("/calendar/")


@pytest.mark.parametrize(
    "line",
    ['listen = "8080"', 'listen = "127.0.0.1:99999"', 'url = "duban.school.example"'],
)
def test_an_address_that_cannot_be_one_is_refused(run: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "duban.toml").write_text(f"[portal]\n{line}\n")
    code, _, err = run("tasks")
    assert code == 3
    assert f"portal.{line.split()[0]}" in err


def test_the_calendar_is_served_beside_everything_else_and_no_longer(
    school: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "duban.toml").write_text(f'[portal]\nlisten = "127.0.0.1:{port}"\n')
    path = "/calendar/" + school("feed", "护理学院")[1].strip().rpartition("/")[2]
    with desk(tmp_path) as at:
        with portal_served(at):
            assert f"http://127.0.0.1:{port}" in capsys.readouterr().out
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.read().startswith(b"BEGIN:VCALENDAR")
        with closing(socket.socket()) as knock:
            assert knock.connect_ex(("127.0.0.1", port)) != 0


def test_where_the_port_is_taken_it_says_so_and_the_rest_goes_on(
    school: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "duban.toml").write_text(f'[portal]\nlisten = "127.0.0.1:{port}"\n')
        with desk(tmp_path) as at, portal_served(at):
            told = capsys.readouterr()
    assert str(port) in told.err
    assert "portal.listen" in told.err
    assert told.out == ""
