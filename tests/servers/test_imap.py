"""The mailbox is read as it is: every mail once, and none marked before it is on the disk."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.imap import Unreadable, open_mailbox
from office import inbox
from office.settings import Tls
from storage.engine import reading
from storage.inbox import listed
from tests.office.desk import WEEKLY, Desk, at
from tests.servers.school import DUBAN, School

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("mailservers")]

RAW = [f"From: a@school.example\r\nSubject: {n}\r\n\r\n\u8bf4".encode("gb18030") for n in range(3)]
MONDAY = "2026-09-14 08:00"


@pytest.fixture
def desk(memory: Path, sqlite_template: Path) -> Desk:
    """The office, with its first letters sent in September."""
    from storage.engine import open_engine

    shutil.copy(sqlite_template, memory / "duban.sqlite")
    desk = Desk(open_engine(f"sqlite:///{memory / 'duban.sqlite'}"), memory)
    desk.adopt(WEEKLY, "2026-09-13 09:00")
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    return desk


def taken(desk: Desk) -> list[bytes]:
    with reading(desk.db) as connection:
        return [desk.blobs.get(one.sha256) for one in reversed(listed(connection, 100))]


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_every_mail_is_taken_once_byte_for_byte_and_then_marked(
    mail: School, desk: Desk, tls: Tls
) -> None:
    mail.append(DUBAN, *RAW)
    account = mail.account(tls=tls)
    assert inbox.fetch(desk.db, desk.blobs, account, at("2099-01-01 08:00")) == 3
    assert taken(desk) == RAW
    assert mail.seen() == {1, 2, 3}
    assert inbox.fetch(desk.db, desk.blobs, account, at("2099-01-01 08:00")) == 0


def test_a_mail_that_cannot_be_stored_is_not_marked(
    mail: School, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.append(DUBAN, *RAW)
    folder = desk.blobs.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_bytes(b"a file where the folder was")
    with pytest.raises((OSError, Unreadable)):
        inbox.fetch(desk.db, desk.blobs, mail.account(), at("2099-01-01 08:00"))
    assert mail.seen() == set()
    folder.unlink()
    assert inbox.fetch(desk.db, desk.blobs, mail.account(), at("2099-01-01 08:00")) == 3
    assert mail.seen() == {1, 2, 3}


def test_a_mailbox_that_is_numbered_anew_is_read_again_to_no_effect(
    mail: School, desk: Desk
) -> None:
    mail.append(DUBAN, *RAW)
    account = mail.account()
    inbox.fetch(desk.db, desk.blobs, account, at("2099-01-01 08:00"))
    with open_mailbox(account) as box:
        before = box.uidvalidity
    mail.number_anew()
    with open_mailbox(account) as box:
        assert box.uidvalidity != before
    assert inbox.fetch(desk.db, desk.blobs, account, at("2099-01-01 08:00")) == 3
    assert sorted(taken(desk)) == sorted(RAW)  # the same bytes are the same mail


def test_what_a_person_has_read_is_taken_all_the_same(mail: School, desk: Desk) -> None:
    mail.append(DUBAN, *RAW)
    with open_mailbox(mail.account()) as box:
        for uid in box.uids():
            box.mark_seen(uid)
    assert inbox.fetch(desk.db, desk.blobs, mail.account(), at("2099-01-01 08:00")) == 3


def test_a_mail_counts_from_when_the_server_got_it(mail: School, desk: Desk) -> None:
    mail.append(DUBAN, RAW[0])
    inbox.fetch(desk.db, desk.blobs, mail.account(), at("2099-01-01 08:00"))
    with reading(desk.db) as connection:
        [message] = listed(connection, 100)
    assert message.arrived_at < at("2099-01-01 08:00") - timedelta(days=1)


@pytest.mark.parametrize(("login", "password"), [(DUBAN, "授权码"), ("ｄｕｂａｎ", "code")])
def test_what_imap_cannot_say_is_told_in_a_sentence(
    mail: School, desk: Desk, login: str, password: str
) -> None:
    account = replace(mail.account(), login=login, password=password)
    with pytest.raises(Unreadable, match="含有中文或全角字符"):
        inbox.fetch(desk.db, desk.blobs, account, at(MONDAY))


def test_a_wrong_password_is_told_in_a_sentence(mail: School, desk: Desk) -> None:
    account = replace(mail.account(), password="no")
    with pytest.raises(Unreadable, match="授权码"):
        inbox.fetch(desk.db, desk.blobs, account, at(MONDAY))
