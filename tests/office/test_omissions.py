"""P29: a duty that was never asked for, or an entry left out of the log, is found out."""

import json
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from inspections.verify import Pack, verify
from office.owed import EXPECTED, check_owed
from office.pack import Scope, make_pack
from office.report_incident import report
from office.seal import seal
from office.windows import open_window
from tests.office.desk import CHINA, SCHOOL, WEEKLY, Desk, at
from tests.office.forging import FACTS, Files, put_together, taken_apart, with_record
from tests.office.test_pack import KEY

MONTHLY = """\
  - {id: bulletin, title: 编发月通报, responsible: 保卫处, every: 每月, due: 5日前, ladder: 常规}
"""
DAILY = """\
  - {id: watch, title: 敏感时期值守, responsible: 保卫处, every: 每日, window: 敏感时期,
     zero_report: true, roll: 不变, review: 办公室, ladder: 常规, evidence: [{number: 起数}]}
"""
FIRE = """\
  - {id: put-out, title: 处置火情, responsible: 事发单位, on: 火情, due: 知悉后30分钟内,
     ladder: 紧急, evidence: [{text: 处置情况}]}
"""
WINDOWS = """\
windows: [{id: sensitive, name: 敏感时期}]
"""
END = at("2027-01-11 09:00")


@pytest.fixture
def lived(desk: Desk, tmp_path: Path) -> tuple[Desk, Path]:
    """Seven weeks, a window open for a few days, a second version of the plan on the way."""
    desk.adopt(WEEKLY + MONTHLY + FIRE, "2026-11-23 08:00")
    now = at("2026-11-23 08:30")
    while now < END:
        wall = now.astimezone(CHINA)
        if (wall.month, wall.day) == (12, 9):
            changed = (WEEKLY + MONTHLY + FIRE).replace("周五前", "周四前") + DAILY
            desk.adopt(changed, f"{wall:%Y-%m-%d %H:%M}", SCHOOL + WINDOWS)
        if (wall.month, wall.day) == (12, 20):
            open_window(desk.db, "fire", "敏感时期", now=now, by="办公室", reason="年末")
            fields = {"过火面积": "3", "地点": "实验楼"}
            report(desk.db, "fire", "火情", "药学院", fields, None, now, now, "药学院")
        desk.reconcile(f"{wall:%Y-%m-%d %H:%M}")
        now += timedelta(days=1)
    seal(desk.db, KEY, now - timedelta(days=1))
    target = tmp_path / "pack.zip"
    make_pack(desk.db, desk.blobs, Scope(), target)
    return desk, target


def omitted(path: Path) -> list[str]:
    """What recomputing finds missing."""
    return [f.words[0].partition("：")[2] for f in check_owed(Pack(str(path))) if not f.good]


def test_everything_that_should_exist_does(lived: tuple[Desk, Path]) -> None:
    """The list is what the office opened, no more and no less."""
    desk, path = lived
    assert omitted(path) == []
    lines = [json.loads(line) for line in taken_apart(path)[EXPECTED].splitlines()]
    assert {line["task"] for line in lines[1:]} == set(desk.opened())
    assert sum("/watch/" in line["task"] for line in lines[1:]) > 10
    assert [f for f in verify(str(path)) if not f.good] == []


def without(files: Files, task: str) -> Files:
    """The pack of an office that never asked for the task, signed by its own key."""
    records = files[FACTS].splitlines()
    kept = [record for record in records if json.loads(record)["task"] != task]
    places = {json.loads(r)["task"]: n for n, r in enumerate(kept, 1) if b'"opened"' in r}
    head, *lines = [json.loads(line) for line in files[EXPECTED].splitlines()]
    listed = [{**one, "seq": places[one["task"]]} for one in lines if one["task"] != task]
    said = "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in [head, *listed])
    rows = [r for r in files["data/tasks.csv"].split(b"\r\n") if not r.startswith(task.encode())]
    other = with_record(files, kept, KEY)
    return {**other, EXPECTED: said.encode(), "data/tasks.csv": b"\r\n".join(rows)}


def test_every_omission_is_caught(lived: tuple[Desk, Path], tmp_path: Path, full: bool) -> None:
    """1,000 under --full, shared by the two kinds of database: half are duties that were never
    asked for, by an office that signs its own record; half are entries left out of the log."""
    files = taken_apart(lived[1])
    records = files[FACTS].splitlines()
    tasks = [json.loads(line)["task"] for line in files[EXPECTED].splitlines()[1:]]
    random = Random(29)
    for number in range(500 if full else 20):
        target = tmp_path / "forged.zip"
        if number % 2:
            task = random.choice(tasks)
            put_together(without(files, task), target)
            assert [f for f in verify(str(target)) if not f.good] == []  # the list says nothing
            assert omitted(target) == [task]
        else:
            place = random.randrange(len(records))
            left = records[:place] + records[place + 1 :]
            put_together(with_record(files, left, None), target)
            assert any("与检查点" in f.words[0] for f in verify(str(target)) if not f.good)


def test_a_task_on_the_list_without_its_fact_is_named_by_the_stranger_too(
    lived: tuple[Desk, Path], tmp_path: Path
) -> None:
    files = taken_apart(lived[1])
    task = "fire/2026-W50/check/nursing"
    other = {**without(files, task), EXPECTED: files[EXPECTED]}
    found = verify(str(put_together(other, tmp_path / "forged.zip")))
    assert any(f.words[0] == f"应有而无的事项：{task}" for f in found if not f.good)


def test_a_list_that_stops_early_is_said_to(lived: tuple[Desk, Path], tmp_path: Path) -> None:
    files = taken_apart(lived[1])
    head, *lines = files[EXPECTED].splitlines()
    early = json.dumps({**json.loads(head), "until": "2026-12-01T00:00:00Z"}).encode()
    other = {**files, EXPECTED: b"\n".join([early, *lines])}
    put_together(other, tmp_path / "forged.zip")
    assert any("只推算到" in f.words[0] for f in check_owed(Pack(str(tmp_path / "forged.zip"))))
