"""The office says who may come in, and stops links."""

from fastapi.testclient import TestClient

from office import links, members
from portal.here import Portal
from tests.portal.signed import OFFICE, link_to, sign_in

GRANT = {
    "address": "team@province.example", "name": "省督导组", "role": "inspector",
    "since": "2026-11-30", "until": "2026-12-04", "units": ["nursing"],
}  # fmt: skip


def test_an_inspector_is_let_in_until_the_end_of_a_day(client: TestClient, portal: Portal) -> None:
    csrf = sign_in(client, portal)
    assert client.post("/desk/people/grants", data={**GRANT, "csrf": csrf}).status_code == 303
    (granted,) = members.grants_in(portal.db, "fire")
    assert (granted.units, granted.granted_by) == (("nursing",), "办公室联络员")
    shown = client.get("/desk/people").text
    assert "省督导组" in shown
    assert "2026年12月4日" in shown
    client.post(f"/desk/people/grants/{granted.id}/end", data={"csrf": csrf})
    assert "已终止" in client.get("/desk/people").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: TestClient, portal: Portal
) -> None:
    csrf = sign_in(client, portal)
    wrong = client.post("/desk/people/grants", data={**GRANT, "until": "", "csrf": csrf})
    assert wrong.status_code == 409
    assert "起止日期" in wrong.text
    assert 'value="team@province.example"' in wrong.text
    assert members.grants_in(portal.db, "fire") == ()


def test_the_office_makes_no_administrators(client: TestClient, portal: Portal) -> None:
    csrf = sign_in(client, portal)
    wrong = client.post("/desk/people/grants", data={**GRANT, "role": "admin", "csrf": csrf})
    assert wrong.status_code == 409
    assert members.grants_in(portal.db, "fire") == ()


def test_the_office_stops_a_unit_s_links(client: TestClient, portal: Portal) -> None:
    csrf = sign_in(client, portal)
    token = link_to(portal)
    assert "护理学院联络员" in client.get("/desk/people", params={"unit": "nursing"}).text
    client.post("/desk/people/links", data={"unit": "nursing", "csrf": csrf})
    assert links.of_unit(portal.db, "fire", "nursing", portal.clock()) == ()
    assert client.get(f"/l/{token}/links").status_code == 404


def test_everybody_with_a_post_is_listed(client: TestClient, portal: Portal) -> None:
    sign_in(client, portal)
    assert OFFICE in client.get("/desk/people").text
