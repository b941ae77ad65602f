"""Checks of a single duty: its kind, its keys, its event, its evidence, its weight."""

from collections.abc import Callable, Iterator
from math import isfinite
from typing import Final

from responsibilities.changes import CHANGE, CHANGE_NAME
from responsibilities.language.clause_language import FileEvidence
from responsibilities.language.compile_duties import KIND_KEYS
from responsibilities.language.context import Context
from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Entry, Finding
from responsibilities.language.faults import known_keys
from responsibilities.language.ground import EVENT_UNIT_WORD
from responsibilities.language.institution_language import EventText
from responsibilities.language.ladder_phrases import ORDERED
from responsibilities.plan import Condition, EventField, FieldKind, Kind, Plan
from responsibilities.problem import did_you_mean
from responsibilities.words import Words

_PAPERS: Final = (
    "pdf",
    "ofd",
    "doc",
    "docx",
    "wps",
    "xls",
    "xlsx",
    "et",
    "csv",
    "txt",
    "md",
    "html",
)
_SHOWN: Final = ("ppt", "pptx", "jpg", "jpeg", "png", "heic", "gif", "bmp", "tif", "tiff")
_OTHERS: Final = ("mp4", "mov", "mp3", "m4a", "wav", "zip", "rar", "7z", "eml", "msg")
FILE_KINDS: Final = frozenset((*_PAPERS, *_SHOWN, *_OTHERS))
"""File endings that an office meets; anything else is probably a slip of the pen."""
TASK_KINDS: Final = frozenset({Kind.RECURRING, Kind.STANDING, Kind.EVENT, Kind.ONCE})
"""Kinds that become tasks."""
_RHYTHM_KEYS: Final = frozenset(
    {"delegate", "about", "no_workday", "on_change", "watch", "times", "surge", "window", "each"}
)
_WINDOW_KEYS: Final = frozenset({"opens", "lapses", "roll", "ladder", "zero_report", "phase"})
_ALLOWED: Final = {
    Kind.RECURRING: _WINDOW_KEYS | _RHYTHM_KEYS | {"every", "renew", "draw", "due"},
    Kind.STANDING: _WINDOW_KEYS | _RHYTHM_KEYS | {"standing", "checkpoint", "due"},
    Kind.EVENT: _WINDOW_KEYS | {"on", "when", "due", "stages"},
    Kind.ONCE: _WINDOW_KEYS | {"delegate", "once"},
    Kind.POLICY: frozenset({"policy"}),
    Kind.METRIC: frozenset({"metric"}),
}
_OF_A_ROSTER: Final = ("target", "late_joiners")
_BY_KIND: Final = frozenset().union(*_ALLOWED.values())
"""Keys that belong to some kinds only; all others may stand on every duty."""


def one_kind(plan: Plan, context: Context) -> Iterator[Finding]:
    """Exactly one key of `KIND_KEYS` says what sort of duty it is."""
    for entry, _ in context.duties():
        given = [key for key in KIND_KEYS if getattr(entry.text, key) is not None]
        if len(given) > 1:
            what = Words(
                f"{'、'.join(given)} 只能写一个", f"only one of {', '.join(given)} may be written"
            )
            yield context.error((entry.owner, given[1]), "kind-twice", what)
        elif not given and not _unusable_kind(entry, context):
            what = Words("没有写明频次、触发事件或时限", "it does not say how often or when")
            right = Words(
                "请写 every、renew、draw、standing（加 checkpoint）、on、once、policy、metric 之一",
                "write every, renew, draw, standing (with checkpoint), on, once, policy or metric",
            )
            yield context.error((entry.owner,), "no-kind", what, right)


def _unusable_kind(entry: Entry[DutyText], context: Context) -> bool:
    """Whether a kind is written, but so that it cannot be used: that is said already."""
    section, index = entry.path
    raw = context.draft.document.sections[str(section)][index]
    return any(raw.get(key) is not None for key in KIND_KEYS)


def no_checkpoint(plan: Plan, context: Context) -> Iterator[Finding]:
    """A standing duty needs a rhythm in which it is looked at."""
    for entry, duty in context.duties():
        if duty.kind is Kind.STANDING and entry.text.checkpoint is None:
            what = Words(
                f"常态化工作“{entry.text.standing}”没有核查频次",
                f"the standing duty “{entry.text.standing}” has no checkpoint",
            )
            right = Words("请加 checkpoint: 每月（或每学期）", "add `checkpoint: 每月` or 每学期")
            yield context.error((entry.owner, "standing"), "no-checkpoint", what, right)


