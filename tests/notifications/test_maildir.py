"""Where no relay is configured, letters are files that any mail program reads."""

import mailbox
import os
from pathlib import Path

import pytest

from notifications.compose import compose
from notifications.letters import KINDS
from notifications.maildir import deliver, open_mail, read
from notifications.specimen import specimen, specimens
from responsibilities.words import Refused

LETTER = specimen("overdue", "zh")
MESSAGE = compose(LETTER)


def test_a_letter_is_one_file_with_its_bytes(tmp_path: Path) -> None:
    path = deliver(tmp_path / "mail", LETTER.message_id, MESSAGE)
    assert path.parent == tmp_path / "mail" / "new"
    assert path.read_bytes() == MESSAGE
    assert not list((tmp_path / "mail" / "tmp").iterdir())


def test_delivering_twice_changes_nothing(tmp_path: Path) -> None:
    first = deliver(tmp_path, LETTER.message_id, MESSAGE)
    second = deliver(tmp_path, LETTER.message_id, MESSAGE)
    assert first == second
    assert len(list(read(tmp_path))) == 1


def test_a_letter_that_was_read_is_not_delivered_again(tmp_path: Path) -> None:
    """A mail program moves it to `cur` and appends its flags."""
    path = deliver(tmp_path, LETTER.message_id, MESSAGE)
    seen = path.rename(tmp_path / "cur" / f"{path.name}:2,RS")
    assert deliver(tmp_path, LETTER.message_id, MESSAGE) == seen
    assert [mail.seen for mail in read(tmp_path)] == [True]


def test_a_crash_while_writing_leaves_no_half_letter(tmp_path: Path) -> None:
    deliver(tmp_path, LETTER.message_id, MESSAGE).unlink()
    (tmp_path / "tmp" / "left-behind").write_bytes(MESSAGE[:100])
    assert not list(read(tmp_path))
    assert deliver(tmp_path, LETTER.message_id, MESSAGE).read_bytes() == MESSAGE


def test_the_list_shows_who_what_and_when_oldest_first(tmp_path: Path) -> None:
    for letter in specimens("zh"):
        deliver(tmp_path, letter.message_id, compose(letter))
    mails = list(read(tmp_path))
    assert len(mails) == len(KINDS)
    assert mails == sorted(mails, key=lambda mail: (mail.date, mail.path.name))
    (mail,) = [one for one in mails if one.message_id == LETTER.message_id]
    assert mail.subject.startswith("【催办单·已逾期3天】主题班会全覆盖")
    assert mail.to == "护理学院联络员 <nursing@college.example>"
    assert mail.date == LETTER.date
    assert not mail.seen


def test_a_letter_opens_with_its_text(tmp_path: Path) -> None:
    body = open_mail(deliver(tmp_path, LETTER.message_id, MESSAGE)).get_body(("plain",))
    assert body is not None
    assert "请护理学院尽快办结“主题班会全覆盖”" in body.get_content()


def test_other_mail_programs_read_the_same_folder(tmp_path: Path) -> None:
    deliver(tmp_path, LETTER.message_id, MESSAGE)
    (found,) = mailbox.Maildir(tmp_path, create=False)
    assert found["Message-ID"] == LETTER.message_id


def test_an_empty_or_missing_folder_has_no_letters(tmp_path: Path) -> None:
    assert list(read(tmp_path / "nowhere")) == []


def test_a_message_id_is_no_way_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        deliver(tmp_path, "<../../evil>", MESSAGE)
    path = deliver(tmp_path, "<a/b/c@c.example>", MESSAGE)
    assert path.parent == tmp_path / "new"


def test_a_full_disk_is_told_and_leaves_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        deliver(tmp_path, LETTER.message_id, MESSAGE)
    assert not list(read(tmp_path))
    assert not list((tmp_path / "tmp").iterdir())
