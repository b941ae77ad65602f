"""The office at 1440 px and an incident at 390, in Chromium, with and without JavaScript."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine

from office import sessions
from office.receive import submit
from portal.here import Portal
from responsibilities.tasks import State
from storage.engine import writing
from tests.office.desk import Desk, at
from tests.portal.conftest import DESKTOP, NOON, PHONE
from tests.portal.looks import apart, looks_right
from tests.portal.signed import OFFICE
from tests.portal.test_desk import KEY, PDF, PHOTO, PLAN
from tests.uploads.pdfs import HONEST

pytestmark = pytest.mark.browser


def photographed() -> bytes:
    """Something to look at."""
    made = io.BytesIO()
    seen = Image.effect_mandelbrot((900, 500), (-2, -1.1, 1, 1.1), 60).convert("RGB")
    seen.save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon: last week is late, and this week both colleges have handed in."""
    desk = Desk(db, tmp_path)
    desk.adopt(PLAN, "2026-11-20 09:00")
    for monday in ("2026-11-23", "2026-11-30"):
        desk.reconcile(f"{monday} 08:00")
    for unit in ("nursing", "pharmacy"):
        record = HONEST + b"%% " + unit.encode()
        files = [replace(PDF, data=record), replace(PHOTO, data=photographed())]
        submit(desk.db, desk.blobs, KEY + unit, by=unit, files=files, now=at("2026-11-30 10:00"))
    apart(lambda: desk.post("2026-11-30 10:05"))
    return desk


def signed_in(context: BrowserContext, portal: Portal, address: str) -> Page:
    with writing(portal.db) as connection:
        way = sessions.offer(connection, OFFICE, NOON)
    page = context.new_page()
    page.goto(f"{address}/sign-in/{way.token}")
    page.locator("main").get_by_role("button").click()
    page.wait_for_url("**/desk")
    return page


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def office(request: pytest.FixtureRequest, browser: Browser, portal: Portal, address: str) -> Page:
    """The office's own browser, with JavaScript and without."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=request.param,
        viewport=DESKTOP,  # type: ignore[arg-type]
    )  # fmt: skip
    return signed_in(context, portal, address)


def test_a_morning_at_the_desk(office: Page, desk: Desk, address: str) -> None:
    office.goto(f"{address}/desk")
    office.get_by_role("link", name="待审核").first.click()
    office.get_by_role("link", name="开展宿舍消防检查").first.click()
    office.get_by_role("button", name="通过").click()
    expect(office.get_by_role("status")).to_contain_text("审核通过，已办结")
    office.get_by_label("退回理由").fill("缺签名")
    office.get_by_role("button", name="退回补充").click()
    expect(office.get_by_text("没有待审核的事项")).to_be_visible()
    assert desk.task(f"{KEY}nursing").outcome == "accepted"
    assert desk.task(f"{KEY}pharmacy").state is State.OPEN
    office.goto(f"{address}/desk/matrix")
    office.get_by_role("link", name="开展宿舍消防检查").click()
    office.get_by_role("button", name="催办未报结的单位").last.click()
    expect(office.get_by_role("status")).to_contain_text("已催办：护理学院、药学院")


def test_two_keys_decide(browser: Browser, portal: Portal, desk: Desk, address: str) -> None:
    office = signed_in(browser.new_context(locale="zh-CN"), portal, address)
    office.goto(f"{address}/desk/review/{desk.task(f'{KEY}nursing').id}")
    office.keyboard.press("a")
    office.keyboard.press("Enter")
    expect(office.get_by_role("status")).to_contain_text("审核通过，已办结")
    office.keyboard.press("r")
    office.keyboard.type("缺签名")
    office.keyboard.press("Tab")
    office.keyboard.press("Enter")
    expect(office.get_by_text("没有待审核的事项")).to_be_visible()
    assert desk.task(f"{KEY}pharmacy").state is State.OPEN


def test_a_fire_is_reported_on_a_phone(office: Page, address: str) -> None:
    office.set_viewport_size(PHONE)  # type: ignore[arg-type]
    office.goto(f"{address}/desk/incidents/new")
    office.get_by_label("事发单位").select_option(label="护理学院")
    office.get_by_label("过火面积").fill("3")
    office.get_by_label("地点").fill("二号楼")
    office.get_by_role("button", name="登记并下达").click()
    expect(office.get_by_role("status")).to_contain_text("已登记")
    expect(office.get_by_text("首报").first).to_be_visible()


def test_every_page_of_the_desk_looks_right(
    browser: Browser, portal: Portal, desk: Desk, address: str
) -> None:
    office = signed_in(browser.new_context(locale="zh-CN"), portal, address)
    office.goto(f"{address}/desk/incidents/new")
    looks_right(office, "desk-incident-new")
    office.get_by_label("事发单位").select_option(label="护理学院")
    office.get_by_label("过火面积").fill("3")
    office.get_by_label("地点").fill("二号楼")
    office.get_by_role("button", name="登记并下达").click()
    looks_right(office, "desk-incident")
    nursing = desk.task(f"{KEY}nursing").id
    late = desk.task("fire/2026-W48/check/nursing").id
    pages = {
        "/desk": "desk", "/desk/review": "", f"/desk/review/{nursing}": "desk-review",
        "/desk/matrix": "desk-matrix", "/desk/tasks?duty=check": "desk-tasks",
        f"/desk/tasks/{late}": "desk-task", "/desk/letters": "desk-letters", "/desk/letters/1": "",
        "/desk/inbox": "", "/desk/incidents": "desk-incidents", "/desk/crosscheck": "",
        "/desk/calendar": "", "/desk/windows": "desk-windows", "/desk/erase": "desk-erase",
    }  # fmt: skip
    for path, name in pages.items():
        office.goto(address + path)
        looks_right(office, name)
