"""Killing a process with SIGKILL at any moment, and auditing what it left behind."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from time import monotonic

from office import adopt_plan
from office.workplace import clock_of, only_plan
from responsibilities.occurrences import occurrences
from responsibilities.tasks import FactKind
from storage import facts, outbox, tasks
from storage.engine import open_engine, reading
from storage.migrations import upgrade
from storage.outbox import LetterState
from tests.faults.sink import sink, taken
from tests.faults.worker import Mailroom, World, honest, live
from tests.stories.town import plan_told

START, UNTIL = date(2026, 11, 20), date(2026, 12, 31)
"""Six weeks of the worked plan, with the end of a month and of a year in them."""
EVENING = time(20)
LONGEST = 0.4
"""Seconds of work after which a process is killed at the latest."""
INSTANT = 0.02
"""Seconds in which a handful of letters leave."""
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.worker", "tests.servers.inbox_worker"])


@contextmanager
def world(
    folder: Path, until: date = UNTIL, maildir: Path | None = None, late: int = 0
) -> Iterator[World]:
    """The worked plan just in force, on a database on disk, with a sink that takes its letters
    (and the journal's copies, see `sink`)."""
    folder.mkdir()
    compiled = plan_told(None)
    assert compiled.plan is not None
    clock = clock_of(compiled.plan)
    made = World(folder, 0, clock.at(until, EVENING))
    made.set(clock.at(START, EVENING))
    db = open_engine(made.url)
    upgrade(db)
    adopt_plan.adopt(db, compiled, made.now(), "领导小组办公室")
    db.dispose()
    with sink(folder / "sink", maildir, late) as port:
        yield made._replace(port=port)


def run(
    made: World, rng: Random, kills: int, mailroom: Mailroom = honest, aimed: float = 0.5
) -> int:
    """Live until time ends, killed up to `kills` times on the way; how often it was killed.

    `aimed`: the share of the kills that strike while letters are leaving; the others at any time.
    """
    killed = 0
    while True:
        theirs, ours = PROCESSES.Pipe()
        process = PROCESSES.Process(target=live, args=(made, mailroom, theirs))
        process.start()
        ours.recv()
        if killed == kills:
            process.join()
        elif rng.random() < aimed:
            _await_letter(made, process)
            process.join(rng.uniform(0, INSTANT))
        else:
            process.join(rng.uniform(0, LONGEST))
        if process.exitcode is None:
            process.kill()
            process.join()
            killed += 1
        elif process.exitcode == 0:
            return killed
        else:
            raise AssertionError(f"the worker died by itself: {process.exitcode}")


def lived(
    target: Callable[..., object], args: tuple[object, ...], seconds: float | None = None
) -> float | None:
    """How long `target(*args, ready)` took after its `ready`, in seconds; None: it was killed.

    That happens when `seconds` are over, if they are given.
    """
    theirs, ours = PROCESSES.Pipe()
    process = PROCESSES.Process(target=target, args=(*args, theirs))
    process.start()
    ours.recv()
    began = monotonic()
    process.join(seconds)
    took = monotonic() - began
    alive = process.exitcode is None
    if alive:
        process.kill()
    process.join()
    assert alive or process.exitcode == 0
    return None if alive else took


def _await_letter(made: World, process: BaseProcess) -> None:
    """Until the sink has taken one more letter, or the process has come to its end."""
    path = made.folder / "sink"
    size = path.stat().st_size
    while path.stat().st_size == size and process.exitcode is None:
        process.join(INSTANT / 10)


@dataclass(frozen=True, slots=True)
class Audit:
    """What stands in the database and in the sink when all is over."""

    tasks: frozenset[str]
    record: frozenset[tuple[str, ...]]
    """Every fact but the deliveries: task, key, kind, at, by, body."""
    letters: frozenset[str]
    lost: tuple[str, ...]
    """Letters that the outbox calls accepted and the sink never saw."""
    unfinished: tuple[str, ...]
    """Letters that are neither accepted nor refused."""
    ghosts: tuple[str, ...]
    """Letters in the sink that no outbox knows."""
    retried: int
    """Letters that took more than one attempt: the process died while it held them."""
    recovered: int
    """Letters that were found in the journal, and not sent again."""
    doubled: int
    """Copies beyond the first."""
    unexplained: tuple[str, ...]
    """Copies that differ, or of a letter with fewer attempts than copies."""
    record_repeats: int
    """Facts that stand there twice, whatever their key."""


def audit(made: World, *, deliveries: bool = True) -> Audit:
    """What stands in the database and in the sink, counted."""
    copies: defaultdict[str, list[bytes]] = defaultdict(list)
    for one in taken(made.folder / "sink"):
        copies[one.message_id].append(one.content)
    return compare(made.url, copies, deliveries=deliveries)


def compare(url: str, copies: Mapping[str, list[bytes]], *, deliveries: bool = True) -> Audit:
    """Everything that must hold, counted. `copies`: what arrived, by Message-ID, as it was sent.

    `deliveries`: each accepted letter has its fact.
    """
    db = open_engine(url)
    with reading(db) as connection:
        known = facts.since(connection, 0, 1_000_000)
        there = [task.key for task in tasks.every(connection)]
        rows = outbox.listed(connection, limit=1_000_000)
        bodies = {row.message_id: outbox.body_of(connection, row.id) for row in rows}
    db.dispose()
    said = [
        (f.task or "", f.key, f.kind.value, str(f.at), f.by, repr(f.body))
        for f in known if f.kind is not FactKind.DELIVERED
    ]  # fmt: skip
    delivered = [f.body["letter"] for f in known if f.kind is FactKind.DELIVERED]
    accepted = {row.message_id for row in rows if row.state is LetterState.ACCEPTED}
    attempts = {row.message_id: row.attempts for row in rows}
    assert not deliveries or sorted(delivered) == sorted(accepted)  # a state and its fact
    return Audit(
        tasks=frozenset(there),
        record=frozenset(said),
        letters=frozenset(attempts),
        lost=tuple(id_ for id_ in accepted if id_ not in copies),
        unfinished=tuple(
            row.message_id for row in rows
            if row.state not in (LetterState.ACCEPTED, LetterState.REFUSED)
        ),
        ghosts=tuple(id_ for id_ in copies if id_ not in attempts),
        retried=sum(1 for number in attempts.values() if number > 1),
        recovered=sum(1 for row in rows if row.outcome == "found in the journal"),
        doubled=sum(len(bytes_) - 1 for bytes_ in copies.values()),
        unexplained=tuple(
            id_ for id_, bytes_ in copies.items()
            if attempts.get(id_, 0) < len(bytes_) or any(b != bodies.get(id_) for b in bytes_)
        ),
        record_repeats=len(said) - len(set(said)) + len(there) - len(set(there)),
    )  # fmt: skip


def required(made: World) -> frozenset[str]:
    """The keys of all tasks that the plan asks for: what `occurrences` says, and nothing else."""
    db = open_engine(made.url)
    with reading(db) as connection:
        place = only_plan(connection)
    db.dispose()
    start, force = place.clock.at(START, EVENING), place.clock.at(place.plan.in_force, time(0))
    return frozenset(
        one.key
        for duty in place.plan.duties
        if duty.rhythm is not None or (duty.when is not None and duty.event is None)
        for one in occurrences(place.plan, duty, place.clock, force, made.until)
        if one.due_at > start
    )
