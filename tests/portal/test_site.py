"""What holds for the portal as a whole, whatever the page."""

from collections.abc import Callable

import pytest
from fastapi import APIRouter, Depends
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from portal import site as site_module
from portal.doors import public
from portal.here import Portal
from portal.rendering import TEMPLATES, environment
from portal.site import site
from responsibilities.words import Refused, Words
from tests.portal.conftest import PHONE
from tests.portal.looks import flaws, looks_right


def route(*doors: Callable[..., object]) -> APIRouter:
    router = APIRouter(dependencies=[Depends(one) for one in doors])
    router.get("/somewhere")(lambda: "here")
    return router


@pytest.mark.parametrize("doors", [(), (public, public)])
def test_a_page_without_exactly_one_door_keeps_the_portal_from_opening(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, doors: tuple[Callable[..., object], ...]
) -> None:
    monkeypatch.setattr(site_module, "ROUTERS", (route(*doors),))
    with pytest.raises(ValueError, match="/somewhere"):
        site(portal)


def test_a_form_of_another_site_does_nothing(client: TestClient) -> None:
    sent = {"language": "en", "back": "/"}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://duban.example.evil.example"},
    ):
        assert client.post("/language", data=sent, headers=headers).status_code == 403
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://duban.example"}, {}):
        assert client.post("/language", data=sent, headers=headers).status_code == 303


def test_the_way_back_never_leads_to_another_site(client: TestClient) -> None:
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", ""):
        answer = client.post("/language", data={"language": "en", "back": back})
        assert answer.headers["Location"] == "/"
    answer = client.post("/language", data={"language": "en", "back": "/reading/log?q=班会"})
    assert answer.headers["Location"] == "/reading/log?q=%E7%8F%AD%E4%BC%9A"


def test_the_language_is_the_readers(client: TestClient) -> None:
    def heading(**headers: str) -> bool:
        return "督办系统" in client.get("/", headers=headers).text

    assert heading()
    assert heading(**{"Accept-Language": "fr"})
    assert not heading(**{"Accept-Language": "en-GB,en;q=0.9"})
    assert "督办系统" not in client.get("/?lang=en").text
    client.post("/language", data={"language": "en"})
    assert not heading(**{"Accept-Language": "zh-CN"})


def test_every_answer_says_what_a_browser_may_do_with_it(client: TestClient) -> None:
    for answer in (
        client.get("/"),
        client.get("/nowhere"),
        client.post("/"),
        client.get("/health"),
    ):
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    headers = {"Content-Length": str(300 * 1024 * 1024)}
    assert client.post("/language", content=b"", headers=headers).status_code == 413


def test_a_fault_of_ours_is_told_without_its_details(portal: Portal) -> None:
    app = site(portal)
    app.get("/broken", dependencies=[Depends(public)])(lambda: 1 / 0)

    def refuse() -> None:
        raise Refused(Words("本期已办结。", "This is closed."))

    app.get("/refused", dependencies=[Depends(public)])(refuse)
    client = TestClient(app, raise_server_exceptions=False)
    broken, refused = client.get("/broken"), client.get("/refused")
    assert broken.status_code == 500
    assert "ZeroDivision" not in broken.text
    assert "没有办理" in broken.text
    assert refused.status_code == 409
    assert "本期已办结。" in refused.text


def test_what_is_served_for_ever_is_named_by_its_content(client: TestClient) -> None:
    text = client.get("/").text
    address = text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert client.get("/static/../site.py").status_code == 404


def templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", templates())
def test_a_template_compiles_and_holds_no_style_or_script_of_its_own(name: str) -> None:
    environment().get_template(name)
    text = (TEMPLATES / name).read_text("utf-8")
    for banned in ("style=", "<style", "onclick", "onchange", "javascript:", "http://", "https://"):
        assert banned not in text, banned
    assert "<script>" not in text


@pytest.mark.browser
def test_the_first_page_is_right_for_every_reader(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("督办系统")
    looks_right(page, "welcome")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Supervision system")


@pytest.mark.browser
def test_a_bad_page_would_be_found(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_content("<p style='color:#ccc'>看不清的灰色文字</p><img src='x'><input>")
    assert {flaw.partition(":")[0] for flaw in flaws(page)} >= {
        "color-contrast", "image-alt", "label", "html-has-lang",
    }  # fmt: skip
