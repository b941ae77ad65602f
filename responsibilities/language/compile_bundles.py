"""What binds duties together: the phases of a plan and its mechanisms, as values."""

from responsibilities.calendars.dates import Span
from responsibilities.language.duty_language import MechanismText, PhaseText
from responsibilities.language.entries import Draft, Entry
from responsibilities.language.phase_phrases import phase_days
from responsibilities.plan import Mechanism, Phase
from responsibilities.words import Words


def phases(draft: Draft) -> tuple[Phase, ...]:
    """The phases as declared; one whose days cannot be read is noted and left out."""
    found = [(entry, _days(draft, entry)) for entry in draft.of(PhaseText)]
    return tuple(Phase(e.text.id, e.text.name, days) for e, days in found if days is not None)


def _days(draft: Draft, entry: Entry[PhaseText]) -> Span | None:
    ends = []
    for key, text in (("from", entry.text.from_), ("until", entry.text.until)):
        read = phase_days(text)
        if isinstance(read, Words):
            draft.note((entry.owner, key), "bad-phase", read)
            return None
        ends.append(read)
    days = Span(ends[0].first, ends[1].last)
    if days.first <= days.last:
        return days
    what = Words(
        f"阶段“{entry.text.name}”结束（{days.last}）早于开始（{days.first}）",
        f"the phase “{entry.text.name}” ends ({days.last}) before it begins ({days.first})",
    )
    draft.note((entry.owner, "until"), "bad-phase", what)
    return None


def mechanisms(draft: Draft) -> tuple[Mechanism, ...]:
    """The mechanisms as declared."""
    return tuple(Mechanism(e.text.id, e.text.name, e.text.duties) for e in draft.of(MechanismText))