def stray_keys(plan: Plan, context: Context) -> Iterator[Finding]:
    """Keys that mean nothing on a duty of this kind, e.g. `due` beside `once`."""
    for entry, duty in context.duties():
        if not any(getattr(entry.text, key) is not None for key in KIND_KEYS):
            continue  # said by one_kind, or where the kind is written wrongly
        stray = [key for key in _written(entry, context) if key in _BY_KIND - _ALLOWED[duty.kind]]
        if duty.draw is not None:
            stray += [key for key in _written(entry, context) if key in _RHYTHM_KEYS]
        if entry.text.cover is None:
            stray += [key for key in _OF_A_ROSTER if getattr(entry.text, key) is not None]
        for key in stray:
            if key in KIND_KEYS:
                continue  # said by one_kind
            what = Words(
                f"“{key}”对这一类职责没有意义", f"“{key}” means nothing on a duty of this kind"
            )
            yield context.error((entry.owner, key), "stray-key", what, _instead(key, duty.kind))


def _instead(key: str, kind: Kind) -> Words:
    if key == "due" and kind is Kind.ONCE:
        return Words("时限已写在 once: 中，请删去 due", "`once:` already is the due date; drop it")
    if key in _OF_A_ROSTER:
        return Words("请先写 cover:（名册）", "write `cover:` (a roster) first")
    return Words("请删去，或改变职责的类别", "drop it, or change the kind of the duty")


def _written(entry: Entry[DutyText], context: Context) -> tuple[str, ...]:
    section, index = entry.path
    raw = context.draft.document.sections[str(section)][index]
    return tuple(key for key in raw if key in known_keys(DutyText))


def event_window(plan: Plan, context: Context) -> Iterator[Finding]:
    """An event duty has either one due or stages; 事发单位 exists only where there is an event."""
    for entry, duty in context.duties():
        text = entry.text
        if duty.kind is not Kind.EVENT:
            if EVENT_UNIT_WORD in text.responsible:
                what = Words(
                    "只有事件触发的职责才有事发单位", "only an event duty has an event's unit"
                )
                right = Words("请写明单位，或改用 on:", "name the unit, or write `on:`")
                yield context.error((entry.owner, "responsible"), "no-event", what, right)
        elif text.due is not None and text.stages:
            what = Words("due 与 stages 只能写一个", "write either `due` or `stages`")
            yield context.error((entry.owner, "due"), "due-and-stages", what)
        elif text.due is None and not text.stages:
            what = Words("事件触发的职责没有时限", "the event duty has no due")
            right = Words("如 due: 知悉后30分钟内", "e.g. due: 知悉后30分钟内")
            yield context.error((entry.owner, "on"), "no-due", what, right)


def conditions(plan: Plan, context: Context) -> Iterator[Finding]:
    """Conditions speak of fields of their event, and of values those can have."""
    events = {event.id: event for event in plan.event_types}
    for entry, duty in context.duties():
        event = events.get(duty.event or "")
        if event is None:
            continue
        fields = {field.id: field for field in event.fields}
        for condition in duty.conditions:
            at = (entry.owner, "when")
            field = fields.get(condition.field)
            if field is None:
                names = [f.name for f in event.fields]
                what = Words(
                    f"事件“{event.name}”没有项目“{condition.field}”",
                    f"the event “{event.name}” has no field “{condition.field}”",
                )
                listed = Words(f"现有：{'、'.join(names)}", f"fields: {', '.join(names)}")
                right = did_you_mean(condition.field, names) or listed
                yield context.error(at, "unknown-field", what, right)
            else:
                wrong = _impossible(condition, field)
                if wrong:
                    yield context.error(at, "bad-condition", wrong)


def _impossible(condition: Condition, field: EventField) -> Words | None:
    number = condition.value.replace(".", "", 1).removeprefix("-").isdecimal()
    if field.kind is FieldKind.NUMBER and not number:
        return Words(
            f"“{field.name}”是数字，“{condition.value}”不是",
            f"“{field.name}” is a number, “{condition.value}” is not",
        )
    if field.kind is not FieldKind.NUMBER and condition.op in ORDERED:
        return Words(
            f"“{field.name}”不是数字，不能比大小", f"“{field.name}” is no number to be compared"
        )
    if field.kind is FieldKind.YES_NO and condition.value not in ("是", "否"):
        return Words(f"“{field.name}”只能是“是”或“否”", f"“{field.name}” is 是 or 否")
    if field.kind is FieldKind.CHOICE and condition.value not in field.choices:
        for value in condition.value.split("、"):
            if value not in field.choices:
                return Words(
                    f"“{field.name}”没有选项“{value}”；可选：{'、'.join(field.choices)}",
                    f"“{field.name}” has no choice “{value}”; it has {', '.join(field.choices)}",
                )
    return None


