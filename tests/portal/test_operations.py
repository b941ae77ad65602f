"""What a monitoring system sees, and what the log does not say."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from duban.logs import AsJson, AsText, logged
from office.feed import subscribe
from office.heartbeat import beat
from portal.doors import public
from portal.here import Portal
from portal.request_log import RequestLog
from portal.site import site
from storage.engine import open_engine
from tests.office.desk import SCHOOL, Desk
from tests.portal.conftest import NOON, Clock


@pytest.fixture
def local(portal: Portal) -> TestClient:
    """A program on the same machine."""
    portal.settings.data.mkdir(exist_ok=True)
    return TestClient(site(portal), client=("127.0.0.1", 40000))


def figures(text: str) -> dict[str, float]:
    """`duban_tasks{plan=fire,standing=overdue}` -> value."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_the_process_answers_whatever_the_database_does(local: TestClient, desk: Desk) -> None:
    desk.db.dispose()
    for path in ("/health", "/healthz"):
        assert local.get(path).text == "ok\n"


def test_without_a_database_the_figures_say_so_and_nothing_else(
    portal: Portal, tmp_path: Path
) -> None:
    """数据库停了：还活着、未就绪，数字只有一个：duban_database_up 0。"""
    nowhere = open_engine("postgresql+psycopg://nobody@127.0.0.1:9/none", tmp_path / "vault.key")
    dead = TestClient(site(replace(portal, db=nowhere)), client=("127.0.0.1", 5))
    assert dead.get("/healthz").status_code == 200
    answer = dead.get("/readyz")
    assert (answer.status_code, answer.json()["checks"][0]["name"]) == (503, "database")
    figures = dead.get("/metrics")
    assert figures.status_code == 200
    assert [line for line in figures.text.splitlines() if not line.startswith("#")] == [
        "duban_database_up 0.0"
    ]


def test_not_ready_until_the_rounds_run_and_then_ready(local: TestClient, desk: Desk) -> None:
    before = local.get("/readyz")
    assert before.status_code == 503
    wrong = {check["name"]: check for check in before.json()["checks"] if not check["ok"]}
    assert set(wrong) == {"reconcile", "mailroom"}
    assert wrong["mailroom"]["zh"] == "收发室从未运行。"
    for name in ("reconcile", "mailroom"):
        beat(desk.db, name, NOON)
    assert local.get("/readyz").json()["ready"] is True


def test_a_round_that_stops_makes_it_unready(local: TestClient, desk: Desk, clock: Clock) -> None:
    for name in ("reconcile", "mailroom"):
        beat(desk.db, name, NOON)
    clock.now = NOON + timedelta(minutes=31)
    answer = local.get("/readyz")
    assert answer.status_code == 503
    assert "31分钟没有运行，上限为30分钟" in answer.text


def test_the_figures_are_those_of_the_records(local: TestClient, desk: Desk, clock: Clock) -> None:
    beat(desk.db, "reconcile", NOON)
    clock.now = NOON + timedelta(minutes=10)
    found = figures(local.get("/metrics").text)
    assert found["duban_tasks{plan=fire,standing=on_track}"] == 2
    assert found["duban_tasks{plan=fire,standing=overdue}"] == 0
    assert found["duban_round_age_seconds{round=reconcile}"] == 600
    assert found["duban_evidence_bytes"] == 0
    desk.post("2026-11-30 12:00")
    assert figures(local.get("/metrics").text)["duban_letters{state=accepted}"] == 2


def test_the_figures_name_no_unit_and_no_person(local: TestClient, desk: Desk) -> None:
    desk.post("2026-11-30 12:00")
    told = local.get("/metrics").text
    for personal in ("nursing", "pharmacy", "学院", "@", "组长", "check"):
        assert personal in SCHOOL + "check"
        assert personal not in told


