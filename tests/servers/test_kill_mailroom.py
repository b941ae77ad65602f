"""kill -9 at any moment while letters leave through Postfix: none lost, copies explained (P6, P7).

A letter is where Dovecot shows it. What Postfix took from a process that died, it delivers; so a
letter may stand twice in a mailbox, byte for byte the same, where no journal is kept.
"""

import os
import shutil
from collections import Counter, defaultdict
from datetime import timedelta
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from random import Random

import pytest

from office.settings import Journal
from storage import outbox
from storage.engine import open_engine, reading
from tests.faults.killing import Audit, compare, lived
from tests.faults.sink import JOURNAL
from tests.faults.worker import Mailroom, honest, journalled, mark_before_send
from tests.notifications.servers import HOST
from tests.office.desk import SCHOOL, Desk, at
from tests.servers.correspondents import relay
from tests.servers.mailroom_worker import Office, work
from tests.servers.school import DOMAIN, PASSWORD, School

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("mailservers")]

NUMBERS = [f"{number:02}" for number in range(48)]
MANY = SCHOOL.replace(
    "groups:\n",
    "".join(
        f"  - {{id: u{n}, name: 学院{n}, contact: u{n}@{DOMAIN}, leader: 分管校领导}}\n"
        for n in NUMBERS
    ) + "groups:\n",
).replace("[护理学院, 药学院]", f"[{', '.join(f'学院{n}' for n in NUMBERS)}]")  # fmt: skip
UNITS = len(NUMBERS)
"""As many letters on the Monday."""
PLAN = """
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{text: 情况}]}
"""
BEGINS = "2026-09-14 08:00"
A_LEASE = timedelta(minutes=6)
"""From one process to the next: what a dead one held is free again."""
ADDED = {"return-path", "delivered-to", "received", "authentication-results"}
"""What Postfix and Dovecot write above a letter."""


def office(folder: Path, template: Path, school: School) -> Office:
    """An office on a Monday, with a letter to make for every unit."""
    folder.mkdir()
    shutil.copy(template, folder / "duban.sqlite")
    made = Office(folder, relay(school), school.trust)
    desk = Desk(open_engine(made.url, made.folder / "vault.key"), folder)
    desk.adopt(PLAN, "2026-09-13 09:00", MANY)
    desk.reconcile(BEGINS)
    assert len(desk.waiting()) == UNITS
    desk.db.dispose()
    return made


def killed_while_sending(
    made: Office, school: School, mailroom: Mailroom, rng: Random, longest: float
) -> int:
    """Send until nothing is left to send, killed on the way; how often it was."""
    now, kills = at(BEGINS), 0
    while to_send(made):
        kills += lived(work, (made, mailroom, now), rng.uniform(0, longest)) is None
        school.drain()  # within the journal's grace, as minutes pass between two processes
        now += A_LEASE
    return kills


def to_send(made: Office) -> bool:
    """Whether a letter is still to be made, or to leave."""
    db = open_engine(made.url, made.folder / "vault.key")
    with reading(db) as connection:
        rows = outbox.listed(connection, limit=1000)
        waiting = outbox.next_to_send(connection)
    db.dispose()
    return len(rows) < UNITS or waiting is not None


def arrived(school: School) -> dict[str, list[bytes]]:
    """The letters in the mailboxes of those they are for, as they were sent, by Message-ID."""
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    for path in (school.folder / "mail").glob("u*/*/*"):
        if path.parent.name not in ("new", "cur"):
            continue
        sent = as_sent(path.read_bytes())
        head = BytesHeaderParser().parsebytes(sent)
        assert parseaddr(head["To"])[1] == f"{path.parts[-3]}@{DOMAIN}"
        found[head["Message-ID"]].append(sent)
    return found


def as_sent(kept: bytes) -> bytes:
    """A letter without what the servers wrote above it, its lines ended as on the wire."""
    lines = kept.replace(b"\r\n", b"\n").split(b"\n")
    first = next(
        number for number, line in enumerate(lines)
        if line[:1] not in (b" ", b"\t") and line.partition(b":")[0].decode().lower() not in ADDED
    )  # fmt: skip
    return b"\r\n".join(lines[first:])


@pytest.fixture
def kills(full: bool) -> int:
    """How often the processes die at the least; DUBAN_TEST_KILLS says another number."""
    return int(os.environ.get("DUBAN_TEST_KILLS", 500 if full else 10))


@pytest.fixture
def longest(mail: School, tmp_path: Path, sqlite_template: Path) -> float:
    """Seconds that all the letters take here today when nothing dies."""
    made = office(tmp_path / "untouched", sqlite_template, mail)
    took = lived(work, (made, honest, at(BEGINS)))
    assert took is not None
    mail.drain()
    found = whole(made, mail)
    assert found.doubled == found.retried == 0
    return took


def whole(made: Office, school: School) -> Audit:
    """What came of it: every unit has its letter, and every copy has an attempt for it."""
    copies = arrived(school)
    found = compare(made.url, copies)
    assert copies.keys() == found.letters
    assert len(copies) == UNITS
    assert (found.lost, found.unfinished, found.unexplained) == ((), (), ())
    return found


@pytest.mark.parametrize("with_journal", [False, True])
def test_whenever_the_process_dies_every_letter_is_in_its_mailbox(
    mail: School, tmp_path: Path, sqlite_template: Path, longest: float, kills: int,
    with_journal: bool,
) -> None:  # fmt: skip
    """Without a journal some stand there twice, each with an attempt for it; with one, none."""
    journal = Journal(HOST, mail.imap, "none", JOURNAL, PASSWORD, address=JOURNAL)
    mailroom = partial(journalled, journal) if with_journal else honest
    telling = "recovered" if with_journal else "doubled"
    came: Counter[str] = Counter()
    while came["kills"] < kills or not came[telling]:  # one kill at least came just after the 250
        came["worlds"] += 1
        mail.empty()
        made = office(tmp_path / str(came["worlds"]), sqlite_template, mail)
        rng = Random(came["worlds"])
        came["kills"] += killed_while_sending(made, mail, mailroom, rng, longest)
        found = whole(made, mail)
        assert found.doubled == 0 or not with_journal
        came.update(letters=UNITS, retried=found.retried, doubled=found.doubled,
                    recovered=found.recovered)  # fmt: skip
    print({"journal": with_journal, **came})


def test_the_same_kills_see_a_mailroom_that_marks_before_it_sends_lose_letters(
    mail: School, tmp_path: Path, sqlite_template: Path, longest: float
) -> None:
    worlds = lost = 0
    while not lost:
        worlds += 1
        mail.empty()
        made = office(tmp_path / str(worlds), sqlite_template, mail)
        killed_while_sending(made, mail, mark_before_send, Random(worlds), longest)
        lost += len(compare(made.url, arrived(mail), deliveries=False).lost)
