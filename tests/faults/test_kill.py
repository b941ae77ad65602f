"""kill -9 at any moment: nothing lost, nothing doubled but what SMTP cannot help (P2, P6, P7, P27).

The promise is not “exactly once”: a process that dies after the server took a letter and before
that is committed sends it again. Then it is the same letter, byte for byte, and counted here.
"""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from tests.faults.killing import Audit, audit, required, run, world
from tests.faults.worker import mark_before_send

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kill")]


SHORT = date(2026, 11, 25)
"""The control needs a morning of letters, not a month of them."""


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """What comes of the same weeks when nothing dies."""
    with world(tmp_path_factory.mktemp("kill") / "untouched") as made:
        assert run(made, Random(0), 0) == 0
        return audit(made)


def test_whenever_the_process_dies_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, untouched: Audit, full: bool
) -> None:
    kills = 500 if full else 100
    killed = letters = retried = doubled = worlds = 0
    while killed < kills:
        worlds += 1
        with world(tmp_path / f"world-{worlds}") as made:
            killed += run(made, Random(worlds), kills - killed)
            found, wanted = audit(made), required(made)
        assert found.tasks == wanted
        assert found.record == untouched.record
        assert found.letters == untouched.letters
        assert found.record_repeats == 0
        assert (found.lost, found.unfinished, found.ghosts, found.unexplained) == ((), (), (), ())
        letters += len(found.letters)
        retried += found.retried
        doubled += found.doubled
    assert retried > 0  # or the process never died with a letter in its hands
    assert doubled <= retried
    print({"kills": killed, "letters": letters, "retried": retried, "doubled": doubled})


def test_the_same_loop_sees_a_mailroom_that_marks_before_it_sends_lose_letters(
    tmp_path: Path, full: bool
) -> None:
    lost = killed = 0
    for number in range(100):
        if lost and killed >= (100 if full else 10):
            break
        with world(tmp_path / f"world-{number}", SHORT) as made:
            killed += run(made, Random(number), 10, mark_before_send, aimed=1)
            lost += len(audit(made, deliveries=False).lost)
    print({"kills": killed, "lost": lost})
    assert lost > 0
