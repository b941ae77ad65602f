"""The office's pages as a browser without JavaScript uses them: forms, 303, sentences in place."""

import io
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from docx import Document as open_word
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import Engine

from duban.specimen_files import file_of
from office.inbox import settle, take_in
from office.ledger import list_facts
from office.receive import File, submit
from office.review import waive
from office.settings import Inbox
from portal.evidence import evidence_site
from portal.here import Portal
from portal.site import site
from responsibilities.tasks import FactKind, State
from tests.office.desk import SCHOOL, Desk, at
from tests.portal.conftest import NOON, Clock
from tests.portal.signed import NURSING, sign_in

PLAN = """\
windows: [{id: sensitive, name: 敏感时期}]
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, source: {clause: 二（一）, quote: 每周检查宿舍},
     evidence: [{file: 检查记录, kinds: [pdf]}, {file: 现场照片, kinds: [jpg], optional: true}]}
  - {id: daily, title: 敏感时期日报, responsible: 保卫处, every: 每日, window: 敏感时期,
     zero_report: true, review: 办公室, ladder: 常规}
  - {id: notify, title: 报告火情, responsible: 事发单位, on: 火情, ladder: 紧急, review: 办公室,
     stages: [{id: first, name: 首报, due: 知悉后30分钟内},
              {id: last, name: 终报, due: 结案后5个工作日内}]}
"""
PHOTO = File("现场.jpg", file_of("jpg", "1"), "现场照片", "image/jpeg")
PDF = File("检查记录.pdf", file_of("pdf", "1"), "检查记录", "application/pdf")
KEY = "fire/2026-W49/check/"


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon: nursing has handed the weekly check in, pharmacy has not."""
    desk = Desk(db, tmp_path)
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    submit(desk.db, desk.blobs, f"{KEY}nursing", by="护理学院联络员", files=[PDF, PHOTO],
           now=at("2026-11-30 10:00"))  # fmt: skip
    return desk


class Clerk:
    """The office's contact at a browser: sends every form with what its page hid in it."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def post(self, page: str, action: str, status: int = 303, **values: str) -> str:
        """Where it leads; or the page, where it was refused."""
        hidden = self.get(page)
        assert f'action="{action}"' in hidden
        csrf = re.search(r'name="csrf" value="([^"]+)"', hidden)
        assert csrf
        answer = self.client.post(action, data={"csrf": csrf[1], **values})
        assert answer.status_code == status, answer.text
        return str(answer.headers["location"] if status == 303 else answer.text)


@pytest.fixture
def clerk(portal: Portal, desk: Desk) -> Clerk:
    client = TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)
    sign_in(client, portal)
    return Clerk(client)


def test_the_desk_shows_what_waits(clerk: Clerk, clock: Clock) -> None:
    shown = clerk.get("/desk")
    assert "开展宿舍消防检查" in shown
    assert "尚未签名封存" in shown
    assert clerk.get("/desk?lang=en").count("To review") >= 1


def test_whoever_is_not_the_office_stays_outside(portal: Portal, desk: Desk) -> None:
    client = TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)
    sign_in(client, portal, NURSING)
    assert client.get("/desk").status_code == 403
    assert client.get("/desk/matrix.xlsx").status_code == 403


def test_a_leader_sees_the_units_in_their_charge_and_can_do_nothing(
    portal: Portal, desk: Desk
) -> None:
    client = TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)
    csrf = sign_in(client, portal, "safety@school.example")
    page = f"/desk/tasks/{desk.task(f'{KEY}pharmacy').id}"
    assert "药学院" in client.get("/desk/matrix").text
    shown = client.get(page).text
    assert "药学院" in shown
    assert "发出催办" not in shown
    assert client.post(f"{page}/nudge", data={"csrf": csrf}).status_code == 403
    assert client.get("/desk").status_code == 403