def file_kinds(plan: Plan, context: Context) -> Iterator[Finding]:
    """Kinds of files are endings that exist."""
    for entry, _ in context.duties():
        for place, asked in enumerate(entry.text.evidence):
            kinds = asked.kinds if isinstance(asked, FileEvidence) else None
            for index, kind in enumerate(kinds or ()):
                if kind.lower().removeprefix(".") not in FILE_KINDS:
                    at = (entry.owner, "evidence", place, "kinds", index)
                    what = Words(f"不认识的文件格式“{kind}”", f"unknown kind of file “{kind}”")
                    right = did_you_mean(kind, FILE_KINDS) or Words(
                        f"可用：{'、'.join(sorted(FILE_KINDS))}",
                        f"known: {', '.join(sorted(FILE_KINDS))}",
                    )
                    yield context.error(at, "unknown-file-kind", what, right)


def watches(plan: Plan, context: Context) -> Iterator[Finding]:
    """What is covered can only be watched where there is a roster."""
    for entry, duty in context.duties():
        if duty.watch is not None and duty.watch.metric == "覆盖率" and duty.coverage is None:
            what = Words("没有名册，无从统计覆盖率", "without a roster nothing is covered")
            right = Words("请写 cover:（名册）", "write `cover:` (a roster)")
            yield context.error((entry.owner, "watch", "metric"), "bad-watch", what, right)


def one_change(plan: Plan, context: Context) -> Iterator[Finding]:
    """Changes are told as the event 变动, which no plan declares itself."""
    if not any(duty.on_change for _, duty in context.duties()):
        return
    for entry in context.draft.of(EventText):
        if CHANGE in (entry.text.id, entry.text.name) or entry.text.name == CHANGE_NAME:
            what = Words(
                f"“{CHANGE_NAME}”由 on_change 使用，不能另作事件",
                f"“{CHANGE_NAME}” belongs to `on_change` and is no event of the plan",
            )
            yield context.error((entry.owner, "id"), "duplicate-id", what)


def conditions_of_evidence(plan: Plan, context: Context) -> Iterator[Finding]:
    """A range has its ends in order; what lies inside the period needs a period."""
    for entry, duty in context.duties():
        for place, line in enumerate(duty.evidence):
            at = (entry.owner, "evidence", place)
            if line.maximum is not None and line.maximum < line.minimum:
                what = Words(
                    f"“{line.name}”的最大值{line.maximum}小于最小值{line.minimum}",
                    f"“{line.name}” has its greatest value {line.maximum} below {line.minimum}",
                )
                yield context.error((*at, "max"), "bad-evidence", what)
            if line.within and duty.rhythm is None:
                what = Words(
                    "只有周期性任务才有“本期”", "only a recurring duty has a period to be within"
                )
                yield context.error((*at, "within"), "bad-evidence", what)


def weights(plan: Plan, context: Context) -> Iterator[Finding]:
    """A weight is a number of points, none below nothing."""
    for entry, duty in context.duties():
        if not isfinite(duty.weight) or duty.weight < 0:
            what = Words("考核权重不能为负", "the weight must not be negative")
            yield context.error((entry.owner, "weight"), "bad-weight", what)


def assumed_keys(plan: Plan, context: Context) -> Iterator[Finding]:
    """What the office chose is named by the key it stands under."""
    known = tuple(key for key in known_keys(DutyText) if key not in ("id", "assumed"))
    for entry, _ in context.duties():
        for key in entry.text.assumed:
            if key not in known:
                what = Words(f"assumed 中的“{key}”不是职责的项目", f"“{key}” is no key of a duty")
                right = did_you_mean(key, known)
                yield context.error((entry.owner, "assumed", key), "unknown-assumed", what, right)


def no_ladder(plan: Plan, context: Context) -> Iterator[Finding]:
    """A task that nobody is reminded of will be forgotten."""
    for entry, duty in context.duties():
        if duty.kind in TASK_KINDS and entry.text.ladder is None:
            what = Words("没有督办梯次，不会提醒也不会催办", "without a ladder nobody is reminded")
            right = Words("请写 ladder:（见 ladders）", "write `ladder:` (see ladders)")
            yield context.warning((entry.owner,), "no-ladder", what, right)


DUTY_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    one_kind,
    no_checkpoint,
    stray_keys,
    event_window,
    conditions,
    file_kinds,
    one_change,
    watches,
    conditions_of_evidence,
    weights,
    assumed_keys,
    no_ladder,
)
