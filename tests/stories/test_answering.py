"""A department does its whole duty from its mailbox."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from duban.specimen_files import file_of
from office import mailboxes, receive
from responsibilities.tasks import FactKind, State
from responsibilities.words import Refused
from tests.stories.letterbox import Mail
from tests.stories.town import Town, plan_told

TownOf = Callable[[str], Town]


def test_the_answer_to_a_letter_hands_in_and_the_receipt_says_what_came(story: Town) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-11-27前
        opens: 2026-11-16
        evidence: [{file: 情况报告, kinds: [pdf]}, {file: 现场照片, kinds: [jpg, png], min: 2}]
        review: 学生处
        ladder: 常规
    """
    story.begins("2026-11-16 07:00")
    story.pass_until("2026-11-16 10:00")
    letter = story.reads("护理学院联络员", "2026-11-16 08:00", "督办通知单")
    pdf, photo = file_of("pdf", "1"), file_of("jpg", "1")
    first = story.answers(letter, "情况报告如附件。", {"情况报告.pdf": pdf, "1.jpg": photo})

    assert (first.state, first.verdict) == ("settled", "kept")
    receipt = story.reads("护理学院联络员", "2026-11-16 10:00", "回执·尚缺材料", "情况报告.pdf")
    assert receipt.says("尚缺：现场照片", "1.jpg：现场照片")
    task = story.task("report")
    assert task.state is State.OPEN

    second = story.answers(receipt, "补一张照片", {"2.jpg": file_of("jpg", "2")})
    assert second.verdict == "submitted"
    assert story.task("report").state is State.SUBMITTED
    assert [fact.by for fact in story.facts(task, FactKind.SUBMITTED)] == ["护理学院联络员"] * 2
    assert [fact.body["sha256"] for fact in story.facts(task, FactKind.ANSWERED)] == [
        first.sha256,
        second.sha256,
    ]


REPORT = """
duties:
  - id: report
    title: 报送情况
    source: {clause: 六, quote: 如实报送}
    responsible: 护理学院
    once: 2026-11-27前
    opens: 2026-11-16
    evidence: [{text: 情况}, {number: 发案数, min: 0}]
    zero_report: true
    review: 学生处
    ladder: 常规
"""


@pytest.fixture
def town_of(memory: Path, sqlite_template: Path) -> TownOf:
    """Makes the town in which a plan that several stories share is not yet in force."""

    def make(plan: str) -> Town:
        shutil.copy(sqlite_template, memory / "duban.sqlite")
        return Town(memory, plan_told(plan))

    return make


@pytest.fixture
def told(town_of: TownOf) -> Town:
    """护理学院 has its letter about a report."""
    town = town_of(REPORT)
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 10:00")
    return town


def first(town: Town) -> Mail:
    return town.mail_to("护理学院联络员")[0]


def test_a_whole_report_goes_by_mail_returned_and_accepted(told: Town) -> None:
    assert (
        told.answers(first(told), "发案数：0\n情况：本月无案，已开展宣传两次。").verdict
        == "submitted"
    )
    receipt = told.reads("护理学院联络员", "2026-11-16 10:00", "回执·材料齐全", "发案数：0")
    assert receipt.says("已送审核")
    asked = told.reads("学生处（审核）", "2026-11-16 10:00", "请审核")
    assert told.answers(asked, "退回：请附宣传的时间和地点").verdict == "returned"
    told.pass_until("2026-11-17 08:30")
    back = told.reads("护理学院联络员", "2026-11-17 08:10", "退回补充", "请附宣传的时间和地点")
    assert told.answers(back, "情况：11月12日在图书馆前宣传。").verdict == "submitted"
    again = told.mail_to("学生处（审核）")[-1]
    assert told.answers(again, "通过").verdict == "accepted"
    assert told.task("report").outcome == "accepted"
    told.pass_until("2026-11-18 08:30")
    assert told.mail_to("护理学院联络员")[-1].says("予以办结")


def test_a_zero_report_is_a_whole_answer(told: Town) -> None:
    assert told.answers(first(told), "零报告").verdict == "submitted"
    assert told.mail_to("护理学院联络员")[-1].says("零报告：是", "材料齐全")


