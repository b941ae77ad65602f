"""At the door: the mailed link, the code, the short code of a letter, and going out again."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from office import links
from portal.doors import COOKIE
from portal.here import Portal
from storage import outbox
from storage.engine import reading
from tests.office.desk import Desk
from tests.portal.conftest import Clock
from tests.portal.signed import NURSING, OFFICE, csrf_in, link_to, sign_in


def letter(desk: Desk, to: str) -> str:
    """The text of the newest letter to a mailbox."""
    import email
    import email.policy

    with reading(desk.db) as connection:
        found = next(one for one in outbox.listed(connection) if one.recipient == to)
        raw = outbox.body_of(connection, found.id)
    part = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def code_in(text: str) -> str:
    found = re.search(r"验证码：([0-9A-Z]{4}-[0-9A-Z]{4})", text)
    assert found
    return found[1]


class TestByMail:
    def test_a_code_from_the_letter_signs_in(self, client: TestClient, desk: Desk) -> None:
        sent = client.post("/sign-in", data={"address": OFFICE, "back": "/account"})
        assert sent.status_code == 200
        code = code_in(letter(desk, OFFICE))
        into = client.post(
            "/sign-in/code", data={"address": OFFICE, "code": code, "back": "/account"}
        )
        assert (into.status_code, into.headers["Location"]) == (303, "/account")
        cookie = into.headers["Set-Cookie"]
        assert cookie.startswith(f"{COOKIE}=")
        for mark in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert mark in cookie
        assert "Domain" not in cookie
        assert "办公室联络员" in client.get("/account").text

    def test_every_address_gets_the_same_answer(self, client: TestClient, desk: Desk) -> None:
        known = client.post("/sign-in", data={"address": OFFICE})
        unknown = client.post("/sign-in", data={"address": "nobody@school.example"})
        assert known.text.replace(OFFICE, "…") == unknown.text.replace("nobody@school.example", "…")
        with reading(desk.db) as connection:
            assert {one.recipient for one in outbox.listed(connection)} == {OFFICE}

    def test_following_the_mailed_link_uses_nothing_up_and_signs_nobody_in(
        self, client: TestClient, portal: Portal
    ) -> None:
        from office import sessions
        from storage.engine import writing

        with writing(portal.db) as connection:
            way = sessions.offer(connection, OFFICE, portal.clock())
        address = f"/sign-in/{way.token}"
        for _ in range(3):
            shown = client.get(address)
            assert "<button>登录</button>" in shown.text
            assert "Set-Cookie" not in shown.headers
        into = client.post(address)
        assert (into.status_code, into.headers["Location"]) == (303, "/desk")
        assert client.get(address).status_code == 404
        client.cookies.clear()
        assert client.post(address).status_code == 409

    def test_signing_in_again_makes_another_session_and_ends_the_first(
        self, client: TestClient, portal: Portal
    ) -> None:
        sign_in(client, portal)
        before = client.cookies[COOKIE]
        from office import sessions
        from storage.engine import writing

        with writing(portal.db) as connection:
            way = sessions.offer(connection, OFFICE, portal.clock())
        into = client.post(f"/sign-in/{way.token}")
        assert before not in into.headers["Set-Cookie"]
        client.cookies.clear()
        client.cookies.set(COOKIE, before)
        assert client.get("/account").status_code == 303

    def test_back_leads_to_pages_of_ours_only(self, client: TestClient, portal: Portal) -> None:
        sign_in(client, portal)
        for back in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"):
            assert client.get("/sign-in", params={"back": back}).headers["Location"] == "/desk"
        assert client.get("/sign-in", params={"back": "/account"}).headers["Location"] == "/account"

    def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(self, client: TestClient) -> None:
        answer = client.get("/account")
        assert (answer.status_code, answer.headers["Location"]) == (
            303, "/sign-in?back=%2Faccount",
        )  # fmt: skip
        assert client.post("/account/end", data={"session": "x"}).status_code == 401
        htmx = client.get("/account", headers={"HX-Request": "true"})
        assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (401, "/sign-in?back=%2Faccount")


class TestSession:
    def test_an_hour_without_a_page_ends_it(
        self, client: TestClient, portal: Portal, clock: Clock
    ) -> None:
        sign_in(client, portal)
        assert client.get("/account").status_code == 200
        clock.now += timedelta(minutes=60)
        assert client.get("/account").status_code == 303

    def test_signing_out_ends_it_and_clears_the_cookie(
        self, client: TestClient, portal: Portal
    ) -> None:
        csrf = sign_in(client, portal)
        secret = client.cookies[COOKIE]
        out = client.post("/sign-out", data={"csrf": csrf})
        assert out.status_code == 303
        assert f'{COOKIE}=""' in out.headers["Set-Cookie"]
        client.cookies.set(COOKIE, secret)
        assert client.get("/account").status_code == 303

    def test_a_member_sees_and_ends_their_other_sessions(
        self, client: TestClient, portal: Portal
    ) -> None:
        sign_in(client, portal)
        other = client.cookies[COOKIE]
        csrf = sign_in(client, portal)
        shown = client.get("/account").text
        assert csrf_in(shown) == csrf
        (session,) = re.findall(r'name="session" value="(\w+)"', shown)
        client.post("/account/end", data={"csrf": csrf, "session": session})
        mine = client.cookies[COOKIE]
        client.cookies.set(COOKIE, other)
        assert client.get("/account").status_code == 303
        client.cookies.set(COOKIE, mine)
        assert client.get("/account").status_code == 200

    def test_a_form_without_its_own_session_s_mark_does_nothing(
        self, client: TestClient, portal: Portal
    ) -> None:
        other = sign_in(client, portal, NURSING)
        csrf = sign_in(client, portal)
        for wrong in ({}, {"csrf": ""}, {"csrf": other}, {"csrf": csrf[:-1]}):
            assert client.post("/sign-out", data=wrong).status_code == 403
        assert client.post("/sign-out", headers={"X-CSRF": csrf}).status_code == 303

    def test_a_unit_s_post_opens_its_unit_s_page(self, client: TestClient, portal: Portal) -> None:
        csrf = sign_in(client, portal, NURSING)
        to = client.post("/account/unit", data={"csrf": csrf}).headers["Location"]
        link = links.open_link(portal.db, to.removeprefix("/l/"), portal.clock())
        assert (link.unit, link.task, link.may_act) == ("nursing", None, True)


class TestByLink:
    def test_the_short_code_leads_to_what_its_letter_s_link_opens(
        self, client: TestClient, portal: Portal
    ) -> None:
        from responsibilities.plan import Role
        from storage import links as stored
        from storage.engine import writing

        made = links.make(
            "fire", "nursing", None, NURSING, Role.CONTACT, "护理学院联络员", acts=True,
            now=portal.clock(), until=portal.clock() + timedelta(days=9),
        )  # fmt: skip
        with writing(portal.db) as connection:
            stored.add(connection, [(made.new, None)])
        wrong = client.post("/code", data={"code": "AAAA AAAA"})
        assert wrong.status_code == 409
        assert "短码不对" in wrong.text
        right = client.post("/code", data={"code": made.code})
        assert right.status_code == 303
        assert right.headers["Location"].startswith("/l/")

    def test_the_bearer_stops_the_links(self, client: TestClient, portal: Portal) -> None:
        token = link_to(portal)
        assert NURSING in client.get(f"/l/{token}/links").text
        assert "1" in client.post(f"/l/{token}/links").text
        gone = client.get(f"/l/{token}/links")
        assert gone.status_code == 404
        assert "短码" in gone.text

    def test_a_link_that_opens_nothing_always_reads_the_same(
        self, client: TestClient, portal: Portal, clock: Clock
    ) -> None:
        token = link_to(portal)
        unknown = client.get(f"/l/{'x' * 43}/links")
        clock.now += timedelta(days=181)
        expired = client.get(f"/l/{token}/links")
        assert unknown.status_code == expired.status_code == 404
        assert unknown.text.replace("x" * 43, "…") == expired.text.replace(token, "…")

    def test_what_was_typed_into_an_expired_page_is_there_to_be_copied(
        self, client: TestClient
    ) -> None:
        typed = {"note": "已检查 <3> 间宿舍", "csrf": "secret"}
        shown = client.post(f"/l/{'x' * 43}/links", data=typed)
        assert "已检查 &lt;3&gt; 间宿舍" in shown.text
        assert "secret" not in shown.text

    def test_another_link_is_asked_for_with_a_button_and_the_answer_tells_nothing(
        self, client: TestClient, portal: Portal, desk: Desk
    ) -> None:
        token = link_to(portal)
        known = client.post(f"/l/{token}/fresh")
        unknown = client.post(f"/l/{'x' * 43}/fresh")
        assert known.text.replace(token, "x" * 43) == unknown.text
        assert [n.kind for n in desk.waiting() if n.kind == links.FRESH] == ["link"]


@pytest.mark.parametrize("path", ["/sign-in", "/code", "/sign-in/x", "/l/x/links"])
def test_every_page_is_complete_in_english(client: TestClient, path: str) -> None:
    shown = client.get(path, params={"lang": "en"}).text
    body = shown.partition("<main")[2].partition("</main>")[0]
    assert not re.search("[\u4e00-\u9fff]", body)
