"""The words of the trade: both languages, formal, and the same in the reference."""

import re
from pathlib import Path

from responsibilities import glossary
from responsibilities.glossary import GLOSSARY, word
from responsibilities.words import Words

PAGE = Path(glossary.__file__).parent.parent / "docs" / "reference" / "glossary.md"


def test_every_word_is_there_in_both_languages_and_formal() -> None:
    assert len(GLOSSARY) > 85
    for id_, words in GLOSSARY.items():
        assert re.fullmatch("[a-z]+(-[a-z]+)*", id_)
        assert words.zh
        assert words.en
        assert not re.search("[！!你]", words.zh + words.en)
        assert words.en.isascii()


def test_the_reference_says_the_same() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.M)
    assert {id_: Words(zh, en) for id_, zh, en in rows} == dict(GLOSSARY)
    assert word("task") == Words("督办事项", "task")