@pytest.mark.parametrize(
    ("metrics", "client", "headers", "status"),
    [
        ("local", "127.0.0.1", {}, 200),
        ("local", "::1", {}, 200),
        ("local", "10.0.0.7", {}, 404),
        ("local", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("local", "127.0.0.1", {"Forwarded": "for=10.0.0.7"}, 404),
        ("everybody", "10.0.0.7", {}, 200),
        ("nobody", "127.0.0.1", {}, 404),
    ],
)
def test_only_this_machine_reads_them_unless_it_is_set(
    portal: Portal, metrics: str, client: str, headers: dict[str, str], status: int
) -> None:
    chosen = replace(portal.settings.portal, metrics=metrics)  # type: ignore[arg-type]
    settings = replace(portal.settings, portal=chosen)
    asked = TestClient(site(replace(portal, settings=settings)), client=(client, 40000))
    assert asked.get("/metrics", headers=headers).status_code == status


# ---- the log (P34) ----


@pytest.fixture(params=[AsJson, AsText])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What stderr would show."""
    shown = io.StringIO()
    handler = logging.StreamHandler(shown)
    handler.setFormatter(request.param())
    loggers = [logging.getLogger(name) for name in ("duban", "uvicorn.error")]
    for one in loggers:
        one.addHandler(handler)
        one.setLevel(logging.INFO)
    yield shown
    for one in loggers:
        one.removeHandler(handler)


CANARY = "13800138000"
"""Stands wherever somebody could type something."""


def test_neither_a_token_nor_what_somebody_typed_is_ever_logged(
    log: io.StringIO, desk: Desk, program: httpx.Client
) -> None:
    path = subscribe(desk.db, None, "nursing", NOON)
    token = path.split("/")[2].removesuffix(".ics")
    said = {"X-Forwarded-For": CANARY, "User-Agent": CANARY, "Referer": f"https://{CANARY}.example"}
    assert program.get(path, headers=said).status_code == 200
    program.get(f"/calendar/{CANARY}.ics?phone={CANARY}", headers=said)
    program.get(f"/{CANARY}/{token}?{CANARY}", headers={"Authorization": f"Bearer {token}"})
    program.post(f"/{CANARY}", content=CANARY)
    program.request(f"X{CANARY}", "/")
    program.get("/static/" + CANARY)
    shown = log.getvalue()
    assert shown.count("/calendar/{token}.ics") >= 2
    assert token not in shown
    assert CANARY not in shown
    assert "127.0.0.1" not in shown


def test_a_fault_is_logged_with_its_place_and_without_its_words(log: io.StringIO) -> None:
    """As a constraint of the database would quote the row."""
    router = APIRouter()

    @router.get("/broken", dependencies=[Depends(public)])
    def broken() -> None:
        raise ValueError(CANARY)

    app = FastAPI()
    app.include_router(router)
    app.add_middleware(RequestLog)
    try:
        TestClient(app).get("/broken")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    shown = log.getvalue()
    assert "ValueError" in shown
    assert "raise ValueError(CANARY)" in shown
    assert "500" in shown
    assert CANARY not in shown


def test_what_failed_within_a_round_is_told_one_by_one_without_its_words(log: io.StringIO) -> None:
    def failing() -> None:
        try:
            int(CANARY + "x")
        except ValueError as error:
            raise KeyError(CANARY) from error

    try:
        failing()
    except KeyError as one:
        group = ExceptionGroup(CANARY, [one, OSError(CANARY)])
        logging.getLogger("duban.flows").error("a round has failures", exc_info=group)
    shown = log.getvalue()
    for kind in ("ValueError", "KeyError", "ExceptionGroup", "OSError", "raise KeyError(CANARY)"):
        assert kind in shown
    assert CANARY not in shown


def test_nothing_in_a_line_can_pass_for_another_line(log: io.StringIO) -> None:
    logging.getLogger("duban.up").error("%s", "a file\n2026-11-30 INFO duban.up: all is well\r")
    assert len(log.getvalue().splitlines()) == 1


def test_duban_log_is_the_administrator_s_alone_and_says_no_words_either(tmp_path: Path) -> None:
    file = tmp_path / "duban.log"
    with logged("text", file):
        try:
            raise ValueError(CANARY)
        except ValueError:
            logging.getLogger("duban.flows").exception("an act failed")
    shown = file.read_text()
    assert "an act failed" in shown
    assert "ValueError" in shown
    assert "+00:00 ERROR" in shown
    assert CANARY not in shown
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_of_json_says_what_a_request_was(log: io.StringIO, client: TestClient) -> None:
    client.get("/healthz")
    [line] = [one for one in log.getvalue().splitlines() if "/healthz" in one]
    if line.startswith("{"):
        said = json.loads(line)
        assert (said["method"], said["route"], said["status"]) == ("GET", "/healthz", 200)
        assert said["level"] == "info"
    else:
        assert "GET /healthz 200" in line
