"""The annual assessments of a plan as values; what is wrong with them is `check_assessments`."""

from decimal import Decimal

from responsibilities.assessments import (
    POINT,
    Assessment,
    Grade,
    Indicator,
    IndicatorGroup,
    Source,
    Veto,
)
from responsibilities.language.assessment_language import (
    AssessmentText,
    IndicatorGroupText,
    IndicatorText,
    VetoText,
)
from responsibilities.language.entries import Draft
from responsibilities.language.ground import Ground


def hundredths(points: float) -> int:
    """2.5 points are 250; digits beyond the second are cut off (the checks tell)."""
    written = Decimal(str(points))
    return int(written * POINT) if written.is_finite() else 0


def assessments(draft: Draft, ground: Ground) -> tuple[Assessment, ...]:
    """The assessments as declared; names that stand for nothing are left to the checks."""
    return tuple(_assessment(entry.text, ground) for entry in draft.of(AssessmentText))


def _assessment(text: AssessmentText, ground: Ground) -> Assessment:
    raters = ((_rater(name, ground), percent) for name, percent in text.raters.items())
    return Assessment(
        id=text.id,
        name=text.name,
        units=ground.unit_ids(text.of),
        academic=text.period == "学年",
        raters=tuple((id_, percent) for id_, percent in raters if id_),
        groups=tuple(_group(group, ground) for group in text.indicators),
        grades=tuple(Grade(one.name, hundredths(one.least), one.top) for one in text.grades),
        vetoes=tuple(_veto(veto, ground) for veto in text.vetoes),
        reweighted=text.not_applicable == "折算",
        appeal_days=text.appeal_days,
    )


def _rater(name: str, ground: Ground) -> str:
    return ground.units.get(name) or ground.posts.get(name) or ""


def _group(text: IndicatorGroupText, ground: Ground) -> IndicatorGroup:
    weight = hundredths(text.weight)
    cap = weight if text.cap is None else hundredths(text.cap)
    below = tuple(_indicator(one, ground) for one in text.indicators)
    return IndicatorGroup(text.id, text.name, weight, below, cap)


def _indicator(text: IndicatorText, ground: Ground) -> Indicator:
    weight = hundredths(text.weight)
    return Indicator(
        id=text.id,
        name=text.name,
        weight=weight,
        source=Source(text.from_),
        duties=text.duties or (),
        deduct=hundredths(text.deduct),
        cap=weight if text.cap is None else hundredths(text.cap),
        severities=text.severity or (),
        event=_event(text.event, ground),
        figure=text.figure or "",
        least=text.least,
        evidence=text.evidence or (),
        bonus=text.bonus,
    )


def _veto(text: VetoText, ground: Ground) -> Veto:
    return Veto(
        text.id, text.name, Source(text.from_), text.excludes, text.count,
        text.duties or (), text.severity or (), _event(text.event, ground),
    )  # fmt: skip


def _event(named: str | None, ground: Ground) -> str:
    found = ground.events.get(named or "")
    return found.id if found else ""
