"""What the specimens say about a mail that came in: a receipt, a question to its sender, one to the
office.
"""

from collections.abc import Mapping

from notifications.letters import Reply
from responsibilities.words import Language, Words

_CAME = (
    Words("来信时间", "Received"),
    Words("2026年11月23日（星期一）08:20", "Monday, 23 November 2026, 08:20"),
)
_ANSWER = Words(
    "已召开23个班，应到1024人，实到1009人。\n未召开：护理2401班、护理2405班，本周内补开。",
    "23 classes were held; 1024 expected, 1009 came.\nNot yet: Nursing 2401 and 2405, this week.",
)
_STATUS: Mapping[str, Words] = {
    "receipt": Words("尚缺材料", "not complete"),
    "confirm": Words("待确认", "unconfirmed"),
    "inbox": Words("发件人未经验证", "sender not verified"),
}
_LEADS: Mapping[str, Words] = {
    "receipt": Words(
        "请护理学院补充“主题班会全覆盖”的材料：回复已收到，已收的部分予以保留。",
        "Please add what is missing of “Theme class meeting in every class”: the answer came, and "
        "what came is kept.",
    ),
    "confirm": Words(
        "请确认关于“主题班会全覆盖”的下列来信是否为护理学院所发：未能核实发件人，暂未计入。",
        "Please confirm that School of Nursing sent the mail below about “Theme class meeting in "
        "every class”: its sender could not be verified, and it does not count yet.",
    ),
    "inbox": Words(
        "请处理关于“主题班会全覆盖”的下列来信：未能核实发件人，暂未计入。",
        "Please look at the mail below about “Theme class meeting in every class”: its sender "
        "could not be verified, and it does not count yet.",
    ),
}
_UNDERSTOOD = (
    (Words("应到人数", "Expected"), Words("1024", "1024")),
    (Words("实到人数", "Came"), Words("1009", "1009")),
    (
        Words("本次覆盖", "Covered now"),
        Words("23个：护理2402班、护理2403班等", "23: 护理2402班、护理2403班等"),
    ),
)
_MAIL = (
    (Words("发件人", "From"), Words("nursing@college.example", "nursing@college.example")),
    (Words("来信主题", "Subject"), Words("回复：主题班会", "Re: class meetings")),
)
_FILES = (
    Words(
        "签到表.xlsx：签到表，18,432字节，校验值 3f7a09c1d2e4b586",
        "attendance.xlsx: attendance list, 18,432 bytes, SHA-256 3f7a09c1d2e4b586",
    ),
    Words(
        "班会.jpg：现场照片，402,112字节，校验值 a1b2c3d4e5f60718",
        "meeting.jpg: photo, 402,112 bytes, SHA-256 a1b2c3d4e5f60718",
    ),
)
_PROBLEM = Words(
    "超大附件“录像.mp4”未归档（链接将于2026年12月23日失效），不计为佐证材料。请压缩或分次以普通附件发送。",
    "The linked file “video.mp4” was not archived (the link expires) and does not count as "
    "evidence. Please send it as an ordinary attachment, compressed or in several mails.",
)


def specimen_reply(kind: str, language: Language) -> Reply | None:
    """The mail that the specimen of `kind` is about; None for kinds about no mail."""
    if kind not in _LEADS:
        return None
    receipt = kind == "receipt"
    rows = (_CAME, *(_UNDERSTOOD if receipt else _MAIL))
    return Reply(
        status=_STATUS[kind].in_(language),
        lead=_LEADS[kind].in_(language),
        rows=tuple((label.in_(language), value.in_(language)) for label, value in rows),
        files=tuple(line.in_(language) for line in _FILES),
        problems=(_PROBLEM.in_(language),) if receipt else (),
        answer=_ANSWER.in_(language),
        asks=kind == "inbox",
    )
