"""The plan studio as a clerk and a leader use it; every form works without JavaScript."""

import html
import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine

from office import studio
from office.settings import load
from portal.doors import COOKIE
from portal.here import Portal
from portal.site import site
from storage.engine import reading
from storage.plans import current_version, source
from tests.office.desk import SCHOOL, Desk
from tests.office.test_studio import WEEKLY
from tests.portal.conftest import DESKTOP, Clock
from tests.portal.looks import looks_right
from tests.portal.signed import sign_in

CLERK, LEADER = "office@school.example", "leader@school.example"
CHECK = "/desk/plan/duties/check"


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """The small school, its duties written with comments."""
    desk = Desk(db, tmp_path)
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    return desk


@pytest.fixture
def portal(desk: Desk, clock: Clock, tmp_path: Path) -> Portal:
    """An office where it takes two to adopt."""
    return Portal(replace(load(tmp_path, {}), adoption="two"), desk.db, desk.blobs, clock)


def form(client: TestClient, path: str) -> dict[str, str]:
    """What a browser would send back from the first form of a page."""
    body = client.get(path).text
    body = body[body.index("<form", body.index("<main")) :]
    body = body[: body.index("</form>")]
    found = dict(re.findall(r'<input [^>]*?name="([^"]*)"[^>]*? value="([^"]*)"', body))
    found |= dict(
        re.findall(r'<textarea [^>]*?name="([^"]*)"[^>]*>\n?(.*?)</textarea>', body, re.S)
    )
    for name, options in re.findall(
        r'<select [^>]*?name="([^"]*)"[^>]*>(.*?)</select>', body, re.S
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def test_a_duty_is_changed_by_its_form_and_only_its_line_changes(
    client: TestClient, portal: Portal
) -> None:
    sign_in(client, portal, CLERK)
    typed = {**form(client, CHECK), "due": "周三前"}
    answer = client.post(CHECK, data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CHECK}?done=saved")
    draft = studio.draft_of(portal.db, "fire")
    assert draft is not None
    assert draft.files["duties.yaml"] == WEEKLY.replace("due: 周五前", "due: 周三前")
    shown = client.get(CHECK).text
    assert "2026年12月9日" in shown  # the next Wednesday after this week's
    assert "逾期1个工作日，向联络员、负责人发送《催办单》" in shown


def test_what_was_typed_stays_when_it_is_refused(client: TestClient, portal: Portal) -> None:
    sign_in(client, portal, CLERK)
    typed = {**form(client, CHECK), "due": "周八前", "title": "开展夜间检查"}
    answer = client.post(CHECK, data=typed)
    assert answer.status_code == 422
    assert 'href="#due"' in answer.text
    assert 'value="周八前"' in answer.text
    assert 'value="开展夜间检查"' in answer.text


def test_a_clash_shows_both_texts_and_saving_once_more_counts(
    client: TestClient, portal: Portal
) -> None:
    sign_in(client, portal, CLERK)
    mine = form(client, f"{CHECK}/yaml")
    client.post(CHECK, data={**form(client, CHECK), "due": "周三前"})
    typed = {**mine, "text": mine["text"].replace("周五前", "周四前"), "act": "save"}
    answer = client.post(f"{CHECK}/yaml", data=typed)
    assert answer.status_code == 422
    assert answer.text.count("due: 周三前") == 1
    assert answer.text.count("due: 周四前") == 1
    seen = re.search(r'name="seen" value="([^"]*)"', answer.text)
    assert seen
    assert client.post(f"{CHECK}/yaml", data={**typed, "seen": seen[1]}).status_code == 303


def test_an_edited_workbook_is_shown_before_it_is_taken_in(
    client: TestClient, portal: Portal
) -> None:
    csrf = sign_in(client, portal, CLERK)
    book = load_workbook(BytesIO(client.get("/desk/plan/workbook.xlsx").content))
    sheet = book["职责"]
    place = [cell.value for cell in sheet[1]].index("办理时限") + 1
    for due, wanted in (("周八前", "下载标红的工作簿"), ("周三前", "+    due: 周三前")):
        sheet.cell(2, place).value = due
        out = BytesIO()
        book.save(out)
        sent = {"book": ("职责.xlsx", out.getvalue())}
        client.post("/desk/plan/workbook", data={"csrf": csrf}, files=sent)
        shown = client.get("/desk/plan/workbook").text
        assert wanted in shown
    mark = re.search(r'name="mark" value="([^"]*)"', shown)
    assert mark
    assert studio.draft_of(portal.db, "fire") is None
    client.post("/desk/plan/workbook/take", data={"csrf": csrf, "mark": mark[1]})
    draft = studio.draft_of(portal.db, "fire")
    assert draft is not None
    assert draft.files["duties.yaml"] == WEEKLY.replace("due: 周五前", "due: 周三前")


def test_only_the_office_and_leaders_come_in(client: TestClient, portal: Portal) -> None:
    sign_in(client, portal, "guard@school.example")
    assert client.get("/desk/plan").status_code == 403


def test_the_schema_is_published_for_editors(client: TestClient) -> None:
    answer = client.get("/schemas/plan-1.schema.json")
    schema = json.loads(answer.content)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "DutyText" in schema["$defs"]


def test_every_page_of_the_studio_speaks_both_languages(client: TestClient, portal: Portal) -> None:
    sign_in(client, portal, CLERK)
    studio.begin(portal.db, "fire", "文员", portal.clock())
    for path in ("", "/duties", "/duties/check", "/duties/check/yaml", "/new-duty", "/ladders",
                 "/ladders/ordinary", "/files", "/files/duties.yaml", "/diff", "/load",
                 "/workbook", "/adopt"):  # fmt: skip
        answer = client.get(f"/desk/plan{path}?lang=en")
        assert answer.status_code == 200, path
        assert "Load" in answer.text


def enter(context: BrowserContext, portal: Portal, address: str, mailbox: str) -> Page:
    """A browser window of somebody who is signed in."""
    with TestClient(site(portal)) as client:
        sign_in(client, portal, mailbox)
        secret = client.cookies[COOKIE]
    context.add_cookies(
        [
            {
                "name": COOKIE,
                "value": secret,
                "url": address.replace("http:", "https:"),
                "secure": True,
                "httpOnly": True,
            }
        ]
    )
    return context.new_page()


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_clerk_changes_a_day_and_a_ladder_and_a_second_person_lets_it_in(
    browser: Browser, portal: Portal, address: str, scripts: bool
) -> None:
    """周五改为周三，逾期2个工作日再催；写错一个字，改正；看改动和负担；提请，另一人批准，施行。"""
    options = {"locale": "zh-CN", "java_script_enabled": scripts, "viewport": DESKTOP}
    context = browser.new_context(**options)  # type: ignore[arg-type]
    clerk = enter(context, portal, address, CLERK)
    begins_with_a_form(clerk, address, scripts)
    mends_a_ladder(clerk)
    mistypes_in_yaml(clerk, address, scripts)
    looks_and_proposes(clerk)
    other = browser.new_context(**options)  # type: ignore[arg-type]
    leader = enter(other, portal, address, LEADER)
    leader.goto(f"{address}/desk/plan/adopt")
    leader.get_by_role("button", name="批准").click()
    leader.get_by_role("button", name="施行").click()
    expect(leader.get_by_role("status")).to_contain_text("新版本已施行")
    changed = WEEKLY.replace("周五前", "周三前").replace("# 夜间", "# 夜间和清晨")
    with reading(portal.db) as connection:
        held = current_version(connection, "fire")
        assert held is not None
        assert held[0] == 2
        assert source(connection, "fire", 2) == {
            "school.yaml": SCHOOL.replace("when: 逾期1个工作日", "when: 逾期2个工作日"),
            "duties.yaml": changed,
        }
    leader.goto(f"{address}/desk/plan/files/duties.yaml")
    with leader.expect_download() as download:
        leader.get_by_role("link", name="下载").click()
    assert Path(download.value.path()).read_text("utf-8") == changed


def begins_with_a_form(clerk: Page, address: str, scripts: bool) -> None:
    clerk.goto(f"{address}/desk/plan")
    clerk.get_by_role("button", name="开始修改").click()
    clerk.get_by_role("link", name="开展宿舍消防检查").click()
    clerk.locator("#due").fill("周三前")
    if scripts:
        expect(clerk.locator("#meaning")).to_contain_text("2026年12月9日")
    clerk.get_by_role("button", name="存入草稿").click()
    expect(clerk.get_by_role("status")).to_contain_text("已存入草稿")
    expect(clerk.locator("#meaning")).to_contain_text("2026年12月9日")


def mends_a_ladder(clerk: Page) -> None:
    clerk.get_by_role("link", name="督办梯次").click()
    clerk.get_by_role("link", name="常规").click()
    clerk.locator("#when-3").fill("逾期2个工作日")
    clerk.get_by_role("button", name="存入草稿").click()
    expect(clerk.get_by_role("status")).to_contain_text("已存入草稿")


def mistypes_in_yaml(clerk: Page, address: str, scripts: bool) -> None:
    clerk.goto(f"{address}{CHECK}/yaml")
    text = clerk.locator("#text")
    right = text.input_value()
    text.fill(right.replace("二级学院", "二级学园"))
    if not scripts:
        clerk.get_by_role("button", name="只检查").click()
    expect(clerk.locator("#checked")).to_contain_text("第5行第18列")
    expect(clerk.locator("#checked")).to_contain_text("您是否想写“二级学院”？")
    expect(clerk.locator("#gutter .red")).to_have_text("✗ 5")
    text.fill(right.replace("# 夜间", "# 夜间和清晨"))
    clerk.get_by_role("button", name="存入草稿").click()
    expect(clerk.locator("#checked")).to_contain_text("没有问题")


def looks_and_proposes(clerk: Page) -> None:
    clerk.get_by_role("link", name="改动", exact=True).click()
    expect(clerk.locator("main")).to_contain_text("护理学院、药学院")
    clerk.get_by_role("link", name="负担", exact=True).click()
    expect(clerk.get_by_role("row", name="护理学院")).to_be_visible()
    clerk.get_by_role("link", name="施行", exact=True).click()
    clerk.get_by_role("button", name="提请批准").click()
    expect(clerk.locator("main")).to_contain_text("须由另一人批准")


@pytest.mark.browser
def test_the_studio_looks_right_everywhere(
    context: BrowserContext, portal: Portal, address: str
) -> None:
    page = enter(context, portal, address, CLERK)
    page.goto(f"{address}/desk/plan")
    page.get_by_role("button", name="开始修改").click()
    page.goto(f"{address}{CHECK}")
    page.locator("#due").fill("周三前")
    page.get_by_role("button", name="存入草稿").click()
    for path, name in (
        ("", "plan"), ("/duties", "plan-duties"), ("/duties/check", "plan-duty"),
        ("/ladders/ordinary", "plan-ladder"), ("/ladders", ""), ("/files", ""),
        ("/diff", "plan-diff"), ("/load", "plan-load"), ("/workbook", "plan-workbook"),
        ("/new-duty", ""), ("/adopt", "plan-adopt"),
    ):  # fmt: skip
        page.goto(f"{address}/desk/plan{path}")
        looks_right(page, name)
    page.goto(f"{address}{CHECK}/yaml")
    page.locator("#text").fill(page.locator("#text").input_value().replace("二级学院", "二级学园"))
    expect(page.locator("#checked")).to_contain_text("您是否想写")
    looks_right(page, "plan-yaml")
