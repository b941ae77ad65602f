"""Checks of the annual assessment: its points add up, and everything it names is there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from responsibilities.assessments import (
    FULL,
    OF_TASKS,
    POINT,
    SHARED,
    Assessment,
    Indicator,
    Source,
    Veto,
)
from responsibilities.language.assessment_language import (
    AssessmentText,
    IndicatorText,
    VetoText,
)
from responsibilities.language.compile_assessments import hundredths
from responsibilities.language.context import Context
from responsibilities.language.entries import Entry, Finding
from responsibilities.plan import Plan
from responsibilities.rectification import finding_type
from responsibilities.words import Words

At = tuple[str | int, ...]


def _declared(plan: Plan, context: Context) -> Iterator[tuple[Entry[AssessmentText], Assessment]]:
    return zip(context.draft.of(AssessmentText), plan.assessments, strict=True)


def names(plan: Plan, context: Context) -> Iterator[Finding]:
    """Units, raters, duties, events and severities that the assessment names exist."""
    for entry, _ in _declared(plan, context):
        for n, name in enumerate(entry.text.of):
            yield from _unknown(context, (entry.owner, "of", n), name, "units", "groups")
        for name in entry.text.raters:
            yield from _unknown(context, (entry.owner, "raters", name), name, "units", "posts")
        for at, text in _counting(entry):
            for n, name in enumerate(text.duties or ()):
                yield from _unknown(context, (*at, "duties", n), name, "duties")
            if text.event is not None:
                yield from _unknown(context, (*at, "event"), text.event, "events")
            yield from _severities(plan, context, at, text.severity or ())


_NOUNS: Final = {
    "units": ("unknown-unit", Words("单位", "unit")),
    "duties": ("unknown-duty", Words("职责", "duty")),
    "events": ("unknown-event", Words("事件", "event")),
}


def _unknown(context: Context, at: At, name: str, *sections: str) -> Iterator[Finding]:
    code, noun = _NOUNS[sections[0]]
    found = context.unknown(at, code, noun, name, *sections)
    if found is not None:
        yield found


def _counting(
    entry: Entry[AssessmentText],
) -> Iterator[tuple[At, IndicatorText | VetoText]]:
    for n, group in enumerate(entry.text.indicators):
        for m, one in enumerate(group.indicators):
            yield (entry.owner, "indicators", n, "indicators", m), one
    for n, veto in enumerate(entry.text.vetoes):
        yield (entry.owner, "vetoes", n), veto


def _severities(plan: Plan, context: Context, at: At, written: Iterable[str]) -> Iterator[Finding]:
    kind = finding_type(plan)
    for name in written:
        if kind is None or name not in kind.finding:
            what = Words(f"检查问题没有“{name}”这一程度", f"findings have no severity “{name}”")
            right = Words("照 events 中 finding 所列的写", "write one that `finding` lists")
            yield context.error((*at, "severity"), "unknown-severity", what, right)


def sums(plan: Plan, context: Context) -> Iterator[Finding]:
    """The weights add up at each level, and those of the raters to 100."""
    for entry, assessment in _declared(plan, context):
        for n, group in enumerate(assessment.groups):
            below = sum(one.weight for one in group.indicators if not one.bonus)
            at: At = (entry.owner, "indicators", n, "weight")
            yield from _adds_up(context, at, group.weight, below)
        whole = sum(group.weight for group in assessment.groups)
        yield from _adds_up(context, (entry.owner, "indicators"), FULL, whole)
        raters = entry.text.raters
        if sum(raters.values()) != 100 or min(raters.values(), default=0) <= 0:
            what = Words("评分人的权重应各大于0，合计100", "the raters' weights add up to 100")
            yield context.error((entry.owner, "raters"), "bad-raters", what)


def _adds_up(context: Context, at: At, wanted: int, found: int) -> Iterator[Finding]:
    if found != wanted:
        what = Words(
            f"分值合计应为{say_points(wanted)}，现为{say_points(found)}",
            f"the weights should add up to {say_points(wanted)}, not {say_points(found)}",
        )
        yield context.error(at, "weights-do-not-add-up", what)


def say_points(points: int) -> str:
    """2.5 for 250 hundredths."""
    return f"{points / POINT:g}"


def points(plan: Plan, context: Context) -> Iterator[Finding]:
    """No more is deducted than there is, and in hundredths of a point at the finest."""
    for entry, _ in _declared(plan, context):
        for n, group in enumerate(entry.text.indicators):
            at: At = (entry.owner, "indicators", n)
            yield from _amounts(context, at, group.weight, cap=group.cap)
            for m, one in enumerate(group.indicators):
                below = (*at, "indicators", m)
                yield from _amounts(context, below, one.weight, deduct=one.deduct, cap=one.cap)


def _amounts(context: Context, at: At, weight: float, **amounts: float | None) -> Iterator[Finding]:
    for key, amount in {"weight": weight, **amounts}.items():
        if amount is None:
            continue
        fine = 0 <= amount <= 1000 and hundredths(amount) / POINT == amount
        if not fine or (key == "cap" and amount > weight):
            what = Words(
                f"“{amount}”：应为不小于0、至多两位小数的分数，上限不超过分值",
                f"“{amount}”: points are not negative, have two decimals at most, and a cap "
                "does not exceed the weight",
            )
            yield context.error((*at, key), "bad-points", what)


def indicators(plan: Plan, context: Context) -> Iterator[Finding]:
    """Each indicator can be scored: it says what it counts, and there is something to count."""
    weighed = {duty.id for duty in plan.duties if duty.weight > 0}
    for entry, assessment in _declared(plan, context):
        ids = Counter(group.id for group in assessment.groups)
        ids.update(one.id for one in assessment.indicators())
        built: list[Indicator | Veto] = [*assessment.indicators(), *assessment.vetoes]
        for (at, _), one in zip(_counting(entry), built, strict=True):
            wrong = _unscorable(one, weighed, ids[one.id])
            if wrong is not None:
                yield context.error(at, "bad-indicator", wrong)
            if isinstance(one, Indicator) and one.source is Source.EVENTS and one.weight:
                what = Words(
                    "事件多少计分，会妨碍如实报送",
                    "scoring how many incidents there are discourages reporting them",
                )
                right = Words("分值写0，只列出、不计分", "a weight of 0 shows and does not score")
                yield context.warning((*at, "weight"), "counts-scored", what, right)


def _unscorable(one: Indicator | Veto, weighed: set[str], times: int) -> Words | None:
    if times > 1:
        return Words(f"代号“{one.id}”用了{times}次", f"the id “{one.id}” stands {times} times")
    if one.source is Source.EVENTS and not one.event:
        return Words("请写明计哪一种 event", "say which `event` is counted")
    if one.source in OF_TASKS and not weighed.intersection(one.duties or weighed):
        return Words("所计职责的分值（weight）均为0", "none of its duties carries a weight")
    return _incomplete(one) if isinstance(one, Indicator) else _uncountable(one)


def _incomplete(one: Indicator) -> Words | None:
    if one.source is Source.FIGURES and not (one.figure and one.least > 0):
        return Words("请写明 figure 和 least", "say which `figure`, and `least` how much")
    if one.bonus and one.source is not Source.MARKS:
        return Words("加分项只能由评分人给分", "a bonus is given by the raters (评分) only")
    needs = one.source not in SHARED | {Source.MARKS} and one.weight > 0
    if needs and one.deduct <= 0:
        return Words("请写明每项扣几分（deduct）", "say what each one costs (`deduct`)")
    return None


def _uncountable(veto: Veto) -> Words | None:
    if veto.source in (Source.MARKS, Source.FIGURES):
        return Words("评分和填报不能作否决", "marks and figures veto nothing")
    if veto.count < 1:
        return Words("count 至少为1", "`count` is 1 at least")
    return None


def grades(plan: Plan, context: Context) -> Iterator[Finding]:
    """Best first, the last for everybody else; a veto excludes grades that there are."""
    for entry, assessment in _declared(plan, context):
        listed = assessment.grades
        least = [one.least for one in listed]
        last_for_all = bool(listed) and (listed[-1].least, listed[-1].top) == (0, 100)
        sound = all(1 <= one.top <= 100 and one.least >= 0 for one in listed)
        if not last_for_all or not sound or least != sorted(least, reverse=True):
            what = Words(
                "等次应由高到低，排名为1至100，最后一个不设条件",
                "grades go from the best down, ranks from 1 to 100, the last has no condition",
            )
            yield context.error((entry.owner, "grades"), "bad-grades", what)
        open_to = {one.name for one in listed[:-1]}
        for n, veto in enumerate(assessment.vetoes):
            if not open_to.issuperset(veto.excludes):
                what = Words(
                    f"否决只能排除最后一个以外的等次：{'、'.join(sorted(open_to))}",
                    f"a veto excludes grades other than the last: {', '.join(sorted(open_to))}",
                )
                at = (entry.owner, "vetoes", n, "excludes")
                yield context.error(at, "bad-grades", what)


ASSESSMENT_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    names,
    sums,
    points,
    indicators,
    grades,
)
