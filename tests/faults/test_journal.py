"""kill -9 with a journal: a letter that left is found there and never sent again (P7)."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import pytest

from office.settings import Journal
from tests.dovecot import PASSWORD, USER, Imap, dovecot
from tests.faults.killing import audit, run, world
from tests.faults.sink import JOURNAL, taken
from tests.faults.worker import journalled

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kill")]

SHORT = date(2026, 11, 25)


@pytest.fixture
def imap() -> Iterator[Imap]:
    """The journal's mailbox."""
    with dovecot() as served:
        yield served


def killed_while_sending(
    folder: Path, imap: Imap, kills: int, late: int = 0
) -> tuple[int, list[str], int]:
    """How often it was killed; the Message-IDs that the sink took again; how often one that it
    had taken was found in the journal. Nothing may be lost, and no copy differ."""
    mailbox = Journal(
        host="127.0.0.1", port=imap.port, tls="none", login=USER, password=PASSWORD,
        address=JOURNAL,
    )  # fmt: skip
    killed, doubled, recovered = 0, list[str](), 0
    for number in range(100):
        if killed >= kills:
            break
        imap.clear()  # the next world has the same letters
        with world(folder / f"world-{number}", SHORT, imap.maildir, late) as made:
            mailroom = partial(journalled, mailbox)
            killed += run(made, Random(number), kills - killed, mailroom, aimed=1)
            found = audit(made)
            copies = Counter(one.message_id for one in taken(made.folder / "sink"))
        assert (found.lost, found.unfinished, found.ghosts, found.unexplained) == ((), (), (), ())
        doubled += [id_ for id_, count in copies.items() if count > 1]
        recovered += found.recovered
    print({"kills": killed, "doubled": len(doubled), "recovered": recovered})
    return killed, doubled, recovered


def test_with_a_healthy_journal_no_letter_is_ever_sent_twice(
    tmp_path: Path, imap: Imap, full: bool
) -> None:
    kills = 500 if full else 20
    killed, doubled, recovered = killed_while_sending(tmp_path, imap, kills)
    assert killed == kills
    assert doubled == []
    assert recovered > 0, "or no process died with a letter in its hands"


def test_a_copy_that_comes_too_late_explains_every_letter_that_was_sent_twice(
    tmp_path: Path, imap: Imap, full: bool
) -> None:
    """Each second copy comes three letters late, which here is longer than the grace."""
    killed, doubled, _ = killed_while_sending(tmp_path, imap, 200 if full else 20, late=2)
    assert killed > 0
    late = _late(tmp_path)
    assert set(doubled) <= late
    assert doubled, "or the control has shown nothing"


def _late(folder: Path) -> set[str]:
    """The letters whose first copy the relay kept back."""
    found: set[str] = set()
    for path in folder.glob("world-*/sink"):
        ids = [one.message_id for one in taken(path)]
        found |= {id_ for place, id_ in enumerate(ids, 1) if place % 2 == 0}
    return found


def test_the_journal_is_asked_in_a_thread_of_its_own(imap: Imap) -> None:
    from office.carriers import copies

    journal = copies(Journal("127.0.0.1", imap.port, "none", USER, PASSWORD))
    assert journal is not None
    imap.put("1.x", b"Message-ID: <a@b.example>\r\n\r\nthere\r\n")
    assert asyncio.run(journal.holds("<a@b.example>"))
    assert not asyncio.run(journal.holds("<c@b.example>"))
