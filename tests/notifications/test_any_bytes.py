"""P15: whatever the bytes, a mail is read, in bounded time and memory."""

import base64
import json
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.incoming.charsets import decoded, header_text
from notifications.incoming.hypertext import hypertext
from notifications.incoming.mime_parts import take_apart
from notifications.incoming.reading import read_mail
from notifications.incoming.values import Nature
from tests.notifications.mutants import MAILS


def test_damaged_and_hostile_mails_cost_at_most_two_seconds_and_256_mebibytes(full: bool) -> None:
    """The process ends at the first exception; the limits are those of the promise."""
    count = 200_000 if full else 2_000
    done = subprocess.run(
        [sys.executable, "-m", "tests.notifications.mutants", str(count)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    print(f"P15 {found}")
    assert found["read"] > count
    assert found["seconds"] <= 2
    assert found["mebibytes"] <= 256


@given(st.binary(max_size=2000))
def test_no_bytes_are_too_strange(raw: bytes) -> None:
    assert isinstance(read_mail(raw).nature, Nature)


@given(st.text(alphabet="<>/!-ab &#;1\"'\n中", max_size=300))
def test_no_page_is_too_strange(source: str) -> None:
    assert "\x00" not in hypertext(source).text


@given(st.text(min_size=1).filter(lambda text: not text.startswith("\ufeff")))
def test_what_is_written_in_gb18030_is_read_whatever_its_label(text: str) -> None:
    data = text.encode("gb18030", "ignore")
    said = data.decode("gb18030")
    assert decoded(data, "gb18030").text == said or _is_utf8(data)


def _is_utf8(data: bytes) -> bool:
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


@given(st.lists(st.sampled_from(["护理学院", "䶮", "abc", "督办〔2026〕12号"]), min_size=1))
def test_encoded_words_cut_anywhere_are_one_text_again(words: list[str]) -> None:
    data = "".join(words).encode("gb18030")
    cut = len(data) // 2
    folded = b" ".join(
        b"=?gb2312?B?" + base64.b64encode(piece) + b"?=" for piece in (data[:cut], data[cut:])
    )
    assert header_text(folded).text == "".join(words)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_the_parts_are_those_that_the_standard_library_finds(path: Path) -> None:
    raw = path.read_bytes()
    theirs = {
        (part.get_content_type(), bytes(part.get_payload(decode=True) or b"").strip())
        for part in message_from_bytes(raw).walk()
        if not part.is_multipart()
    }
    _, leaves, sound = take_apart(raw)
    ours = {
        (leaf.media_type, leaf.content()[0].strip())
        for leaf in leaves
        if not leaf.media_type.startswith("message/") and not leaf.within
    }
    assert sound
    assert ours <= theirs
