"""P33: a database restored from an old backup cannot go on as if nothing had been lost."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from inspections.checkpoint import Checkpoint, Signed
from inspections.notes import Signer
from inspections.tree import root
from office.seal import Forked, after, check_record, next_epoch, seal
from responsibilities.tasks import SYSTEM, Fact, FactKind
from storage import facts
from storage.engine import open_engine, reading, writing
from storage.migrations import upgrade
from storage.tree import subtrees
from tests.office.desk import Desk, at

KEY = Signer("school.example/duban", bytes(range(32)))
BEGAN, LATER = at("2026-11-23 08:00"), at("2026-11-26 08:00")


def opened(path: Path, folder: Path) -> Desk:
    """An office on the database in `path`."""
    return Desk(open_engine(f"sqlite:///{path}"), folder)


def noted(numbers: range, word: str, now: datetime) -> list[Fact]:
    """So many facts."""
    return [
        Fact(None, f"fire/note/{word}/{n}", FactKind.OUTAGE, now, SYSTEM, {"n": n}) for n in numbers
    ]


def lived(desk: Desk, hours: range, random: Random, word: str) -> Signed:
    """Some facts an hour, signed at times; the head at the end."""
    for hour in hours:
        now = BEGAN + timedelta(hours=hour)
        with writing(desk.db) as connection:
            few = range(random.randrange(1, 4))
            facts.append(connection, noted(few, f"{word}/{hour}", now))
        if random.random() < 0.5:
            seal(desk.db, KEY, now)
    return seal(desk.db, KEY, BEGAN + timedelta(hours=hours.stop))


def restored(folder: Path, random: Random) -> tuple[Desk, Checkpoint]:
    """An office on a backup from a random point, worked on for a while; and the head it lost."""
    folder.mkdir()
    live, backup = folder / "live.sqlite", folder / "backup.sqlite"
    desk = opened(live, folder)
    upgrade(desk.db)
    hours = random.randrange(1, 12)
    lived(desk, range(random.randrange(1, 20)), random, "before")
    desk.db.dispose()
    shutil.copy(live, backup)
    desk = opened(live, folder)
    lost = lived(desk, range(20, 20 + hours), random, "lost").checkpoint
    desk.db.dispose()
    again = opened(backup, folder)
    with writing(again.db) as connection:
        facts.append(connection, noted(range(random.randrange(0, 2 * hours)), "after", LATER))
    return again, lost


def test_no_restored_backup_forks_the_record_silently(tmp_path: Path, full: bool) -> None:
    """Nothing is signed under the old name, whether the new history is shorter, longer or as long
    as the lost one. The next epoch names the head that was lost; and a letter sent before the loss
    contradicts whoever has thrown the copy outside the database away."""
    random = Random(33)
    for number in range(100 if full else 6):
        again, lost = restored(tmp_path / str(number), random)
        with pytest.raises(Forked):
            seal(again.db, KEY, LATER, lost)
        second = Signer(after(KEY.name), KEY.secret)
        signed = next_epoch(again.db, second, lost, LATER, "管理员", "磁盘损坏").checkpoint
        assert signed.origin != lost.origin
        assert again.record()[-1][2]["lost"] == lost.text()
        assert check_record(again.db, signed).wrong == ()
        with reading(again.db) as connection:
            assert signed.size < lost.size or root(lost.size, subtrees(connection)) != lost.root
        again.db.dispose()
