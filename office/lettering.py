"""From a task to the lines that a letter shows about it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notifications.dates import say_instant
from notifications.letters import Item
from office.incident_lines import incident_lines
from office.matters import Matter, number_of, title_of, unit_name
from office.progress import Progress, progress
from office.rosters import say_change
from responsibilities.calendars.clock import Unit
from responsibilities.delegation import parts
from responsibilities.ladder import unit_rungs
from responsibilities.period_words import say_day, say_period
from responsibilities.plan import EvidenceKind, Requirement, Step
from responsibilities.roles import ROLE_NAMES
from responsibilities.standing import standing
from responsibilities.tasks import Event, Fact, FactKind, State, Task
from responsibilities.words import Language, Words
from storage.instants import instant

_FIRST = frozenset({"opened", "incident", "moved"})
"""Letters that are themselves late where the task was; those that follow come in their time."""
_LABELS = {
    "原链接": "Former link",
    "中断开始": "Outage from",
    "恢复运行": "Outage until",
    "收件单位": "Unit",
    "收件邮箱": "Mailbox",
    "原邮件": "Letter",
    "原因": "Reason",
    "督办事项": "Tasks",
    "未送达": "Not delivered",
    "情况": "What happened",
    "发现时间": "Found",
    "处理办法": "What to do",
}
"""What the notices without a task say (see `outages`, `undelivered`), in English."""
_SAID_AT = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日 (\d{2}:\d{2})")
_TIMED = (Unit.MINUTE.value, Unit.HOUR.value, Unit.WORKING_HOUR.value)


@dataclass(frozen=True, slots=True)
class Said:
    """What one notice says about one task: the kind of letter, the step that speaks, why."""

    kind: str
    step: str
    reason: str


def item(
    matter: Matter, said: Said, known: Sequence[Fact], event: Event | None, now: datetime,
    language: Language,
) -> Item:  # fmt: skip
    """One task as a letter shows it; `known` are its facts that letters quote (see `binding`).

    `event` is the incident that the task stems from.
    """
    submissions = [fact for fact in known if fact.kind is FactKind.SUBMITTED]
    task, promise, place = matter.task, matter.promise, matter.place
    there = progress(matter, known)
    closed = task.state is State.CLOSED
    return replace(
        _plain(matter, said, now, language),
        basis=tuple((source.section, source.quote) for source in promise.sources),
        required=tuple(line(r, language) for r in promise.evidence),
        covered=there.counted,
        missing=() if closed or there.zero else (*there.missing, *there.uncovered),
        next_step=next_step(matter, now, language),
        reviewer=unit_name(place, matter.reviewer),
        reason=said.reason,
        co_acting=co_acting_said(matter),
        delegates=delegates_said(matter, known, language),
        roster="" if said.kind == "roster" else roster_said(known, language),
        asked_until=asked_until(matter, known) if said.kind == "extension_asked" else None,
        incident=incident_lines(event, place, language) if event else {},
        zero_report=promise.zero_report,
        provisional=task.provisional,
        late_by_system=task.late_by_system and said.kind in _FIRST,
        submitted=_handed_in(there, submissions, language, event) if said.kind == "review" else {},
        sequence=sequence_of(task, known),
        closed=closed,
    )


def sequence_of(task: Task, known: Iterable[Fact]) -> int:
    """How often what a calendar shows of it has changed; `known` holds its MOVED facts."""
    moves = sum(
        1 for f in known if f.kind is FactKind.MOVED and f.body["due"] != f.body["from"]
    )  # fmt: skip
    # Twice the rounds: a reopening takes back the one that the closing had added.
    return 2 * task.round + task.attempt + moves + (task.state is State.CLOSED)


def _plain(matter: Matter, said: Said, now: datetime, language: Language) -> Item:
    """Which task it is, how it stands and when it is due: what no line goes without."""
    task, clock = matter.task, matter.clock
    step = next((s for s in matter.promise.steps if s.id == said.step), None)
    return Item(
        key=task.key,
        number=number_of(task, clock),
        title=title_of(task, matter.promise, matter.place),
        unit=unit_name(matter.place, task.unit),
        period=period_of(matter, language),
        kind=said.kind,
        notice=step.notice if step else "",
        colour=step.colour if step else "",
        standing=standing(task, now, clock, matter.rhythm),
        due_at=clock.local(task.due_at),
        original_due_at=clock.local(task.original_due_at),
        days_left=(clock.day(task.due_at) - clock.day(now)).days,
    )


def roster_said(known: Sequence[Fact], language: Language) -> str:
    """Who has joined or left the roster since the task opened."""
    changed = [say_change(fact).in_(language) for fact in known if fact.kind is FactKind.ROSTER]
    return Words("；", "; ").in_(language).join(changed)


def co_acting_said(matter: Matter) -> str:
    """The units that help, by name."""
    return "、".join(unit_name(matter.place, unit) for unit in matter.promise.co_acting)


def delegates_said(matter: Matter, known: Sequence[Fact], language: Language) -> str:
    """How many delegates of the unit have handed in, and who has not."""
    plan, duty = matter.place.plan, matter.place.duties.get(matter.task.duty)
    held = parts(plan, duty, matter.task.unit) if duty is not None else ()
    if not held:
        return ""
    done = {f.body["part"] for f in known if f.kind is FactKind.GATHERED and f.body["complete"]}
    waiting = [unit_name(matter.place, part) for part in held if part not in done]
    count = f"{len(held) - len(waiting)}/{len(held)}"
    listed = "、".join(waiting)
    return Words(
        f"已报结{count}" + (f"，尚未报结：{listed}" if waiting else ""),
        f"{count} have handed in" + (f"; not yet: {listed}" if waiting else ""),
    ).in_(language)


def asked_until(matter: Matter, known: Sequence[Fact]) -> datetime | None:
    """Until when more time was last asked for, in the plan's zone."""
    asked = [fact for fact in known if fact.kind is FactKind.EXTENSION_ASKED]
    return matter.clock.local(instant(asked[-1].body["due"])) if asked else None


