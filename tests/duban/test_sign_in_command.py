"""The first way into the portal: told in the terminal, so that no mail need arrive."""

import json
import socket
from contextlib import closing
from pathlib import Path

import pytest

from duban.commands.serving import portal_served
from duban.desk import desk
from office import members, sessions
from tests.duban.test_commands import BEGAN, Run, run
from tests.office.desk import at as wall

__all__ = ["run"]

NOW = wall("2026-09-01 08:00")
PUBLIC = '[portal]\nurl = "https://duban.school.example/"\n'


@pytest.fixture
def school(run: Run, tmp_path: Path) -> Run:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    (tmp_path / "duban.toml").write_text(PUBLIC)
    return run


def test_it_is_for_the_office_and_works_once(school: Run, tmp_path: Path) -> None:
    told = json.loads(school("sign-in", "--json", "--now", BEGAN)[1])["sign_in"]
    home, _, token = told["link"].rpartition("/")
    assert home == "https://duban.school.example/sign-in"
    with desk(tmp_path) as at:
        assert sessions.sign_in(at.db, NOW, "", token=token)
        assert not sessions.is_offered(at.db, token, NOW)


def test_a_stranger_gets_none(school: Run) -> None:
    code, _, err = school("sign-in", "nobody@elsewhere.example", "--now", BEGAN)
    assert code == 1
    assert "不在工作方案和授权名单" in err


def test_an_administrator_is_let_in_for_a_year_on_the_record(school: Run, tmp_path: Path) -> None:
    assert school("sign-in", "root@school.example", "--admin", "--now", BEGAN)[0] == 0
    with desk(tmp_path) as at:
        (granted,) = members.grants_in(at.db, "anti-fraud")
    assert (granted.address, granted.role, granted.granted_by) == (
        "root@school.example", "admin", "终端",
    )  # fmt: skip
    assert (granted.until - granted.since).days == 365


def test_who_is_an_administrator_already_is_not_granted_it_again(
    school: Run, tmp_path: Path
) -> None:
    """As `duban up` does at every start, until somebody has signed in."""
    for _ in range(3):
        assert school("sign-in", "root@school.example", "--admin", "--now", BEGAN)[0] == 0
    with desk(tmp_path) as at:
        assert len(members.grants_in(at.db, "anti-fraud")) == 1


def test_without_a_portal_there_is_nothing_to_sign_in_to(school: Run, tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_text('[portal]\nlisten = ""\n')
    code, _, err = school("sign-in", "--now", BEGAN)
    assert code == 1
    assert "portal.listen" in err


def test_the_first_start_shows_the_way_in_until_somebody_has_signed_in(
    school: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "duban.toml").write_text(f'[portal]\nlisten = "127.0.0.1:{port}"\n')
    with desk(tmp_path) as at:
        with portal_served(at):
            told = capsys.readouterr().out
        assert f"http://localhost:{port}/sign-in/" in told
        token = told.rpartition("/sign-in/")[2].split()[0]
        from datetime import UTC, datetime

        assert sessions.sign_in(at.db, datetime.now(UTC), "", token=token)
        with portal_served(at):
            assert "/sign-in/" not in capsys.readouterr().out
