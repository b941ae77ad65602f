"""A department does its whole duty from its mailbox."""

from responsibilities.tasks import FactKind, State
from tests.stories.town import Town

MEETING = """
duties:
  - id: meeting
    title: 召开反诈主题班会
    source: {clause: 五（二）学生处, quote: 每年组织学生班级开展一次“全覆盖”反诈主题班会}
    responsible: 护理学院
    every: 每学年
    due: 11月30日前
    cover: 班级
    evidence: [{file: 班会记录和签到表, kinds: [pdf, zip]}]
    review: 学生处
    ladder: 常规
"""


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
    pdf, photo = b"%PDF-1.4\n1", b"\xff\xd8\xff\xe0\x00\x10JFIF 1"
    first = story.answers(letter, "情况报告如附件。", {"情况报告.pdf": pdf, "1.jpg": photo})

    assert (first.state, first.verdict) == ("settled", "kept")
    receipt = story.reads("护理学院联络员", "2026-11-16 10:00", "回执·尚缺材料", "情况报告.pdf")
    assert receipt.says("尚缺：现场照片", "1.jpg：现场照片")
    task = story.task("report")
    assert task.state is State.OPEN

    second = story.answers(receipt, "补一张照片", {"2.jpg": photo + b"2"})
    assert second.verdict == "submitted"
    assert story.task("report").state is State.SUBMITTED
    assert [fact.by for fact in story.facts(task, FactKind.SUBMITTED)] == ["护理学院联络员"] * 2
    assert [fact.body["sha256"] for fact in story.facts(task, FactKind.ANSWERED)] == [
        first.sha256,
        second.sha256,
    ]
