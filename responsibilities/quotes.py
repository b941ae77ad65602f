"""Quotes and the text they are taken from: compared verbatim, white space and Markdown ignored."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_IGNORED = re.compile(r"[\s*#_`>\\\u3000\ufeff]+")


class Passage(NamedTuple):
    """A text without what is ignored, and where each of its characters stands in the original."""

    text: str
    positions: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text for a span of the normalised one."""
        if start >= end:
            return (0, 0)
        return self.positions[start], self.positions[end - 1] + 1


def normalise(text: str) -> Passage:
    """`text` without white space and the Markdown marks * # _ ` > \\."""
    kept: list[str] = []
    positions: list[int] = []
    end = 0
    for match in _IGNORED.finditer(text):
        kept.append(text[end : match.start()])
        positions.extend(range(end, match.start()))
        end = match.end()
    kept.append(text[end:])
    positions.extend(range(end, len(text)))
    return Passage("".join(kept), tuple(positions))


def plain(quote: str) -> str:
    """A quote in the same normal form."""
    return _IGNORED.sub("", quote)


def spans(text: str, quote: str) -> list[tuple[int, int]]:
    """Every place of a quote in a normalised text."""
    wanted = plain(quote)
    found, start = [], text.find(wanted) if wanted else -1
    while start >= 0:
        found.append((start, start + len(wanted)))
        start = text.find(wanted, start + 1)
    return found


_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")


def nearest(text: str, quote: str) -> str:
    """The passage of a normalised text that a wrong quote was probably taken from; may be empty."""
    wanted = plain(quote)
    grams = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    best, best_score = "", 0.0
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        shared = sum(gram in sentence for gram in grams)
        score = shared / max(len(grams), 1)
        if score > best_score:
            best, best_score = sentence, score
    return _cut(best, wanted) if best_score >= 0.4 else ""


def _cut(sentence: str, wanted: str) -> str:
    """The part of a long sentence that the quote overlaps."""
    blocks = SequenceMatcher(None, sentence, wanted, autojunk=False).get_matching_blocks()
    real = [block for block in blocks if block.size > 1]
    if not real:
        return sentence[:60]
    return sentence[real[0].a : real[-1].a + real[-1].size]
