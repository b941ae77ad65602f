"""One fact of the record as a line a person reads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from duban.console import in_words, say
from office.opening import SYSTEM
from office.rosters import say_change
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Words

KINDS = {
    FactKind.OPENED: Words("立项交办", "opened"),
    FactKind.TOLD: Words("通知", "told"),
    FactKind.SUBMITTED: Words("报结", "submitted"),
    FactKind.RETURNED: Words("退回补充", "returned"),
    FactKind.ACCEPTED: Words("审核通过，办结", "accepted"),
    FactKind.EXTENSION_ASKED: Words("申请延期", "asked for more time"),
    FactKind.EXTENSION_DECLINED: Words("未批准延期", "more time declined"),
    FactKind.EXTENDED: Words("批准延期", "more time granted"),
    FactKind.WAIVED: Words("免办", "waived"),
    FactKind.LAPSED: Words("终止", "lapsed"),
    FactKind.MOVED: Words("时限顺延", "date moved"),
    FactKind.ROSTER: Words("名册变动", "roster changed"),
    FactKind.GATHERED: Words("受托岗位报结", "handed in by a delegate"),
    FactKind.WATCHED: Words("连续未达标，升级督办", "fell short again, escalated"),
    FactKind.ADOPTED: Words("方案施行", "plan adopted"),
    FactKind.REPORTED: Words("事件报告", "incident reported"),
    FactKind.EVENT_MARKED: Words("事件进展", "incident marked"),
    FactKind.EVENT_CORRECTED: Words("事件更正", "incident corrected"),
    FactKind.CROSSCHECKED: Words("名单核对", "list checked"),
    FactKind.DELIVERED: Words("信函送达", "letter accepted"),
    FactKind.UNDELIVERED: Words("信函未送达", "letter undelivered"),
    FactKind.OUTAGE: Words("系统停运", "system down"),
    FactKind.ALARMED: Words("系统警示", "office warned"),
    FactKind.RELEASED: Words("恢复发送", "post released"),
    FactKind.CALENDAR: Words("工作日安排导入", "calendar imported"),
    FactKind.KEY: Words("记录签名密钥", "key of the record"),
    FactKind.EPOCH: Words("记录自备份恢复", "record restored from a backup"),
    FactKind.WINDOW_OPENED: Words("时期开始", "window opened"),
    FactKind.WINDOW_EXTENDED: Words("时期延长", "window extended"),
    FactKind.WINDOW_CLOSED: Words("时期结束", "window closed"),
}


def say_fact(fact: Fact, clock: Clock) -> str:
    """Kind, by whom, and what its body says in words."""
    body = fact.body
    parts = [in_words(KINDS[fact.kind])]
    for name in ("notice", "reason", "note"):
        if body.get(name):
            parts.append(str(body[name]))
    if body.get("due"):
        due = clock.local(datetime.fromisoformat(str(body["due"])))
        parts.append(say("截止", "due") + f" {due:%Y-%m-%d %H:%M}")
    if body.get("late_by_system"):
        parts.append(say("（因系统停运而迟）", "(late because the system was down)"))
    if fact.kind is FactKind.ROSTER:
        parts.append(in_words(say_change(fact)))
    if fact.kind in (FactKind.SUBMITTED, FactKind.GATHERED):
        parts += _handed_in(body)
    by = say("督办系统", "system") if fact.by == SYSTEM else fact.by
    return f"{'　'.join(parts)}　[{by}]"


def _handed_in(body: Mapping[str, Any]) -> Iterator[str]:
    """What one submission held, and whether it was all; later ones add to it."""
    if body["zero"]:
        yield say("零报告", "zero report")
    if body["files"]:
        yield say("、", ", ").join(file["name"] for file in body["files"])
    if body["values"]:
        count = len(body["values"])
        yield say(f"填报 {count} 项", f"{count} values")
    if covered := len(body["covered"]) or body.get("heads", 0):
        yield say(f"覆盖 {covered}", f"{covered} covered")
    if not body.get("complete", True):
        yield say("（材料不齐）", "(not complete)")
