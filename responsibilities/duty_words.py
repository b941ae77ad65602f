"""Everything a duty says, heading by heading, in sentences that two versions can be compared by."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from responsibilities.assessments import POINT
from responsibilities.calendars.clock import Roll
from responsibilities.language.draw_phrases import say_draw
from responsibilities.language.roster_phrases import say_late_joiners
from responsibilities.language.saying import say_moment, say_step
from responsibilities.language.varied_phrases import say_often
from responsibilities.matrix import KIND_WORDS
from responsibilities.mechanisms import named, say_beat
from responsibilities.phases import phase_of, say_phase
from responsibilities.plan import (
    EVENT_UNIT,
    Attribute,
    Duty,
    EvidenceKind,
    Member,
    Plan,
    Requirement,
)
from responsibilities.rhythm import When
from responsibilities.words import Words


class Aspect(StrEnum):
    """What sort of thing changed."""

    DATES = "dates"
    UNITS = "units"
    LADDER = "ladder"
    EVIDENCE = "evidence"
    WORDING = "wording"


class Line(NamedTuple):
    """What is said under one heading; several sentences where there is a list."""

    aspect: Aspect
    name: Words
    said: tuple[Words, ...]


_ROLLS: Final = {
    Roll.NEXT: Words("遇休息日顺延", "a rest day: the next working day"),
    Roll.PREVIOUS: Words("遇休息日提前", "a rest day: the working day before"),
    Roll.NONE: Words("遇休息日不变", "a rest day: unchanged"),
}
_EVIDENCE: Final = {
    EvidenceKind.FILE: Words("文件", "file"),
    EvidenceKind.NUMBER: Words("数字", "number"),
    EvidenceKind.TEXT: Words("文字", "text"),
    EvidenceKind.DATE: Words("日期", "date"),
}


def duty_lines(plan: Plan, duty: Duty) -> tuple[Line, ...]:
    """The duty heading by heading: always the same headings in the same order."""
    return (
        *_dates(plan, duty),
        *_units(plan, duty),
        *_ladder(plan, duty),
        *_asked(plan, duty),
        *_text(duty),
    )


def institution_lines(plan: Plan) -> tuple[Line, ...]:
    """What the plan says besides its duties, as far as tasks and letters depend on it."""
    hours = "、".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in plan.hours.spans)
    years = plan.school.academic_years() if plan.school else ()
    anchors = [f"{year.id}：{year.first}–{year.last}" for year in years]
    until = (plan.until.isoformat(),) if plan.until else ()
    return (
        Line(
            Aspect.DATES, Words("施行日期", "in force from"), _plain((plan.in_force.isoformat(),))
        ),
        Line(Aspect.DATES, Words("有效期至", "until"), _plain(until)),
        Line(Aspect.DATES, Words("办公时间", "office hours"), _plain((hours,))),
        Line(Aspect.DATES, Words("学年", "academic years"), _plain(anchors)),
        Line(Aspect.UNITS, Words("单位", "units"), _plain(unit.name for unit in plan.units)),
        Line(Aspect.UNITS, Words("领导岗位", "posts"), _plain(post.name for post in plan.posts)),
        Line(Aspect.UNITS, Words("收信岗位", "mailboxes"), _plain(_mailboxes(plan))),
        Line(Aspect.UNITS, Words("办公室", "the office"), _plain((_name(plan, plan.office),))),
        Line(Aspect.WORDING, Words("标题", "title"), _plain((plan.title,))),
        Line(Aspect.WORDING, Words("文号", "number"), _plain((plan.number,))),
        Line(Aspect.WORDING, Words("年度考核", "annual assessment"), _plain(_assessed(plan))),
    )


def _assessed(plan: Plan) -> Iterator[str]:
    """Every indicator with its points and all that bears on them, and the grades."""
    for one in plan.assessments:
        for item in one.indicators():
            amounts = f"{item.weight / POINT:g} −{item.deduct / POINT:g} ≤{item.cap / POINT:g}"
            counted = "、".join((*item.duties, *item.severities, item.event, item.figure))
            yield f"{one.name} {item.name} {item.source.value} {amounts} {counted}".strip()
        for grade in one.grades:
            yield f"{one.name} {grade.name} ≥{grade.least / POINT:g} {grade.top}%"
        for veto in one.vetoes:
            yield f"{one.name} {veto.name} ≥{veto.count} {'、'.join(veto.excludes)}"


def _mailboxes(plan: Plan) -> Iterator[str]:
    """Letters about open tasks go where the version in force says, so this is worth a look."""
    for unit in plan.units:
        for role, mailbox in unit.mailboxes.items():
            yield f"{unit.name} {role.value} {mailbox}"
    for post in plan.posts:
        yield f"{post.name} {post.mailbox or '—'}"


def _dates(plan: Plan, duty: Duty) -> tuple[Line, ...]:
    when, phase = duty.when, phase_of(plan, duty)
    beats = named(plan).get(duty.id, ())
    stages = tuple(_headed(stage.name, say_moment(stage.due)) for stage in duty.stages)
    return (
        Line(Aspect.DATES, Words("频次", "rhythm"), (say_often(duty),) if duty.rhythm else ()),
        Line(Aspect.DATES, Words("随机", "draw"), _draw(plan, duty)),
        Line(Aspect.DATES, Words("下达", "opens"), (say_moment(when.opens),) if when else ()),
        Line(Aspect.DATES, Words("时限", "due"), (say_moment(when.due),) if when else ()),
        Line(
            Aspect.DATES,
            Words("终止", "lapses"),
            (say_moment(when.lapses),) if when and when.lapses else (),
        ),
        Line(Aspect.DATES, Words("休息日", "rest days"), _rest(when) if when else ()),
        Line(Aspect.DATES, Words("阶段", "stages"), stages),
        Line(Aspect.DATES, Words("所涉期间", "about"), _subject(duty.subject)),
        Line(Aspect.DATES, Words("工作阶段", "phase"), (say_phase(phase),) if phase else ()),
        Line(Aspect.WORDING, Words("机制", "mechanism"), tuple(say_beat(*one) for one in beats)),
    )


def _draw(plan: Plan, duty: Duty) -> tuple[Words, ...]:
    if duty.draw is None:
        return ()
    roster = next((one.name for one in plan.rosters if one.id == duty.draw.roster), "")
    return (say_draw(duty.draw, roster),)


def _rest(when: When) -> tuple[Words, ...]:
    empty = Words("整期无工作日的免办", "a period without working days: no task")
    return (_ROLLS[when.roll], *((empty,) if when.skip_empty else ()))


def _subject(subject: int) -> tuple[Words, ...]:
    return (Words(f"当期 {subject:+d} 期", f"period {subject:+d}"),) if subject else ()


def _units(plan: Plan, duty: Duty) -> tuple[Line, ...]:
    return (
        Line(Aspect.UNITS, Words("责任单位", "responsible"), _names(plan, duty.responsible)),
        Line(Aspect.UNITS, Words("配合单位", "co-acting"), _names(plan, duty.co_acting)),
        Line(Aspect.UNITS, Words("受托岗位", "delegates"), _delegates(plan, duty)),
        Line(Aspect.UNITS, Words("知会单位", "informed"), _names(plan, duty.inform)),
        Line(Aspect.UNITS, Words("分管领导", "leader"), _names(plan, (duty.leader,))),
        Line(Aspect.UNITS, Words("审核", "reviewed by"), _reviewers(plan, duty)),
    )


def _delegates(plan: Plan, duty: Duty) -> tuple[Words, ...]:
    """Who does a part of it, with the names each answers for."""
    found = []
    for one in plan.delegates:
        if duty.delegate is not None and one.post == duty.delegate:
            names = "、".join(name for listed in one.covers.values() for name in listed)
            found.append(f"{one.name}：{names}" if names else one.name)
    return _plain(found)


def _reviewers(plan: Plan, duty: Duty) -> tuple[Words, ...]:
    """The reviewer of the duty, then those of single units."""
    own = [f"{_name(plan, unit)}：{_name(plan, who)}" for unit, who in duty.reviewers.items()]
    return (*_names(plan, (duty.review,)), *_plain(own))


def _ladder(plan: Plan, duty: Duty) -> tuple[Line, ...]:
    ladder = next((one for one in plan.ladders if one.id == duty.ladder), None)
    return (
        Line(Aspect.LADDER, Words("阶梯", "ladder"), _plain((ladder.name,) if ladder else ())),
        Line(
            Aspect.LADDER,
            Words("各级", "steps"),
            tuple(say_step(step) for step in ladder.steps) if ladder else (),
        ),
    )


def _asked(plan: Plan, duty: Duty) -> tuple[Line, ...]:
    covered, each = duty.coverage, duty.each
    used = covered.roster if covered else each
    roster = next((r for r in plan.rosters if r.id == used), None)
    members = roster.members if roster else {}
    heads = roster.counts if roster else {}
    names = [f"{_name(plan, u)}：{_member(m)}" for u, some in members.items() for m in some]
    names += [f"{_name(plan, unit)}：{number}" for unit, number in heads.items()]
    wanted = (f"{roster.name} {covered.target:.0%}",) if roster and covered else ()
    late = (say_late_joiners(covered.late_joiners),) if covered else ()
    zero = (Words("须零报告", "zero report expected"),) if duty.zero_report else ()
    return (
        Line(Aspect.EVIDENCE, Words("材料清单", "evidence"), tuple(map(_piece, duty.evidence))),
        Line(Aspect.EVIDENCE, Words("全覆盖", "coverage"), _plain(wanted)),
        Line(
            Aspect.EVIDENCE,
            Words("逐一", "one by one"),
            _plain((roster.name,) if each and roster else ()),
        ),
        Line(Aspect.EVIDENCE, Words("名册", "roster"), _plain(names)),
        Line(Aspect.EVIDENCE, Words("中途加入", "late joiners"), late),
        Line(Aspect.EVIDENCE, Words("零报告", "zero report"), zero),
    )


def _member(member: Member) -> str:
    days = [f"自{member.first}"] if member.first else []
    days += [f"至{member.last}"] if member.last else []
    days += [f"有效期至{member.valid_until}"] if member.valid_until else []
    days += [f"{member.last_done}完成"] if member.last_done else []
    days += [said for one in member.attributes for said in _values(one)]
    named = f"{member.name}［{member.id}］" if member.id else member.name
    return named + (f"（{'，'.join(days)}）" if days else "")


def _values(attribute: Attribute) -> Iterator[str]:
    for day, value in attribute.values:
        yield f"{attribute.name}自{day}{value}" if day else f"{attribute.name}{value}"


def _levels(plan: Plan, duty: Duty) -> Iterator[str]:
    """The attribute of each responsible unit that its rhythm depends on."""
    for unit in plan.units if duty.varied is not None else ():
        for one in unit.attributes:
            if unit.id in duty.responsible and duty.varied and one.name == duty.varied.attribute:
                yield from (f"{unit.name}：{said}" for said in _values(one))


def _piece(one: Requirement) -> Words:
    kind, ends = _EVIDENCE[one.kind], "/".join(one.kinds)
    least = f"≥{one.minimum}" if one.minimum != 1 else ""
    optional = Words("（可选）", " (optional)") if one.optional else Words("", "")
    more = " ".join(filter(None, (ends, least)))
    more = f" {more}" if more else ""
    return Words(
        f"{one.name}（{kind.zh}）{more}{optional.zh}", f"{one.name} ({kind.en}){more}{optional.en}"
    )


def _text(duty: Duty) -> tuple[Line, ...]:
    quotes = [f"{source.section} {source.quote}".strip() for source in duty.sources]
    when = [f"{one.field} {one.op} {one.value}" for one in duty.conditions]
    chosen = [f"{one.key}：{one.reason}" for one in duty.assumed]
    weight = (f"{duty.weight:g}",) if duty.weight else ()
    return (
        Line(Aspect.WORDING, Words("名称", "title"), _plain((duty.title,))),
        Line(Aspect.WORDING, Words("类别", "kind"), (KIND_WORDS[duty.kind],)),
        Line(Aspect.WORDING, Words("所在文件", "department"), _plain((duty.department,))),
        Line(Aspect.WORDING, Words("原文", "quotes"), _plain(quotes)),
        Line(Aspect.WORDING, Words("事件", "event"), _plain((duty.event or "",))),
        Line(Aspect.WORDING, Words("条件", "conditions"), _plain(when)),
        Line(Aspect.WORDING, Words("权重", "weight"), _plain(weight)),
        Line(Aspect.WORDING, Words("核定理由", "chosen because"), _plain(chosen)),
        Line(Aspect.WORDING, Words("待答复", "question"), _plain((duty.question,))),
        Line(Aspect.WORDING, Words("说明", "note"), _plain((duty.note, duty.said))),
    )


def _headed(name: str, said: Words) -> Words:
    return Words(f"{name}：{said.zh}", f"{name}: {said.en}")


def _names(plan: Plan, ids: Iterable[str | None]) -> tuple[Words, ...]:
    event = Words("事发单位", "the unit concerned")
    return tuple(
        event if id_ == EVENT_UNIT else Words(_name(plan, id_), _name(plan, id_))
        for id_ in ids
        if id_
    )


def _name(plan: Plan, id_: str) -> str:
    """What a unit or post is called; its id where nobody is called so."""
    units = {unit.id: unit.name for unit in plan.units}
    return units.get(id_) or {post.id: post.name for post in plan.posts}.get(id_, id_)


def _plain(texts: Iterable[str]) -> tuple[Words, ...]:
    """Names and quotes are the office's own words: the same in both languages."""
    return tuple(Words(text, text) for text in texts if text)
