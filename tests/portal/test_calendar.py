"""A calendar program at the door: it gets its unit's calendar, and nobody learns anything else."""

import logging
import random
import socket
from string import ascii_letters, digits

import httpx
import icalendar
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from office import review
from office.feed import subscribe
from portal.serving import serving
from responsibilities.words import Refused
from storage.engine import reading
from storage.tables import metadata
from tests.office.desk import Desk, at
from tests.portal.conftest import NOON


def everything(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with reading(desk.db) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def path(desk: Desk) -> str:
    return subscribe(desk.db, None, "nursing", NOON)


def test_the_unit_s_calendar_comes_as_one(program: httpx.Client, path: str) -> None:
    answer = program.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert "开展宿舍消防检查" in str(event["SUMMARY"])
    head = program.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == answer.headers["ETag"]


def test_what_the_program_has_is_not_sent_again_until_something_changes(
    program: httpx.Client, desk: Desk, path: str
) -> None:
    etag = program.get(path).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = program.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"] == "private, max-age=900"
    assert program.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    until = at("2026-12-08 17:00")
    review.extend(desk.db, "fire/2026-W49/check/nursing", until, by="办公室", now=NOON)
    changed = program.get(path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def mutations(token: str, count: int) -> list[str]:
    """Tokens near to the right one: a letter changed, left out, put in, in the other case."""
    chance = random.Random(20261130)
    found = [token.swapcase(), token.lower(), token[::-1], token + "=", token + "%00", "%FF", "."]
    while len(found) < count:
        place, letter = chance.randrange(len(token)), chance.choice(ascii_letters + digits + "-_")
        other = token[:place] + chance.choice(["", letter, letter + token[place]])
        other += token[place + 1 :]
        if other != token:
            found.append(other)
    return found


def test_a_thousand_tokens_that_are_nearly_right_get_one_and_the_same_404(
    program: httpx.Client, path: str
) -> None:
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    asked = [f"/calendar/{one}.ics" for one in mutations(token, 1000)]
    answers = {
        (answer.status_code, answer.content, tuple(sorted(set(answer.headers) - {"date"})))
        for answer in map(program.get, asked)
    }
    assert len(answers) == 1
    assert answers.pop()[:2] == (404, b"not found\n")
    assert program.get(path).status_code == 200


def test_a_replaced_address_is_void_at_once(program: httpx.Client, desk: Desk, path: str) -> None:
    other = subscribe(desk.db, None, "nursing", NOON, new=True)
    assert program.get(path).status_code == 404
    assert program.get(other).status_code == 200


def test_asking_changes_nothing_and_nothing_else_than_asking_is_possible(
    program: httpx.Client, desk: Desk, path: str
) -> None:
    before = everything(desk)
    assert before["facts"]
    for address in (path, "/calendar/unknown.ics", "/health"):
        program.get(address)
        program.head(address)
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
            assert program.request(method, address).status_code == 405
    assert everything(desk) == before


def test_every_answer_keeps_the_address_to_itself(program: httpx.Client, path: str) -> None:
    for address in (path, "/calendar/unknown.ics", "/health"):
        answer = program.get(address)
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"].startswith(("private", "no-store"))
        assert "Server" not in answer.headers


def test_the_health_page_says_that_it_is_there_and_nothing_more(program: httpx.Client) -> None:
    answer = program.get("/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_address_is_in_no_log(
    program: httpx.Client,
    path: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the asking side's own
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    caplog.set_level(logging.DEBUG)
    program.get(path)
    program.get(path.replace(".ics", "x.ics"))
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in caplog.text + "".join(capfd.readouterr())


def test_the_door_closes_behind_it_and_can_be_opened_again() -> None:
    with serving(FastAPI(), "127.0.0.1", 0) as port:
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 404
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()
    with serving(FastAPI(), "127.0.0.1", port) as again:
        assert again == port


def test_a_taken_port_is_refused_with_the_setting_to_look_at() -> None:
    with (
        serving(FastAPI(), "127.0.0.1", 0) as port,
        pytest.raises(Refused, match=rf"端口 {port} .*portal\.listen"),
        serving(FastAPI(), "127.0.0.1", port),
    ):
        pass
