"""An official document (公文) as a value: what stands in it, and in which facts each figure stands.

The page and the Word draft are made from it (`portal/templates/document.html`,
`office/word_draft.py`). The number (发文字号) and the seal are the office's to give: what is made
here is a draft for signature (送审稿). Order of the parts: GB/T 9704-2012, 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from inspections.checkpoint_print import CheckpointPrint


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading without its number, which `numbered` gives; level 1 (一、) or 2 （（一））."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2):
            raise ValueError(f"a heading of level {self.level}; there are 1 and 2")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `facts` are the sequence numbers in the record that its figures come from."""

    text: str
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head; ValueError for a row of another length."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    facts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError(f"a row of “{self.caption}” has not {len(self.head)} cells")


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """The parts in the order of the page; empty parts are left out of it."""

    title: str
    blocks: tuple[Block, ...]
    addressees: tuple[str, ...] = ()
    """主送: units, never people."""
    attachments: tuple[str, ...] = ()
    """附件, by their titles."""
    signer: str = ""
    """The unit that signs (署名); its seal is put over it by hand."""
    day: date | None = None
    """成文日期; None until it is signed."""
    notes: tuple[str, ...] = ()
    """附注, each in brackets on a line of its own."""
    number: str = ""
    """发文字号; empty until the office has given it."""
    mark: CheckpointPrint | None = None
    """The checkpoint that the paper holds when it has left (`office.prints.checkpoint_print`)."""


_NUMERALS: Final = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """1 to 99 in Chinese: 十, 十一, 二十, 二十一; ValueError beyond."""
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is not between 1 and 99")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")


def numbered(document: Document) -> Iterator[Block]:
    """The blocks, each heading with its number: 一、, and （一） anew under each of those."""
    first = second = 0
    for block in document.blocks:
        if not isinstance(block, Heading):
            yield block
        elif block.level == 1:
            first, second = first + 1, 0
            yield Heading(f"{numeral(first)}、{block.text}")
        else:
            second += 1
            yield Heading(f"（{numeral(second)}）{block.text}", 2)


def listed_attachments(document: Document) -> tuple[str, ...]:
    """附件：… for one; 附件：1.… and the next on lines of their own for several."""
    if len(document.attachments) < 2:
        return tuple(f"附件：{one}" for one in document.attachments)
    lines = [f"{n}.{one}" for n, one in enumerate(document.attachments, 1)]
    return (f"附件：{lines[0]}", *(f"　　　{line}" for line in lines[1:]))


def date_of(document: Document) -> str:
    """2026年12月5日 with Arabic digits; blanks to fill in where it is not signed yet."""
    day = document.day
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　年　月　日"


def facts_of(document: Document) -> tuple[int, ...]:
    """The sequence numbers that any part of the document refers to, in order, each once."""
    stated = [block.facts for block in document.blocks if not isinstance(block, Heading)]
    return tuple(sorted({seq for facts in stated for seq in facts}))


def said_facts(facts: tuple[int, ...]) -> str:
    """Sequence numbers for a reader: 3–9、12."""
    said: list[list[int]] = []
    for seq in sorted(set(facts)):
        if said and said[-1][1] == seq - 1:
            said[-1][1] = seq
        else:
            said.append([seq, seq])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in said)
