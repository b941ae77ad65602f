"""P30, P32: no change to what a held checkpoint covers passes; every honest pack does.

Half of the forgers have only the pack, half have the signing key as well: then nothing but the
letters on file contradicts them.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import bagit
import pytest

from duban.specimen_files import file_of
from inspections.checkpoint import Signed
from inspections.verify import verify
from office.handed_in import File
from office.pack import Scope, make_pack
from office.receive import submit
from office.seal import seal
from tests.office.desk import CHINA, WEEKLY, Desk, at
from tests.office.forging import (
    FACTS,
    KINDS,
    Files,
    head_of,
    mail_with,
    put_together,
    rewritten,
    taken_apart,
    with_record,
)
from tests.office.test_pack import KEY, MONDAY, packed

__all__ = ["packed"]
Packed = tuple[Desk, Path]


@pytest.fixture
def apart(packed: Packed) -> tuple[Files, list[bytes]]:
    """An honest pack by its files, and the facts of its record."""
    files = taken_apart(packed[1])
    return files, files[FACTS].splitlines()


def said(path: Path, *mails: Path) -> list[str]:
    """Everything that the verifier holds against a pack."""
    found = verify(str(path), str(KEY.verifier), tuple(map(str, mails)))
    return [one.words[0] for one in found if not one.good]


def test_what_is_put_together_again_unchanged_passes(
    apart: tuple[Files, list[bytes]], tmp_path: Path
) -> None:
    """(So what the next test finds is the forgery, not the forger's zip.)"""
    files, records = apart
    mail = mail_with(head_of(records[:5], KEY), tmp_path / "kept.eml", Random(1))
    again = with_record(files, records, KEY)
    assert said(put_together(again, tmp_path / "again.zip"), mail) == []


def test_every_tampering_below_a_held_checkpoint_is_caught(
    apart: tuple[Files, list[bytes]], tmp_path: Path, full: bool
) -> None:
    """The count is shared by the two kinds of database: 10,000 in all under --full."""
    files, records = apart
    random = Random(30)
    for number in range(5_000 if full else 40):
        held = random.randrange(2, len(records) + 1)
        mail = mail_with(head_of(records[:held], KEY), tmp_path / "kept.eml", random)
        kind, thief = KINDS[number % 5], number // 5 % 2 == 1
        other = rewritten(records, kind, held, random)
        forged = with_record(files, other, KEY if thief else None)
        found = said(put_together(forged, tmp_path / "forged.zip"), mail)
        expected = str(mail) if thief else "与检查点"
        assert any(expected in words for words in found), (kind, held, thief, found)


def test_what_no_letter_carries_yet_is_not_protected_from_the_thief_of_the_key(
    apart: tuple[Files, list[bytes]], tmp_path: Path
) -> None:
    """The limit that the documents state; and the control of the test above."""
    files, records = apart
    mail = mail_with(head_of(records[:5], KEY), tmp_path / "kept.eml", Random(2))
    tail = rewritten(records[5:], "reorder", len(records) - 5, Random(3))
    forged = with_record(files, records[:5] + tail, KEY)
    assert not any(str(mail) in words for words in said(put_together(forged, tmp_path / "f"), mail))


def lived(desk: Desk, rounds: int, random: Random) -> Iterator[tuple[Scope, Signed]]:
    """An office at work: every tenth round a day passes; a scope drawn anew each round."""
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    day = at("2026-11-23 08:30")
    for number in range(rounds):
        if number % 10 == 0 and number < 600:
            day += timedelta(days=1)
            wall = day.astimezone(CHINA)
            desk.reconcile(f"{wall:%Y-%m-%d %H:%M}")
            key = f"fire/{wall:%G-W%V}/check/{random.choice(['nursing', 'pharmacy'])}"
            if wall.isoweekday() < 6:
                submit(
                    desk.db, desk.blobs, key, by="报送人", now=day,
                    files=[File(f"记录{number}.pdf", file_of("pdf", f"{number}"))],
                )  # fmt: skip
        unit = random.choice([None, None, "nursing", "pharmacy"])
        until = random.choice([None, date(2026, 12, 31)])
        yield Scope(unit=unit, until=until), seal(desk.db, KEY, day)


@pytest.mark.parametrize("part", range(5))
def test_every_honest_pack_passes(desk: Desk, tmp_path: Path, full: bool, part: int) -> None:
    """Whatever its scope and whichever letters are held against it: 10,000 in all under --full."""
    random = Random(part)
    target = tmp_path / "pack.zip"
    letters = list[Path]()
    for number, (scope, head) in enumerate(lived(desk, 1_000 if full else 10, random)):
        make_pack(desk.db, desk.blobs, scope, target)
        if number % 10 == 0:
            letters.append(mail_with(head, tmp_path / f"{number}.eml", random))
        held = random.sample(letters, min(len(letters), 3))
        assert said(target, *held) == [], (number, scope)


def test_a_pack_is_made_again_to_the_byte_and_bagit_python_validates_it(
    packed: Packed, tmp_path: Path, full: bool
) -> None:
    """P32: 100 rebuilds under --full (of each kind of database)."""
    desk, path = packed
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    bagit.Bag(str(tmp_path / "out" / "pack")).validate()
    again = tmp_path / "again" / "pack.zip"
    again.parent.mkdir()
    for number in range(100 if full else 3):
        seal(desk.db, KEY, MONDAY + timedelta(hours=number))
        make_pack(desk.db, desk.blobs, Scope(until=date(2026, 11, 27)), again)
        assert again.read_bytes() == path.read_bytes()