def test_accepting_leads_to_the_next_and_the_last_to_an_empty_queue(
    clerk: Clerk, desk: Desk
) -> None:
    submit(desk.db, desk.blobs, f"{KEY}pharmacy", by="药学院", files=[PDF],
           now=at("2026-11-30 11:00"))  # fmt: skip
    first, second = desk.task(f"{KEY}nursing").id, desk.task(f"{KEY}pharmacy").id
    shown = clerk.get(f"/desk/review/{first}")
    assert "检查记录.pdf" in shown
    assert "每周检查宿舍" in shown
    page = f"/desk/review/{first}"
    assert clerk.post(page, f"{page}/accept") == f"/desk/review/{second}?done=accepted"
    page = f"/desk/review/{second}"
    assert clerk.post(page, f"{page}/return", reason="缺签名") == "/desk/review?done=returned"
    assert desk.task(f"{KEY}nursing").outcome == "accepted"
    assert desk.task(f"{KEY}pharmacy").state is State.OPEN
    assert "没有待审核的事项" in clerk.get("/desk/review")


def test_a_picture_is_drawn_anew_and_a_file_is_only_saved(
    clerk: Clerk, desk: Desk, portal: Portal
) -> None:
    number = desk.task(f"{KEY}nursing").id
    shown = clerk.get(f"/desk/review/{number}")
    picture = re.search(r'<img class="handed-picture" src="([^"]+)" alt="现场', shown)
    files = re.findall(r'href="(/desk/tasks/\d+/files/[0-9a-f]{64})"', shown)
    assert picture
    apart = TestClient(evidence_site(portal))
    assert 'alt="现场照片：现场.jpg"' in shown
    drawn = apart.get(clerk.client.get(picture[1]).headers["location"])
    assert drawn.headers["content-type"] == "image/jpeg"
    assert drawn.content != PHOTO.data
    saved = apart.get(clerk.client.get(files[0]).headers["location"])
    assert saved.content in (PDF.data, PHOTO.data)
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-security-policy"].startswith("sandbox")
    other = desk.task(f"{KEY}pharmacy").id
    clerk.get(files[0].replace(f"/{number}/", f"/{other}/"), 404)
    clerk.get(f"/desk/tasks/{number}/files/{'0' * 64}", 404)


def test_returning_without_a_reason_says_so_at_the_field(clerk: Clerk, desk: Desk) -> None:
    page = f"/desk/review/{desk.task(f'{KEY}nursing').id}"
    shown = clerk.post(page, f"{page}/return", 422, reason=" ")
    assert '<a href="#reason">退回应写明理由。</a>' in shown
    assert desk.task(f"{KEY}nursing").state is State.SUBMITTED