@pytest.mark.parametrize("said", ["收到", "好的，谢谢！", "", "已收到，尽快办理。"])
def test_thanks_are_no_answer_and_the_receipt_says_what_would_be(told: Town, said: str) -> None:
    assert told.answers(first(told), said).verdict == "nothing"
    assert told.task("report").attempt == 0
    assert told.mail_to("护理学院联络员")[-1].says(
        "回执·未计入", "没有可以计入的内容", "尚缺：情况、发案数"
    )


def test_more_time_is_asked_for_and_granted_by_mail(told: Town) -> None:
    asked = told.answers(first(told), "因统计口径待上级明确，申请延期至2026年12月11日。")
    assert asked.verdict == "extension_asked"
    office = told.reads("领导小组办公室", "2026-11-16 10:00", "延期", "2026年12月11日")
    assert told.answers(office, "同意").verdict == "extended"
    assert told.wall(told.task("report").due_at) == "2026-12-11 17:00"
    assert told.answers(first(told), "申请延期三个工作日").verdict == "refused"
    assert told.mail_to("护理学院联络员")[-1].says("请写明延至何日")


def test_not_ours_is_a_question_to_the_office_and_changes_nothing(told: Town) -> None:
    assert (
        told.answers(first(told), "该事项不属于我单位职责，应转学生处办理。").verdict == "question"
    )
    assert told.task("report").state is State.OPEN
    office = told.reads("领导小组办公室", "2026-11-16 10:00", "来信待处理", "不属于我单位职责")
    assert office.says("护理学院对“报送情况”承办单位的意见")


def test_an_out_of_office_answer_brings_in_the_deputy_until_somebody_answers(told: Town) -> None:
    away = told.answers(
        first(told), "本人出差，11月30日返校。", subject="自动回复：督办",
        headers={"Auto-Submitted": "auto-replied"},
    )  # fmt: skip
    assert away.verdict == "away"
    assert told.task("report").attempt == 0
    assert told.mail_to("领导小组办公室")[-1].says("护理学院联络员自动回复不在岗")
    told.pass_until("2026-11-24 10:00")
    assert [m.subject for m in told.mail_to("护理学院副联络员")] == [
        told.mail_to("护理学院联络员")[-1].subject
    ]
    assert told.mail_to("护理学院副联络员")[0].says("联络员不在岗，同时送达")
    assert told.answers(first(told), "情况：已开展。发案数：0").verdict == "submitted"
    told.return_(told.task("report"), "请写明时间")
    assert len(told.mail_to("护理学院副联络员")) == 1


BOUNCE = """\
From: MAILER-DAEMON@mx.school.example
To: duban@school.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.school.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user here

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: x

--b--
"""


def bounce(letter: Mail, action: str, status: str) -> bytes:
    words = {"address": letter.address, "message_id": letter.message_id}
    return BOUNCE.format(action=action, status=status, **words).encode()


def test_a_letter_that_came_back_goes_to_the_deputy_and_the_office_hears_of_it(told: Town) -> None:
    letter = first(told)
    assert told.gets(bounce(letter, "failed", "5.1.1")).verdict == "bounce"
    office = told.reads("领导小组办公室", "2026-11-16 10:00", "邮件未送达", letter.address)
    assert office.says(letter.subject)
    deputy = told.reads("护理学院副联络员", "2026-11-16 10:00", "报送情况", "督办通知单")
    told.pass_until("2026-11-24 10:00")
    assert told.mail_to("护理学院联络员") == [letter]  # nothing goes there any more
    assert told.mail_to("护理学院副联络员")[-1].says("联络员邮箱无法送达，改送")
    assert told.answers(deputy, "情况：已开展。发案数：0").verdict == "submitted"


def test_a_mailbox_that_was_mended_gets_its_letters_again(told: Town) -> None:
    letter = first(told)
    told.gets(bounce(letter, "failed", "5.1.1"))
    mailboxes.restore(told.db, letter.address.upper(), by="办公室", now=told.now)
    with pytest.raises(Refused, match="没有无法送达"):
        mailboxes.restore(told.db, letter.address, by="办公室", now=told.now)
    told.pass_until("2026-11-24 10:00")
    assert told.mail_to("护理学院联络员")[-1].says("临期提醒")


