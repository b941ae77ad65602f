"""Every route of the portal against everybody who must not come in, and against who may.

The routes are those of the application itself: whatever page comes later is asked the same
questions, and a page at an address that is not in `ALLOWED` fails.
"""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from string import ascii_letters, digits

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import select

from office import members
from office.api_tokens import issue
from portal.api.application import PREFIX, api
from portal.doors import COOKIE, doors_of
from portal.guard import SAFE
from portal.here import Portal
from portal.site import site
from storage.engine import reading
from storage.tables import metadata
from tests.office.desk import Desk
from tests.portal.signed import LEADER, NURSING, OFFICE, link_to, sign_in

TEAM = "team@province.example"
ADMIN = "root@school.example"
WHO = {
    "office": OFFICE, "leader": LEADER, "unit": NURSING, "inspector": TEAM, "admin": ADMIN,
}  # fmt: skip
EVERYBODY = frozenset(WHO)

PUBLIC = {
    "/", "/health", "/language", "/calendar/{token}.ics", "/code", "/l/{token}/fresh", "/sign-in",
    "/sign-in/code", "/sign-in/{token}", "/healthz", "/readyz", "/metrics",
    "/schemas/plan-1.schema.json", "/evidence/{ticket}", "/sign-in/by/{system}",
    "/sign-in/by/{system}/back", "/checkpoint",
}  # fmt: skip
"""Addresses for anybody: a new one is a decision, written down here."""
ALLOWED: dict[str, frozenset[str]] = {
    "/account": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/desk": frozenset({"office", "leader", "admin"}),
    "/inspections": frozenset({"office", "inspector"}),
    "/reading": frozenset({"office", "leader", "inspector", "admin"}),
}
"""Who may at most come in below an address; a route may ask for fewer."""


def routes(portal: Portal) -> list[APIRoute]:
    return [one for one in site(portal).routes if isinstance(one, APIRoute)]


def methods(route: APIRoute) -> set[str]:
    return set(route.methods or ())


def door_of(route: APIRoute) -> str:
    return next(doors_of(route.dependant))


def roles_of(route: APIRoute) -> frozenset[str]:
    """Whom the member's door of a route lets in."""
    asked = next(d.call for d in route.dependant.dependencies if _is_door(d.call))
    return frozenset(getattr(asked, "roles", ())) or EVERYBODY


def _is_door(call: object) -> bool:
    return getattr(call, "door", "") == "member"


def filled(route: APIRoute, *, token: str = "x" * 43, number: int = 1) -> str:
    path = route.path.replace("{token}", token).replace("{number}", str(number))
    return re.sub(r"{[^}]*}", "1", path)


def digest(portal: Portal, *but: str) -> str:
    """Of every row of every table but these; that somebody read what is sensitive is a fact."""
    seen = sha256()
    with reading(portal.db) as connection:
        for table in metadata.sorted_tables:
            if table.name in but:
                continue
            for row in connection.execute(select(table)).mappings():
                if not (row.get("kind") == "read" or "/read/" in str(row.get("case_"))):
                    seen.update(repr((table.name, tuple(row.values()))).encode())
    return seen.hexdigest()


def asking(client: TestClient, route: APIRoute, path: str) -> Iterator[int]:
    """The status of every method but POST and its kind."""
    for method in sorted(SAFE):
        yield client.request(method, path).status_code


@pytest.fixture
def everybody(portal: Portal) -> dict[str, tuple[TestClient, str]]:
    """By role: a browser that is signed in, and what its forms carry. An inspector of nursing."""
    now = portal.clock()
    portal.settings.data.mkdir(exist_ok=True)  # as every installation has it
    for address, role, units in ((TEAM, "inspector", ("nursing",)), (ADMIN, "admin", ())):
        members.grant(
            portal.db, "fire", address, role, name="", since=now, until=now + timedelta(days=7),
            by="办公室", now=now, units=units,
        )  # fmt: skip
    app = site(portal)
    found = {}
    for role, address in WHO.items():
        client = TestClient(app, base_url="https://duban.example", follow_redirects=False)
        found[role] = (client, sign_in(client, portal, address))
    return found


def test_every_route_has_its_place_in_the_table(portal: Portal) -> None:
    for route in routes(portal):
        door = door_of(route)
        if door == "member":
            allowed = [who for prefix, who in ALLOWED.items() if route.path.startswith(prefix)]
            assert allowed, route.path
            assert roles_of(route) <= max(allowed, key=len), route.path
        elif door in ("bearer", "holder"):
            assert route.path.startswith("/l/{token}"), route.path
        elif door == "api":
            assert route.path.startswith("/api/"), route.path
        else:
            assert route.path in PUBLIC, route.path


