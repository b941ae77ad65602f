"""One realistic letter of each kind in each language: for tests, docs and `duban mail --specimen`.

All names are posts and invented units; the wording of a notice is one institution's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from inspections.checkpoint import Checkpoint, sign
from inspections.notes import Signer
from notifications.letters import KINDS, Attachment, Item, Letter, LetterLink, RecordMark
from notifications.specimen_replies import specimen_reply
from responsibilities.tasks import Standing
from responsibilities.words import Language, Words

ZONE = ZoneInfo("Asia/Shanghai")
DATE = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
"""A Monday morning."""
DUE = datetime(2026, 11, 26, 17, 0, tzinfo=ZONE)
LATE = datetime(2026, 11, 20, 17, 0, tzinfo=ZONE)

_TITLE = Words("主题班会全覆盖", "Theme class meeting in every class")
_UNIT = Words("护理学院", "School of Nursing")
_OFFICE = Words("领导小组办公室", "Office of the Leadership Group")
_PLAN = Words("校园安全教育工作方案", "Campus safety education plan")
_NEXT = Words(
    "逾期3个工作日仍未办结的，将于2026年12月1日（星期二）报送分管领导。",
    "If it is still open three working days after the due day, it goes to the leader in charge "
    "on Tuesday, 1 December 2026.",
)


def specimens(language: Language) -> Iterator[Letter]:
    """Every kind once, in the order of KINDS."""
    return (specimen(kind, language) for kind in KINDS)


def specimen(kind: str, language: Language) -> Letter:
    """The specimen of `kind`; always the same."""
    items: tuple[Item, ...] = (_item(kind, language),)
    if kind == "digest":
        items = _digest(language)
    elif kind in _FACTS:
        items = ()
    to = _POSTS.get(kind, Words("护理学院联络员", "Contact person, School of Nursing"))
    return Letter(
        kind=kind,
        language=language,
        message_id=f"<{kind}.12.7f3a@duban.college.example>",
        date=DATE,
        sender_name=_OFFICE.in_(language),
        sender="duban@college.example",
        to_name=to.in_(language),
        to="nursing@college.example",
        reply_to="duban@college.example",
        items=items,
        plan_title=_PLAN.in_(language),
        plan_number="示例校发〔2026〕8号",
        office=_OFFICE.in_(language),
        ask=Words(
            "领导小组办公室联络员 0431-0000001", "Contact person of the office, 0431-0000001"
        ).in_(language),
        instead_of=_INSTEAD.in_(language) if kind == "escalated" else "",
        urgent=kind == "incident",
        thread=""
        if kind in ("opened", "incident", "digest")
        else "<opened.12.7f3a@duban.college.example>",
        facts=_facts(kind, language),
        reply=specimen_reply(kind, language),
        attachments=_attachments(kind, language),
        record=_mark(),
        link=_LINKS.get(kind),
    )


def _mark() -> RecordMark:
    """A signed head of an invented record; anybody can know this key."""
    signer = Signer("school.example/duban", bytes(32))
    signed = sign(Checkpoint(signer.name, 1024, sha256(b"specimen").digest()), signer)
    return RecordMark(signed.checkpoint.size, signed.checkpoint.short, signed.code())


def _item(kind: str, language: Language) -> Item:
    base = Item(
        key="safety/2026-11/class-meeting/nursing",
        number="督办〔2026〕12号",
        title=_TITLE.in_(language),
        unit=_UNIT.in_(language),
        period=Words("2026年11月", "November 2026").in_(language),
        kind=kind,
        notice="",
        colour="",
        standing=Standing.DUE_SOON,
        due_at=DUE,
        original_due_at=DUE,
        days_left=3,
        basis=(
            (
                Words("五（二）学生工作部门", "5.2 Student affairs").in_(language),
                "每学期组织学生班级开展一次“全覆盖”主题班会",
            ),
        ),
        required=(
            Words("签到表（每班1份）", "attendance list (one a class)").in_(language),
            Words("现场照片（每班至少1张）", "photo (at least one a class)").in_(language),
            Words("应到人数、实到人数", "how many were expected, how many came").in_(language),
        ),
        covered=(23, 25),
        missing=(
            Words("护理2401班", "Nursing 2401").in_(language),
            Words("护理2405班", "Nursing 2405").in_(language),
        ),
        next_step=_NEXT.in_(language),
        reviewer=Words("学生工作部门", "Student affairs").in_(language),
    )
    return replace(base, **_changes(kind, language))


_LATE: Mapping[str, Any] = MappingProxyType(
    {"standing": Standing.OVERDUE, "days_left": -3, "due_at": LATE, "original_due_at": LATE}
)
_CLOSED: Mapping[str, Any] = MappingProxyType({"closed": True, "sequence": 1, "next_step": ""})
_MOVED: Mapping[str, Any] = MappingProxyType(
    {"due_at": DUE + timedelta(days=7), "days_left": 10, "sequence": 1}
)
_DONE: Mapping[str, Any] = MappingProxyType({"covered": (25, 25), "missing": ()})


def _changes(kind: str, language: Language) -> dict[str, Any]:
    """What this kind of letter says otherwise."""
    say = {key: words.in_(language) for key, words in _REASONS.items()}
    changes: Mapping[str, dict[str, Any]] = {
        "opened": {"standing": Standing.ON_TRACK, "covered": (0, 25), "missing": ()},
        "reminder": {"notice": "临期提醒", "colour": "蓝"},
        "overdue": {**_LATE, "notice": "催办单", "colour": "黄"},
        "escalated": {**_LATE, "notice": "红色预警通知单", "colour": "红"},
        "review": {
            **_DONE,
            "standing": Standing.UNDER_REVIEW,
            "submitted": _submitted(language),
            "next_step": "",
        },
        "returned": {"reason": say["returned"]},
        "accepted": {**_CLOSED, **_DONE, "standing": Standing.DONE, "reason": say["accepted"]},
        "waived": {**_CLOSED, "standing": Standing.WAIVED, "reason": say["waived"]},
        "reopened": {**_MOVED, "covered": (24, 25), "reason": say["reopened"]},
        "lapsed": {**_LATE, **_CLOSED, "standing": Standing.LAPSED},
        "moved": {**_MOVED, "reason": say["moved"], "late_by_system": True},
        **_together(language),
        "roster": {"covered": (23, 26), "reason": say["roster"]},
        "extension_asked": {
            "reason": say["extension_asked"],
            "asked_until": DUE + timedelta(days=7),
            "next_step": "",
        },
        "extended": {**_MOVED, "reason": say["extended"]},
        "acted": {"reason": say["acted"], "next_step": ""},
        "extension_declined": {"reason": say["declined"]},
        "incident": _incident(language),
        "inbox": {"next_step": ""},
    }
    return changes.get(kind, {})


def _together(language: Language) -> dict[str, dict[str, Any]]:
    """What letters say where several take part: who helps, and what delegates have handed in."""
    return {
        "co_acting": {
            "standing": Standing.ON_TRACK,
            "covered": (0, 25),
            "missing": (),
            "next_step": "",
            "co_acting": Words("宣传部、保卫处", "Publicity, Security").in_(language),
        },
        "gathered": {
            **_DONE,
            "standing": Standing.UNDER_REVIEW,
            "delegates": Words("已报结3/3", "3/3 have handed in").in_(language),
            "next_step": "",
        },
    }


def _submitted(language: Language) -> dict[str, str]:
    """What a review letter says was handed in."""
    return {
        Words("签到表", "Attendance list").in_(language): "签到表.xlsx",
        Words("应到人数", "Expected").in_(language): "1024",
        Words("实到人数", "Came").in_(language): "1009",
    }


def _incident(language: Language) -> dict[str, Any]:
    return {
        "key": "safety/E2026-0001/first-report/nursing",
        "number": "督办〔2026〕57号",
        "title": Words("事件首报", "First report of an incident").in_(language),
        "period": Words("事件E2026-0001", "incident E2026-0001").in_(language),
        "notice": "紧急督办单",
        "incident": {
            Words("事发单位", "Unit concerned").in_(language): Words(
                "护理学院", "School of Nursing"
            ).in_(language),
            Words("来源", "Source").in_(language): Words("校内发现", "found on campus").in_(
                language
            ),
        },
        "colour": "红",
        "due_at": DATE + timedelta(hours=2),
        "original_due_at": DATE + timedelta(hours=2),
        "days_left": 0,
        "basis": (),
        "required": (Words("事件基本情况", "what happened").in_(language),),
        "covered": None,
        "missing": (),
        "next_step": Words(
            "2小时内未报送的，将报告组长。",
            "Without a report in two hours, the group leader is told.",
        ).in_(language),
    }


def _digest(language: Language) -> tuple[Item, ...]:
    """Ten matters of every group, in no order."""
    found = []
    for number, (kind, title, days, changes) in enumerate(_DIGEST, start=12):
        item = replace(
            _item(kind, language), key=f"safety/{number}", number=f"督办〔2026〕{number}号"
        )
        due = replace(item, due_at=DUE + timedelta(days=days), days_left=3 + days)
        due = replace(due, original_due_at=LATE if kind == "moved" else due.due_at)
        found.append(replace(due, title=title.in_(language), **_said(changes, language)))
    return tuple(found)


def _said(changes: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The changes in one language; lists of Words become lines."""
    return {
        name: tuple(words.in_(language) for words in value) if name == "required" else value
        for name, value in changes.items()
    }


