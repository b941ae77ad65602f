"""A plan's text cut into its clauses: who is spoken of, in which section, in which words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from responsibilities.drafting.vocabulary import BODY, DIRECTIVE, PROMPT, RHYTHM_WORD, STANDING
from responsibilities.quotes import plain
from responsibilities.sections import Part, parts

_BOLD: Final = re.compile(r"(\*\*|__)([^*_\n]{1,30}?)(?:[：:]\1|\1[：:])")
_LABEL: Final = re.compile(
    r"^[ \t]*(?:[-*][ \t]+|#+[ \t]*)?([^\s，。；：:、]{2,14})[：:][ \t]*$", re.M
)
_NOISE: Final = re.compile(r"^[ \t]*(?:#+[^\n]*|-{3,}|={3,}|\|[-| :]+\|)[ \t]*$", re.M)
_SENTENCE: Final = re.compile(r"[^。；！？]+[。；！？]?[”』」’）)]*")
_NAME: Final = rf"(?:各|有关|全体|全校)?[\u4e00-\u9fff、]{{1,24}}?(?:{BODY})"
_ACTS: Final = (
    "要|应|须|必须|负责|主要职责|的?职责|组织|做好|牵头|每|定期|承担|切实|安排|对|会同|接到|接报|将"
)
_SUBJECT: Final = re.compile(rf"^({_NAME})(?={_ACTS})")
_AFTER: Final = re.compile(rf"[，,]({_NAME})(?=应当|必须|应|须)")
"""Who acts where the sentence begins with the case: 发生灾情后，各村应当…"""
_BY: Final = re.compile(rf"由({_NAME})(?=会同|负责|牵头|组织|提交|承担|办理)")
_LISTED: Final = re.compile(rf"[\u4e00-\u9fff]{{1,10}}?(?:{BODY})")
_SHORT_NAME: Final = re.compile(r"以下简称[“\"]?([\u4e00-\u9fff]{2,10})[”\"]?[）)]")
_NEXT: Final = re.compile(
    rf"[，,](?=(?:并|要|应|同时|既要|又要)?(?:{RHYTHM_WORD.pattern}|{STANDING.pattern}|{PROMPT.pattern}|{DIRECTIVE.pattern}))"
)
_SHORTEST: Final = 4
"""Characters; what is shorter is no clause of its own but a part of its neighbour."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause of the text."""

    section: str
    """The label of its section, 五（二）; 序言 before the first heading."""
    unit: str
    """Who is to act as the text names it; empty where it is silent."""
    quote: str
    """Verbatim, white space and Markdown marks removed."""


def passages(text: str) -> list[Passage]:
    """Every clause of the text in order, cut at sentence ends and before a further order."""
    known = bodies(text)
    return [found for part in parts(text) for found in _of_part(text, part, known)]


def bodies(text: str) -> list[str]:
    """The bodies that stand in a list of three or more, or have a short name, longest first."""
    found = {name for name in _SHORT_NAME.findall(text) if _LISTED.fullmatch(name)}
    for block in re.split(r"\n\s*\n", text):
        for run in re.split(r"[，。；：:]", plain(block)):
            names = [re.sub(r".*为|^各", "", name) for name in re.split(r"[、及和]", run)]
            names = [name for name in names if _LISTED.fullmatch(name)]
            found.update(names if len(names) >= 3 else [])
    return sorted(found, key=lambda name: (-len(name), name))


def _of_part(text: str, part: Part, known: Sequence[str]) -> Iterator[Passage]:
    for unit, run in _runs(text[part.start : part.end], subject(plain(part.title))):
        speaker = unit
        sentences = (m for piece in _NOISE.split(run) for m in _SENTENCE.finditer(plain(piece)))
        for match in sentences:
            speaker = subject(match.group(), known) or speaker
            for quote in _pieces(match.group()):
                yield Passage(part.label or "序言", speaker, quote)


def subject(sentence: str, known: Sequence[str] = ()) -> str:
    """The unit that a sentence begins with: 各二级学院要… -> 二级学院; empty when there is none.

    One of the `known` begins it whatever follows; else whoever acts after the case it begins with,
    or by whom (由) it is done.
    """
    match = _SUBJECT.match(sentence)
    if match is None or DIRECTIVE.match(match[1]):
        begun = next((name for name in known if sentence.startswith((name, f"各{name}"))), "")
        match = None if begun else _AFTER.search(sentence) or _BY.search(sentence)
        if match is None or DIRECTIVE.match(match[1]):
            return begun
    bare = re.sub(r"^(各|全体|全校)", "", match[1])
    return match[1] if "各" in bare else bare


def _runs(body: str, owner: str) -> Iterator[tuple[str, str]]:
    """Stretches of a section under one name in bold, or on a line of its own, ending in a colon."""
    marks = sorted(
        [(m.start(), m.end(), m[2]) for m in _BOLD.finditer(body)]
        + [(m.start(), m.end(), m[1]) for m in _LABEL.finditer(body) if subject(f"{m[1]}要")]
    )
    starts = [(0, owner), *((end, plain(name)) for _, end, name in marks)]
    ends = [*(start for start, _, _ in marks), len(body)]
    for (start, unit), end in zip(starts, ends, strict=True):
        if body[start:end].strip():
            yield unit, body[start:end]


def _pieces(sentence: str) -> Iterator[str]:
    """A sentence cut before each further order: …，每学期组织…，跟进做好…"""
    start = 0
    for match in _NEXT.finditer(sentence):
        if match.start() - start >= _SHORTEST and _balanced(sentence[start : match.start()]):
            yield sentence[start : match.start()]
            start = match.end()
    if len(sentence) - start >= _SHORTEST:
        yield sentence[start:]


def _balanced(text: str) -> bool:
    """No quotation or bracket is torn apart."""
    return all(text.count(a) == text.count(b) for a, b in ("“”", "（）", "《》", "()"))
