"""Run-time windows (敏感时期): the office opens, extends and closes them; inside, a rhythm runs.

A period counts when its own dates overlap the window: on the day the window opens, today's report
is asked for at once. What was opened before the window closed stays to be done.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from responsibilities.one_by_one import OneByOne
    from responsibilities.series import Braid, Dated, Series

LOOK: Final = timedelta(days=62)
"""Within it something opens: a rhythm inside is a month at most."""


class Span(NamedTuple):
    """Once that a window was open; `closes_at` is None while nobody knows until when."""

    opens_at: datetime
    closes_at: datetime | None


Spans = Mapping[str, Sequence[Span]]
"""By window id, in order of time."""
NEVER: Final[Spans] = MappingProxyType({})


def inside(
    series: "Series | Braid | OneByOne", spans: Sequence[Span], since: datetime, until: datetime
) -> Iterator["Dated"]:
    """The periods that open in (since, until] while the window is open, each once, in order."""
    seen: set[str] = set()
    for span in spans:
        last = min(until, span.closes_at) if span.closes_at else until
        for one in series.between(max(span.opens_at, since) - series.life, last):
            opens_at = max(one.opens_at, span.opens_at)
            over = one.due_at <= span.opens_at or span.closes_at == opens_at
            if since < opens_at <= last and not over and one.period not in seen:
                seen.add(one.period)
                yield one._replace(opens_at=opens_at)


def first_inside(
    series: "Series | Braid | OneByOne", spans: Sequence[Span], after: datetime
) -> "Dated | None":
    """The first period to open after `after`; raises Refused where the calendars end."""
    for span in spans:
        if span.closes_at is None or span.closes_at > after:
            until = span.closes_at or max(after, span.opens_at) + LOOK
            found = next(inside(series, [span], after, until), None)
            if found is not None:
                return found
    return None
