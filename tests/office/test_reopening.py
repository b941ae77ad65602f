"""重新办理: what was closed too soon is done again, and the record says why."""

import pytest

from duban.specimen_files import file_of
from office.lived import relived
from office.receive import File, submit
from office.reopening import reopen
from office.replay import replayed
from office.review import accept, decline, extend, waive
from office.workplace import clock_of
from responsibilities.standing import standing
from responsibilities.tasks import FactKind, Standing, State
from responsibilities.words import Refused
from storage import tasks
from storage.engine import reading
from tests.office.desk import SCHOOL, WEEKLY, Desk, at, compiled

KEY = "fire/2026-W49/check/nursing"
PDF = File("检查记录.pdf", file_of("pdf", "1"), "检查记录", "application/pdf")


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """The first week of December is handed in and accepted."""
    desk.adopt(WEEKLY, "2026-11-27 09:00")
    desk.reconcile("2026-11-30 08:00")
    hand_in(desk, "2026-12-02 10:00")
    accept(desk.db, KEY, by="办公室", now=at("2026-12-02 11:00"))
    return desk


def hand_in(desk: Desk, wall: str) -> None:
    submit(desk.db, desk.blobs, KEY, by="护理学院联络员", files=[PDF], now=at(wall))


def again(desk: Desk, wall: str = "2026-12-07 09:00", until: str = "2026-12-11 17:00") -> None:
    reopen(desk.db, KEY, at(until), "抽查与实际不符", by="办公室", now=at(wall))


def test_a_reopened_task_is_the_units_turn_until_the_new_date(closed: Desk) -> None:
    again(closed)
    task = closed.task(KEY)
    assert (task.state, task.outcome, task.closed_at) == (State.OPEN, "", None)
    assert task.original_due_at == at("2026-12-04 17:00")
    assert task.due_at == at("2026-12-11 17:00")
    told = [(n.unit, n.matters[0].reason) for n in closed.waiting() if n.kind == "reopened"]
    assert told == [("nursing", "抽查与实际不符")]


def test_the_ladder_begins_again_and_chases_the_new_date(closed: Desk) -> None:
    again(closed)
    closed.reconcile("2026-12-11 09:00")
    closed.reconcile("2026-12-14 12:00")
    told = [f.key for f in closed.facts(KEY) if f.kind is FactKind.TOLD]
    assert [key.split("/")[2] for key in told[-2:]] == ["1", "1"]
    assert len(told) == len(set(told))


def test_the_same_file_handed_in_again_counts_and_can_be_accepted(closed: Desk) -> None:
    again(closed)
    hand_in(closed, "2026-12-08 10:00")
    assert closed.task(KEY).state is State.SUBMITTED
    accept(closed.db, KEY, by="办公室", now=at("2026-12-08 11:00"))
    assert closed.kinds(KEY).count(FactKind.ACCEPTED) == 2


