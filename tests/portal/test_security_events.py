"""Whoever tries to come in and may not is seen: in the log, on the desk, by `duban doctor`."""

import logging
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from office import desk_view
from office.sign_in_failures import failures
from portal.here import Portal
from portal.site import site
from storage.engine import reading
from tests.office.desk import Desk
from tests.portal.conftest import NOON, Clock
from tests.portal.signed import NURSING, OFFICE, sign_in

SOURCE = "203.0.113.77"


@pytest.fixture
def stranger(portal: Portal) -> TestClient:
    return TestClient(site(portal), base_url="https://duban.example", follow_redirects=False,
                      client=(SOURCE, 40000))  # fmt: skip


@pytest.fixture
def seen(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="duban")
    return caplog


def events(seen: pytest.LogCaptureFixture) -> list[str]:
    return [r.request["event"] for r in seen.records if r.name == "duban.security"]  # type: ignore[attr-defined]


def test_every_way_of_failing_to_come_in_is_an_event(
    stranger: TestClient, seen: pytest.LogCaptureFixture
) -> None:
    stranger.post("/sign-in/code", data={"address": OFFICE, "code": "AAAA-AAAA"})
    stranger.post("/sign-in/nothing-of-the-kind")
    stranger.post("/code", data={"code": "AAAA-AAAA"})
    stranger.get("/l/nothing-of-the-kind")
    stranger.get("/desk")
    stranger.get("/api/v1/tasks", headers={"Authorization": "Bearer nothing-of-the-kind"})
    stranger.post("/sign-in", data={"address": OFFICE}, headers={"Origin": "https://evil.example"})
    assert events(seen) == [
        "failed_code", "failed_link", "failed_short_code", "unknown_link", "not_signed_in",
        "unknown_token", "from_another_site",
    ]  # fmt: skip


def test_what_a_member_may_not_do_is_an_event(
    stranger: TestClient, portal: Portal, seen: pytest.LogCaptureFixture
) -> None:
    csrf = sign_in(stranger, portal, NURSING)
    stranger.get("/desk")
    stranger.post("/account/unit", data={"csrf": "another"})
    stranger.post("/sign-out", data={"csrf": csrf})
    assert events(seen) == ["not_allowed", "form_of_no_session", "signed_out"]


def test_an_event_tells_sources_apart_and_names_nobody(
    stranger: TestClient, portal: Portal, seen: pytest.LogCaptureFixture
) -> None:
    other = TestClient(site(portal), client=("198.51.100.9", 40000))
    for browser in (stranger, stranger, other):
        browser.post("/sign-in/code", data={"address": OFFICE, "code": "AAAA-AAAA"})
    told = [r.request["source"] for r in seen.records if r.name == "duban.security"]  # type: ignore[attr-defined]
    assert told[0] == told[1] != told[2]
    for secret in (SOURCE, "198.51.100.9", OFFICE, "AAAA"):
        assert secret not in seen.text


def test_only_our_own_proxy_says_where_a_request_comes_from(
    portal: Portal, seen: pytest.LogCaptureFixture
) -> None:
    """Nobody gets new tries by naming another source."""
    for client, said in ((SOURCE, "192.0.2.1"), (SOURCE, "192.0.2.2"), ("127.0.0.1", SOURCE)):
        browser = TestClient(site(portal), client=(client, 40000))
        browser.post("/code", data={"code": "x"}, headers={"X-Forwarded-For": f"6.6.6.6, {said}"})
    told = {r.request["source"] for r in seen.records if r.name == "duban.security"}  # type: ignore[attr-defined]
    assert len(told) == 1


def test_too_many_tries_are_an_event_of_their_own(
    stranger: TestClient, seen: pytest.LogCaptureFixture
) -> None:
    for _ in range(6):
        stranger.post("/sign-in/code", data={"address": OFFICE, "code": "AAAA-AAAA"})
    assert events(seen) == ["failed_code"] * 5 + ["too_many_tries"]


def test_the_desk_shows_how_many_failed_and_forgets_after_a_day(
    stranger: TestClient, desk: Desk, clock: Clock
) -> None:
    def signs() -> list[tuple[str, bool]]:
        view = desk_view.desk_view(desk.db, "fire", clock.now)
        return [(one.said.zh, one.good) for one in view.health if one.name.zh == "登录"]

    assert signs() == []
    stranger.post("/code", data={"code": "AAAA-AAAA"})
    assert signs() == [("近一日失败1次", True)]
    for _ in range(19):
        stranger.post("/sign-in/nothing-of-the-kind")
    assert signs() == [("近一日失败20次", False)]
    with reading(desk.db) as connection:
        assert failures(connection, NOON) == {"short_code": 1, "link": 19}
    clock.now += timedelta(days=1)
    assert signs() == []
