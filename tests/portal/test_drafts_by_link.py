"""A unit prepares its hand-in by a link: file by file, on any phone, with a script or without."""

import io
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from sqlalchemy import Engine

from duban.specimen_files import file_of
from office.drafts import draft_of
from portal.here import Portal
from responsibilities.tasks import FactKind, State
from storage.blobs import of_task
from storage.drafts import Draft
from storage.engine import reading
from tests.office.desk import Desk, at
from tests.portal.conftest import PHONE, Clock
from tests.portal.looks import looks_right
from tests.portal.signed import NURSING, link_to
from tests.portal.test_department import DUTIES, TALK

MB = 1024 * 1024
HTMX = {"HX-Request": "true"}
FILE, WORDS = "file-file-1", "value-text-1"
SENTENCE = "周一晚开展提醒。共286人参加。"


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon; three photos and some sentences are asked for."""
    desk = Desk(db, tmp_path)
    desk.adopt(DUTIES, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


def task_address(portal: Portal, desk: Desk, key: str = TALK) -> str:
    number = desk.task(key).id
    return f"/l/{link_to(portal, task=number)}/tasks/{number}"


def photo(number: int, data: bytes = b"") -> tuple[str, tuple[str, bytes, str]]:
    return FILE, (f"照片{number}.jpg", data or file_of("jpg", f"photo {number}"), "image/jpeg")


def draft(desk: Desk, key: str = TALK) -> Draft | None:
    return draft_of(desk.db, key, NURSING)


def names(desk: Desk, key: str = TALK) -> list[str]:
    found = draft(desk, key)
    return [file.name for file in found.files] if found is not None else []


def removal(html: str) -> str:
    found = re.search(r'name="remove" value="([0-9a-f]{64}/[^"]+)"', html)
    assert found, html
    return found[1]


def test_what_was_added_and_typed_is_there_on_another_phone_and_handed_in_at_once(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk)
    sent = {WORDS: SENTENCE, "doer": "张老师"}
    answer = client.post(f"{address}/files", data=sent, files=[photo(1), photo(2)])
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"{address}/submit#{FILE}",
    )
    assert desk.kinds(TALK) == [FactKind.OPENED]
    client.cookies.clear()
    other = task_address(portal, desk)
    form = client.get(f"{other}/submit").text
    assert SENTENCE in form
    assert "照片1.jpg" in form
    assert "照片2.jpg" in form
    assert "张老师" not in form
    checked = client.post(f"{other}/check", data={WORDS: SENTENCE, "doer": "李老师"})
    assert checked.headers["Location"] == f"{other}/check"
    shown = client.get(f"{other}/check").text
    assert "尚缺1份" in shown
    assert SENTENCE in shown
    sent["doer"] = "李老师"
    assert client.post(f"{other}/submit", data=sent, files=[photo(3)]).status_code == 303
    assert desk.task(TALK).state is State.SUBMITTED
    assert draft(desk) is None
    with reading(desk.db) as connection:
        pieces = of_task(connection, desk.task(TALK).id)
    assert sorted(one.name for one in pieces if one.name) == [f"照片{n}.jpg" for n in (1, 2, 3)]


def test_a_file_is_taken_out_again_and_only_a_piece_of_the_page_comes_back(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk)
    piece = client.post(f"{address}/files", files=[photo(1)], headers=HTMX)
    assert piece.status_code == 200
    assert piece.text.lstrip().startswith("<ul")
    digest = removal(piece.text)
    gone = client.post(f"{address}/files/remove", data={"remove": digest}, headers=HTMX)
    assert "照片1.jpg" not in gone.text
    assert names(desk) == []
    client.post(f"{address}/files", files=[photo(1)])
    gone = client.post(f"{address}/files/remove", data={"remove": digest})
    assert (gone.status_code, names(desk)) == (303, [])


def test_one_refused_file_keeps_the_others_and_the_words(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk)
    broken = photo(2, b"no photo")
    sent = {WORDS: SENTENCE, "doer": "张老师"}
    for button in ("submit", "files", "check"):
        answer = client.post(f"{address}/{button}", data=sent, files=[photo(1), broken])
        assert answer.status_code == 409
        assert SENTENCE in answer.text
        assert "照片2.jpg" in answer.text
        assert f'href="#{FILE}"' in answer.text
        assert names(desk) == ["照片1.jpg"]
    told = client.post(f"{address}/files", files=[broken], headers=HTMX)
    assert told.status_code == 409
    assert "照片2.jpg" in told.text
    assert "<html" not in told.text
    assert desk.kinds(TALK) == [FactKind.OPENED]


def test_what_was_handed_in_before_is_used_again_and_seen_as_such(
    client: TestClient, portal: Portal, desk: Desk, clock: Clock
) -> None:
    address = task_address(portal, desk)
    client.post(f"{address}/submit", data={"doer": "张老师"}, files=[photo(1)])
    clock.now = at("2026-12-07 12:00")
    desk.reconcile("2026-12-07 08:00")
    later = TALK.replace("W49", "W50")
    address = task_address(portal, desk, later)
    offered = re.search(
        r'<option value="([0-9a-f]{64})">照片1.jpg', client.get(f"{address}/submit").text
    )
    assert offered
    chosen = {"reuse-file-1": offered[1], "doer": "张老师"}
    assert client.post(f"{address}/files", data=chosen).status_code == 303
    for shown in ("submit", "check"):
        assert "沿用" in client.get(f"{address}/{shown}").text
    assert names(desk, later) == ["照片1.jpg"]
    other = client.post(f"{address}/files", data={"reuse-file-1": "0" * 64, "doer": "张老师"})
    assert other.status_code == 409


def test_what_is_typed_is_kept_before_any_button(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk)
    kept = client.post(f"{address}/words", data={WORDS: SENTENCE, "doer": "张老师"})
    assert kept.status_code == 204
    found = draft(desk)
    assert found is not None
    assert found.words[WORDS] == SENTENCE
    assert "张老师" not in found.words.values()


def test_what_is_kept_late_begins_no_draft_of_what_is_handed_in_already(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    """The phone keeps the last word typed while the button is pressed; it may come after it."""
    address = task_address(portal, desk)
    sent = {WORDS: SENTENCE, "doer": "张老师", "attempt": "0"}
    assert 'name="attempt" value="0"' in client.get(f"{address}/submit").text
    client.post(f"{address}/submit", data=sent, files=[photo(1)])
    assert client.post(f"{address}/words", data=sent).status_code == 204
    assert draft(desk) is None
    corrected = {**sent, "attempt": "1"}
    client.post(f"{address}/words", data=corrected)
    assert draft(desk) is not None


def _flood(size: int) -> Iterator[bytes]:
    """One file in a form, with bytes that nobody holds together."""
    yield b'--x\r\nContent-Disposition: form-data; name="file-file-1"; filename="1.jpg"\r\n\r\n'
    for _ in range(size // MB):
        yield bytes(MB)
    yield b"\r\n--x--\r\n"


@pytest.mark.parametrize("size", [60, 300])
def test_a_body_of_any_size_takes_no_memory_and_leaves_nothing(
    portal: Portal, desk: Desk, address: str, size: int
) -> None:
    """60 MB is more than a file may have; 300 MB more than a request, whose length nobody told."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    where = f"{address}{task_address(portal, desk)}/files"
    tracemalloc.start()
    try:
        with httpx.Client(trust_env=False, timeout=None) as client:
            answer = client.post(where, content=_flood(size * MB), headers=headers)
        status = answer.status_code
    except httpx.WriteError:
        status = 413  # the socket was closed on the rest
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert status == (409 if size == 60 else 413)
    assert peak < 20 * MB
    assert draft(desk) is None
    assert [path for path in desk.blobs.folder.rglob("*") if path.is_file()] == []


