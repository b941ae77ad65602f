"""How long what was done holds good: 有效期1年，到期前30日."""

import re
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Unit
from responsibilities.language.wording import AMOUNT, amount, normal
from responsibilities.rhythm import Anchor, Cycle, Moment, Rhythm
from responsibilities.words import Words

_RENEW: Final = re.compile(
    rf"(?:有效期|有效期限)(?:为|是)?{AMOUNT}"
    rf"(?:,(?:在|应在)?(?:有效期)?(?:到期|期满|届满)前(?P<lead>.+?)(?:之内|以内|内)?)?"
)
_AMOUNT: Final = re.compile(AMOUNT)
_CYCLES: Final = {
    Unit.DAY: Cycle.DAY,
    Unit.WEEK: Cycle.WEEK,
    Unit.MONTH: Cycle.MONTH,
    Unit.YEAR: Cycle.YEAR,
}


class Renewal(NamedTuple):
    """How long it holds good, and from when before its end it is done again; None: at once."""

    rhythm: Rhythm
    opens: Moment | None


def renewal(text: str) -> Renewal | Words:
    """What a `renew:` phrase means, or the sentence saying what is wrong."""
    match = _RENEW.fullmatch(normal(text))
    read = amount(match) if match else None
    if match is None or read is None:
        return _not_understood(text)
    if isinstance(read, Words):
        return read
    cycle = _CYCLES.get(read.unit)
    if cycle is None:
        return _not_understood(text)
    rhythm = Rhythm(cycle, read.number, text=text, after_done=True)
    if match["lead"] is None:
        return Renewal(rhythm, None)
    lead = _AMOUNT.fullmatch(match["lead"])
    ahead = amount(lead) if lead else _not_understood(text)
    if isinstance(ahead, Words):
        return ahead
    opens = Moment(Anchor.PERIOD_END, offset=-ahead.number, unit=ahead.unit)
    return Renewal(rhythm, opens)


def _not_understood(text: str) -> Words:
    return Words(
        f"看不懂有效期“{text}”；可写“有效期1年”“有效期1年，到期前30日”（有效期以日、周、月、年计）",
        f"“{text}” is not understood; write 有效期1年 or 有效期1年，到期前30日 "
        "(in days, weeks, months or years)",
    )
