"""Every mail of `mails/` is read as `mails/expected.toml` says; the figures are P17's."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from notifications.incoming.reading import read_mail
from notifications.incoming.values import Incoming, Nature

FOLDER = Path(__file__).parent / "mails"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
OWN = frozenset({"duban@college.example"})


def read(name: str) -> Incoming:
    return read_mail((FOLDER / f"{name}.eml").read_bytes(), OWN)


def with_key(key: str) -> list[str]:
    return [name for name, said in EXPECTED.items() if key in said]


def test_every_mail_has_its_expectation() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.eml")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_machine_is_told_from_a_person(name: str) -> None:
    mail = read(name)
    assert (mail.nature.value, mail.understood) == (EXPECTED[name]["nature"], True), mail.why
    assert mail.from_


@pytest.mark.parametrize("name", with_key("answer"))
def test_the_answer_is_shown_without_what_it_answers_and_nothing_is_lost(name: str) -> None:
    mail = read(name)
    assert mail.answer == EXPECTED[name]["answer"]
    kept = "".join(mail.text.split())
    assert all("".join(line.split()) in kept for line in mail.answer.splitlines())


@pytest.mark.parametrize("name", with_key("files"))
def test_every_file_keeps_its_name_and_its_bytes(name: str) -> None:
    mail, said = read(name), EXPECTED[name]
    assert [file.name for file in mail.files] == said["files"]
    if "types" in said:
        assert [file.media_type for file in mail.files] == said["types"]
    assert [f.name for f in mail.files if f.decoration] == said.get("decorations", [])
    if "remarked" in said:
        assert [f.name for f in mail.files if f.remarks] == said["remarked"]


@pytest.mark.parametrize("name", [n for n in with_key("answer") if "files" not in EXPECTED[n]])
def test_a_mail_without_files_has_none(name: str) -> None:
    assert read(name).files == ()


@pytest.mark.parametrize("name", with_key("bounced"))
def test_a_bounce_names_the_address_and_the_reason(name: str) -> None:
    mail, said = read(name), EXPECTED[name]
    assert [bounce.address for bounce in mail.bounces] == said["bounced"]
    assert [bounce.kind.value for bounce in mail.bounces] == said["kinds"]


@pytest.mark.parametrize("name", with_key("returned"))
def test_a_report_names_the_letter_it_is_about(name: str) -> None:
    assert set(EXPECTED[name]["returned"]) <= set(read(name).returned)


@pytest.mark.parametrize("name", with_key("linked"))
def test_a_huge_attachment_is_a_link_that_does_not_count(name: str) -> None:
    mail = read(name)
    assert [link.name for link in mail.links] == EXPECTED[name]["linked"]
    assert mail.files == ()
    assert all(
        "2026年12月" in link.remark.zh and "普通附件" in link.remark.zh for link in mail.links
    )


def test_raw_chinese_headers_are_read() -> None:
    mail = read("headers-raw-gbk")
    assert mail.subject == EXPECTED["headers-raw-gbk"]["subject"]
    assert mail.from_[0].name == "护理学院"
    assert mail.numbers == ("督办〔2026〕12号",)


def test_a_nested_mail_names_the_files_that_came_in_it() -> None:
    outer, inner = read("forwarded-as-attachment").files
    assert (outer.media_type, inner.within) == ("message/rfc822", outer.name)


def test_the_share_of_answers_and_names_read_right_is_what_we_promise() -> None:
    """P17: at least 40 client formats, at least 95 % trimmed, no original lost."""
    answers = [name for name in with_key("answer") if EXPECTED[name]["nature"] == Nature.ANSWER]
    right = [name for name in answers if read(name).answer == EXPECTED[name]["answer"]]
    named = with_key("files")
    sound = [n for n in named if [f.name for f in read(n).files] == EXPECTED[n]["files"]]
    print(f"P17 answers {len(right)} of {len(answers)}, file names {len(sound)} of {len(named)}")
    quoting = [name for name in answers if MARKED in read(name).text]
    assert len(quoting) >= 40
    assert len(right) >= 0.95 * len(answers)


def test_quote_signs_alone_would_not_keep_the_promise() -> None:
    """The control: what cuts at the first quote sign or at our line leaves the rest standing."""
    answers = [name for name in with_key("answer") if MARKED in read(name).text]
    naive = {name: re.split(r"^>|^===", read(name).text, flags=re.M)[0].strip() for name in answers}
    right = [name for name in answers if naive[name] == EXPECTED[name]["answer"]]
    assert len(right) < 0.5 * len(answers)


MARKED = "请在此行以上回复"
