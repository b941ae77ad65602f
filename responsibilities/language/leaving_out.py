"""What is left out of a plan: entries with errors, and what rests on them."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Draft, Entry, Finding
from responsibilities.plan import Plan
from responsibilities.problem import Severity
from responsibilities.words import Words

_RESTS_ON = (
    ("responsible", ("units", "groups")),
    ("with_", ("units", "groups")),
    ("inform", ("units", "groups")),
    ("leader", ("posts",)),
    ("review", ("units", "groups", "posts")),
    ("cover", ("rosters",)),
    ("each", ("rosters",)),
    ("ladder", ("ladders",)),
    ("on", ("events",)),
    ("source", ("clauses",)),
    ("window", ("windows",)),
    ("phase", ("phases",)),
)
"""The keys of a duty that name other entries, and the sections those stand in."""


def leave_out(plan: Plan, draft: Draft) -> tuple[Plan, list[Finding]]:
    """The plan without what has errors, and a finding for each duty that goes with its unit."""
    broken = {f.owner for f in draft.findings if f.problem.severity is Severity.ERROR}
    resting = list(_resting(draft, broken))
    broken.update(finding.owner for finding in resting)

    def kept(section: str, id_: str) -> bool:
        return f"{section}/{id_}" not in broken

    units = tuple(u for u in plan.units if kept("units", u.id))
    alive = {unit.id for unit in units}
    groups = tuple(
        replace(g, units=tuple(u for u in g.units if u in alive))
        for g in plan.groups
        if kept("groups", g.id)
    )
    usable = replace(
        plan,
        units=units,
        groups=groups,
        posts=tuple(p for p in plan.posts if kept("posts", p.id)),
        delegates=tuple(d for d in plan.delegates if d.unit in alive and kept("delegates", d.id)),
        rosters=tuple(r for r in plan.rosters if kept("rosters", r.id)),
        ladders=tuple(item for item in plan.ladders if kept("ladders", item.id)),
        event_types=tuple(e for e in plan.event_types if kept("events", e.id)),
        clauses=tuple(c for c in plan.clauses if kept("clauses", c.id)),
        windows=tuple(w for w in plan.windows if kept("windows", w.id)),
        phases=tuple(p for p in plan.phases if kept("phases", p.id)),
        mechanisms=tuple(
            replace(m, duties=tuple(d for d in m.duties if kept("duties", d)))
            for m in plan.mechanisms
            if kept("mechanisms", m.id)
        ),
        assessments=tuple(a for a in plan.assessments if kept("assessments", a.id)),
        duties=tuple(d for d in plan.duties if kept("duties", d.id)),
    )
    return usable, resting


def _resting(draft: Draft, broken: Collection[str]) -> Iterator[Finding]:
    """Sound duties that rest on something broken; one finding for each."""
    claimed = {
        section: _broken_names(draft, section, broken)
        for section in (
            "units",
            "groups",
            "posts",
            "rosters",
            "ladders",
            "events",
            "clauses",
            "windows",
            "phases",
        )
    }
    for entry in draft.of(DutyText):
        if entry.owner not in broken:
            yield from _first(draft, entry, claimed)


def _first(
    draft: Draft, entry: Entry[DutyText], claimed: dict[str, frozenset[str]]
) -> Iterator[Finding]:
    for key, sections in _RESTS_ON:
        for name in _names(getattr(entry.text, key)):
            if any(name in claimed[section] for section in sections):
                what = Words(
                    f"“{name}”本身有误，本项职责暂不编入",
                    f"“{name}” itself has errors; this duty is left out meanwhile",
                )
                right = Words(f"请先改正“{name}”", f"correct “{name}” first")
                at = (entry.owner, key.removesuffix("_"))
                yield draft.finding(at, "broken-reference", what, right)
                return


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict):  # reviewers by unit
        value = (*value, *value.values())
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, tuple) else ()


def _broken_names(draft: Draft, section: str, broken: Collection[str]) -> frozenset[str]:
    """Names and ids of the section's entries with errors; a group with a broken unit is broken."""
    found: set[str] = set(draft.unusable(section))
    for entry in draft.entries.get(section, []):
        if entry.owner in broken:
            found.update((entry.text.id, getattr(entry.text, "name", entry.text.id)))
    if section == "groups":
        units = _broken_names(draft, "units", broken)
        for entry in draft.entries.get("groups", []):
            if units.intersection(entry.text.units) or found.intersection(entry.text.units):
                found.update((entry.text.id, entry.text.name))
    return frozenset(found)