# ---- in Debian's Chromium ----


def _photos(size: tuple[int, int] = (640, 480)) -> list[FilePayload]:
    made: list[FilePayload] = []
    for number, colour in enumerate(("navy", "teal", "olive"), 1):
        data = io.BytesIO()
        Image.new("RGB", size, colour).save(data, "JPEG")
        made.append(
            {"name": f"照片{number}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}
        )
    return made


@pytest.mark.browser
def test_three_photos_go_one_by_one_and_the_one_that_failed_is_sent_again(
    page: Page, address: str, portal: Portal, desk: Desk
) -> None:
    page.goto(f"{address}{task_address(portal, desk)}/submit")
    tries: list[str] = []

    def second_fails(route: Route) -> None:
        tries.append(route.request.url)
        route.abort() if len(tries) == 2 else route.continue_()

    page.route("**/files", second_fails)
    page.get_by_label("拍照或从相册选择").set_input_files(_photos((4000, 3000)))
    expect(page.locator("#held-file-1 li")).to_have_count(2, timeout=20_000)
    expect(page.get_by_text("没有传完")).to_be_visible()
    looks_right(page)
    page.get_by_label("情况说明").fill(SENTENCE)
    page.get_by_label("办理人姓名").fill("张老师")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("button", name="重试")).to_be_focused()
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#held-file-1 li")).to_have_count(3)
    expect(page.get_by_text("没有传完")).to_have_count(0)
    looks_right(page, "draft")
    found = draft(desk)
    assert found is not None
    assert sorted(file.name for file in found.files) == ["照片1.jpg", "照片2.jpg", "照片3.jpg"]
    for file in found.files:
        assert max(Image.open(desk.blobs.path(file.sha256)).size) == 2048


@pytest.mark.browser
def test_what_was_sent_is_looked_over_on_a_page_of_its_own_before_it_is_handed_in(
    page: Page, address: str, portal: Portal, desk: Desk
) -> None:
    page.goto(f"{address}{task_address(portal, desk)}/submit")
    page.get_by_label("拍照或从相册选择").set_input_files(_photos())
    expect(page.locator("#held-file-1 li")).to_have_count(3)
    page.get_by_role("button", name="移除 照片2.jpg").click()
    expect(page.locator("#held-file-1 li")).to_have_count(2)
    page.get_by_label("情况说明").fill(SENTENCE)
    page.get_by_label("办理人姓名").fill("张老师")
    page.get_by_role("button", name="先核对").click()
    expect(page.locator("main")).to_contain_text("尚缺1份")
    looks_right(page, "check")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已收到，尚缺材料")


@pytest.mark.browser
def test_without_a_script_the_same_form_takes_files_one_line_at_a_time(
    browser: Browser, address: str, portal: Portal, desk: Desk
) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="zh-CN",
        viewport=PHONE,  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{address}{task_address(portal, desk)}/submit")
    page.get_by_label("情况说明").fill(SENTENCE)
    page.get_by_label("办理人姓名").fill("张老师")
    page.get_by_label("拍照或从相册选择").set_input_files(_photos()[:2])
    page.get_by_role("button", name="添加到“现场照片”").click()
    expect(page.locator("#held-file-1 li")).to_have_count(2)
    expect(page.get_by_label("情况说明")).to_have_value(SENTENCE)
    page.get_by_label("选择文件").set_input_files(_photos()[2:])
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("材料齐全，已送审核")
    context.close()
