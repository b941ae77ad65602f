"""A clock that jumps: nothing is opened, chased or sent until it is right or released (P5)."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from flows.installation import Installation
from notifications.maildir import read
from office import clockguard
from office.clockguard import FAR, Reading, jump, release, trusted
from office.ledger import list_facts, list_letters
from responsibilities.tasks import FactKind
from storage.engine import writing
from storage.instants import text
from tests.flows.conftest import WEEK_LATER, told

ZERO = timedelta(0)


class Machine:
    """A machine whose clock can be set; its ticks cannot."""

    def __init__(self, at: datetime) -> None:
        self.at, self.seconds, self.boot = at, 1000.0, "first"

    def passes(self, time: timedelta) -> None:
        self.at += time
        self.seconds += time.total_seconds()

    def reboots(self, off: timedelta) -> None:
        self.at += off
        self.seconds, self.boot = 5.0, self.boot + "+"

    def ticks(self) -> tuple[float, str]:
        return self.seconds, self.boot

    def reading(self) -> Reading:
        return Reading(self.at, *self.ticks())


@pytest.fixture
def machine(office: Installation) -> Machine:
    """The machine that `office` runs on."""
    made = Machine(WEEK_LATER)
    office.clock, office.ticks = lambda: made.at, made.ticks
    return made


def state(office: Installation) -> tuple[list[str], list[str]]:
    """The record without what is said of the clock itself, and the letters but alarms."""
    known = [f.key for f in list_facts(office.db)]
    about = ("/alarm/", "/released/", "/delivered/<alarm.", "record/key/")
    letters = [one.message_id for one in list_letters(office.db) if one.kind != "alarm"]
    return [key for key in known if not any(word in key for word in about)], letters


def run(office: Installation, machine: Machine) -> None:
    office.reconcile(machine.at)
    asyncio.run(office.post())


def alarms(office: Installation) -> int:
    return sum(
        mail.subject.startswith("【系统警示】") for mail in read(office.settings.mail.maildir)
    )


@told
def test_whatever_way_it_jumps_there_is_one_alarm_and_nothing_else(
    office: Installation, machine: Machine, full: bool
) -> None:
    run(office, machine)
    before = state(office)
    rng = Random(5)
    for number in range(200 if full else 20):
        hours = rng.choice([-1, 1]) * rng.uniform(36.1, 365 * 24)
        machine.at += timedelta(hours=hours)
        for _ in range(3):
            run(office, machine)
            machine.passes(timedelta(minutes=1))
        assert state(office) == before, hours
        assert alarms(office) == number + 1
        machine.at -= timedelta(hours=hours)
        run(office, machine)  # put right, it goes on by itself and repeats nothing
        assert not clockguard.frozen(office.db)
        assert state(office) == before


@told
def test_after_the_clock_is_right_again_the_plan_goes_on(
    office: Installation, machine: Machine
) -> None:
    run(office, machine)
    machine.at += timedelta(days=300)
    run(office, machine)
    machine.at -= timedelta(days=300)
    machine.passes(timedelta(days=1))
    before = state(office)
    run(office, machine)
    assert not clockguard.frozen(office.db)
    machine.passes(timedelta(days=4))
    run(office, machine)
    assert state(office) != before, "the week's end brings its reminders"


@told
def test_a_clock_that_is_right_after_all_is_released(
    office: Installation, machine: Machine
) -> None:
    run(office, machine)
    before = state(office)
    machine.at += timedelta(days=10)
    run(office, machine)
    assert state(office) == before
    with writing(office.db) as connection:
        assert release(connection, "办公室", machine.reading())
        assert not release(connection, "办公室", machine.reading())
    run(office, machine)
    assert state(office) != before
    assert [f.by for f in list_facts(office.db) if f.kind is FactKind.RELEASED] == ["办公室"]


@told
def test_a_machine_that_was_off_for_the_holidays_is_believed(
    office: Installation, machine: Machine
) -> None:
    run(office, machine)
    machine.reboots(timedelta(days=12))
    before = state(office)
    run(office, machine)
    assert not clockguard.frozen(office.db)
    assert state(office) != before


@pytest.mark.parametrize(
    ("passed", "ticked", "far"),
    [(timedelta(days=9), timedelta(days=9), False), (FAR, ZERO, False), (-FAR, ZERO, False),
     (FAR + timedelta(seconds=1), ZERO, True), (-FAR, timedelta(seconds=1), True),
     (timedelta(days=2), timedelta(hours=13), False)],
)  # fmt: skip
def test_a_jump_is_what_the_machine_s_own_time_does_not_account_for(
    passed: timedelta, ticked: timedelta, far: bool
) -> None:
    start = Reading(datetime(2026, 11, 30, tzinfo=UTC), 100.0, "a")
    then = Reading(start.at + passed, start.ticks + ticked.total_seconds(), "a")
    assert bool(jump(start, then)) is far


def test_across_a_restart_only_what_is_longer_than_any_outage_counts() -> None:
    start = Reading(datetime(2026, 11, 30, tzinfo=UTC), 100.0, "a")
    for days, far in ((29, False), (31, True), (-1, False), (-2, True), (-300, True)):
        then = Reading(start.at + timedelta(days=days), 3.0, "b")
        assert bool(jump(start, then)) is far, days


@told
def test_within_five_minutes_a_look_at_the_clock_writes_nothing(
    office: Installation, machine: Machine
) -> None:
    assert trusted(office.db, machine.reading())
    machine.passes(timedelta(minutes=4))
    assert trusted(office.db, machine.reading())
    with office.db.connect() as connection:
        at = connection.exec_driver_sql("SELECT at FROM holds WHERE name = 'clock/reading'")
        assert at.scalar() == text(WEEK_LATER)
