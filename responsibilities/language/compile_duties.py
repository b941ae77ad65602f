"""Clauses and duties: the entries as values of the plan, their phrases read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from responsibilities.calendars.clock import Roll, Unit
from responsibilities.language.clause_language import (
    ClauseText,
    InlineSource,
)
from responsibilities.language.compile_evidence import requirements
from responsibilities.language.draw_phrases import drawn_days, persons, share
from responsibilities.language.duty_language import (
    DEFAULT_REVIEWER,
    DutyText,
    SurgeText,
    reviewers_named,
)
from responsibilities.language.entries import Draft, Entry
from responsibilities.language.ground import Ground
from responsibilities.language.ladder_phrases import condition, interval
from responsibilities.language.moment_phrases import moment
from responsibilities.language.renewal_phrases import Renewal, renewal
from responsibilities.language.rhythm_modifiers import season, times
from responsibilities.language.rhythm_phrases import rhythm
from responsibilities.language.roster_phrases import late_joiners
from responsibilities.language.varied_phrases import BY, OTHERS, rarest
from responsibilities.language.watch_phrases import raised_to, running
from responsibilities.language.wording import normal
from responsibilities.plan import (
    EVENT_UNIT,
    Assumption,
    Clause,
    Condition,
    Coverage,
    Disposition,
    Draw,
    Duty,
    EventField,
    EventType,
    Kind,
    Role,
    Source,
    Stage,
    Watch,
)
from responsibilities.rhythm import Anchor, Cycle, Moment, Rhythm, Surge, Varied, When
from responsibilities.words import Words

T = TypeVar("T")

KIND_KEYS: Mapping[str, Kind] = {
    "every": Kind.RECURRING,
    "draw": Kind.RECURRING,
    "renew": Kind.RECURRING,
    "standing": Kind.STANDING,
    "on": Kind.EVENT,
    "once": Kind.ONCE,
    "policy": Kind.POLICY,
    "metric": Kind.METRIC,
}
"""The key that says what sort of duty it is; exactly one is written."""


def clauses(draft: Draft, spans: Mapping[str, tuple[int, int]]) -> tuple[Clause, ...]:
    """The clauses as declared; `spans` by clause id, where the quote was found."""
    return tuple(
        Clause(
            e.text.id,
            e.text.section,
            e.text.quote,
            Disposition(e.text.as_),
            e.text.merged_into,
            e.text.note,
            spans.get(e.text.id, (0, 0)),
        )
        for e in draft.of(ClauseText)
    )


def duty(entry: Entry[DutyText], ground: Ground) -> Duty:
    """One duty. A phrase that cannot be read is noted, and stands as the default meanwhile."""
    text, draft = entry.text, ground.draft
    kind = next((k for key, k in KIND_KEYS.items() if getattr(text, key) is not None), Kind.POLICY)
    event = ground.events.get(text.on) if text.on else None
    stages = _stages(entry, draft)
    drawn = _draw(entry, ground)
    return replace(
        _who(entry, ground, kind),
        rhythm=drawn.rhythm if drawn else _rhythm(entry, draft),
        varied=_varied(entry, draft),
        draw=drawn,
        when=_when(entry, draft, kind, stages),
        surges=_surges(entry, draft),
        window=draft.names("windows").get(text.window, text.window) if text.window else None,
        phase=draft.names("phases").get(text.phase, text.phase) if text.phase else None,
        subject=-1 if text.about == "上一期" else 0,
        event=event.id if event else None,
        conditions=_conditions(entry, draft, event),
        stages=stages,
        evidence=requirements(entry, draft),
        coverage=_coverage(entry, ground),
        each=ground.rosters.get(text.each, text.each) if text.each else None,
        watch=_watch(entry, draft),
        on_change=_read(draft, (entry.owner, "on_change"), text.on_change, after_change),
    )


def _who(entry: Entry[DutyText], ground: Ground, kind: Kind) -> Duty:
    """A duty as far as nothing has to be read for it: who, by which clause, and what is said."""
    text = entry.text
    place = ground.draft.place(entry.owner)
    return Duty(
        id=text.id,
        title=text.title,
        kind=kind,
        department=_stem(place.file),
        sources=tuple(_source(given, ground) for given in text.source),
        responsible=ground.unit_ids(text.responsible),
        co_acting=ground.unit_ids(text.with_),
        inform=ground.unit_ids(text.inform),
        leader=ground.posts.get(text.leader) if text.leader else None,
        zero_report=text.zero_report,
        review=_reviewer(text, ground),
        reviewers=_reviewers(text, ground),
        delegate=text.delegate,
        ladder=ground.ladders.get(text.ladder) if text.ladder else None,
        weight=text.weight,
        assumed=tuple(Assumption(key, reason) for key, reason in text.assumed.items()),
        question=text.question,
        note=text.note,
        file=place.file,
        line=place.line,
        said=text.standing or text.policy or text.metric or "",
    )


def _watch(entry: Entry[DutyText], draft: Draft) -> Watch | None:
    text = entry.text.watch
    if text is None:
        return None
    at = (entry.owner, "watch")
    periods = _read(draft, (*at, "for"), text.for_, running) or 2
    to = _read(draft, (*at, "then"), text.then, raised_to) or (Role.LEADER,)
    return Watch(text.metric, float(text.below.removesuffix("%")) / 100, periods, to)


def after_change(text: str) -> Moment | Words:
    """What `on_change:` means: 3个工作日内, 变动后3个工作日内, counted from when it was known."""
    return moment(f"知悉后{normal(text).removeprefix('变动后')}")


_CODES: Mapping[Callable[[str], object], str] = {
    rhythm: "bad-rhythm",
    renewal: "bad-rhythm",
    moment: "bad-moment",
    after_change: "bad-moment",
    running: "bad-watch",
    raised_to: "bad-watch",
    condition: "bad-condition",
    interval: "bad-repeat",
    times: "bad-times",
    drawn_days: "bad-draw",
    share: "bad-draw",
    persons: "bad-draw",
    late_joiners: "bad-late-joiners",
    season: "bad-surge",
}


def _stem(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]


def _read(
    draft: Draft, at: tuple[str | int, ...], text: str | None, phrase: Callable[[str], T | Words]
) -> T | None:
    if text is None:
        return None
    found = phrase(text)
    if isinstance(found, Words):
        draft.note(at, _CODES[phrase], found)
        return None
    return found


def _rhythm(entry: Entry[DutyText], draft: Draft) -> Rhythm | None:
    if entry.text.renew is not None:
        held = _read(draft, (entry.owner, "renew"), entry.text.renew, renewal)
        return held.rhythm if held else Rhythm(Cycle.YEAR, after_done=True)
    varied = _varied(entry, draft)
    if varied is not None:
        return rarest(varied)
    for key in ("every", "checkpoint"):
        text = getattr(entry.text, key)
        if text is not None:
            found = _read(draft, (entry.owner, key), text, rhythm) or Rhythm(Cycle.MONTH)
            often = _read(draft, (entry.owner, "times"), entry.text.times, times)
            found = replace(found, times=often.times, gap=often.gap) if often else found
            seasons = [season(surge.during) for surge in entry.text.surge or ()]
            rests = tuple(part for part in seasons if not isinstance(part, Words))
            return replace(found, rests=rests)
    return None


def _varied(entry: Entry[DutyText], draft: Draft) -> Varied | None:
    """The rhythms by an attribute; those that cannot be read are noted, and are every month."""
    written = entry.text.every
    if not isinstance(written, dict):
        return None
    found = {
        value: _read(draft, (entry.owner, "every", value), text, rhythm) or Rhythm(Cycle.MONTH)
        for value, text in written.items()
        if value != BY
    }
    other = found.pop(OTHERS, None)
    return Varied(written.get(BY, ""), tuple(found.items()), other)


def _draw(entry: Entry[DutyText], ground: Ground) -> Draw | None:
    """A phrase that cannot be read is noted and stands as once a month meanwhile."""
    text, draft = entry.text.draw, ground.draft
    if text is None:
        return None
    at = (entry.owner, "draw")
    found = _read(draft, (*at, "every"), text.every, drawn_days) or Draw(Rhythm(Cycle.MONTH))
    return replace(
        found,
        rhythm=replace(found.rhythm, text=text.every),
        units=_read(draft, (*at, "units"), text.units, share),
        inspectors=_read(draft, (*at, "inspectors"), text.inspectors, persons) or 0,
        roster=ground.rosters.get(text.of, text.of) if text.of else None,
    )


DOUBLED = "加倍"


def _surges(entry: Entry[DutyText], draft: Draft) -> tuple[Surge, ...]:
    own = _rhythm(entry, draft)
    if own is None:
        return ()
    return tuple(
        _surge(entry, draft, (entry.owner, "surge", place), text, own)
        for place, text in enumerate(entry.text.surge or ())
    )


def _surge(
    entry: Entry[DutyText], draft: Draft, at: tuple[str | int, ...], text: SurgeText, own: Rhythm
) -> Surge:
    """The rhythm of one season; what is unreadable is noted and stands as no season at all."""
    part = _read(draft, (*at, "during"), text.during, season)
    if text.every == DOUBLED:
        denser = replace(own, times=own.times * 2)
    else:
        denser = _read(draft, (*at, "every"), text.every, rhythm) or own
    opens = _read(draft, (*at, "opens"), text.opens, moment)
    due = _read(draft, (*at, "due"), text.due, moment)
    when = When(opens or _START, due or _END, None, *_rolling(entry.text))
    instead_of = replace(own, rests=(part,) if part else ())
    return Surge(
        replace(denser, rests=(), instead_of=instead_of), when, f"{text.during}{text.every}"
    )


_START = Moment(Anchor.PERIOD_START)
_END = Moment(Anchor.PERIOD_END)
_FORCE = Moment(Anchor.NAMED, name="施行")
KNOWN_AT = Moment(Anchor.NAMED, name="知悉", unit=Unit.MINUTE)
"""When an event duty opens: the instant at which the event became known."""
_ROLLS = {"顺延": Roll.NEXT, "提前": Roll.PREVIOUS, "不变": Roll.NONE}


def _when(entry: Entry[DutyText], draft: Draft, kind: Kind, stages: Sequence[Stage]) -> When | None:
    """The window. A staged duty's `due` is that of its first stage."""
    text = entry.text
    given = {
        key: _read(draft, (entry.owner, key), getattr(text, key), moment)
        for key in ("opens", "due", "once", "lapses")
    }
    if kind in (Kind.POLICY, Kind.METRIC):
        return None
    opens, due = _start(text), given["due"] or _END
    if kind is Kind.ONCE:
        opens, due = (_START if text.phase else _FORCE), given["once"] or _END
    elif kind is Kind.EVENT:
        opens, due = KNOWN_AT, given["due"] or (stages[0].due if stages else _END)
    return When(
        given["opens"] or opens,
        due,
        given["lapses"],
        *_rolling(text),
    )