def _facts(kind: str, language: Language) -> Mapping[str, str]:
    return MappingProxyType(
        {label.in_(language): value.in_(language) for label, value in _FACTS.get(kind, ())}
    )


def _attachments(kind: str, language: Language) -> tuple[Attachment, ...]:
    if kind != "review":
        return ()
    name = Words("11月主题班会签到表（护理学院）.csv", "class meetings November.csv").in_(language)
    return (Attachment(name, "text/csv", "班级,应到,实到\r\n护理2401班,41,40\r\n".encode()),)


_RECORD = {"required": (Words("提醒记录", "record of the reminder"),)}
_PLAIN: Mapping[str, Any] = {**_RECORD, "covered": None, "missing": (), "next_step": ""}
_DIGEST: tuple[tuple[str, Words, int, Mapping[str, Any]], ...] = (
    ("opened", Words("第13教学周安全提醒", "Safety reminder, teaching week 13"), 8, _PLAIN),
    ("opened", Words("第14教学周安全提醒", "Safety reminder, teaching week 14"), 15, _PLAIN),
    ("escalated", Words("主题班会全覆盖", "Theme class meeting in every class"), -6, {}),
    ("overdue", Words("第11教学周安全提醒", "Safety reminder, teaching week 11"), -6, _PLAIN),
    ("reminder", Words("第12教学周安全提醒", "Safety reminder, teaching week 12"), 1, _PLAIN),
    ("returned", Words("安全知识测试全覆盖", "Safety test of every class"), 4, {"next_step": ""}),
    (
        "opened",
        Words("11月情况报告", "Report for November"),
        7,
        {**_PLAIN, "required": (Words("情况报告", "report"),), "zero_report": True},
    ),
    (
        "opened",
        Words("寒假前安全教育", "Safety education before the winter holiday"),
        46,
        {**_PLAIN, "provisional": True},
    ),
    ("moved", Words("消防演练", "Fire drill"), 12, {"covered": None, "missing": ()}),
    ("accepted", Words("10月情况报告", "Report for October"), -10, {"covered": None}),
)
"""(kind, title, days after DUE, what else differs)."""
_INSTEAD = Words(
    "分管领导岗位空缺，改送副组长", "the post of the leader in charge is vacant; sent to the deputy"
)
_POSTS = {
    "escalated": Words("副组长", "Deputy head of the group"),
    "review": Words("学生工作部门联络员", "Contact person, Student affairs"),
    "extension_asked": Words("领导小组办公室", "Office of the Leadership Group"),
    "inbox": Words("领导小组办公室", "Office of the Leadership Group"),
    "undelivered": Words("领导小组办公室", "Office of the Leadership Group"),
    "head": Words("检查点存档信箱", "Holder of checkpoints"),
    "outage": Words("领导小组办公室", "Office of the Leadership Group"),
    "alarm": Words("领导小组办公室", "Office of the Leadership Group"),
}
_HOME = "https://duban.college.example"
_TOKEN = "q3VvX0s9c1hJm2PZrT7uYw8eKd4LnBfAaGgR5tH6iUo"
_LINKS = {
    "acted": LetterLink(f"{_HOME}/l/{_TOKEN}", _HOME, "K7QM-2XWP"),
    "link": LetterLink(f"{_HOME}/l/{_TOKEN}", _HOME, "K7QM-2XWP"),
    "sign_in": LetterLink(f"{_HOME}/sign-in/{_TOKEN}", _HOME, "4TRB-9HVC"),
}
_REASONS = {
    "acted": Words("王老师：提交了材料", "Ms Wang: handed in files"),
    "returned": Words(
        "护理2401班缺签到表，护理2405班照片无法打开。",
        "Nursing 2401 lacks the attendance list; the photo of Nursing 2405 cannot be opened.",
    ),
    "accepted": Words("材料齐全。", "Complete."),
    "waived": Words("本月全体学生在外实习。", "All students are on placement this month."),
    "reopened": Words(
        "抽查发现护理2401班签到表与实际不符。",
        "A spot check found that the attendance list of Nursing 2401 is not right.",
    ),
    "moved": Words("校历调整，运动会改期。", "The school calendar changed: the sports days moved."),
    "roster": Words(
        "新增护理2409班（2026年11月16日加入）。", "added: Nursing 2409 (joined 2026-11-16)."
    ),
    "extension_asked": Words(
        "两个班级实习至11月30日。",
        "Two classes are on placement until 30 November.",
    ),
    "extended": Words("同意，返校后补开。", "Agreed: to be held after their return."),
    "declined": Words("可线上召开。", "It can be held online."),
}
_FACTS: Mapping[str, tuple[tuple[Words, Words], ...]] = {
    "link": (
        (
            Words("原链接", "Former link"),
            Words("发至nursing@college.example", "sent to nursing@college.example"),
        ),
    ),
    "sign_in": ((Words("有效期至", "Good until"), Words("08:40", "08:40")),),
    "head": (
        (Words("办理记录", "Record"), Words("college.example/duban", "college.example/duban")),
        (Words("条数", "Facts"), Words("1284", "1284")),
    ),
    "undelivered": (
        (Words("收件岗位", "Post"), Words("护理学院联络员", "Contact person, School of Nursing")),
        (Words("收件邮箱", "Mailbox"), Words("nursing@college.example", "nursing@college.example")),
        (Words("原邮件", "Letter"), Words("督办〔2026〕12号 提醒", "督办〔2026〕12号, reminder")),
        (
            Words("退回原因", "Reason"),
            Words("550 收件人不存在", "550 no such user here"),
        ),
        (
            Words("首次发送", "First tried"),
            Words("2026年11月23日（星期一）08:30", "Monday, 23 November 2026, 08:30"),
        ),
    ),
    "outage": (
        (
            Words("停运开始", "From"),
            Words("2026年11月20日（星期五）18:00", "Friday, 20 November 2026, 18:00"),
        ),
        (
            Words("恢复运行", "Until"),
            Words("2026年11月23日（星期一）08:15", "Monday, 23 November 2026, 08:15"),
        ),
        (Words("补发通知", "Sent late"), Words("7份", "7 notices")),
    ),
    "alarm": (
        (
            Words("情况", "What happened"),
            Words(
                "24小时内已发出150封信函，为方案预期（50封）的3倍，其余信函已暂停发送。",
                "150 letters have left in 24 hours, 3 times what the plan expects (50); all others "
                "wait.",
            ),
        ),
        (
            Words("发现时间", "Found"),
            Words("2026年11月23日（星期一）08:30", "Monday, 23 November 2026, 08:30"),
        ),
        (
            Words("处理办法", "What to do"),
            Words(
                "请用 duban mail 查看已发信函；确认无误的，运行 duban mail --release 恢复发送。",
                "Look at the letters with duban mail; if they are right, run duban mail --release.",
            ),
        ),
    ),
}
