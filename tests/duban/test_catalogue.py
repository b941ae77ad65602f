"""Click's own words in Chinese: the compiled catalogue is what the text says."""

import gettext
import re
from importlib.util import find_spec
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / "duban" / "locale" / "zh_CN" / "LC_MESSAGES"


def test_the_compiled_catalogue_is_current() -> None:
    with (FOLDER / "duban.po").open("rb") as text, (FOLDER / "duban.mo").open("rb") as compiled:
        written = {m.id: m.string for m in read_po(text) if m.id}
        found = gettext.GNUTranslations(compiled)
    for message, chinese in written.items():
        if isinstance(message, tuple):
            assert found.ngettext(message[0], message[1], 2) == chinese[0]
        else:
            assert found.gettext(str(message)) == chinese, f"make words: {message}"


def test_every_sentence_translated_is_one_that_click_still_says() -> None:
    spec = find_spec("click")
    assert spec is not None
    assert spec.origin is not None
    said = "".join(path.read_text() for path in Path(spec.origin).parent.glob("*.py"))
    said = re.sub(r"\"\s*\n\s*\"", "", said)
    with (FOLDER / "duban.po").open("rb") as text:
        for message in read_po(text):
            first = message.id if isinstance(message.id, str) else message.id[0]
            assert first.replace("\n", "\\n").replace("\t", "\\t") in said, first
