"""Evidence leaves as it came, to whoever holds a ticket for it, and runs nowhere."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Browser, Dialog, Error

from duban.specimen_files import file_of
from office.settings import load
from portal.evidence import address_of, evidence_site
from portal.here import Portal
from portal.serving import serving
from portal.site import site
from portal.tickets import GOOD_FOR
from storage.blobs import Blobs
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.office.desk import at
from tests.portal.conftest import Clock, browser_type_launch_args
from tests.uploads.pdfs import HONEST
from tests.uploads.polyglots import HTML, every_polyglot

__all__ = ["browser_type_launch_args"]

NOON = at("2026-11-30 12:00")
NAME = "现场 “照片”;\r\nX: y.jpg"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def portal(tmp_path: Path, clock: Clock) -> Portal:
    """With an origin of its own for evidence."""
    db = open_engine(f"sqlite:///{tmp_path / 'duban.sqlite'}")
    upgrade(db)
    chosen = {"DUBAN_DATA": str(tmp_path)}
    return Portal(load(tmp_path, chosen), db, Blobs(tmp_path / "evidence"), clock)


def path_of(portal: Portal, sha256: str, name: str, reader: str, *, preview: bool = False) -> str:
    """The address without the port, which a test serves anywhere or nowhere."""
    return urlsplit(address_of(portal, sha256, name, reader, preview=preview)).path


@pytest.fixture
def client(portal: Portal) -> TestClient:
    return TestClient(evidence_site(portal))


def test_a_file_leaves_byte_for_byte_under_its_chinese_name(
    portal: Portal, client: TestClient
) -> None:
    data = file_of("jpg", "1") + HTML
    answer = client.get(path_of(portal, portal.blobs.put(data), NAME, "督查组"))
    assert answer.content == data
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E7%8E")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "x" not in answer.headers


def test_a_ticket_is_for_one_file_one_kind_and_five_minutes(
    portal: Portal, client: TestClient, clock: Clock
) -> None:
    address = path_of(portal, portal.blobs.put(b"1"), "1.txt", "督查组")
    assert client.get(address).status_code == 200
    for place in range(len("/evidence/"), len(address), 7):
        other = "B" if address[place] == "A" else "A"
        changed = address[:place] + other + address[place + 1 :]
        assert client.get(changed).status_code == 404
    assert client.get("/evidence/1").status_code == 404
    clock.now = NOON + GOOD_FOR
    assert client.get(address).status_code == 404


def test_a_preview_is_shown_from_the_other_origin_and_never_from_the_pages_own(
    portal: Portal, client: TestClient, tmp_path: Path
) -> None:
    digest = portal.blobs.put(file_of("jpg", "a secret place") + HTML)
    address = path_of(portal, digest, "1.jpg", "督查组", preview=True)
    answer = client.get(address)
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).format == "JPEG"
    assert b"secret" not in answer.content
    assert client.get(address).content == answer.content
    alone = replace(portal, settings=load(tmp_path, {"DUBAN_PORTAL__EVIDENCE_LISTEN": ""}))
    own = TestClient(site(alone))
    assert own.get(address).status_code == 404
    assert own.get(path_of(alone, digest, "1.jpg", "督查组")).status_code == 200
    page = portal.blobs.put(HONEST)
    assert client.get(path_of(portal, page, "1.pdf", "", preview=True)).content[:2] == b"\xff\xd8"
    no_picture = portal.blobs.put(b"%PDF-1.4 %%EOF")
    assert client.get(path_of(portal, no_picture, "1", "", preview=True)).status_code == 404


def test_a_refusal_from_the_other_origin_is_guarded_too(portal: Portal) -> None:
    answer = TestClient(evidence_site(portal)).get("/evidence/nothing-of-the-kind")
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_previews_can_be_deleted(portal: Portal, client: TestClient) -> None:
    address = path_of(portal, portal.blobs.put(file_of("png", "1")), "1", "", preview=True)
    first = client.get(address).content
    [kept] = (portal.settings.data / "previews").rglob("*.jpg")
    kept.unlink()
    assert client.get(address).content == first


# ---- in Debian's Chromium ----


@pytest.fixture
def host(portal: Portal) -> Iterator[tuple[str, list[str]]]:
    """A page of somebody else's that puts a file into every kind of frame, by its number."""
    app, addresses = FastAPI(), list[str]()

    @app.get("/{number}")
    def frame(number: int) -> Response:
        there = escape(addresses[number])
        return HTMLResponse(
            f'<iframe src="{there}"></iframe><object data="{there}"></object><embed src="{there}">'
            f'<img src="{there}"><script src="{there}"></script><title>open</title>'
        )

    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}", addresses


def ran(browser: Browser, address: str, framed: str) -> int:
    """How many scripts ran when the file was opened, and when it was framed."""
    context = browser.new_context()
    page, seen = context.new_page(), list[str]()

    def noted(dialog: Dialog) -> None:
        seen.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", noted)
    for there in (address, framed):
        with suppress(Error):  # the file is downloaded, and no page opens
            page.goto(there)
            page.wait_for_timeout(50)
    context.close()
    return len(seen)


@pytest.mark.browser
def test_no_polyglot_runs_a_script_in_a_browser(
    portal: Portal, host: tuple[str, list[str]], browser: Browser, full: bool
) -> None:
    own, addresses = host
    with serving(evidence_site(portal), "127.0.0.1", 0) as port:
        files = list(every_polyglot())[:: 1 if full else 7]
        runs = []
        for number, (name, data) in enumerate(files):
            path = path_of(portal, portal.blobs.put(data), name, "督查组")
            addresses.append(f"http://127.0.0.1:{port}{path}")
            runs.append(ran(browser, addresses[-1], f"{own}/{number}"))
    print({"polyglots": len(files), "ran": sum(runs)})
    assert sum(runs) == 0


@pytest.mark.browser
def test_the_control_serves_the_same_files_without_care_and_scripts_run(
    host: tuple[str, list[str]], browser: Browser
) -> None:
    own, addresses = host
    careless, files = FastAPI(), list(every_polyglot())[:10]

    @careless.get("/{number}")
    def served(number: int) -> Response:
        return Response(files[number][1], media_type="text/html")

    with serving(careless, "127.0.0.1", 0) as port:
        runs = 0
        for number in range(len(files)):
            addresses.append(f"http://127.0.0.1:{port}/{number}")
            runs += ran(browser, addresses[-1], f"{own}/{number}")
    assert runs >= len(files)
