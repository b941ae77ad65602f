"""The bytes of a letter: what EmailMessage would have said, and nothing that was smuggled in."""

import re
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from notifications.compose import compose
from notifications.letters import Attachment, Letter
from notifications.specimen import specimen, specimens
from responsibilities.words import Refused
from tests.notifications.approve import LANGUAGES
from tests.notifications.library import as_the_library_says, parsed

EVERY = [letter for language in LANGUAGES for letter in specimens(language)]


def name(letter: Letter) -> str:
    return f"{letter.kind}-{letter.language}"


def told(part: EmailMessage) -> tuple[Any, ...]:
    """What a part says about itself, and its bytes."""
    return (
        part.get_content_type(),
        part.get_content_charset(),
        part.get_content_disposition(),
        part.get_filename(),
        part.get_param("method"),
        part.get_payload(decode=True),
    )


def parts(mail: EmailMessage) -> list[tuple[Any, ...]]:
    return [told(part) for part in mail.walk() if isinstance(part, EmailMessage)]


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_a_letter_reads_back_as_the_standard_library_would_have_said_it(letter: Letter) -> None:
    ours, theirs = parsed(compose(letter)), parsed(as_the_library_says(letter))
    skipped = ("Content-Type", "MIME-Version")
    assert {k: str(v) for k, v in ours.items() if k not in skipped} == {
        k: str(v) for k, v in theirs.items() if k not in skipped
    }
    assert [k for k in ours if k not in skipped] == [k for k in theirs if k not in skipped]
    assert parts(ours) == parts(theirs)
    assert not any(part.defects for part in ours.walk())


@pytest.mark.parametrize("letter", EVERY, ids=name)
def test_the_wire_carries_seven_bits_and_lines_that_end_as_they_must(letter: Letter) -> None:
    message = compose(letter)
    assert message.isascii()
    assert message.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", message)
    assert max(map(len, message.split(b"\r\n"))) <= 998
    head = message.split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_the_same_letter_is_always_the_same_bytes() -> None:
    assert [compose(letter) for letter in EVERY] == [compose(letter) for letter in EVERY]


def test_letters_about_one_task_are_one_conversation() -> None:
    first, second = (
        parsed(compose(specimen("opened", "zh"))),
        parsed(compose(specimen("overdue", "zh"))),
    )
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert first["In-Reply-To"] is None
    assert len(str(first["Thread-Index"])) == 32
    assert len(str(second["Thread-Index"])) == 36
    assert str(second["Thread-Index"])[:28] == str(first["Thread-Index"])[:28]


def test_all_letters_about_a_task_have_one_topic_and_if_wanted_one_subject() -> None:
    letters = [specimen(kind, "zh") for kind in ("opened", "reminder", "returned", "accepted")]
    topic = "主题班会全覆盖 [督办〔2026〕12号]"
    assert {str(parsed(compose(one))["Thread-Topic"]) for one in letters} == {topic}
    assert len({str(parsed(compose(one))["Subject"]) for one in letters}) == 4
    steady = [parsed(compose(replace(one, steady=True))) for one in letters]
    assert {str(mail["Subject"]) for mail in steady} == {topic}
    assert parsed(compose(specimen("digest", "zh")))["Thread-Topic"] is None


def test_an_urgent_letter_says_so_to_the_mail_program() -> None:
    mail = parsed(compose(specimen("incident", "zh")))
    assert (mail["Importance"], mail["X-Priority"]) == ("high", "1")


def with_attachment(file_name: str, media_type: str = "application/pdf") -> Letter:
    return replace(
        specimen("outage", "zh"), attachments=(Attachment(file_name, media_type, b"%PDF-1.7\n"),)
    )


def test_a_chinese_attachment_name_is_one_that_qq_mail_shows() -> None:
    """QQ Mail shows `tcmime.*.bin` for RFC 2231 continuations (nodemailer 374, MailKit 277)."""
    file_name = "11月主题班会签到表（护理学院、检验学院、口腔学院）—汇总.xlsx"
    message = compose(with_attachment(file_name))
    assert message.count(b"filename*=UTF-8''11%E6%9C%88") == 1
    assert b"filename*0" not in message
    assert b' name="=?UTF-8?B?' in message
    assert b' filename="=?UTF-8?B?' in message
    (attached,) = parsed(message).iter_attachments()
    assert attached.get_filename() == file_name
    assert attached.get_payload(decode=True) == b"%PDF-1.7\n"


@pytest.mark.parametrize("file_name", ["report.pdf", 'a "b" c.pdf', "x" * 200 + ".pdf"])
def test_a_plain_attachment_name_stays_plain(file_name: str) -> None:
    (attached,) = parsed(compose(with_attachment(file_name))).iter_attachments()
    assert attached.get_filename() == file_name


@pytest.mark.parametrize(
    "file_name",
    ["", "a\r\nBcc: x", "a/b.pdf", "a\\b.pdf", "\u2028", "班" * 101, "a\x00b", "\u202efdp.exe"],
)
def test_a_name_that_could_harm_is_refused(file_name: str) -> None:
    with pytest.raises(Refused):
        compose(with_attachment(file_name))


@pytest.mark.parametrize(
    "media_type", ["text", "text/plain; charset=x", "text/plain\r\nX: y", "A/B", ""]
)
def test_a_media_type_is_bare(media_type: str) -> None:
    with pytest.raises(Refused):
        compose(with_attachment("a.pdf", media_type))


def test_a_kind_without_a_letter_is_refused_in_both_languages() -> None:
    with pytest.raises(Refused, match="没有“nonsense”这一类邮件 / there is no letter"):
        compose(replace(specimen("opened", "zh"), kind="nonsense"))
