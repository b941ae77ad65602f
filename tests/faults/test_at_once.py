"""Two processes that do the same round at the same instant (P2, P27)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.faults.killing import PROCESSES, START, audit, required, world
from tests.faults.sink import taken
from tests.faults.worker import World, keep_step

pytestmark = pytest.mark.fault


def test_two_processes_at_the_same_instant_do_everything_once(tmp_path: Path, full: bool) -> None:
    until = date(2026, 12, 31) if full else date(2026, 12, 4)
    with world(tmp_path / "alone", until) as alone:
        _keep_step(alone, 1, until)
        wanted = audit(alone)
    with world(tmp_path / "together", until) as together:
        _keep_step(together, 2, until)
        found = audit(together)
        assert found.tasks == required(together)
        letters = [one.message_id for one in taken(together.folder / "sink")]

    assert found.tasks == wanted.tasks
    assert found.record == wanted.record
    assert found.letters == wanted.letters
    assert (found.lost, found.unfinished, found.ghosts) == ((), (), ())
    assert (found.doubled, found.retried, found.record_repeats) == (0, 0, 0)
    assert len(letters) == len(found.letters)
    print({"tasks": len(found.tasks), "facts": len(found.record), "letters": len(letters)})


def _keep_step(made: World, processes: int, until: date) -> None:
    """So many processes, each running every round at the very moment the others do."""
    barrier = PROCESSES.Barrier(processes)
    instants = [
        made.now() + timedelta(hours=hours) for hours in range(12, 24 * (until - START).days, 4)
    ]
    running = [
        PROCESSES.Process(target=keep_step, args=(made, instants, barrier))
        for _ in range(processes)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * processes
