"""Writes docs/reference/duty.md from the schema: `python -m tests.responsibilities.duty_page`.

The Chinese is the schema's own; the English of a key stands here, and a key without one fails.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from responsibilities.language.schema import json_schema

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "duty.md"
HEAD = """\
# 职责的各键 / The keys of a duty

本页由 `python -m tests.responsibilities.duty_page` 生成，测试保证它与定义（`duban schema`）一致。
★为必填。频次、时间等说法的写法见[方案语言](plan-language.md)，校历见[工作日安排与校历](calendars.md)。

Generated from the schema of the plan language; ★ marks what must be written. How phrases such as
每月 or 次月5日前 are written is told in the [plan language](plan-language.md) (Chinese).

`every`、`renew`、`draw`、`standing`、`on`、`once`、`policy`、`metric` 必须且只能写一个。
Exactly one of these eight is written.
"""
TITLES = {
    "DutyText": "职责 / a duty (`duties`)",
    "SurgeText": "加密 / a surge",
    "DrawText": "随机 / a draw",
    "WatchText": "连续未达标 / a watch",
    "StageText": "阶段 / a stage",
    "FileEvidence": "材料：文件 / a file",
    "NumberEvidence": "材料：数字 / a number",
    "TextEvidence": "材料：文字 / a text",
    "DateEvidence": "材料：日期 / a date",
    "ChoiceEvidence": "材料：选择 / a choice",
    "SignersEvidence": "材料：签名 / signers",
    "DurationEvidence": "材料：起止时间 / a duration",
}
ENGLISH: Mapping[str, Mapping[str, str]] = {
    "DutyText": {
        "id": "letters and digits, never changed once in force",
        "title": "one sentence, the verb first",
        "source": "the clause it rests on, or {clause, quote} from the text",
        "responsible": "units or groups, each doing its own; 事发单位 for the event's unit",
        "with": "units that help",
        "inform": "units told when it is done",
        "leader": "the post in charge; by default that of the responsible unit",
        "every": "how often (recurring)",
        "times": "so many times within each period, and the least gap between two",
        "surge": "another rhythm in one or several seasons of the year",
        "window": "asked for only while the office holds this run-time window open",
        "phase": "asked for only in this phase of the plan",
        "draw": "random days of each period, and units and inspectors by lot",
        "renew": "how long what was done holds good, and when before its end it is done again",
        "standing": "the plan's word for work without an end; with `checkpoint`",
        "checkpoint": "how often standing work is looked at",
        "watch": "escalate when so many periods running fall short",
        "on_change": "how soon it is brought up to date after a change is reported",
        "on": "the event that calls it",
        "when": "what must hold of the event's fields, joined by 且",
        "once": "when a one-off is due",
        "policy": "why it becomes no task",
        "metric": "what is counted",
        "about": "which period it is about: this one or the one before",
        "opens": "when it is handed out; by default the start of the period",
        "due": "by when, the day included; by default the end of the period",
        "lapses": "after this it can no longer be done",
        "roll": "a due date on a rest day: later, earlier, unchanged",
        "no_workday": "a period without working days: later, or no task",
        "stages": "first, follow-up and final reports",
        "evidence": "what is handed in",
        "cover": "the roster that is to be covered in full",
        "each": "the roster whose members are asked one by one, each a task",
        "target": "the share to be covered; 100% by default",
        "late_joiners": "until when who joins the roster still counts; by default the due date",
        "zero_report": "nothing to report must be reported too",
        "review": "the unit or post that reviews, or one for each unit; by default the office",
        "delegate": "the sort of post that does a part of it within each unit",
        "ladder": "which ladder of reminders and escalation",
        "weight": "points in the yearly assessment",
        "assumed": "what the plan does not state, and why the office chose it",
        "question": "what the office must still answer",
        "note": "a remark",
    },
    "SurgeText": {
        "during": "months or days of every year",
        "every": "the rhythm meanwhile; 加倍 is twice each period",
        "opens": "when it is handed out meanwhile",
        "due": "by when meanwhile",
    },
    "DrawText": {
        "every": "how often, e.g. twice a term by lot; once where only the period is written",
        "units": "so many, or such a share, of the responsible units each time",
        "inspectors": "so many names drawn each time",
        "of": "the roster the names are drawn from",
    },
    "WatchText": {
        "metric": "accepted, on time, or covered",
        "below": "less than this falls short",
        "for": "so many periods running",
        "then": "to whom it is escalated",
    },
    "StageText": {
        "id": "letters and digits",
        "name": "its name, from which a later stage may count",
        "due": "from when and within how long",
        "repeat": "again after so long, until the event is closed",
    },
    "Evidence": {
        "file": "what the file is",
        "kinds": "file endings allowed; any by default",
        "number": "what the number is",
        "text": "what is to be written",
        "date": "what the date is",
        "choice": "what is chosen",
        "choices": "what may be chosen",
        "signers": "who signs; names never enter the record",
        "duration": "from when to when",
        "min": "the least: files, value, signers, length of time",
        "max": "the greatest value",
        "within": "lies inside the period",
        "optional": "need not be given",
        "id": "letters and digits, seldom written",
    },
}
KINDS = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "true / false",
    "array": "列表",
    "object": "项目: 内容",
}


def page() -> str:
    """The page as it should be."""
    defs = json_schema()["$defs"]
    return HEAD + "".join(_section(name, defs[name]) for name in nested(defs))


def nested(defs: Mapping[str, Any]) -> list[str]:
    """A duty, and every model that stands inside it, in the order of its keys."""
    found, waiting = [], ["DutyText"]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += re.findall(r"#/\$defs/(\w+)", json.dumps(defs[name]))
    return found


def _section(name: str, model: Mapping[str, Any]) -> str:
    rows = "\n".join(_rows(name, model))
    head = "| 键 | 名称 | 意义 | 写什么 | 例 | in English |\n|---|---|---|---|---|---|"
    return f"\n## {TITLES[name]}\n\n{head}\n{rows}\n"


def _rows(name: str, model: Mapping[str, Any]) -> Iterator[str]:
    english = ENGLISH["Evidence" if name.endswith("Evidence") else name]
    for key, said in model["properties"].items():
        star = " ★" if key in model.get("required", ()) else ""
        cells = (said["title"], said["description"], _kind(said), _examples(said), english[key])
        yield f"| `{key}`{star} | " + " | ".join(cell.replace("|", "｜") for cell in cells) + " |"


def _kind(said: Mapping[str, Any]) -> str:
    if "enum" in said:
        usual = f"（默认{said['default']}）" if said.get("default") else ""
        return "、".join(said["enum"]) + usual
    if choices := said.get("anyOf") or said.get("oneOf"):
        return "或".join(dict.fromkeys(_kind(choice) for choice in choices))
    if "$ref" in said:
        return TITLES[said["$ref"].rpartition("/")[2]].partition(" / ")[0]
    if "const" in said:
        return str(said["const"])
    return KINDS[said["type"]]


def _examples(said: Mapping[str, Any]) -> str:
    shown = [json.dumps(one, ensure_ascii=False) for one in said.get("examples", ())]
    return " ".join(f"`{one.strip(chr(34))}`" for one in shown)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
