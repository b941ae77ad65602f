"""Who may open what was handed in, where it comes from, and what stands there while nobody can."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from duban.specimen_files import file_of
from office import sessions
from office.members import grant
from office.reads import reads_of
from office.receive import File, submit
from office.settings import load
from portal.here import Portal
from portal.site import site
from portal.tickets import redeem
from responsibilities.tasks import Fact
from storage import scans
from storage.blobs import of_task
from storage.engine import reading, writing
from tests.office.desk import Desk, at
from tests.portal.conftest import NOON
from tests.portal.looks import looks_right
from tests.portal.signed import OFFICE, csrf_in, sign_in
from tests.portal.test_desk import KEY, PDF, PHOTO, PLAN
from tests.portal.test_desk_in_chromium import photographed

INSPECTOR = "inspector@bureau.example"
RECORD = file_of("pdf", "1")
OPENS = re.compile(r'action="(/reading/tasks/\d+/files/([0-9a-f]{64}))"')


def files_read(portal: Portal) -> list[Fact]:
    """Each opening of a file on record; pages that were looked at aside."""
    return [fact for fact in reads_of(portal.db, "fire") if "evidence" in fact.body]


def record(end: bytes) -> File:
    return replace(PDF, data=RECORD + end)


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon: nursing has handed in twice, pharmacy once, each its own record."""
    desk = Desk(db, tmp_path)
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    photo = replace(PHOTO, data=photographed())
    for unit, files, hour in (
        ("nursing", [record(b"")], 9),
        ("nursing", [record(b"\n"), photo], 10),
        ("pharmacy", [record(b"\n\n")], 10),
    ):
        now = at(f"2026-11-30 {hour:02}:00")
        submit(desk.db, desk.blobs, KEY + unit, by=unit, files=files, now=now)
    return desk


def visitor(portal: Portal) -> TestClient:
    return TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)


def inspector_of(portal: Portal, client: TestClient, *units: str) -> None:
    grant(
        portal.db, "fire", INSPECTOR, "inspector", name="督查员", since=NOON,
        until=NOON + timedelta(days=30), by="办公室", now=NOON, units=units,
    )  # fmt: skip
    sign_in(client, portal, INSPECTOR)


def test_an_inspector_opens_every_version_and_each_opening_is_on_record(
    portal: Portal, desk: Desk, client: TestClient
) -> None:
    """(P36)"""
    inspector_of(portal, client)
    shown = client.get(f"/reading/tasks/{desk.task(f'{KEY}nursing').id}").text
    buttons = OPENS.findall(shown)
    assert len(buttons) == 3
    for address, digest in buttons:
        answer = client.post(address, data={"csrf": csrf_in(shown)})
        assert answer.status_code == 303
        base, _, ticket = answer.headers["location"].rpartition("/evidence/")
        found = redeem(ticket, NOON)
        assert (base, found and found.sha256) == ("http://127.0.0.1:8081", digest)
    read = [fact.body["evidence"] for fact in files_read(portal) if fact.by == "督查员"]
    assert read == [digest for _, digest in buttons]
    assert client.get(buttons[0][0]).status_code == 405


def test_an_inspector_s_preview_is_a_reading_on_record_like_any_other(
    portal: Portal, desk: Desk, client: TestClient
) -> None:
    inspector_of(portal, client)
    shown = client.get(f"/reading/tasks/{desk.task(f'{KEY}nursing').id}").text
    looks = re.findall(r'action="(/reading/tasks/\d+/pictures/([0-9a-f]{64}))"', shown)
    assert {digest for _, digest in looks} == {digest for _, digest in OPENS.findall(shown)}
    address, digest = looks[0]
    location = client.post(address, data={"csrf": csrf_in(shown)}).headers["location"]
    found = redeem(location.rpartition("/evidence/")[2], NOON)
    assert found is not None
    assert (found.sha256, found.preview) == (digest, True)
    assert [fact.body["evidence"] for fact in files_read(portal)] == [digest]


def test_outside_the_remit_there_is_no_ticket_and_no_fact(
    portal: Portal, desk: Desk, client: TestClient
) -> None:
    """(P21) An inspector of nursing asks for pharmacy's file, by its own task and by nursing's."""
    theirs = desk.task(f"{KEY}pharmacy").id
    with reading(portal.db) as connection:
        [digest] = {one.sha256 for one in of_task(connection, theirs)}
    inspector_of(portal, client, "nursing")
    own = desk.task(f"{KEY}nursing").id
    csrf = csrf_in(client.get(f"/reading/tasks/{own}").text)
    for task in (theirs, own):
        refused = client.post(f"/reading/tasks/{task}/files/{digest}", data={"csrf": csrf})
        assert refused.status_code == 404
    for kind in ("files", "pictures"):
        assert client.get(f"/desk/tasks/{theirs}/{kind}/{digest}").status_code == 403
    assert files_read(portal) == []


