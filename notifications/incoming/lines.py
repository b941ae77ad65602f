"""The lines of an answer that fill a line of the checklist: 发案数：0, 召开日期 11月20日."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from notifications.incoming.drafts import Draft, Figure, Value, quote_of
from notifications.incoming.spoken_days import DAY, day
from responsibilities.language.numerals import number
from responsibilities.plan import EvidenceKind, Requirement

NUMBER: Final = r"(?:\d{1,3}(?:[,，]\d{3})+|\d{1,9})(?:\.\d{1,4})?"
"""A figure in digits, thousands set apart or not."""

_SPELLED = r"[一二两三四五六七八九十百]{1,5}|[零〇无]"
_IS = (
    r"\s?(?:[（(][^）)\n]{0,10}[）)])?"
    r"\s?(?:[:：=]|分别为|为|是|有|达到?|共计?|合计|约)?\s?(?:共计?|约)?\s?"
)
_UNIT = r"(?:人次|人|次|起|场|份|个|名|条|件|元|班|节|家|户|%)?"
_LABELLED = re.compile(
    rf"(?:^|[\n,，;；。、])\s?(?:\d{{1,2}}[.、)）]\s?)?([\u4e00-\u9fff]{{2,10}})\s?[:：]\s?({NUMBER})\s?(万?){_UNIT}"
    r"(?=[\s,，;；。、）)]|$)"
)
_NO_FIGURE = re.compile(
    r"电话|手机|时间|日期|传真|邮编|学号|工号|序号|微信|地址|房间|编号|热线|号码"
)
_STEM = re.compile(r"(?:[（(].*[）)])?$")
_SUFFIX = re.compile(r"(?:人数|次数|起数|场数|份数|数量|总数|数)$")
_CLOCK = r"\d{1,2}[:：]\d{2}"


def number_of(text: str) -> str:
    """`1,234`, `十五` or `无` in digits."""
    if text in ("零", "〇", "无"):
        return "0"
    plain = text.replace(",", "").replace("，", "")
    return plain if plain[0].isdigit() else str(number(plain) or 0)


def line_drafts(text: str, on: date, checklist: Sequence[Requirement]) -> Iterator[Draft]:
    """Drafts for the lines of the checklist that `text` names, then figures it names otherwise."""
    taken: list[tuple[int, int]] = []
    for line in sorted(checklist, key=lambda one: -len(one.name)):
        for draft in _READERS[line.kind](text, on, line):
            span = (draft.quote.start, draft.quote.end)
            if not any(start < span[1] and span[0] < end for start, end in taken):
                taken.append(span)
                yield draft
                break
    for found in _LABELLED.finditer(text):
        free = not any(start < found.end(2) and found.start(1) < end for start, end in taken)
        if free and not _NO_FIGURE.search(found[1]):
            value = _times(number_of(found[2]), found[3])
            yield Figure(quote_of(found, found.start(1)), "", found[1], value)


def _names(line: Requirement) -> str:
    """The ways to call a line, the longest first, as a regular expression."""
    stem = _STEM.sub("", line.name).strip()
    known = {line.name, stem, _SUFFIX.sub("", stem)}
    ordered = sorted((name for name in known if len(name) >= 2), key=len, reverse=True)
    return "|".join(map(re.escape, ordered)) or re.escape(line.name)


def _times(digits: str, myriad: str) -> str:
    if not myriad:
        return digits
    whole, _, part = digits.partition(".")
    return str(int(whole + part.ljust(4, "0")))


def _number(text: str, on: date, line: Requirement) -> Iterator[Draft]:
    pattern = rf"({_names(line)}){_IS}({NUMBER}|{_SPELLED})\s?(万?)(?![\d月年]|日(?!常)){_UNIT}"
    for found in re.finditer(pattern, text):
        yield Figure(quote_of(found), line.id, found[1], _times(number_of(found[2]), found[3]))


def _date(text: str, on: date, line: Requirement) -> Iterator[Draft]:
    for found in re.finditer(rf"(?:{_names(line)}){_IS}({DAY})", text):
        known = day(found[1], on)
        if known is not None:
            yield Value(quote_of(found), line.id, known.isoformat())


def _duration(text: str, on: date, line: Requirement) -> Iterator[Draft]:
    pattern = rf"(?:{_names(line)}){_IS}({DAY})\s?({_CLOCK})\s?[-—~至到]+\s?({_CLOCK})"
    for found in re.finditer(pattern, text):
        known = day(found[1], on)
        if known is not None:
            yield Value(
                quote_of(found),
                line.id,
                f"{known.isoformat()} {found[2]}至{found[3]}".replace("：", ":"),
            )


def _choice(text: str, on: date, line: Requirement) -> Iterator[Draft]:
    options = "|".join(map(re.escape, sorted(line.choices, key=len, reverse=True)))
    if not options:
        return
    for found in re.finditer(rf"(?:{_names(line)}){_IS}({options})", text):
        yield Value(quote_of(found), line.id, found[1])
    for found in re.finditer(rf"^\s*({options})[。\s]*$", text, re.MULTILINE):
        yield Value(quote_of(found), line.id, found[1])


def _words(text: str, on: date, line: Requirement) -> Iterator[Draft]:
    for found in re.finditer(rf"(?:{_names(line)})\s?[:：]\s?([^\n]{{1,500}})", text):
        yield Value(quote_of(found), line.id, found[1].strip())


def _nothing(text: str, on: date, line: Requirement) -> Iterator[Draft]:
    """Files are matched by what is attached, never by words."""
    yield from ()


_READERS = {
    EvidenceKind.NUMBER: _number,
    EvidenceKind.DATE: _date,
    EvidenceKind.DURATION: _duration,
    EvidenceKind.CHOICE: _choice,
    EvidenceKind.TEXT: _words,
    EvidenceKind.SIGNERS: _words,
    EvidenceKind.FILE: _nothing,
}
