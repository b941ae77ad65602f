"""A replay as a clerk reads it in a terminal, and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from duban.console import table
from responsibilities.calendars.clock import Clock
from responsibilities.plan import Plan
from responsibilities.reliving import Dates, Said
from responsibilities.replaying import Differing, Replayed
from responsibilities.roles import ROLE_NAMES
from responsibilities.words import Language, Words

_SHOWN = 20
"""Tasks told one by one, unless all are asked for."""
_HEADS = (
    Words("职责", "duty"),
    Words("新增任务", "asked anew"),
    Words("不再有", "not asked"),
    Words("日期不同", "other dates"),
    Words("不再发出", "not told"),
    Words("另行发出", "told anew"),
)
_RULE = Words(
    "口径：报结、退回、延期、办结均照记录，只换规则；当时未曾要求的任务没有办理记录，只计入新增，不推算其升级。",
    "What units and the office did stays as recorded, only the rules change. A task that nobody "
    "was asked for has no acts: it is counted as asked, its ladder is not imagined.",
)


def as_text(
    found: Replayed, plan: Plan, clock: Clock, language: Language, *, everything: bool
) -> str:
    """The sums, the duties that differ, and the tasks one by one."""
    parts = [_sums(found, clock, language)]
    if found.differing:
        parts += [_by_duty(found, plan, language), _tasks(found, plan, clock, language, everything)]
    parts.append(_RULE.in_(language))
    if found.unexplained:
        parts.append(
            Words(
                f"另有 {found.unexplained} 次通知，记录与按当时规则重放的结果不一致"
                "（例如当时迟发一轮），不计入上列差别。",
                f"{found.unexplained} notices on record are not what the rules of the time give "
                "again (a round came late, for example); they are not among the differences.",
            ).in_(language)
        )
    return "\n\n".join(parts)


def _sums(found: Replayed, clock: Clock, language: Language) -> str:
    first, last = clock.day(found.since), clock.day(found.until - timedelta(microseconds=1))
    anew = sum(one.before is None for one in found.differing)
    gone = sum(one.after is None for one in found.differing)
    moved = sum(one.moved for one in found.differing)
    return Words(
        f"重放 {first} 至 {last} 的记录：相同 {found.same} 项，不同 {len(found.differing)} 项"
        f"（新增 {anew}、不再有 {gone}、日期不同 {moved}）；"
        f"逾期升级 {found.overdue_before} → {found.overdue_after} 次。",
        f"Replayed {first} to {last}: {found.same} tasks the same, {len(found.differing)} "
        f"different ({anew} asked anew, {gone} not asked, {moved} with other dates); "
        f"escalations {found.overdue_before} → {found.overdue_after}.",
    ).in_(language)


def _by_duty(found: Replayed, plan: Plan, language: Language) -> str:
    titles = {duty.id: duty.title for duty in plan.duties}
    counts: dict[str, Counter[str]] = {}
    for one in found.differing:
        counts.setdefault(one.duty, Counter()).update(
            {
                "anew": int(one.before is None),
                "gone": int(one.after is None),
                "moved": int(one.moved),
                "silent": len(one.no_longer),
                "told": len(one.anew),
            }
        )
    rows = [
        [titles.get(duty, duty), *(str(counted[kind]) for kind in _KINDS)]
        for duty, counted in counts.items()
    ]
    return table([words.in_(language) for words in _HEADS], rows)


_KINDS = ("anew", "gone", "moved", "silent", "told")


def _tasks(found: Replayed, plan: Plan, clock: Clock, language: Language, everything: bool) -> str:
    titles = {duty.id: duty.title for duty in plan.duties}
    names = {unit.id: unit.name for unit in plan.units}
    shown = found.differing if everything else found.differing[:_SHOWN]
    lines = [line for one in shown for line in _task(one, titles, names, clock, language)]
    left = len(found.differing) - len(shown)
    if left:
        lines.append(
            Words(f"…… 另 {left} 项（--all 全部列出）", f"… {left} more (--all)").in_(language)
        )
    return "\n".join(lines)


def _task(
    one: Differing, titles: Mapping[str, str], names: Mapping[str, str], clock: Clock,
    language: Language,
) -> Iterator[str]:  # fmt: skip
    yield f"{names.get(one.unit, one.unit)}《{titles.get(one.duty, one.duty)}》（{one.period}）"
    if one.before is None or one.after is None or one.moved:
        for sign, dates in (("-", one.before), ("+", one.after)):
            if dates is not None:
                yield f"    {sign} {_window(dates, clock)}"
    yield from (f"    - {_said(said, clock, language)}" for said in one.no_longer)
    yield from (f"    + {_said(said, clock, language)}" for said in one.anew)


def _window(dates: Dates, clock: Clock) -> str:
    opens, due = clock.local(dates.opens_at), clock.local(dates.original_due_at)
    return f"{opens:%Y-%m-%d %H:%M} → {due:%Y-%m-%d %H:%M}"


def _said(said: Said, clock: Clock, language: Language) -> str:
    notice = said.notice or Words("终止", "lapsed").in_(language)
    to = "、".join(ROLE_NAMES[role].in_(language) for role in said.to)
    return f"{clock.local(said.at):%Y-%m-%d %H:%M} {notice}" + (f"（{to}）" if to else "")


def as_data(found: Replayed) -> dict[str, Any]:
    """For `--json`; instants in UTC, roles by their names in the language of code."""
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "same": found.same,
        "escalations": {"before": found.overdue_before, "after": found.overdue_after},
        "unexplained": found.unexplained,
        "differing": [
            {
                "task": one.key,
                "duty": one.duty,
                "unit": one.unit,
                "period": one.period,
                "before": _dates_data(one.before),
                "after": _dates_data(one.after),
                "no_longer": list(_said_data(one.no_longer)),
                "anew": list(_said_data(one.anew)),
            }
            for one in found.differing
        ],
    }


def _dates_data(dates: Dates | None) -> dict[str, str] | None:
    if dates is None:
        return None
    opens, due = dates.opens_at.isoformat(), dates.original_due_at.isoformat()
    return {"opens_at": opens, "due_at": due}


def _said_data(said: Iterable[Said]) -> Iterator[dict[str, Any]]:
    for one in said:
        to = [role.value for role in one.to]
        yield {"at": one.at.isoformat(), "notice": one.notice, "to": to, "overdue": one.overdue}