def facts_said(facts: Mapping[str, str | Sequence[str]], language: Language) -> Mapping[str, str]:
    """The facts of a notice about no task, in the language of the letter."""
    said = {label: _in(value, language) for label, value in facts.items()}
    if language == "zh":
        return said
    return {_LABELS.get(label, label): _dated(value) for label, value in said.items()}


def _in(value: str | Sequence[str], language: Language) -> str:
    return value if isinstance(value, str) else Words(*value).in_(language)


def _dated(value: str) -> str:
    found = _SAID_AT.fullmatch(value)
    if found is None:
        return value
    year, month, day, time = found.groups()
    return f"{year}-{int(month):02}-{int(day):02} {time}"


def period_of(matter: Matter, language: Language) -> str:
    """The period in words, and what it is about where that is another one."""
    task = matter.task
    period = say_period(task.period).in_(language)
    if task.subject == task.period:
        return period
    about = say_period(task.subject).in_(language)
    return Words(f"{period}（反映{about}情况）", f"{period} (about {about})").in_(language)


def line(requirement: Requirement, language: Language) -> str:
    """One line of the checklist: 现场照片（不少于3份）."""
    notes = _conditions(requirement)
    if requirement.optional:
        notes.append(Words("可选", "optional"))
    if not notes:
        return requirement.name
    zh, en = "，".join(n.zh for n in notes), ", ".join(n.en for n in notes)
    return Words(f"{requirement.name}（{zh}）", f"{requirement.name} ({en})").in_(language)


def _conditions(line: Requirement) -> list[Words]:
    """What a line of the checklist must be like."""
    least, most = line.minimum, line.maximum
    notes: list[Words] = []
    if line.kind is EvidenceKind.FILE and least > 1:
        notes.append(Words(f"不少于{least}份", f"at least {least}"))
    if line.kind is EvidenceKind.NUMBER and most is not None:
        notes.append(Words(f"{least}至{most}", f"{least} to {most}"))
    elif line.kind is EvidenceKind.NUMBER and least > 0:
        notes.append(Words(f"不小于{least}", f"at least {least}"))
    if line.kind is EvidenceKind.CHOICE:
        notes.append(Words("、".join(line.choices), ", ".join(line.choices)))
    if line.kind is EvidenceKind.SIGNERS:
        notes.append(Words(f"不少于{least}人签名", f"{least} signers at least"))
    if line.kind is EvidenceKind.DURATION and least > 1:
        notes.append(Words(f"不少于{least}分钟", f"at least {least} minutes"))
    if line.within:
        notes.append(Words("应在本期之内", "within the period"))
    return notes


def next_step(matter: Matter, now: datetime, language: Language) -> str:
    """What happens next if nothing is handed in, with the day and the post."""
    task = matter.task
    if task.state is not State.OPEN:
        return ""
    rungs = unit_rungs(
        matter.promise.steps, task.opens_at, task.due_at, matter.clock, task.original_due_at
    )
    after = next((r for r in rungs[task.step :] if r.at and r.at > task.due_at), None)
    if after is None or after.at is None:
        return ""
    return _will(after.step, matter.clock.local(after.at), now > task.due_at).in_(language)


def _will(step: Step, at: datetime, late: bool) -> Words:
    """Of a step that is counted in minutes or hours, the time of day is of use as well."""
    timed = step.unit in _TIMED
    day = say_instant(at) if timed else say_day(at.date())
    if late:
        unless = Words("仍未报结的", "If it is still not handed in")
    else:
        unless = Words("逾期未报结的", "If it is then overdue")
    to = "、".join(ROLE_NAMES[role].zh for role in step.to)
    to_en = ", ".join(ROLE_NAMES[role].en for role in step.to)
    return Words(
        f"{unless.zh}，将于{day.zh}向{to}发送《{step.notice}》。",
        f"{unless.en}, “{step.notice}” goes to the {to_en} on {day.en}.",
    )


def _handed_in(
    there: Progress, submissions: Sequence[Fact], language: Language, event: Event | None
) -> Mapping[str, str]:
    """What was handed in, for the reviewer: line of the checklist -> value or file names.

    Of an incident the number of files: their names may name people.
    """
    names = {r.id: r.name for r in there.checklist}
    files: dict[str, list[str]] = {}
    for fact in submissions:
        for file in fact.body["files"]:
            if file["sha256"] in there.files.get(file["requirement"], ()):
                files.setdefault(file["requirement"], []).append(file["name"])
    shown = {
        names.get(r, r): str(len(found)) if event else "、".join(dict.fromkeys(found))
        for r, found in files.items()
    }
    written = (EvidenceKind.TEXT, EvidenceKind.SIGNERS)
    texts = {r.id for r in there.checklist if r.kind in written}
    for id_, value in there.values.items():
        given = Words("已填报", "given").in_(language)
        shown[names.get(id_, Words("说明", "Note").in_(language))] = (
            given if id_ in texts or id_ not in names else value
        )
    if there.zero:
        shown[Words("零报告", "Zero report").in_(language)] = Words("是", "yes").in_(language)
    return shown