def test_what_waits_for_the_scanner_or_is_infected_says_so_in_place_of_the_link(
    portal: Portal, desk: Desk, tmp_path: Path
) -> None:
    scanned = load(tmp_path, {"DUBAN_SCREENING__CLAMD": "127.0.0.1:3310"})
    client = visitor(replace(portal, settings=scanned))
    sign_in(client, portal)
    task = desk.task(f"{KEY}pharmacy").id
    with reading(portal.db) as connection:
        [held] = {one.sha256 for one in of_task(connection, task)}
    shown = client.get(f"/desk/tasks/{task}").text + client.get(f"/reading/tasks/{task}").text
    assert shown.count("该文件尚待病毒扫描") == 2
    assert "/files/" not in shown
    csrf = csrf_in(client.get("/account").text)
    assert client.get(f"/desk/tasks/{task}/files/{held}").status_code == 409
    refused = client.post(f"/reading/tasks/{task}/files/{held}", data={"csrf": csrf})
    assert refused.status_code == 409
    assert files_read(portal) == []
    with writing(portal.db) as connection:
        scans.note(connection, held, "Eicar-Test-Signature", NOON)
    assert "已隔离保存" in client.get(f"/desk/tasks/{task}").text


@pytest.mark.parametrize("chosen", [{"URL": "https://duban.example"}, {"LISTEN": "0.0.0.0:8080"}])
def test_a_portal_for_others_says_that_evidence_needs_an_address(
    portal: Portal, desk: Desk, tmp_path: Path, chosen: dict[str, str]
) -> None:
    public = {f"DUBAN_PORTAL__{key}": value for key, value in chosen.items()}
    task = desk.task(f"{KEY}pharmacy").id
    client = visitor(replace(portal, settings=load(tmp_path, public)))
    sign_in(client, portal)
    for page in (f"/desk/tasks/{task}", f"/reading/tasks/{task}"):
        assert "设置 portal.evidence_url 之后方可打开" in client.get(page).text
    public["DUBAN_PORTAL__EVIDENCE_URL"] = "https://cailiao.example/files/"
    client = visitor(replace(portal, settings=load(tmp_path, public)))
    sign_in(client, portal)
    answer = client.get(f"/desk/tasks/{task}")
    link = re.search(r'href="(/desk/tasks/\d+/files/\w+)"', answer.text)
    assert link
    there = client.get(link[1]).headers["location"]
    assert there.startswith("https://cailiao.example/files/evidence/")
    policy = answer.headers["content-security-policy"].split("; ")
    assert "img-src 'self' data: blob: https://cailiao.example" in policy
    assert "form-action 'self' https://cailiao.example" in policy


def test_without_another_origin_files_are_saved_and_no_picture_is_shown(
    portal: Portal, desk: Desk, tmp_path: Path
) -> None:
    chosen = load(tmp_path, {"DUBAN_PORTAL__EVIDENCE_LISTEN": ""})
    client = visitor(replace(portal, settings=chosen))
    sign_in(client, portal)
    shown = client.get(f"/desk/tasks/{desk.task(f'{KEY}nursing').id}").text
    assert "handed-picture" not in shown
    link = re.search(r'href="(/desk/tasks/\d+/files/\w+)"', shown)
    assert link
    there = client.get(link[1]).headers["location"]
    assert there.startswith("/evidence/")
    assert client.get(there).headers["content-disposition"].startswith("attachment")


@pytest.mark.browser
def test_a_thumbnail_shows_and_downloads_arrive(
    browser: Browser, portal: Portal, desk: Desk, address: str, browser_context_args: dict[str, Any]
) -> None:
    """At the desk by a link, in the reading room by a button; from another origin than the page."""
    with writing(portal.db) as connection:
        way = sessions.offer(connection, OFFICE, NOON)
    page = browser.new_context(**browser_context_args).new_page()
    page.goto(f"{address}/sign-in/{way.token}")
    page.locator("main").get_by_role("button").click()
    page.wait_for_url("**/desk")
    task = desk.task(f"{KEY}nursing").id
    page.goto(f"{address}/desk/review/{task}")
    thumbnail = page.get_by_role("img", name="现场照片：现场.jpg")
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail).to_have_js_property("complete", True)
    expect(thumbnail).to_have_js_property("naturalWidth", 900)
    with page.expect_download() as saved:
        page.get_by_role("link", name="现场.jpg").click()
    assert saved.value.suggested_filename == "现场.jpg"
    assert Path(saved.value.path()).read_bytes() == photographed()
    page.goto(f"{address}/reading/tasks/{task}")
    looks_right(page)
    with page.expect_download() as opened:
        page.get_by_role("button", name="打开 检查记录.pdf").first.click()
    assert Path(opened.value.path()).read_bytes() == RECORD
    assert len(files_read(portal)) == 1
