"""kill -9 at any moment while mail comes in: none lost, none acted on twice (P14)."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from office.ledger import letter_bytes, list_letters
from responsibilities.tasks import FactKind
from storage import facts
from storage.engine import open_engine, reading
from storage.inbox import Message, MessageState, listed
from tests.faults.killing import lived
from tests.office.desk import Desk
from tests.servers.conftest import Fresh
from tests.servers.inbox_worker import Office, Taking, honest, marks_first, work
from tests.servers.school import DUBAN, School, free_ports
from tests.stories.correspondent import OURS

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("mailservers")]

TASKS = 20
"""An answer each: more of one task in a day would be taken for a loop."""
PLAN = "duties:\n" + "".join(
    f"  - {{id: d{n:02}, title: 检查{n:02}, responsible: 护理学院, every: 每周, due: 周五前,\n"
    "     review: 办公室, ladder: 常规, evidence: [{text: 情况}]}\n"
    for n in range(TASKS)
)
LONGEST = 0.8
"""Seconds of work after which the process is killed at the latest."""


def office(folder: Path, url: str, school: School) -> tuple[Office, list[bytes]]:
    """An office whose letter about all tasks has left; gives an answer about each of them."""
    folder.mkdir()
    made = Office(folder, school.account(), url, free_ports(1)[0])
    desk = Desk(open_engine(made.url, made.folder / "vault.key"), folder)
    desk.adopt(PLAN, "2026-09-13 09:00")
    desk.reconcile("2026-09-14 08:00")
    desk.post("2026-09-14 08:00")
    [letter] = list_letters(desk.db)
    token = letter_bytes(desk.db, letter.id).partition(b"duban+")[2][:32].decode()
    numbers = [task.id for task in desk.tasks()]
    desk.db.dispose()
    assert len(numbers) == TASKS
    return made, [answer(f"duban+{token}@school.example", number) for number in numbers]


def answer(to: str, number: int) -> bytes:
    return (
        f"Authentication-Results: {OURS}; dmarc=pass header.from=school.example\n"
        f"From: nursing@school.example\nTo: {to}\nSubject: re\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"督办〔2026〕{number}号\n已检查，发现隐患{number}处，均已整改。\n"
    ).encode()


def killed(made: Office, taking: Taking, rng: Random) -> bool:
    """Take in what there is, in a process that is killed somewhere on the way; whether it was."""
    return lived(work, (made, taking), rng.uniform(0, LONGEST)) is None


def stored(made: Office) -> tuple[Message, ...]:
    db = open_engine(made.url, made.folder / "vault.key")
    with reading(db) as connection:
        found = listed(connection, 10_000)
    db.dispose()
    return found


def effects(made: Office) -> Counter[str]:
    """How often each task was handed in for."""
    db = open_engine(made.url, made.folder / "vault.key")
    with reading(db) as connection:
        known = facts.since(connection, 0, 100_000)
    db.dispose()
    return Counter(fact.task or "" for fact in known if fact.kind is FactKind.SUBMITTED)


def each_acted_on_once(made: Office) -> None:
    found = stored(made)
    assert [one.verdict for one in found] == ["submitted"] * TASKS
    assert {one.state for one in found} == {MessageState.SETTLED}
    assert len(effects(made)) == TASKS
    assert set(effects(made).values()) == {1}


def test_whenever_the_process_dies_every_mail_is_kept_and_acted_on_once(
    mail: School, tmp_path: Path, fresh: Fresh, full: bool
) -> None:
    kills = mails = worlds = struck = 0
    while kills < (500 if full else 10):
        worlds, rng = worlds + 1, Random(worlds)
        mail.empty()
        made, answers = office(tmp_path / str(worlds), fresh(), mail)
        for first in range(0, TASKS, 4):
            mail.append(DUBAN, *answers[first : first + 4])
            for _ in range(4):
                before = len(stored(made))
                kills += killed(made, honest, rng)
                there = stored(made)
                assert len(mail.seen()) <= len(there)  # marked only after it was on the disk
                struck += before < len(there) < mails_in(mail)
        honest(made)
        each_acted_on_once(made)
        assert len(mail.seen()) == TASKS
        mails += TASKS
    print({"kills": kills, "mails": mails, "struck between mails": struck})


def mails_in(mail: School) -> int:
    return len(list((mail.folder / "mail" / "duban").glob("*/*,*")) + list(
        (mail.folder / "mail" / "duban" / "new").glob("*")
    ))  # fmt: skip


def test_the_same_kills_see_a_door_that_marks_first_lose_mail(
    mail: School, tmp_path: Path, fresh: Fresh
) -> None:
    lost = 0
    for world in range(10):  # one kill in some hits the moment between the mark and the disk
        rng = Random(world)
        mail.empty()
        made, answers = office(tmp_path / f"broken{world}", fresh(), mail)
        mail.append(DUBAN, *answers)
        while len(mail.seen()) < TASKS:
            killed(made, marks_first, rng)
        marks_first(made)
        lost += TASKS - len(stored(made))
        if lost:
            break
    assert lost > 0
