"""An official document: how its parts are numbered and said."""

from datetime import date

import pytest

from inspections.document import (
    Document,
    Heading,
    Paragraph,
    Table,
    date_of,
    facts_of,
    listed_attachments,
    numbered,
    numeral,
    said_facts,
)


def test_headings_are_numbered_and_the_second_level_begins_anew() -> None:
    blocks = (Heading("甲"), Heading("子", 2), Heading("丑", 2), Heading("乙"), Heading("寅", 2))
    said = [
        block.text for block in numbered(Document("通报", blocks)) if isinstance(block, Heading)
    ]
    assert said == ["一、甲", "（一）子", "（二）丑", "二、乙", "（一）寅"]


def test_numerals_are_chinese() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]
    with pytest.raises(ValueError, match="not between"):
        numeral(100)


def test_an_unsigned_document_leaves_its_date_to_be_filled_in() -> None:
    assert date_of(Document("通报", (), day=date(2026, 12, 5))) == "2026年12月5日"
    assert date_of(Document("通报", ())).strip("　") == "年　月　日"


def test_several_attachments_are_numbered_and_one_is_not() -> None:
    assert listed_attachments(Document("通报", (), attachments=("明细表",))) == ("附件：明细表",)
    two = listed_attachments(Document("通报", (), attachments=("甲", "乙")))
    assert two == ("附件：1.甲", "　　　2.乙")


def test_the_facts_of_a_document_are_those_of_its_parts() -> None:
    parts = (Paragraph("甲", (9, 3)), Table("表", ("单位",), (("乙",),), (3, 4, 5)))
    assert facts_of(Document("通报", parts)) == (3, 4, 5, 9)
    assert said_facts((9, 3, 4, 5)) == "3–5、9"


def test_a_row_that_does_not_fit_its_head_is_a_fault() -> None:
    with pytest.raises(ValueError, match="has not 2 cells"):
        Table("表", ("单位", "应办"), (("甲",),))
