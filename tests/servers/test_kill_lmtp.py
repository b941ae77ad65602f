"""kill -9 while mail comes in through the LMTP door: what was answered 250 is there, once (P14)."""

from pathlib import Path
from random import Random
from smtplib import LMTP, SMTPException
from threading import Timer
from time import sleep

import pytest

from tests.faults.killing import PROCESSES
from tests.notifications.servers import HOST
from tests.servers.conftest import Fresh
from tests.servers.inbox_worker import Office, Taking, answers_first, serves, settled, work
from tests.servers.school import LOOK, School
from tests.servers.test_kill_inbox import LONGEST, TASKS, each_acted_on_once, office, stored

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("mailservers")]


def delivered_until_killed(
    made: Office, taking: Taking, queue: list[bytes], rng: Random
) -> list[bytes]:
    """As a mail server does: hand over what is queued, keep what is not answered 250.

    Gives what was answered; the process is killed at some moment on the way, or after it.
    """
    theirs, ours = PROCESSES.Pipe()
    process = PROCESSES.Process(target=work, args=(made, taking, theirs))
    process.start()
    ours.recv()
    killer = Timer(rng.uniform(0, LONGEST), process.kill)
    answered = list[bytes]()
    try:
        with at_the_door(made) as server:
            killer.start()
            for raw in queue:
                server.sendmail("nursing@school.example", ["duban@school.example"], raw)
                answered.append(raw)
    except (OSError, SMTPException):
        pass  # it died with this one in its hands
    killer.join()
    process.join()
    return answered


def at_the_door(made: Office) -> LMTP:
    """A connection, as soon as somebody listens."""
    while True:
        try:
            return LMTP(HOST, made.door)
        except OSError:
            sleep(LOOK)


def test_whenever_the_process_dies_what_the_door_answered_for_is_kept_and_acted_on_once(
    mail: School, tmp_path: Path, fresh: Fresh, full: bool
) -> None:
    kills = worlds = again = 0
    while kills < (500 if full else 10):
        worlds, rng = worlds + 1, Random(worlds)
        made, answers = office(tmp_path / str(worlds), fresh(), mail)
        answered = list[bytes]()
        while len(answered) < TASKS:
            queue = [raw for raw in answers if raw not in answered][:4]
            took = delivered_until_killed(made, serves, queue, rng)
            kills += 1
            answered += took
            there = len(stored(made))
            assert there >= len(answered)
            again += there > len(answered)  # stored, killed before the answer: it came again
        settled(made)
        each_acted_on_once(made)
    print({"kills": kills, "mails": worlds * TASKS, "stored without an answer": again})


def test_the_same_kills_see_a_door_that_answers_first_lose_mail(
    mail: School, tmp_path: Path, fresh: Fresh
) -> None:
    lost = 0
    for world in range(10):
        rng = Random(world)
        made, answers = office(tmp_path / f"broken{world}", fresh(), mail)
        answered = list[bytes]()
        while len(answered) < TASKS:
            queue = answers[len(answered) :]
            answered += delivered_until_killed(made, answers_first, queue, rng)
        lost += TASKS - len(stored(made))
        if lost:
            break
    assert lost > 0
