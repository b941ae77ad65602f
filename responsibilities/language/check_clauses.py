"""Checks of the text: quotes are verbatim, clauses and duties answer each other."""

from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.language.check_duties import TASK_KINDS
from responsibilities.language.clause_language import ClauseText, InlineSource
from responsibilities.language.context import Context
from responsibilities.language.entries import Finding
from responsibilities.plan import Disposition, Kind, Plan
from responsibilities.problem import did_you_mean
from responsibilities.quotes import nearest, normalise, plain
from responsibilities.sections import label_of, parts
from responsibilities.words import Words


def quotes_verbatim(plan: Plan, context: Context) -> Iterator[Finding]:
    """Every quote stands in the plan's own text, word for word."""
    if not plan.text:
        return
    text = normalise(plan.text).text
    for at, quote in _quotes(context):
        if plain(quote) not in text:
            what = Words(f"原文中没有“{_short(quote)}”", f"the text does not say “{_short(quote)}”")
            near = nearest(text, quote)
            right = Words(f"最接近的原文：“{near}”", f"the nearest passage: “{near}”")
            yield context.error(at, "quote-not-verbatim", what, right if near else None)


def _quotes(context: Context) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for clause in context.draft.of(ClauseText):
        yield (clause.owner, "quote"), clause.text.quote
    for entry, _ in context.duties():
        for place, source in enumerate(entry.text.source):
            if isinstance(source, InlineSource):
                yield (entry.owner, "source", place, "quote"), source.quote


def _short(quote: str) -> str:
    return quote if len(quote) <= 40 else f"{quote[:38]}……"


def unknown_clauses(plan: Plan, context: Context) -> Iterator[Finding]:
    """Clauses that duties cite, and clauses that others are merged into."""
    noun = Words("条款", "clause")
    at: tuple[str | int, ...]
    for entry, _ in context.duties():
        for place, source in enumerate(entry.text.source):
            if isinstance(source, str):
                at = (entry.owner, "source", place)
                found = context.unknown(at, "unknown-clause", noun, source, "clauses")
                if found is not None:
                    yield found
    for clause in context.draft.of(ClauseText):
        target = clause.text.merged_into
        if target is not None:
            at = (clause.owner, "merged_into")
            found = context.unknown(at, "unknown-clause", noun, target, "clauses")
            if found is not None:
                yield found


def merged_astray(plan: Plan, context: Context) -> Iterator[Finding]:
    """A clause is merged into another one, and in the end into one that has duties."""
    clauses = {clause.id: clause for clause in plan.clauses}
    for clause in plan.clauses:
        seen, current = {clause.id}, clause
        while current.merged_into in clauses and current.merged_into is not None:
            if current.merged_into in seen:
                what = Words(
                    f"条款{clause.id}并入自身", f"clause {clause.id} is merged into itself"
                )
                at = (f"clauses/{clause.id}", "merged_into")
                yield context.error(at, "merged-astray", what)
                break
            seen.add(current.merged_into)
            current = clauses[current.merged_into]


def clauses_without_duty(plan: Plan, context: Context) -> Iterator[Finding]:
    """A clause marked as duty is answered by a duty, its own or that of the clause it joins."""
    cited = {source.clause for duty in plan.duties for source in duty.sources}
    claimed = _cited_by_unusable(context)
    for clause in plan.clauses:
        if clause.disposition is not Disposition.DUTY or clause.merged_into is not None:
            continue
        if clause.id not in cited and clause.id not in claimed:
            what = Words(
                f"条款{clause.id}标为职责，但没有职责以它为依据",
                f"clause {clause.id} is marked as a duty, and no duty cites it",
            )
            right = Words("请写出职责，或注明 merged_into", "write the duty, or `merged_into`")
            yield context.warning(
                (f"clauses/{clause.id}", "as"), "clause-without-duty", what, right
            )


def _cited_by_unusable(context: Context) -> frozenset[str]:
    """Clauses named in duties that could not be read: their error is said there."""
    listed = context.draft.document.sections.get("duties")
    cited: set[str] = set()
    for item in listed if isinstance(listed, list) else ():
        source = item.get("source") if isinstance(item, dict) else None
        names = source if isinstance(source, list) else [source]
        cited.update(name for name in names if isinstance(name, str))
    return frozenset(cited)


def cites_no_duty(plan: Plan, context: Context) -> Iterator[Finding]:
    """A task rests on a clause that asks for something, not on a policy or a flourish."""
    kinds = {clause.id: clause.disposition for clause in plan.clauses}
    names = {
        Disposition.POLICY: "管总要求",
        Disposition.METRIC: "指标",
        Disposition.RHETORIC: "宣示",
    }
    for entry, duty in context.duties():
        if duty.kind not in TASK_KINDS:
            continue
        for place, source in enumerate(duty.sources):
            held = kinds.get(source.clause)
            if held in names:
                what = Words(
                    f"条款{source.clause}是{names[held]}，不是职责",
                    f"clause {source.clause} is {held.value}, not a duty",
                )
                right = Words("请改为 as: duty，或另写依据", "mark it `as: duty`, or cite another")
                yield context.warning((entry.owner, "source", place), "cites-no-duty", what, right)


def no_source(plan: Plan, context: Context) -> Iterator[Finding]:
    """A duty without a source is not in the plan's text."""
    for entry, duty in context.duties():
        if not duty.sources and plan.text and duty.kind is not Kind.METRIC:
            what = Words("没有写明依据", "it does not say what it rests on")
            right = Words("请写 source:（条款号或原文）", "write `source:`")
            yield context.warning((entry.owner,), "no-source", what, right)


def assumptions_named(plan: Plan, context: Context) -> Iterator[Finding]:
    """A reason is given for each value that the office chose."""
    for entry, duty in context.duties():
        for assumption in duty.assumed:
            if not assumption.reason.strip():
                what = Words(
                    f"没有写明核定“{assumption.key}”的理由", f"“{assumption.key}” lacks its reason"
                )
                at = (entry.owner, "assumed", assumption.key)
                yield context.warning(at, "no-reason", what)


def unknown_section(plan: Plan, context: Context) -> Iterator[Finding]:
    """A clause names a section that the text has."""
    labels = {part.label for part in parts(plan.text)} - {""}
    for clause in context.draft.of(ClauseText) if labels else ():
        label = label_of(clause.text.section)
        if label and label not in labels:
            what = Words(f"原文中没有章节“{label}”", f"the text has no section “{label}”")
            right = did_you_mean(label, labels)
            yield context.warning((clause.owner, "section"), "unknown-section", what, right)


CLAUSE_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    quotes_verbatim,
    unknown_clauses,
    merged_astray,
    clauses_without_duty,
    cites_no_duty,
    no_source,
    assumptions_named,
    unknown_section,
)