def _start(text: DutyText) -> Moment:
    """When a period's task opens by default; what runs out, some time before that."""
    found = renewal(text.renew) if text.renew is not None else None
    return found.opens or _START if isinstance(found, Renewal) else _START


def _rolling(text: DutyText) -> tuple[Roll, bool]:
    """What happens to a date on a rest day, and to a period without a working day."""
    return _ROLLS[text.roll], text.no_workday == "免办"


def _stages(entry: Entry[DutyText], draft: Draft) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            stage.id,
            stage.name,
            _read(draft, (entry.owner, "stages", place, "due"), stage.due, moment) or _END,
            _read(draft, (entry.owner, "stages", place, "repeat"), stage.repeat, interval),
        )
        for place, stage in enumerate(entry.text.stages or ())
    )


def _conditions(
    entry: Entry[DutyText], draft: Draft, event: EventType | None
) -> tuple[Condition, ...]:
    """The conditions with the ids of the event's fields; a field that is unknown keeps its name."""
    found = _read(draft, (entry.owner, "when"), entry.text.when, condition) or ()
    fields = {normal(field.name): field for field in event.fields} if event else {}
    return tuple(_about(one, fields.get(one.field)) for one in found)


def _about(condition: Condition, field: EventField | None) -> Condition:
    """The condition by the field's id, and by its choice as that is written there."""
    if field is None:
        return condition
    choices = {normal(choice): choice for choice in field.choices}
    known = condition.value in choices
    values = [condition.value] if known else re.split("、|或者?", condition.value)
    value = "、".join(choices.get(one, one) for one in values)
    return Condition(field.id, condition.op, value)


