"""An inspection on the portal: opened at the desk, worked on a phone, printed, put right."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from duban.specimen_files import file_of
from office import sessions
from office.handed_in import File
from office.members import grant
from office.receive import submit
from portal.here import Portal
from portal.site import site
from storage.engine import writing
from tests.office.desk import SCHOOL, Desk, at
from tests.office.test_inspecting import DUTIES, FINDINGS
from tests.portal.conftest import NOON
from tests.portal.looks import looks_right, pages_on_paper
from tests.portal.signed import OFFICE, csrf_in, sign_in

TEAM, STRANGER = "team@province.example", "team2@province.example"
TERMS = {
    "title": "宿舍消防专项检查", "units": ["nursing", "pharmacy"], "duties": ["check"],
    "first": "2026-09-01", "last": "2026-11-27", "count": "4", "by": ["unit"],
    "inspectors": f"{TEAM} 督查一组", "since": "2026-11-30T08:00", "until": "2026-12-04T18:00",
}  # fmt: skip
PROBLEM = {
    "item": "1", "unit": "nursing", "duty": "check", "evidence": "督办〔2026〕1号",
    "fact": "2026年11月30日，护理1号楼3层灭火器压力不足，检查记录仍写“正常”。",
    "clause": "二（二）专项督导检查", "severity": "一般",
    "demand": "更换失效灭火器，复核全楼，报送整改后照片。",
}  # fmt: skip


@pytest.fixture
def desk(db: Engine, tmp_path: object) -> Desk:
    """A term of weekly checks, one of them handed in, under a plan that knows findings."""
    desk = Desk(db, tmp_path)  # type: ignore[arg-type]
    desk.adopt(DUTIES, "2026-08-31 09:00", SCHOOL + FINDINGS)
    for day in ("2026-10-05", "2026-11-05", "2026-11-30"):
        desk.reconcile(f"{day} 08:00")
    for task in desk.tasks()[:4]:
        paper = [File("检查记录.pdf", file_of("pdf", task.key))]
        submit(desk.db, desk.blobs, task.id, by="联络员", now=at("2026-11-30 09:00"), files=paper)
    return desk


@pytest.fixture
def office(portal: Portal, client: TestClient) -> TestClient:
    sign_in(client, portal)
    return client


@pytest.fixture
def team(portal: Portal) -> TestClient:
    """An inspector's phone; signed in once the inspection has let the team in."""
    return TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)


