"""What may be worth a look: found with every innocent neighbour left alone."""

from datetime import UTC, datetime, timedelta
from random import Random

from inspections.signals import Piece, SignalKind, bursts, same_files, same_texts

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def piece(task: int, digest: str = "", text: str | None = None, **more: object) -> Piece:
    at = more.get("at", MONDAY + timedelta(hours=task))
    opened = more.get("opened", MONDAY - timedelta(days=10))
    assert isinstance(at, datetime)
    assert isinstance(opened, datetime)
    unit = str(more.get("unit", f"u{task % 3}"))
    return Piece(task, unit, digest or f"{task:064}", f"{task}.jpg", at, opened, text)


def test_the_same_bytes_for_two_tasks_are_told_and_twice_for_one_are_not() -> None:
    again, twice = [piece(1, "a"), piece(2, "a")], [piece(3, "b"), piece(3, "b")]
    (found,) = same_files([*again, *twice, piece(4, "c")])
    assert (found.tasks, found.units, found.what) == ((1, 2), ("u1", "u2"), "1.jpg")


def test_short_texts_are_alike_by_chance() -> None:
    said = "本周组织全体学生开展反诈主题班会，签到齐全。"
    texts = [
        piece(1, text=said),
        piece(2, text=f" {said[:-1]}\n"),
        piece(3, text=f"{said}另附照片"),
    ]
    usual = [piece(n, text="本周无异常情况。") for n in range(10, 20)]
    (found,) = same_texts([*texts, *usual])
    assert found.tasks == (1, 2)


def test_a_burst_is_many_old_tasks_at_once_not_many_new_ones() -> None:
    friday = MONDAY + timedelta(days=4)
    old = [piece(n, unit="late", at=friday, opened=MONDAY - timedelta(days=30)) for n in range(6)]
    new = [piece(n, unit="busy", at=friday, opened=MONDAY) for n in range(20, 40)]
    slow = [
        piece(
            n, unit="slow", at=friday - timedelta(days=n - 50), opened=MONDAY - timedelta(days=40)
        )
        for n in range(50, 60)
    ]
    (found,) = bursts([*old, *new, *slow], friday + timedelta(days=1))
    assert (found.kind, found.what, found.tasks) == (SignalKind.BURST, "late", tuple(range(6)))


def test_precision_over_a_built_set() -> None:
    """300 files used twice among 3,000 innocent ones: near duplicates differ by one byte."""
    drawn = Random(7)
    guilty = [(n, drawn.randrange(2**200)) for n in range(300)]
    pieces = [piece(n, f"{d:x}") for n, d in guilty]
    pieces += [piece(1000 + n, f"{d:x}") for n, d in guilty]
    pieces += [piece(2000 + n, f"{d + 1:x}") for n, d in guilty]  # one byte apart: another hash
    pieces += [piece(n, f"{drawn.randrange(2**200):x}") for n in range(5000, 7700)]
    drawn.shuffle(pieces)
    found = {signal.tasks for signal in same_files(pieces)}
    assert found == {(n, 1000 + n) for n, _ in guilty}