def _source(given: str | InlineSource, ground: Ground) -> Source:
    if isinstance(given, InlineSource):
        return Source("", given.clause, given.quote)
    clause = ground.clauses.get(given)
    return Source(given, clause.section if clause else "", clause.quote if clause else "")


def _coverage(entry: Entry[DutyText], ground: Ground) -> Coverage | None:
    text, at = entry.text, (entry.owner, "late_joiners")
    late = _read(ground.draft, at, text.late_joiners, late_joiners)
    if text.cover is None:
        return None
    target = float(text.target.removesuffix("%")) / 100 if text.target else 1.0
    return Coverage(ground.rosters.get(text.cover, text.cover), target, late)


def _reviewer(text: DutyText, ground: Ground) -> str:
    return ground.reviewer(reviewers_named(text.review).get(DEFAULT_REVIEWER))


def _reviewers(text: DutyText, ground: Ground) -> dict[str, str]:
    """What the duty says for single units; else the host of the office does not review itself."""
    found = {
        unit: ground.reviewer(name)
        for named, name in reviewers_named(text.review).items()
        for unit in ground.unit_ids((named,))
    }
    host, default = ground.host, _reviewer(text, ground)
    desk = {ground.office, host.unit} if host else set()
    if host is None or default not in desk:
        return found
    responsible = ground.unit_ids(text.responsible)
    also = desk if EVENT_UNIT in responsible else desk.intersection(responsible)
    return {**dict.fromkeys(sorted(also), host.reviewed_by), **found}
