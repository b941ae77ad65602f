"""What a clause of a plan asks for, as far as its words say, and what a person must decide."""

from dataclasses import dataclass

from responsibilities.drafting.sentences import Passage
from responsibilities.drafting.vocabulary import (
    AIM,
    ATTITUDE,
    COVERAGE,
    DEADLINE,
    DIRECTIVE,
    FOUNDING,
    MECHANISM,
    OUTCOME,
    PERIODS,
    PROMPT,
    RHYTHM_WORD,
    SHALL,
    STANDING,
    UPON,
    URGENT,
    WITHIN,
)
from responsibilities.language.phrases import rhythm
from responsibilities.words import Words


@dataclass(frozen=True, slots=True)
class Reading:
    """One duty or remark read from a clause. `keys` hold what the draft writes."""

    keys: dict[str, str]
    """Key -> value of a duty: every, standing and checkpoint, on and due, once. Empty: no duty."""
    unsure: dict[str, str]
    """Key -> why a person must confirm the value."""
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause with what became of it: duty, policy, metric, rhetoric or question."""

    passage: Passage
    disposition: str
    readings: tuple[Reading, ...] = ()


CHECKPOINT = "每季度"
"""The rhythm proposed wherever the text has none; always marked as unsure."""


def judge(passage: Passage) -> Judged:
    """What the clause's own words make of it. One clause may hold several rhythms."""
    quote = passage.quote
    if AIM.search(quote):
        return Judged(passage, "rhetoric")
    beats = rhythms(quote)
    orders = DIRECTIVE.search(quote)
    if OUTCOME.search(quote) and not beats:
        return Judged(passage, "metric")
    attitude = ATTITUDE.match(quote) or (ATTITUDE.search(quote) and not _ordered(quote))
    if attitude and not (beats or PROMPT.search(quote)):
        return Judged(passage, "policy")
    if not (orders or beats or PROMPT.search(quote) or STANDING.search(quote)):
        return Judged(passage, "policy" if ATTITUDE.search(quote) else "rhetoric")
    cover = COVERAGE.search(quote) is not None
    if beats:
        found = tuple(Reading({"every": beat}, {}, cover) for beat in beats)
        return Judged(passage, "duty", found)
    keys, unsure = _without_rhythm(quote)
    return Judged(passage, "duty", (Reading(keys, unsure, cover),))


def _ordered(quote: str) -> bool:
    """Whether anything is ordered beside an attitude: 应当严格执行 alone orders nothing."""
    return DIRECTIVE.search(SHALL.sub("", ATTITUDE.sub("", quote))) is not None


def rhythms(quote: str) -> list[str]:
    """Every rhythm that the clause states, in the language's own form."""
    found = [match.group().replace("每季", "每季度").replace("度度", "度")
             for match in RHYTHM_WORD.finditer(quote)]  # fmt: skip
    found += [PERIODS[match[1]] for match in MECHANISM.finditer(quote)]
    return [one for one in dict.fromkeys(found) if not isinstance(rhythm(one), Words)]


def _without_rhythm(quote: str) -> tuple[dict[str, str], dict[str, str]]:
    within, prompt = WITHIN.search(quote), PROMPT.search(quote)
    if (by := DEADLINE.search(quote)) is not None:
        said = by.group()
        dated = {"once": said if "年" in said else "施行后三个月内"}
        return dated, {"once": f"原文写“{said}”，请写明年份"}
    if within or (prompt and UPON.search(quote)) or (prompt and prompt.group() in URGENT):
        limit = within.group().replace("之内", "内").replace("以内", "内") if within else ""
        word = prompt.group() if prompt else ""
        due = limit or ("30分钟内" if word in URGENT else "1个工作日内")
        why = "" if within else f"原文只写“{word}”，没有数字"
        event = "由什么事件触发，请确认"
        return {"on": EVENT, "due": f"知悉后{due}"}, {"on": event, **({"due": why} if why else {})}
    if (word_ := STANDING.search(quote)) or prompt:
        said = word_.group() if word_ else PROMPT.search(quote)[0]  # type: ignore[index]
        return (
            {"standing": said, "checkpoint": CHECKPOINT},
            {"checkpoint": f"原文只写“{said}”，核查频次请核定"},
        )
    if FOUNDING.search(quote[:12]):
        return {"once": "施行后三个月内"}, {"once": "原文未写时限，请核定"}
    if UPON.search(quote):
        return {"on": EVENT, "due": "知悉后1个工作日内"}, {
            "on": "由什么事件触发，请确认", "due": "原文未写时限，请核定",
        }  # fmt: skip
    return {"standing": "原文未写频次", "checkpoint": CHECKPOINT}, {
        "checkpoint": "原文未写频次，是一次性、周期性还是常态化，请核定"
    }


EVENT = "待办情况"
"""The event that a draft's event-driven duties wait for until the office names its own."""