def test_looking_changes_nothing_whoever_looks(
    portal: Portal, client: TestClient, desk: Desk,
    everybody: dict[str, tuple[TestClient, str]],
) -> None:  # fmt: skip
    token = link_to(portal)
    number = desk.task("fire/2026-W49/check/nursing").id
    before = digest(portal)
    browsers = [client, *(one for one, _ in everybody.values())]
    asked = 0
    for route in routes(portal):
        path = filled(route, token=token, number=number)
        for browser in browsers:
            statuses = list(asking(browser, route, path))
            assert 500 not in statuses, path  # /readyz says 503 while no mailroom runs
            asked += len(statuses)
        assert digest(portal) == before, route.path
    assert asked >= 100


def test_no_form_is_taken_without_its_key_from_another_session_or_another_site(
    portal: Portal, client: TestClient, desk: Desk,
    everybody: dict[str, tuple[TestClient, str]],
) -> None:  # fmt: skip
    number = desk.task("fire/2026-W49/check/nursing").id
    token = link_to(portal)
    before = digest(portal)
    tried = 0
    for route in routes(portal):
        for method in sorted(methods(route) - SAFE):
            path = filled(route, token=token, number=number)
            for browser, csrf, headers, wanted in _intruders(client, everybody, door_of(route)):
                answer = browser.request(method, path, data={"csrf": csrf}, headers=headers)
                assert answer.status_code in wanted, (method, path, headers, answer.status_code)
                tried += 1
        assert digest(portal) == before, route.path
    assert tried >= 20


def _intruders(
    client: TestClient, everybody: dict[str, tuple[TestClient, str]], door: str
) -> Iterator[tuple[TestClient, str, dict[str, str], set[int]]]:
    elsewhere = (
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"}, {"Origin": "null"},
    )  # fmt: skip
    for role, (browser, csrf) in everybody.items():
        for headers in elsewhere:
            yield browser, csrf, headers, {403}
        if door == "member":
            other = next(key for name, (_, key) in everybody.items() if name != role)
            for wrong in ("", other, csrf[::-1]):
                yield browser, wrong, {}, {403}
    for headers in elsewhere:
        yield client, "", headers, {403}
    if door == "member":
        yield client, "", {}, {401}


OPEN = {"/sign-in", "/language"}
"""Forms for anybody that change nobody's session; another site's are refused all the same."""

TELLS_NOTHING = "/l/{token}/fresh"
"""Answers every token alike, and does nothing for one that is unknown."""


def test_what_needs_no_session_needs_a_secret_of_its_own(
    portal: Portal, client: TestClient, desk: Desk,
    everybody: dict[str, tuple[TestClient, str]],
) -> None:  # fmt: skip
    """P20 for links, codes and one-time ways in: none at all, another's, another site."""
    number = desk.task("fire/2026-W49/check/nursing").id
    other = link_to(portal, "pharmacy")
    forms: tuple[dict[str, str], ...] = ({}, {"code": "AAAA-AAAA", "address": OFFICE, "state": "x"})
    before, tried = digest(portal, "throttles"), 0
    for route in routes(portal):
        door = door_of(route)
        if door == "member" or not methods(route) - SAFE or route.path in OPEN:
            continue
        refused = {200} if route.path == TELLS_NOTHING else {404, 409, 422}
        paths = [filled(route, number=number)]
        if "{number}" in route.path:
            paths.append(filled(route, token=other, number=number))
        for path in paths:
            for browser in (client, everybody["office"][0]):
                for form in forms:
                    answer = browser.post(path, data=form)
                    assert answer.status_code in refused, (path, answer.status_code)
                    assert "Set-Cookie" not in answer.headers, path
                    tried += 1
        assert digest(portal, "throttles") == before, route.path
    assert tried >= 20