def opened(office: TestClient, **more: str) -> str:
    key = csrf_in(office.get("/inspections/new").text)
    answer = office.post("/inspections/new", data={**TERMS, "csrf": key, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def drawn(office: TestClient, address: str) -> None:
    key = csrf_in(office.get(address).text)
    data = {"csrf": key, "public_number": "3-5-1-6"}
    assert office.post(f"{address}/draw", data=data).status_code == 303


def found(office: TestClient, address: str) -> str:
    key = csrf_in(office.get(f"{address}/findings/new").text)
    answer = office.post(f"{address}/findings/new", data={**PROBLEM, "csrf": key})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_the_office_opens_an_inspection_and_what_is_missing_is_said_in_place(
    office: TestClient,
) -> None:
    key = csrf_in(office.get("/inspections/new").text)
    wrong = office.post("/inspections/new", data={**TERMS, "csrf": key, "count": "1"})
    assert (wrong.status_code, "应不少于2" in wrong.text) == (422, True)
    assert 'value="宿舍消防专项检查"' in wrong.text
    address = opened(office)
    assert address == "/inspections/I2026-0001"
    shown = office.get(address).text
    assert "总体" in shown
    assert "2 层" in shown


def test_an_inspector_works_the_sample_with_a_photo_from_the_phone(
    office: TestClient, team: TestClient, portal: Portal
) -> None:
    address = opened(office)
    key = sign_in(team, portal, TEAM)
    drawn(team, address)
    item = team.get(f"{address}/items/1").text
    assert "没有交来材料" in item or "检查记录.pdf" in item
    silent = team.post(f"{address}/items/1", data={"csrf": key, "verdict": "fails"})
    assert "请写明存在的问题" in silent.text
    photo = ("IMG_0001.jpg", file_of("jpg", "灭火器"), "image/jpeg")
    answer = team.post(
        f"{address}/items/1", data={"csrf": key, "verdict": "fails", "note": "压力不足"},
        files={"photo": photo},
    )  # fmt: skip
    assert answer.headers["Location"] == f"{address}/items/2"
    assert "IMG_0001.jpg" in team.get(f"{address}/items/1").text
    assert "1/4" in team.get(address).text
    assert "IMG_0001.jpg" not in team.get("/reading/tasks/1").text


def test_an_unannounced_inspection_is_not_on_the_desk_of_others_until_it_is_announced(
    office: TestClient, portal: Portal, team: TestClient
) -> None:
    address = opened(office, unannounced="yes")
    colleague = TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)
    for who, role in ((STRANGER, "inspector"), ("colleague@school.example", "office")):
        grant(
            portal.db, "fire", who, role, name=role, since=NOON, until=NOON + timedelta(days=9),
            by="办公室", now=NOON,
        )  # fmt: skip
        sign_in(colleague, portal, who)
        assert "宿舍消防专项检查" not in colleague.get("/inspections").text
        for page in ("", "/checklist", "/items/1", "/findings/new"):
            assert colleague.get(address + page).status_code == 404
    key = sign_in(team, portal, TEAM)
    assert team.post(f"{address}/announce", data={"csrf": key}).status_code == 303
    assert "宿舍消防专项检查" in colleague.get("/inspections").text


def test_a_finding_is_ordered_put_right_by_the_office_and_not_by_an_inspector(
    office: TestClient, team: TestClient, portal: Portal, desk: Desk
) -> None:
    address = opened(office)
    drawn(office, address)
    place = found(office, address)
    key = sign_in(team, portal, TEAM)
    assert team.post(place, data={"csrf": key}).status_code == 403
    key = csrf_in(office.get(place).text)
    assert office.post(place, data={"csrf": key}).status_code == 303
    notice = office.get(place).text
    for said in ("整改通知书", "I2026-0001-01", "2026年12月14日", PROBLEM["demand"]):
        assert said in notice
    assert any("/rectify/nursing" in key for key in desk.opened())
    assert "检查发现的问题" not in office.get("/desk/incidents/new").text


def comes_in(page: Page, portal: Portal, address: str) -> None:
    with writing(portal.db) as connection:
        way = sessions.offer(connection, OFFICE, NOON)
    page.goto(f"{address}/sign-in/{way.token}")
    page.locator("main").get_by_role("button").click()
    page.wait_for_url("**/desk")


@pytest.mark.browser
def test_the_pages_of_an_inspection_look_right(
    page: Page, portal: Portal, office: TestClient, address: str
) -> None:
    at_ = opened(office)
    drawn(office, at_)
    key = csrf_in(office.get(f"{at_}/findings/new").text)
    said = {"csrf": key, "verdict": "fails", "note": PROBLEM["fact"]}
    office.post(f"{at_}/items/1", data=said)
    office.post(f"{at_}/items/2", data={"csrf": key, "verdict": "conforms"})
    place = found(office, at_)
    office.post(place, data={"csrf": key})
    comes_in(page, portal, address)
    for path, name in (
        ("/inspections", ""), ("/inspections/new", ""), (at_, "inspection"),
        (f"{at_}/items/1", "inspection-item"), (f"{at_}/findings/new?item=1", ""),
        (place, ""), (f"{at_}/checklist", ""),
    ):  # fmt: skip
        page.goto(address + path)
        expect(page.locator("h1")).to_be_visible()
        looks_right(page, name)
    for path, name in ((place, "inspection-notice"), (f"{at_}/checklist", "inspection-checklist")):
        page.goto(address + path)
        assert pages_on_paper(page, name) == 1