def test_waived_reopened_and_waived_again_are_three_facts(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-27 09:00")
    desk.reconcile("2026-11-30 08:00")
    waive(desk.db, KEY, "实习", by="办公室", now=at("2026-12-01 09:00"))
    again(desk)
    waive(desk.db, KEY, "仍在实习", by="办公室", now=at("2026-12-08 09:00"))
    kinds = [kind for kind in desk.kinds(KEY) if kind is not FactKind.TOLD]
    assert kinds[1:] == [FactKind.WAIVED, FactKind.REOPENED, FactKind.WAIVED]
    assert desk.task(KEY).outcome == "waived"


def test_it_stands_as_overdue_again_after_the_new_date(closed: Desk) -> None:
    again(closed)
    place = compiled(WEEKLY)
    assert place.plan is not None
    found = standing(closed.task(KEY), at("2026-12-12 09:00"), clock_of(place.plan))
    assert found is Standing.OVERDUE


def test_reopening_twice_is_once_and_needs_a_reason_and_a_coming_date(closed: Desk) -> None:
    with pytest.raises(Refused, match="重新办理应写明理由"):
        reopen(closed.db, KEY, at("2026-12-11 17:00"), " ", by="办公室", now=at("2026-12-07 09:00"))
    with pytest.raises(Refused, match="新的时限已经过去"):
        again(closed, until="2026-12-04 17:00")
    again(closed)
    again(closed)
    assert closed.kinds(KEY).count(FactKind.REOPENED) == 1


def test_what_has_lapsed_is_over(desk: Desk) -> None:
    desk.adopt(WEEKLY.replace("due: 周五前", "due: 周三前, lapses: 周五"), "2026-11-27 09:00")
    desk.reconcile("2026-11-30 08:00")
    desk.reconcile("2026-12-07 08:00")
    assert desk.task(KEY).outcome == "lapsed"
    with pytest.raises(Refused, match="已过补办期限"):
        again(desk)


def test_a_validity_whose_successor_is_open_is_not_reopened(desk: Desk) -> None:
    text = """duties:
  - {id: check, title: 检定器材, responsible: 护理学院, renew: 有效期1个月,
     ladder: 常规, review: 办公室}
"""
    desk.adopt(text, "2026-11-27 09:00")
    desk.reconcile("2026-11-30 08:00")
    [first] = desk.tasks()
    submit(desk.db, desk.blobs, first.key, by="护理学院", text="已检定", now=at("2026-12-01 09:00"))
    accept(desk.db, first.key, by="办公室", now=at("2026-12-01 10:00"))
    until = at("2027-01-20 17:00")
    reopen(desk.db, first.key, until, "证书不符", by="办公室", now=at("2026-12-01 10:30"))
    desk.reconcile("2026-12-01 11:00")
    assert len(desk.tasks()) == 1
    submit(desk.db, desk.blobs, first.key, by="护理学院", text="重检", now=at("2026-12-02 09:00"))
    accept(desk.db, first.key, by="办公室", now=at("2026-12-02 10:00"))
    desk.reconcile("2027-01-04 09:00")
    assert len(desk.tasks()) == 2
    with pytest.raises(Refused, match="下一期已自本期完成之日起算并下达"):
        reopen(desk.db, first.key, until, "证书不符", by="办公室", now=at("2027-01-04 10:00"))


def test_the_record_alone_gives_the_reopened_task_and_its_year(closed: Desk) -> None:
    again(closed)
    closed.reconcile("2026-12-14 12:00")
    with reading(closed.db) as connection:
        assert replayed(connection) == tasks.every(connection)
    plan = compiled(WEEKLY).plan
    assert plan is not None
    found = relived(closed.db, plan, None, at("2026-12-14 12:00"))
    assert (found.differing, found.unexplained) == ((), 0)


HOSTED = SCHOOL.replace(
    "  office: 办公室\n",
    "  office: 办公室\n  office_host: {unit: 保卫处, reviewed_by: 副组长}\n",
)


def test_the_office_decides_nothing_about_the_unit_that_hosts_it(desk: Desk) -> None:
    text = WEEKLY.replace("二级学院", "[保卫处, 护理学院]").replace("review: 办公室, ", "")
    desk.adopt(text, "2026-11-27 09:00", HOSTED)
    desk.reconcile("2026-11-30 08:00")
    guard, now = KEY.replace("nursing", "guard"), at("2026-12-01 09:00")
    until = at("2026-12-08 17:00")
    with pytest.raises(Refused, match="办公室不能批准保卫处免办，本项由副组长审核"):
        waive(desk.db, guard, "演练", by="办公室", now=now)
    with pytest.raises(Refused, match="保卫处负责人不能审批保卫处的延期"):
        extend(desk.db, guard, until, by="保卫处负责人", now=now)
    with pytest.raises(Refused):
        decline(desk.db, guard, "不准", by="办公室", now=now)
    waive(desk.db, guard, "演练", by="副组长", now=now)
    with pytest.raises(Refused, match="办公室不能决定保卫处的事项重新办理"):
        reopen(desk.db, guard, until, "改期", by="办公室", now=now)
    extend(desk.db, KEY, until, by="办公室", now=now)
