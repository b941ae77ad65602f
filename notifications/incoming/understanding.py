"""`read_drafts`: the figures and words of an answer, read the way offices write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from notifications.incoming.answer_words import (
    APPROVED,
    DONE,
    DUE_AND_DONE,
    DUE_AND_THERE,
    EXTENSION,
    N_OF_N,
    NOT_OURS,
    REASON,
    REQUEST,
    SENT_BACK,
    SHARE,
    THERE_AND_DUE,
    ZERO,
)
from notifications.incoming.drafts import (
    Approved,
    Coverage,
    Done,
    Draft,
    ExtensionAsked,
    Figure,
    NotOurs,
    Quote,
    SentBack,
    Share,
    ZeroReport,
    quote_of,
)
from notifications.incoming.lines import line_drafts, number_of
from notifications.incoming.spoken_days import day
from responsibilities.plan import Requirement

LONGEST = 20_000
"""Characters of an answer that are searched for figures."""

_NARROW = str.maketrans("０１２３４５６７８９％／．", "0123456789%/.")
_AROUND = " \n,;:，。；：（()）"


def read_drafts(
    answer: str, on: date, checklist: Sequence[Requirement] = (), review: bool = False
) -> tuple[Draft, ...]:
    """What `answer`, written on the day `on`, seems to report, in the order of its words.

    `checklist`: what the task asks for. `review`: the answer is to a review request, so that 通过
    and 退回 are looked for instead of figures.
    """
    text = answer[:LONGEST].translate(_NARROW)
    if review:
        found = list(_reviewed(text))
    else:
        found = _apart(list(line_drafts(text, on, checklist)), [*_counted(text), *_said(text, on)])
    exact = (_in_the_words_of(answer, draft) for draft in found)
    return tuple(sorted(exact, key=lambda draft: draft.quote.start))


def _in_the_words_of(answer: str, draft: Draft) -> Draft:
    """The same with its quote as it was written, full-width digits and all."""
    _, start, end = draft.quote
    return replace(draft, quote=Quote(answer[start:end], start, end))


def _apart(named: Sequence[Draft], told: Sequence[Draft]) -> list[Draft]:
    """Of two readings of the same words the one that fills a line of the checklist."""
    kept = [
        one for one in told
        if not (isinstance(one, Share) and any(_overlap(one, other) for other in named))
    ]  # fmt: skip
    loose = [
        one for one in named
        if not isinstance(one, Figure) or one.requirement
        or not any(_overlap(one, other) for other in kept)
    ]  # fmt: skip
    return [*kept, *loose]


def _overlap(one: Draft, other: Draft) -> bool:
    return one.quote.start < other.quote.end and other.quote.start < one.quote.end


def _counted(text: str) -> Iterator[Draft]:
    """So many of so many, and shares."""
    spans: list[tuple[int, int]] = []
    for pattern, count, of in (
        (DUE_AND_THERE, 2, 1),
        (DUE_AND_DONE, 2, 1),
        (THERE_AND_DUE, 1, 2),
        (N_OF_N, 1, 2),
    ):
        for found in pattern.finditer(text):
            there, due = float(number_of(found[count])), float(number_of(found[of]))
            fits = due > 0 and there <= due and there.is_integer() and due.is_integer()
            if fits and not any(a < found.end() and found.start() < b for a, b in spans):
                spans.append(found.span())
                yield Coverage(quote_of(found), int(there), int(due))
    for found in SHARE.finditer(text):
        yield Share(quote_of(found), found[1], found[2] or "100")


def _said(text: str, on: date) -> Iterator[Draft]:
    """What is said in words: nothing to report, done, more time, not ours."""
    for found in ZERO.finditer(text):
        yield ZeroReport(quote_of(found))
    for found in EXTENSION.finditer(text):
        until = day(found[1], on, "ahead") if found[1] else None
        yield ExtensionAsked(quote_of(found), until, _reason(text, found))
    for found in NOT_OURS.finditer(text):
        rest = text[found.end() :].partition("\n")[0].partition("。")[0]
        yield NotOurs(quote_of(found), rest.strip(_AROUND))
        break
    for found in DONE.finditer(text):
        yield Done(quote_of(found))
        break


def _reason(text: str, found: re.Match[str]) -> str:
    """因…, 由于… in the same line, before what was found or after it."""
    start = text.rfind("\n", 0, found.start()) + 1
    before, after = text[start : found.start()], text[found.end() :].partition("\n")[0]
    why = REASON.search(before) or REASON.search(after)
    return REQUEST.sub("", why[1]).strip(_AROUND) if why else ""


def _reviewed(text: str) -> Iterator[Draft]:
    for found in APPROVED.finditer(text):
        yield Approved(quote_of(found))
        break
    for found in SENT_BACK.finditer(text):
        yield SentBack(quote_of(found), found[1].strip(_AROUND))
        break