def test_a_program_s_request_needs_its_token_whatever_cookie_comes_along(
    portal: Portal, client: TestClient, desk: Desk,
    everybody: dict[str, tuple[TestClient, str]],
) -> None:  # fmt: skip
    number = desk.task("fire/2026-W49/check/nursing").id
    now, browser = portal.clock(), everybody["office"][0]
    other = issue(portal.db, "药学院", "office", 30, now, "管理员", unit="pharmacy")
    before, tried = digest(portal, "api_tokens"), 0  # when a token was last used is noted there
    acting = [one for one in api(portal).routes if isinstance(one, APIRoute)]
    for route in acting:
        for method in sorted(methods(route) - SAFE):
            path = PREFIX + filled(route, number=number)
            for headers, wanted in (
                ({}, {401}), ({"Authorization": "Bearer x"}, {401}),
                ({"Authorization": f"Bearer {other}", "Origin": "https://evil.example"}, {403}),
                ({"Authorization": f"Bearer {other}"}, {403, 404, 422}),
            ):  # fmt: skip
                answer = browser.request(method, path, headers=headers, json={})
                assert answer.status_code in wanted, (method, path, headers, answer.status_code)
                tried += 1
        assert digest(portal, "api_tokens") == before, route.path
    assert tried >= 20


def test_each_role_gets_in_where_it_belongs_and_nowhere_else(
    portal: Portal, client: TestClient, desk: Desk,
    everybody: dict[str, tuple[TestClient, str]],
) -> None:  # fmt: skip
    number = desk.task("fire/2026-W49/check/nursing").id
    for route in routes(portal):
        if door_of(route) != "member":
            continue
        path = filled(route, number=number)
        method = "GET" if "GET" in methods(route) else sorted(methods(route))[0]
        assert client.request(method, path).status_code in (303, 401), path
        for role, (browser, csrf) in everybody.items():
            mine = everybody_s_roles(role) & roles_of(route)
            if mine and method != "GET":
                continue  # it would act: that is its own page's test
            status = browser.request(method, path, headers={"X-CSRF": csrf}).status_code
            assert (status == 403) is not bool(mine) or status in (404, 409, 422), (role, path)


def everybody_s_roles(role: str) -> frozenset[str]:
    """The office's contact holds a post of a unit as well."""
    return frozenset({"office", "unit"}) if role == "office" else frozenset({role})


def test_a_link_opens_no_other_task_and_no_other_unit_s(
    portal: Portal, client: TestClient, desk: Desk
) -> None:
    own = desk.task("fire/2026-W49/check/nursing").id
    other = desk.task("fire/2026-W49/check/pharmacy").id
    links = {
        "one task": (link_to(portal, task=own), (other, 999, 0)),
        "a unit": (link_to(portal), (other, 999)),
        "another unit": (link_to(portal, "pharmacy"), (own,)),
    }
    before = digest(portal)
    for route in routes(portal):
        if "{number}" not in route.path or door_of(route) not in ("bearer", "holder"):
            continue
        for token, numbers in links.values():
            for number in numbers:
                for method in sorted(methods(route)):
                    path = filled(route, token=token, number=number)
                    assert client.request(method, path).status_code == 404, path
    assert digest(portal) == before


def test_an_inspector_of_one_unit_sees_nothing_of_another(
    portal: Portal, desk: Desk, everybody: dict[str, tuple[TestClient, str]]
) -> None:
    browser, _ = everybody["inspector"]
    other = desk.task("fire/2026-W49/check/pharmacy").id
    for route in routes(portal):
        if door_of(route) != "member" or "inspector" not in roles_of(route):
            continue
        if "GET" in methods(route):
            answer = browser.get(filled(route, number=other))
            assert "{number}" not in route.path or answer.status_code in (403, 404), route.path
            assert "pharmacy@school.example" not in answer.text, route.path


def test_tokens_that_are_nearly_right_or_over_open_nothing(
    portal: Portal, client: TestClient, desk: Desk, full: bool
) -> None:
    """P19: each token below is asked of a page that its true neighbour opens."""
    token = link_to(portal)
    assert client.get(f"/l/{token}/links").status_code == 200
    chance = random.Random(20261130)
    accepted = 0
    for _ in range(10_000 if full else 200):
        place, letter = chance.randrange(43), chance.choice(ascii_letters + digits + "-_")
        other = token[:place] + chance.choice([letter, "", letter + letter]) + token[place + 1 :]
        if other != token:
            accepted += client.get(f"/l/{other}/links").status_code != 404
    assert accepted == 0


def test_a_cookie_that_somebody_plants_is_never_taken_up(
    portal: Portal, client: TestClient
) -> None:
    """No fixation: signing in always makes a session that nobody knew before."""
    client.cookies.set(COOKIE, "planted-by-somebody-else")
    sign_in(client, portal)
    assert client.cookies[COOKIE] != "planted-by-somebody-else"
    client.cookies.set(COOKIE, "planted-by-somebody-else")
    assert client.get("/account").status_code == 303
