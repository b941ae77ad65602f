"""The bureau reads its mailbox by IMAP, cosigns, answers; the school takes the answers in."""

import asyncio
import shutil
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from inspections.checkpoint import Checkpoint, Signed, sign
from inspections.notes import Signer
from inspections.witnessing import Fork, Request, Seen
from office import inbox
from office.cosigning import KEY, STATE, _letter, answer_mailbox
from office.post import mail_round
from office.seal import seal
from office.settings import Inbox, Mail
from office.witnesses import attested
from storage.engine import open_engine, reading
from storage.inbox import MessageState, listed
from storage.key_file import write_key
from storage.witness_file import read_seen, write_seen
from tests.office.desk import WEEKLY, Desk, at
from tests.servers.school import DUBAN, School

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("mailservers")]

LOG = Signer("school.example/duban", bytes(range(32)))
BUREAU = Signer("bureau.example/witness", bytes(range(1, 33)))
BOX = "record@bureau.example"


@pytest.fixture
def desk(memory: Path, sqlite_template: Path) -> Desk:
    """The school, which sends its heads to the bureau."""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    desk = Desk(open_engine(f"sqlite:///{memory / 'duban.sqlite'}"), memory)
    desk.adopt(WEEKLY, "2026-09-13 09:00")
    return desk


@pytest.fixture
def bureau(memory: Path) -> Path:
    """Where the bureau keeps its key and what it has seen."""
    folder = memory / "bureau"
    write_key(folder / KEY, BUREAU)
    write_seen(folder / STATE, {LOG.name: Seen(LOG.verifier)})
    return folder


def heads(desk: Desk, wall: str) -> bytes:
    """The day's letter to the bureau, as it left."""
    desk.reconcile(wall)

    def sealed(now: datetime) -> Signed:
        return seal(desk.db, LOG, now)

    asyncio.run(
        mail_round(
            desk.db,
            lambda: at(wall),
            desk.mail,
            "zh",
            seal=sealed,
            holders=[BOX],
            witnesses=[BUREAU.cosigner],
        )
    )
    letters = [path.read_bytes() for path in (desk.folder / "Maildir" / "new").iterdir()]
    shutil.rmtree(desk.folder / "Maildir")
    return next(raw for raw in letters if message_from_bytes(raw)["To"].endswith(f"<{BOX}>"))


def answers(mail: School, bureau: Path, wall: str) -> tuple[list[bytes], list[str]]:
    """What the bureau sends back, and what it says to its own people."""
    out = Mail(sender=BOX, maildir=bureau / "out")
    found = answer_mailbox(mail.account(), out, bureau, at(wall))
    sent = [path.read_bytes() for path in (bureau / "out").glob("new/*")]
    shutil.rmtree(bureau / "out", ignore_errors=True)
    return sent, [type(one.refused).__name__ for one in found]


def taken(desk: Desk, raw: bytes, wall: str) -> str:
    """The school takes an answer in; what it may say of its witness then."""
    inbox.take_in(desk.db, desk.blobs, raw, now=at(wall))
    inbox.settle(desk.db, desk.blobs, at(wall), desk.mail, Inbox(), [BUREAU.cosigner])
    head = seal(desk.db, LOG, at(wall)).checkpoint
    with reading(desk.db) as connection:
        assert listed(connection, 1)[0].state is MessageState.SETTLED
        return attested(connection, head).zh


def test_day_by_day_the_bureau_cosigns_and_answers(mail: School, desk: Desk, bureau: Path) -> None:
    for wall in ("2026-09-14 08:00", "2026-09-15 08:00", "2026-09-16 08:00"):
        letter = heads(desk, wall)
        mail.append(DUBAN, letter)
        [answer], refused = answers(mail, bureau, wall)
        assert refused == ["NoneType"]
        assert "“bureau.example/witness”副署至第" in taken(desk, answer, wall)
    assert mail.seen() == {1, 2, 3}
    assert answers(mail, bureau, wall) == ([], [])


def test_an_answer_that_was_lost_goes_out_with_the_next_request(
    mail: School, desk: Desk, bureau: Path
) -> None:
    mail.append(DUBAN, heads(desk, "2026-09-14 08:00"))
    answers(mail, bureau, "2026-09-14 08:00")  # lost on the way
    mail.append(DUBAN, heads(desk, "2026-09-15 08:00"))
    [answer], refused = answers(mail, bureau, "2026-09-15 08:00")
    assert refused == ["Refused"]
    first = taken(desk, answer, "2026-09-15 08:30")
    mail.append(DUBAN, heads(desk, "2026-09-16 08:00"))
    [answer], refused = answers(mail, bureau, "2026-09-16 08:00")
    assert refused == ["NoneType"]
    assert taken(desk, answer, "2026-09-16 08:30") != first


def test_a_fork_is_not_answered_and_stays_unread(mail: School, desk: Desk, bureau: Path) -> None:
    mail.append(DUBAN, heads(desk, "2026-09-14 08:00"))
    answers(mail, bureau, "2026-09-14 08:00")
    head = read_seen(bureau / STATE)[LOG.name].head
    assert head is not None
    forked = sign(Checkpoint(LOG.name, head.size, bytes(32)), LOG).note()
    raw = _request_letter(Request(0, (), forked).text())
    mail.append(DUBAN, raw)
    sent, refused = answers(mail, bureau, "2026-09-15 08:00")
    assert (sent, refused) == ([], [Fork.__name__])
    assert mail.seen() == {1}
    assert read_seen(bureau / STATE)[LOG.name].head == head


def test_a_mail_with_somebody_elses_cosignature_waits_for_a_person(desk: Desk) -> None:
    heads(desk, "2026-09-14 08:00")
    stranger = Seen(LOG.verifier, sign(Checkpoint(LOG.name, 3, bytes(32)), LOG).note())
    _, raw = _letter(stranger, "x@other.example", "office@school.example", "")
    inbox.take_in(desk.db, desk.blobs, raw, now=at("2026-09-14 09:00"))
    inbox.settle(desk.db, desk.blobs, at("2026-09-14 09:00"), desk.mail, Inbox(), [BUREAU.cosigner])
    with reading(desk.db) as connection:
        assert listed(connection, 1)[0].why != "副署已收存"


def _request_letter(request: bytes) -> bytes:
    boundary = "=-="
    return (
        (
            f"From: duban@school.example\r\nTo: {BOX}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
            'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="checkpoint.txt"'
            "\r\n\r\n"
        ).encode()
        + request
        + f"\r\n--{boundary}--\r\n".encode()
    )