def test_the_matrix_keeps_its_filter_in_the_address_and_in_its_workbook(clerk: Clerk) -> None:
    shown = clerk.get("/desk/matrix?section=二（一）&period=2026-12")
    assert '<option value="二（一）" selected>' in shown
    assert '<option value="2026-12" selected>' in shown
    assert "报告火情" not in shown
    link = re.search(r'href="(/desk/matrix\.xlsx\?[^"]+)"', shown)
    assert link
    book = clerk.client.get(link[1].replace("&amp;", "&")).content
    rows = list(load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["职责", "开展宿舍消防检查"]
    assert "不是月份" in clerk.get("/desk/matrix?period=never", 409)


def test_the_bulletin_of_a_month_is_read_and_taken_away_as_word(
    clerk: Clerk, portal: Portal, clock: Clock
) -> None:
    clock.now = at("2026-12-07 09:00")
    sign_in(clerk.client, portal)
    shown = clerk.get("/desk/bulletin?month=2026-12&fewer=3&sum=fire.size")
    assert "关于2026年12月《消防安全工作方案》落实情况的通报" in shown
    assert "2026年12月未接到火情报告" in shown
    assert '<input type="checkbox" name="sum" value="fire.size" checked>' in shown
    assert "办理记录第" in shown
    answer = clerk.client.get("/desk/bulletin.docx?month=2026-12")
    words = [one.text for one in open_word(io.BytesIO(answer.content)).paragraphs]
    assert "二、工作落实情况" in words
    assert "不是已开始的月份" in clerk.get("/desk/bulletin?month=2027-01", 409)


def test_nudging_from_the_list_tells_only_who_is_missing(clerk: Clerk, desk: Desk) -> None:
    page = "/desk/tasks?duty=check"
    where = clerk.post(page, "/desk/tasks/nudge", duty="check", period="2026-W49")
    assert "药学院" in clerk.get(where)
    assert [n.unit for n in desk.waiting() if n.kind == "reminder"] == ["pharmacy"]


def test_a_task_is_extended_waived_and_reopened_and_what_was_typed_stays(
    clerk: Clerk, desk: Desk
) -> None:
    page = f"/desk/tasks/{desk.task(f'{KEY}pharmacy').id}"
    shown = clerk.post(page, f"{page}/extend", 422, extend_until="2026-12-01T17:00",
                       extend_reason="停电")  # fmt: skip
    assert "新的时限应晚于现有时限" in shown
    assert 'value="2026-12-01T17:00"' in shown
    assert 'value="停电"' in shown
    clerk.post(page, f"{page}/extend", extend_until="2026-12-08T17:00")
    clerk.post(page, f"{page}/waive", waive_reason="停课")
    assert "重新办理应写明理由" in clerk.post(
        page, f"{page}/reopen", 422, reopen_until="2026-12-11T17:00"
    )
    clerk.post(page, f"{page}/reopen", reopen_until="2026-12-11T17:00", reopen_reason="复课")
    task = desk.task(f"{KEY}pharmacy")
    assert (task.state, task.due_at) == (State.OPEN, at("2026-12-11 17:00"))
    assert "重新办理" in clerk.get(page)
    assert desk.facts(task.key)[-1].by == "办公室联络员"


def report(clerk: Clerk, **values: str) -> str:
    filled = {"type": "fire", "unit": "nursing", "known": "2026-11-30T11:55", "f-size": "3",
              "f-place": "二号楼", "f-witness": "值班员甲", **values}  # fmt: skip
    status = int(filled.pop("status", "303"))
    return clerk.post("/desk/incidents/new", "/desk/incidents/new", status, **filled)


def test_an_incident_is_reported_and_its_clock_runs(clerk: Clerk, clock: Clock) -> None:
    where = report(clerk)
    shown = clerk.get(where)
    assert "首报" in shown
    assert "剩 25分钟" in shown
    assert "值班员甲" in shown
    for _ in range(2):  # a session that nobody uses ends
        clock.now += timedelta(minutes=20)
        shown = clerk.get(where)
    assert "超时 15分钟" in shown
    assert "逾期未报" in clerk.get("/desk/incidents")
    page = where.partition("?")[0]
    clerk.post(page, f"{page}/correct", field="size", value="5", reason="复核")
    clerk.post(page, f"{page}/mark", name="结案", moment="2026-11-30T12:30")
    assert "终报" in clerk.get(page)


def test_what_is_entered_late_is_kept_until_a_reason_and_a_second_signer_are_there(
    clerk: Clerk,
) -> None:
    shown = report(clerk, known="2026-11-30T09:00", status="422")
    assert "须写明理由和第二签字人" in shown
    assert 'value="二号楼"' in shown
    assert 'value="2026-11-30T09:00"' in shown
    report(clerk, known="2026-11-30T09:00", reason="先行处置", second="保卫处负责人")


def test_a_list_is_previewed_and_only_then_recorded(clerk: Clerk, desk: Desk) -> None:
    report(clerk)
    page = clerk.get("/desk/crosscheck")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    data = "日期,单位,姓名\n2026-11-30,护理学院,甲\n2026-11-28,药学院,乙\n".encode()
    answer = clerk.client.post(
        "/desk/crosscheck", data={"csrf": csrf[1], "type": "fire", "days": "3"},
        files={"file": ("名单.csv", data, "text/csv")},
    )  # fmt: skip
    assert "漏报" in answer.text
    assert "未读取的栏目：姓名" in answer.text
    assert list_facts(desk.db)[-1].kind is not FactKind.CROSSCHECKED
    held = re.search(r'name="held" value="([^"]+)"', answer.text)
    assert held
    assert held[1] == sha256(data).hexdigest()  # the list itself, which may name people, stays here
    stale = clerk.client.post("/desk/crosscheck/record", data={
        "csrf": csrf[1], "held": "0" * 64, "name": "名单.csv", "type": "fire", "days": "3",
    })  # fmt: skip
    assert "请重新上传名单" in stale.text
    done = clerk.client.post("/desk/crosscheck/record", data={
        "csrf": csrf[1], "held": held[1], "name": "名单.csv", "type": "fire", "days": "3",
    })  # fmt: skip
    assert "已写入办理记录" in done.text
    assert list_facts(desk.db)[-1].kind is FactKind.CROSSCHECKED
    empty = clerk.client.post("/desk/crosscheck", data={"csrf": csrf[1], "type": "fire"})
    assert "请选择名单文件" in empty.text


def test_a_mail_that_waits_is_read_as_text_and_declined(clerk: Clerk, desk: Desk) -> None:
    raw = (
        b"From: pharmacy@school.example\r\nSubject: done\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n<script>alert(1)</script>\r\n"
    )
    number = take_in(desk.db, desk.blobs, raw, now=NOON)
    settle(desk.db, desk.blobs, NOON, desk.mail, Inbox())
    assert "pharmacy@school.example" in clerk.get("/desk/inbox")
    page = f"/desk/inbox/{number}"
    shown = clerk.get(page)
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "没有督办事项" in clerk.post(page, f"{page}/accept", 422, task="999")
    assert clerk.post(page, f"{page}/decline") == "/desk/inbox?done=declined"
    assert "没有待处理的来信" in clerk.get("/desk/inbox")


def test_a_letter_that_left_can_be_read(clerk: Clerk, desk: Desk) -> None:
    desk.post("2026-11-30 12:00")
    shown = clerk.get("/desk/letters")
    link = re.search(r'href="(/desk/letters/\d+)"', shown)
    assert link
    assert "请" in clerk.get(link[1])
    clerk.get("/desk/letters/99999", 404)


def test_a_window_is_opened_extended_and_closed(clerk: Clerk) -> None:
    page, act = "/desk/windows", "/desk/windows/sensitive/"
    assert "结束时间已经过去" in clerk.post(page, f"{act}open", 422, until="2026-11-29T17:00")
    clerk.post(page, f"{act}open", until="2026-12-05T17:00", reason="重大活动")
    assert "正在进行" in clerk.get(page)
    clerk.post(page, f"{act}extend", until="2026-12-08T17:00")
    clerk.post(page, f"{act}close")
    assert "未开始" in clerk.get(page)


def test_a_person_is_erased_once_it_was_seen_what_goes(clerk: Clerk, desk: Desk) -> None:
    path = "/desk/erase"
    waive(desk.db, f"{KEY}pharmacy", "郑七病假", by="办公室", now=NOON)
    asked = {"person": "郑七\n13900000000", "reason": "本人申请，收文12号"}
    clerk.get(path)
    assert "二者取一" in clerk.post(path, path, 422, **asked, case="1")
    shown = clerk.post(path, path, 200, **asked)
    assert "将删除 1 项内容" in shown
    assert desk.facts(f"{KEY}pharmacy")[-1].body["reason"] == "郑七病假"
    refused = clerk.post(path, path, 422, person="郑七", reason="郑七申请", sure="yes")
    assert "不要写出" in refused
    assert "已删除 1 项内容" in clerk.post(path, path, 200, **asked, sure="yes")
    assert desk.facts(f"{KEY}pharmacy")[-1].body["reason"] == "（已删除）"


def test_a_calendar_that_is_no_calendar_is_refused_in_place(clerk: Clerk) -> None:
    page = clerk.get("/desk/calendar")
    assert "2026" in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    answer = clerk.client.post(
        "/desk/calendar", data={"csrf": csrf[1]}, files={"file": ("x.yaml", b"year: twelve\n")}
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_no_page_is_about_another_plan(clerk: Clerk, desk: Desk) -> None:
    school = SCHOOL.replace("id: fire\n  title", "id: flood\n  title").replace("消防安全", "防汛")
    desk.adopt(PLAN, "2026-11-30 08:40", school)
    desk.reconcile("2026-11-30 08:45")
    own = "fire" if "消防安全工作方案" in clerk.get("/desk/matrix") else "flood"
    foreign = next(task.id for task in desk.tasks() if task.plan != own)
    clerk.get(f"/desk/tasks/{foreign}", 404)
    clerk.get(f"/desk/review/{foreign}", 404)
