"""配合单位: they are written to, shown and may hand in a part; the lead answers."""

from notifications.maildir import open_mail, read
from office.ledger import show_task
from office.receive import submit
from responsibilities.tasks import FactKind
from tests.office.desk import SCHOOL, Desk, at

DRILL = """\
duties:
  - {id: drill, title: 全校消防演练, responsible: 保卫处, with: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 总结, kinds: [pdf]}, {number: 参加人数}]}
"""
KEY = "fire/2026-W49/drill/guard"
MONDAY = "2026-11-30 08:00"


def begin(desk: Desk, school: str = SCHOOL) -> None:
    desk.adopt(DRILL, "2026-11-29 09:00", school)
    desk.reconcile(MONDAY)
    desk.post(MONDAY)


def test_whoever_helps_is_asked_to_when_the_task_opens(desk: Desk) -> None:
    begin(desk)
    helping = [mail for mail in read(desk.mail.maildir) if "配合办理" in mail.subject]
    assert [mail.to.split()[0] for mail in helping] == ["护理学院联络员", "药学院联络员"]
    body = open_mail(helping[0].path).get_body(("plain",))
    assert body is not None
    assert "请配合保卫处于2026年12月4日（星期五）17:00前办结“全校消防演练”，由保卫处牵头报结。" in (
        body.get_content()
    )
    (lead,) = (mail for mail in read(desk.mail.maildir) if mail.to.startswith("保卫处联络员"))
    assert lead.subject.startswith("【下达")
    assert desk.facts(KEY)[0].body["told"] == ["contact", "co_acting"]


def test_the_lead_alone_is_reminded_and_chased_unless_the_ladder_says_otherwise(desk: Desk) -> None:
    begin(desk)
    desk.reconcile("2026-12-04 08:00")
    told = [fact.body["told"] for fact in desk.facts(KEY) if fact.kind is FactKind.TOLD]
    assert told == [["contact"]]


def test_a_ladder_may_remind_whoever_helps_too(desk: Desk) -> None:
    both = "截止当日, tell: [联络员, 配合单位], notice"
    begin(desk, SCHOOL.replace("截止当日, tell: 联络员, notice", both))
    desk.reconcile("2026-12-04 08:00")
    desk.post("2026-12-04 08:20")
    reminded = {to.split()[0] for to, subject in desk.letters() if "今日截止" in subject}
    assert reminded == {"保卫处联络员", "护理学院联络员", "药学院联络员"}


def test_who_helps_hands_in_a_part_and_stands_in_the_record(desk: Desk) -> None:
    begin(desk)
    now = at("2026-12-01 09:00")
    part = submit(desk.db, desk.blobs, KEY, by="护理学院", figures={"参加人数": "310"}, now=now)
    assert part.missing == ("总结",)
    shown = show_task(desk.db, KEY, now)
    assert (shown.co_acting, shown.row.unit) == ("护理学院、药学院", "保卫处")
    assert desk.facts(KEY)[-1].by == "护理学院"
