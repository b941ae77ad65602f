"""Two machines answer every letter of ours, hour after hour: the mail between us stays bounded.

The letters, the answers and the clock are the stories' own; only the correspondents are machines.
"""

from collections import Counter
from datetime import timedelta

from office.received import MOST_A_DAY
from responsibilities.tasks import FactKind
from tests.stories.letterbox import Mail
from tests.stories.town import Town

ROBOT, ABSENT, OFFICE = "护理学院联络员", "学生处联络员", "领导小组办公室"
A_ROUND = 2
"""Letters that a machine reads, and answers, in an hour."""


def robot_answers(story: Town, letter: Mail) -> str:
    """RFC 3834 asks a machine to say that it is one; this one writes as a person would."""
    return story.answers(letter, "您的邮件我们会认真研究", quoting=False).verdict


def absence_answers(story: Town, letter: Mail) -> str:
    """Nothing says so but the subject."""
    away = "本人出差，暂时无法处理邮件。"
    return story.answers(letter, away, subject=f"自动回复：{letter.subject}").verdict


MACHINES = {ROBOT: robot_answers, ABSENT: absence_answers}


def test_two_machines_that_answer_every_letter_do_not_loop(story: Town, full: bool) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        every: 每周
        due: 周五前
        evidence: [{file: 情况报告, kinds: [pdf]}]
        review: 督查组
        ladder: 每周
      - id: check
        title: 开展检查
        source: {clause: 七, quote: 开展检查}
        responsible: 学生处
        every: 每周
        due: 周五前
        evidence: [{file: 检查记录, kinds: [pdf]}]
        review: 督查组
        ladder: 每周
    """
    story.begins("2026-11-16 07:00")
    story.pass_until("2026-11-16 10:00")
    answered: set[str] = set()
    verdicts: Counter[str] = Counter()
    for _ in range(1000 if full else 30):
        for post, answers in MACHINES.items():
            unread = [m for m in story.mail_to(post) if m.message_id not in answered]
            for letter in unread[:A_ROUND]:
                answered.add(letter.message_id)
                verdicts[answers(story, letter)] += 1
        story.pass_until(story.wall(story.now + timedelta(hours=1)))
    acted_on = Counter(
        (fact.task, story.wall(fact.at)[:10])
        for task in story.tasks()
        for fact in story.facts(task, FactKind.ANSWERED)
    )
    receipts = [x for x in story.letters() if x.kind == "receipt"]
    days = Counter((x.recipient, story.wall(x.created_at)[:10]) for x in receipts)
    told = Counter(m.at[:10] for m in story.mail_to(OFFICE) if m.says("疑为自动往返"))
    print(dict(verdicts), len(receipts), len(story.letters()), max(days.values()), len(told))
    assert max(acted_on.values()) == MOST_A_DAY, "of one sender about one task in a day"
    assert max(days.values()) <= 2 * MOST_A_DAY, "about the one task, and about which it is"
    assert {recipient for recipient, _ in days} == {"contact.nursing@school.example"}
    assert verdicts["away"] > 0
    assert verdicts["too_many"] > 0
    assert set(told.values()) == {1}, "the office hears of it once a day"
