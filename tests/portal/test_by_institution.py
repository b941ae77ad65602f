"""Signing in by the institution: an OpenID provider and a CAS, both real on loopback."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey

from office.settings import Cas as CasSettings
from office.settings import Oidc
from portal.doors import COOKIE
from portal.here import Portal
from portal.site import site
from tests.portal.providers import CLIENT, SECRET, Cas, Provider, served
from tests.portal.signed import OFFICE

VERIFIED = {"email": OFFICE, "email_verified": True}


@pytest.fixture
def provider(portal: Portal) -> Provider:
    made = Provider()
    made.now = int(portal.clock().timestamp())
    made.claims = dict(VERIFIED)
    return made


@pytest.fixture
def cas() -> Cas:
    made = Cas()
    made.attributes = f"<cas:mail>{OFFICE}</cas:mail>"
    return made


@pytest.fixture
def client(portal: Portal, provider: Provider, cas: Cas) -> Iterator[TestClient]:
    """A browser at a portal that knows both."""
    with served(provider, cas) as home:
        settings = replace(
            portal.settings, oidc=Oidc(home, CLIENT, SECRET),
            cas=CasSettings(f"{home}/cas", "mail"),
        )  # fmt: skip
        app = site(replace(portal, settings=settings))
        yield TestClient(app, base_url="https://duban.example", follow_redirects=False)


def through(client: TestClient, system: str, side: Provider | Cas) -> int:
    """Off, signed in over there, back, and the button: the status of the last."""
    off = client.get(f"/sign-in/by/{system}")
    assert off.status_code == 303
    brought = side.let_through(off.headers["Location"])
    return pressed(client, system, brought)


def pressed(client: TestClient, system: str, brought: dict[str, str]) -> int:
    back = client.get(f"/sign-in/by/{system}/back", params=brought)
    assert COOKIE not in back.headers.get("Set-Cookie", "")  # coming back is no session yet
    form = {"code": brought.get("code", brought.get("ticket", "")), "state": brought["state"]}
    status: int = client.post(f"/sign-in/by/{system}", data=form).status_code
    return status


class TestOidc:
    def test_a_verified_mailbox_of_a_post_is_signed_in(
        self, client: TestClient, provider: Provider
    ) -> None:
        assert through(client, "oidc", provider) == 303
        assert "办公室联络员" in client.get("/account").text

    @pytest.mark.parametrize(
        "claims",
        [
            {"email_verified": False},
            {"email_verified": "true"},
            {"email_verified": None},
            {"email": ""},
            {"email": "nobody@school.example"},
            {"nonce": "another"},
            {"aud": "another"},
            {"iss": "https://evil.example"},
            {"exp": 1},
            {"azp": "another"},
        ],
        ids=str,
    )
    def test_anything_else_is_not(
        self, client: TestClient, provider: Provider, claims: dict[str, object]
    ) -> None:
        provider.claims |= claims
        assert through(client, "oidc", provider) == 409
        assert COOKIE not in client.cookies

    def test_a_token_signed_with_another_key_or_a_shared_one_is_not_believed(
        self, client: TestClient, provider: Provider
    ) -> None:
        provider.signing = RSAKey.generate_key(2048, {"kid": "1"})
        assert through(client, "oidc", provider) == 409
        provider.signing = OctKey.import_key("a secret that both sides know, 32 bytes")
        provider.header = {"alg": "HS256", "kid": "1"}
        assert through(client, "oidc", provider) == 409

    def test_what_another_browser_brought_back_is_worth_nothing(
        self, client: TestClient, provider: Provider
    ) -> None:
        off = client.get("/sign-in/by/oidc").headers["Location"]
        brought = provider.let_through(off)
        client.cookies.clear()
        assert pressed(client, "oidc", brought) == 409
        client.get("/sign-in/by/oidc")
        assert pressed(client, "oidc", brought) == 409
        assert brought["code"] in provider.codes  # the provider was not even asked

    def test_a_code_works_once(self, client: TestClient, provider: Provider) -> None:
        brought = provider.let_through(client.get("/sign-in/by/oidc").headers["Location"])
        way = client.cookies["__Host-duban-way"]
        assert pressed(client, "oidc", brought) == 303
        client.cookies.clear()
        client.cookies.set("__Host-duban-way", way)
        assert pressed(client, "oidc", brought) == 409

    def test_a_provider_that_says_it_is_another_is_left_alone(
        self, client: TestClient, provider: Provider
    ) -> None:
        provider.says = "https://evil.example"
        assert client.get("/sign-in/by/oidc").status_code == 409


class TestCas:
    @pytest.mark.parametrize("protocol", [2, 3])
    def test_the_mailbox_that_it_has_verified_is_signed_in(
        self, client: TestClient, cas: Cas, protocol: int
    ) -> None:
        cas.protocol = protocol
        assert through(client, "cas", cas) == 303
        assert "办公室联络员" in client.get("/account").text

    @pytest.mark.parametrize(
        "attributes",
        [
            "",
            f"<cas:other>{OFFICE}</cas:other>",
            f"<cas:mail>{OFFICE}</cas:mail><cas:mail>leader@school.example</cas:mail>",
            "<cas:mail>nobody@school.example</cas:mail>",
            "<cas:mail/>",
        ],
    )
    def test_nobody_is_without_exactly_one_that_is_a_member_s(
        self, client: TestClient, cas: Cas, attributes: str
    ) -> None:
        cas.attributes, cas.user = attributes, OFFICE  # the user name is never taken for a mailbox
        assert through(client, "cas", cas) == 409

    def test_a_ticket_of_another_service_or_another_browser_is_worth_nothing(
        self, client: TestClient, cas: Cas
    ) -> None:
        off = client.get("/sign-in/by/cas").headers["Location"]
        brought = cas.let_through(off)
        cas.tickets[brought["ticket"]] = "https://evil.example/"
        assert pressed(client, "cas", brought) == 409
        other = cas.let_through(client.get("/sign-in/by/cas").headers["Location"])
        client.cookies.clear()
        assert pressed(client, "cas", other) == 409

    def test_an_answer_with_entities_is_not_read(self, client: TestClient, cas: Cas) -> None:
        cas.before = '<!DOCTYPE x [<!ENTITY m "office@school.example">]>'
        cas.attributes = "<cas:mail>&m;</cas:mail>"
        assert through(client, "cas", cas) == 409


def test_where_neither_is_set_there_is_no_such_way(portal: Portal) -> None:
    client = TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)
    for system in ("oidc", "cas"):
        assert client.get(f"/sign-in/by/{system}").status_code == 404
        assert client.post(f"/sign-in/by/{system}", data={"code": "x"}).status_code == 404
        assert f"/sign-in/by/{system}" not in client.get("/sign-in").text
