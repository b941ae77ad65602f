"""一键催办: only those who have not done it, once a day."""

import pytest

from duban.specimen_files import file_of
from office.nudging import nudge, nudge_missing
from office.receive import File, submit
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from tests.office.desk import WEEKLY, Desk, at

KEY = "fire/2026-W49/check/"
PDF = File("检查记录.pdf", file_of("pdf", "1"), "检查记录", "application/pdf")


@pytest.fixture
def late(desk: Desk) -> Desk:
    """The nursing college has handed in; the pharmacy is late."""
    desk.adopt(WEEKLY, "2026-11-27 09:00")
    desk.reconcile("2026-11-30 08:00")
    submit(desk.db, desk.blobs, f"{KEY}nursing", by="护理学院", files=[PDF],
           now=at("2026-12-01 10:00"))  # fmt: skip
    desk.reconcile("2026-12-07 08:00")
    desk.post("2026-12-07 08:05")
    return desk


def missing(desk: Desk, wall: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    found = nudge_missing(desk.db, "fire", "check", "2026-W49", by="办公室", now=at(wall))
    return found.told, found.before, found.done


def test_one_letter_goes_at_once_to_each_unit_that_has_not_done_it(late: Desk) -> None:
    before = len(late.letters())
    assert missing(late, "2026-12-07 15:00") == (("药学院",), (), 1)
    late.post("2026-12-07 15:01")
    chased = [to for to, subject in late.letters()[before:] if "催办" in subject]
    assert [("pharmacy@" in to, "nursing@" in to) for to in chased] == [(True, False)]


def test_pressed_again_the_same_day_it_sends_nothing_and_tomorrow_again(late: Desk) -> None:
    missing(late, "2026-12-07 15:00")
    assert missing(late, "2026-12-07 16:00") == ((), ("药学院",), 1)
    assert late.kinds(f"{KEY}pharmacy").count(FactKind.NUDGED) == 1
    assert missing(late, "2026-12-08 09:00") == (("药学院",), (), 1)


def test_who_hands_in_before_the_letter_leaves_is_not_written_to(late: Desk) -> None:
    before = len(late.letters())
    missing(late, "2026-12-07 15:00")
    submit(late.db, late.blobs, f"{KEY}pharmacy", by="药学院", files=[PDF],
           now=at("2026-12-07 15:01"))  # fmt: skip
    late.post("2026-12-07 15:02")
    assert not [to for to, _ in late.letters()[before:] if "pharmacy@" in to]


def test_several_tasks_of_a_unit_come_in_one_letter(desk: Desk) -> None:
    text = WEEKLY.replace("responsible", "each: 班级, responsible")
    desk.adopt(text, "2026-11-27 09:00")
    desk.reconcile("2026-11-30 08:00")
    desk.post("2026-11-30 08:01")
    before = len(desk.letters())
    assert missing(desk, "2026-12-01 09:00")[0] == ("护理学院", "药学院")
    desk.post("2026-12-01 09:01")
    assert len(desk.letters()) - before == 2


def test_one_task_is_nudged_by_its_number_and_only_while_it_is_open(late: Desk) -> None:
    number = late.task(f"{KEY}pharmacy").id
    told = nudge(late.db, number, by="办公室", now=at("2026-12-07 15:00"), remark="请于今日报送")
    assert told.told == ("药学院",)
    assert late.facts(f"{KEY}pharmacy")[-1].body["remark"] == "请于今日报送"
    with pytest.raises(Refused, match="不在承办单位办理中"):
        nudge(late.db, f"{KEY}nursing", by="办公室", now=at("2026-12-07 15:00"))


def test_a_period_that_was_never_asked_for_is_refused(late: Desk) -> None:
    with pytest.raises(Refused, match="本期没有下达这项事项"):
        nudge_missing(late.db, "fire", "check", "2026-W52", by="办", now=at("2026-12-07 15:00"))
