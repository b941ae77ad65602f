"""The sections of an official text as labels: 一、 and （一）; 第一章 and 第一条 of a law."""

import re
from typing import NamedTuple

from responsibilities.language.numerals import number

_CHAPTER = re.compile(
    r"(?:([一二三四五六七八九十]{1,3})、|第([一二三四五六七八九十]{1,3})章\s*)(.*)"
)
_ARTICLE = re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)](.*)")
_NUMBERED = re.compile(r"第[一二三四五六七八九十百]{1,6}条")
_PARAGRAPH = re.compile(rf"[\s#>*_]*({_NUMBERED.pattern})[\s*_：:]+")
"""The number that opens an article of a law; its text stands in the same line."""
_MARKS = re.compile(r"^[\s#>*_\-]+|[\s*_]+$")


class Heading(NamedTuple):
    """A line that opens a section."""

    label: str
    """五, 五（二） or 第五条"""
    title: str
    start: int
    """Offset of the heading's line in the text."""
    end: int
    """Offset after the heading's line, or after the number of an article."""


def headings(text: str) -> list[Heading]:
    """Every heading line of the text in order. A line of prose is none: it ends like a sentence."""
    found: list[Heading] = []
    chapter, offset = "", 0
    for line in text.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        article = _PARAGRAPH.match(line)
        if article:
            found.append(Heading(article[1], "", start, start + article.end()))
            continue
        bare = _MARKS.sub("", line.strip())
        if not bare or bare[-1] in "。；，：:;,":
            continue
        match = _CHAPTER.fullmatch(bare)
        if match:
            chapter = match[1] or match[2]
            found.append(Heading(chapter, match[3], start, offset))
            continue
        match = _ARTICLE.fullmatch(bare)
        if match and chapter:
            found.append(Heading(f"{chapter}（{match[1]}）", match[2], start, offset))
    return found


class Part(NamedTuple):
    """The body of one section, heading excluded."""

    label: str
    title: str
    start: int
    end: int


def parts(text: str) -> list[Part]:
    """The bodies between headings, in order; what stands before the first has an empty label."""
    found, start = [], 0
    label = title = ""
    for heading in headings(text):
        found.append(Part(label, title, start, heading.start))
        label, title, start = heading.label, heading.title, heading.end
    found.append(Part(label, title, start, len(text)))
    return [part for part in found if text[part.start : part.end].strip()]


_LABEL = re.compile(
    r"第?([一二三四五六七八九十]{1,3})[、章部]?(?:[（(]([一二三四五六七八九十]{1,3})[）)])?"
)


def label_of(section: str) -> str:
    """The label a clause's section begins with: 五（二）保卫处 -> 五（二）; empty without one."""
    article = _NUMBERED.match(section.strip())
    if article:
        return article.group()
    match = _LABEL.match(section.strip())
    if match is None or number(match[1]) is None:
        return ""
    return f"{match[1]}（{match[2]}）" if match[2] else match[1]
