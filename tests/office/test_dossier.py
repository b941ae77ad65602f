"""倒查卷宗: what had been required, told, handed in and decided as of a day, and nothing later."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest

from inspections.notes import Signer
from inspections.verify import Pack, verify
from office.dossier import About, make_dossier
from office.owed import check_owed
from office.review import accept
from office.seal import seal
from responsibilities.words import Refused
from tests.office.desk import Desk, at
from tests.office.forging import Files, taken_apart
from tests.office.test_reading_room import FIRES, NOW, burnt, school

__all__ = ["school"]
KEY = Signer("school.example/duban", bytes(range(32)))


def dossier(desk: Desk, about: About, now: datetime = NOW) -> tuple[Path, Files]:
    """Made, verified by both checks, taken apart."""
    path = desk.folder / "dossier.zip"
    make_dossier(desk.db, desk.blobs, about, path, now)
    found = [*verify(str(path), str(KEY.verifier)), *check_owed(Pack(str(path)))]
    assert [one.words[0] for one in found if not one.good] == []
    return path, taken_apart(path)


def rows(files: Files, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


@pytest.fixture
def sealed(school: Desk) -> Desk:
    """`school`, signed on Friday night and again after a hand-in of the next week."""
    seal(school.db, KEY, at("2026-11-27 20:00"))
    school.reconcile("2026-11-30 08:30")
    seal(school.db, KEY, at("2026-11-30 09:00"))
    return school


def test_on_wednesday_there_was_one_submission_and_it_had_been_returned(sealed: Desk) -> None:
    _, files = dossier(sealed, About(unit="nursing", day=date(2026, 11, 25)))
    page = files["data/index.html"].decode()
    assert "倒查卷宗" in page
    assert "检查记录" in page
    assert "缺签字" in page
    assert "第1次" in page
    assert "第2次" not in page
    assert "办结" not in page.replace("未办结", "")
    assert [row["standing"] for row in rows(files, "data/tasks.csv")] == ["临期"]  # due on Friday
    assert len([name for name in files if name.startswith("data/evidence/")]) == 1
    assert {row["task"] for row in rows(files, "data/letters.csv")} == {
        "fire/2026-W48/check/nursing"
    }


def test_no_file_of_the_dossier_holds_anything_of_a_later_day(sealed: Desk) -> None:
    """Every instant in it, on the record too, is of the day or before."""
    _, early = dossier(sealed, About(unit="nursing", day=date(2026, 11, 25)))
    for name, data in early.items():
        if name.startswith("data/") and name.endswith((".jsonl", ".csv", ".html")):
            text = data.decode()
            for due in ("2026-11-30 17:00", "2026-11-30T09:00:00Z", "2026-11-30T17:00:00+08:00"):
                text = text.replace(due, "")  # the new due day of what was returned
            for later in ("2026-11-26", "2026-11-28", "2026-11-30", "2026-12"):
                assert later not in text, (name, later)
    instants = [json.loads(line)["at"] for line in early["data/log/facts.jsonl"].splitlines()]
    assert max(instants) == "2026-11-25T12:00:00Z"  # the key, announced by the head itself
    _, late = dossier(sealed, About(unit="nursing", day=date(2026, 11, 27)))
    assert late["data/log/facts.jsonl"].startswith(early["data/log/facts.jsonl"])
    assert len(late["data/log/facts.jsonl"]) > len(early["data/log/facts.jsonl"])
    assert len([name for name in late if name.startswith("data/evidence/")]) == 2


def test_the_dossier_of_a_day_is_the_same_whenever_it_is_made(sealed: Desk) -> None:
    about = About(unit="nursing", day=date(2026, 11, 25))
    first = dossier(sealed, about)[0].read_bytes()
    accept(sealed.db, "fire/2026-W48/check/pharmacy", by="办公室", now=at("2026-12-01 09:00"))
    changed = FIRES.replace("每周", "每月").replace("周五前", "当月25日前")
    sealed.adopt(changed, "2026-12-01 10:00")
    sealed.reconcile("2026-12-02 08:30")
    seal(sealed.db, KEY, at("2026-12-02 09:00"))
    assert dossier(sealed, about, at("2026-12-03 09:00"))[0].read_bytes() == first


def test_of_an_incident_the_chain_and_its_own_record(sealed: Desk) -> None:
    event = burnt(sealed)
    with pytest.raises(Refused, match="没有有关的督办事项"):
        dossier(sealed, About(event, day=date(2026, 11, 27)), at("2026-12-01 09:00"))
    seal(sealed.db, KEY, at("2026-12-01 08:00"))
    path, files = dossier(sealed, About(event), at("2026-12-01 09:00"))
    page = files["data/index.html"].decode()
    assert "事件记录" in page
    assert "火情处置" in page
    assert "开展宿舍" not in page
    assert len(rows(files, "data/tasks.csv")) == 1
    with pytest.raises(Refused):
        dossier(sealed, About(event, "pharmacy"), at("2026-12-01 09:00"))
    bag = path.with_name("bag")
    ZipFile(path).extractall(bag)
    assert bagit.Bag(str(next(bag.iterdir()))).is_valid()


def test_before_the_first_head_there_is_no_dossier(sealed: Desk) -> None:
    with pytest.raises(Refused, match="还没有签名的检查点"):
        dossier(sealed, About(unit="nursing", day=date(2026, 11, 24)))