def test_a_letter_that_is_only_late_is_not_lost(told: Town) -> None:
    before = len(told.letters())
    assert told.gets(bounce(first(told), "delayed", "4.4.1")).verdict == "bounce"
    assert len(told.letters()) == before


def test_a_bounce_of_a_letter_that_is_not_ours_does_nothing(told: Town) -> None:
    before = len(told.letters())
    stray = bounce(first(told), "failed", "5.1.1").replace(b"Message-ID: <", b"Message-ID: <x")
    assert told.gets(stray).verdict == "bounce"
    assert len(told.letters()) == before


def test_which_of_several_tasks_is_asked_for_by_number(town_of: TownOf) -> None:
    town = town_of(REPORT + REPORT.partition("duties:\n")[2].replace("id: report", "id: second"))
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 10:00")
    digest = first(town)
    assert town.answers(digest, "情况：已开展。发案数：0").verdict == "which"
    asked = town.mail_to("护理学院联络员")[-1]
    assert asked.says("请注明编号", "督办〔2026〕1号", "督办〔2026〕2号")
    assert town.answers(digest, "督办〔2026〕2号\n情况：已开展。发案数：0").verdict == "submitted"
    assert [task.attempt for task in town.tasks()] == [0, 1]


TWO = REPORT + REPORT.partition("duties:\n")[2].replace("id: report", "id: second").replace(
    "title: 报送情况", "title: 报送数据"
)


def test_an_answer_about_two_tasks_of_a_digest_is_not_guessed_at(town_of: TownOf) -> None:
    """Both are listed, and the question itself can be answered, a mail for each."""
    town = town_of(TWO)
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 10:00")
    both = "督办〔2026〕1号：情况：已开展。发案数：0\n督办〔2026〕2号：情况：无。发案数：1"
    held = town.answers(first(town), both, files={"1号.pdf": b"%PDF-1.4\n1"})
    assert held.verdict == "which"
    assert held.why == "不能确定所答事项：督办〔2026〕1号、督办〔2026〕2号"
    asked = town.mail_to("护理学院联络员")[-1]
    assert asked.says(
        "所答不止一项，均暂未计入", "督办〔2026〕1号：报送情况（", "督办〔2026〕2号：报送数据（"
    )
    assert [task.attempt for task in town.tasks()] == [0, 0]
    assert town.answers(asked, "2号\n情况：无。发案数：1").verdict == "submitted"
    assert [task.attempt for task in town.tasks()] == [0, 1]


@pytest.mark.parametrize("said", ["已于11月2号开展", "在2号楼开展", "2号楼已检查"])
def test_a_day_or_a_building_is_no_number_of_a_task(town_of: TownOf, said: str) -> None:
    town = town_of(TWO)
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 10:00")
    assert town.answers(first(town), f"{said}。情况：已开展。发案数：0").verdict == "which"


def test_two_reviews_in_one_letter_are_ruled_on_by_number(town_of: TownOf) -> None:
    town = town_of(TWO)
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 10:00")
    for task in town.tasks():
        figures = {"发案数": "0"}
        receive.submit(
            town.db,
            town.blobs,
            task.key,
            by="护理学院",
            now=town.now,
            text="已开展",
            figures=figures,
        )
    town.round()
    request = town.mail_to("学生处（审核）")[-1]
    assert "2项" in request.subject
    assert town.answers(request, "通过").verdict == "which"
    asked = town.mail_to("学生处（审核）")[-1]
    assert town.answers(asked, "督办〔2026〕2号\n通过").verdict == "accepted"
    assert [task.outcome for task in town.tasks()] == ["", "accepted"]


def test_a_robot_that_answers_every_receipt_is_left_alone_after_ten(told: Town) -> None:
    letter, verdicts = first(told), []
    for _ in range(40):
        came = told.answers(letter, "您的邮件我们会认真研究", quoting=False)
        verdicts.append(came.verdict)
        letter = told.mail_to("护理学院联络员")[-1]
    assert verdicts[10:] == ["too_many"] * 30
    assert len(told.mail_to("护理学院联络员")) <= 11
    assert len([m for m in told.mail_to("领导小组办公室") if m.says("疑为自动往返")]) == 1
