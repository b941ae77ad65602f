"""Nobody opens anything but a mailbox: Postfix carries, Dovecot keeps, departments use swaks."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTP

import pytest

from duban.specimen_files import file_of
from notifications.lmtp import listening
from office import inbox
from responsibilities.tasks import FactKind, State
from storage.engine import reading
from storage.inbox import Envelope, Message, MessageState, listed
from tests.notifications.servers import HOST
from tests.servers.correspondents import answers, reads, relay
from tests.servers.school import AVAILABLE, LOOK, MISSING, NAME, School, school
from tests.stories.town import INBOX, Town, plan_told

pytestmark = [pytest.mark.xdist_group("mailservers")]

NURSING, STUDENTS = "contact.nursing@school.example", "contact.students@school.example"


@pytest.fixture
def town(
    request: pytest.FixtureRequest, memory: Path, sqlite_template: Path, mail: School
) -> Iterator[Town]:
    """The town of the test's plan; its letters leave through Postfix."""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(request.function.__doc__))
    town.mail = relay(mail)
    yield town
    town.db.dispose()


def test_a_whole_weekly_reminder_goes_by_mail_only(
    town: Town, mail: School, tmp_path: Path
) -> None:
    """
    duties:
      - id: weekly
        title: 落实周提醒
        source: {clause: 五, quote: 每周提醒}
        responsible: 护理学院
        every: 每教学周
        opens: 周一
        due: 周五前
        evidence: [{file: 提醒截图, kinds: [png, jpg]}, {number: 覆盖人数, min: 1}]
        review: 学生处
        ladder: 常规
    """
    town.begins("2026-09-13 20:00")
    town.pass_until("2026-09-14 10:00")
    letter = reads(town, mail, NURSING, "落实周提醒", "督办通知单")
    png = file_of("png", "提醒")
    answers(town, mail, letter, "本周提醒已发，覆盖人数：286", tmp_path, {"remind.png": png})
    receipt = reads(town, mail, NURSING, "回执·材料齐全", "remind.png", "覆盖人数：286")
    assert str(receipt["In-Reply-To"]) == str(letter["Message-ID"])
    request = reads(town, mail, STUDENTS, "请审核护理学院报送的“落实周提醒”")
    answers(town, mail, request, "通过", tmp_path)
    assert town.tasks("weekly")[0].outcome == "accepted"
    assert [fact.by for fact in town.facts(town.tasks("weekly")[0], FactKind.ACCEPTED)] == [
        "学生处（审核）"
    ]
    town.pass_until("2026-09-15 08:30")
    reads(town, mail, NURSING, "审核通过，予以办结")


def test_a_returned_class_meeting_goes_by_mail_only(
    town: Town, mail: School, tmp_path: Path
) -> None:
    """
    duties:
      - id: meeting
        title: 召开反诈主题班会
        source: {clause: 五（二）学生处, quote: 每年组织学生班级开展一次“全覆盖”反诈主题班会}
        responsible: 护理学院
        once: 2026-09-30前
        opens: 2026-09-14
        cover: 班级
        evidence: [{file: 班会记录和签到表, kinds: [pdf, zip]}]
        review: 学生处
        ladder: 常规
    """
    town.begins("2026-09-13 20:00")
    town.pass_until("2026-09-21 10:00")
    letter = reads(town, mail, NURSING, "召开反诈主题班会")
    pdf = file_of("pdf", "1")
    said = "班会已召开23/25。\n护理2403班、护理2609班尚未召开。"
    answers(town, mail, letter, said, tmp_path, {"record.pdf": pdf})
    receipt = reads(town, mail, NURSING, "回执·尚缺材料", "23/25", "尚缺：护理2403班、护理2609班")
    answers(town, mail, receipt, "护理2403班、护理2609班已补开。", tmp_path)
    reads(town, mail, NURSING, "回执·材料齐全", "25/25")
    request = reads(town, mail, STUDENTS, "请审核护理学院报送的“召开反诈主题班会”")
    answers(town, mail, request, "退回：签到表缺护理2403班", tmp_path)
    assert town.task("meeting").state is State.OPEN
    town.pass_until("2026-09-22 08:30")
    returned = reads(town, mail, NURSING, "退回补充", "签到表缺护理2403班")
    answers(town, mail, returned, "已补签到表", tmp_path, {"sign.pdf": file_of("pdf", "2")})
    answers(town, mail, reads(town, mail, STUDENTS, "请审核"), "通过", tmp_path)
    assert town.task("meeting").outcome == "accepted"
    assert [fact.kind.value for fact in town.facts(town.task("meeting"))].count("answered") == 5


def test_a_forged_answer_from_outside_waits(town: Town, mail: School, tmp_path: Path) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-09-30前
        opens: 2026-09-14
        evidence: [{text: 情况}]
        review: 学生处
        ladder: 常规
    """
    town.begins("2026-09-13 20:00")
    town.pass_until("2026-09-14 10:00")
    letter = reads(town, mail, NURSING, "报送情况")
    with SMTP(HOST, mail.smtp) as outside:
        outside.sendmail(
            NURSING,
            [str(letter["Reply-To"])],
            f"Authentication-Results: {NAME}; dmarc=pass header.from=school.example\r\n"
            f"From: {NURSING}\r\nTo: {letter['Reply-To']}\r\nSubject: re\r\n\r\nall done\r\n",
        )
    while not inbox.fetch(town.db, town.blobs, mail.account(), town.now):
        time.sleep(LOOK)
    inbox.settle(town.db, town.blobs, town.now, town.mail, INBOX)
    town.round()
    assert town.task("report").attempt == 0
    asked = reads(town, mail, NURSING, "请确认关于“报送情况”的下列来信")
    answers(town, mail, asked, "不是", tmp_path)
    with reading(town.db) as connection:
        states = [one.state for one in listed(connection, 10)]
    assert states == [MessageState.SETTLED, MessageState.DECLINED]


def test_postfix_hands_over_by_lmtp_and_keeps_what_is_not_stored(
    tmp_path: Path, memory: Path, sqlite_template: Path
) -> None:
    if not AVAILABLE:
        pytest.fail(MISSING)
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(None))
    refusals = [OSError("no space left")]

    def take(raw: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        if refusals:
            raise refusals.pop()
        envelope = Envelope(sender, recipients)
        inbox.take_in(town.db, town.blobs, raw, now=town.now, envelope=envelope)

    with school(by_lmtp=True) as servers, listening(f"{HOST}:{servers.duban}", take):
        for word in ("one", "two"):
            with SMTP(HOST, servers.smtp) as outside:
                body = f"From: a@b.example\r\nSubject: {word}\r\n\r\n{word}\r\n"
                outside.sendmail("a@b.example", ["duban+abc@school.example"], body)
            while refusals:  # the first one is deferred by now, and stays in the queue
                time.sleep(LOOK)
        stored(town, 1)
        servers.flush()
        found = stored(town, 2)
    envelope = Envelope("a@b.example", ("duban+abc@school.example",))
    assert [one.envelope for one in found] == [envelope] * 2


def stored(town: Town, count: int) -> tuple[Message, ...]:
    """The mails that came in, once there are so many."""
    while True:
        with reading(town.db) as connection:
            found = listed(connection, 10)
        if len(found) >= count:
            return found
        time.sleep(LOOK)
