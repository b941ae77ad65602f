"""Putting a plan in force: what is live opens, what is past never does."""

import pytest

from office.adopt_plan import adopt, preview
from responsibilities.plan import Plan
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from tests.office.desk import SCHOOL, WEEKLY, Desk, at, compiled

MONTHLY = """\
duties:
  - {id: bulletin, title: 编发月通报, responsible: 保卫处, every: 每月, due: 5日前, ladder: 常规}
"""


def test_a_plan_adopted_midweek_opens_this_week_and_not_the_weeks_before(desk: Desk) -> None:
    adopted = desk.adopt(WEEKLY, "2026-11-25 09:00")
    assert adopted.new
    assert desk.opened() == ["fire/2026-W48/check/nursing", "fire/2026-W48/check/pharmacy"]
    assert desk.reconcile("2026-11-25 09:01").lines == ()


def test_what_was_due_before_the_adoption_is_never_opened(desk: Desk) -> None:
    desk.adopt(MONTHLY, "2026-11-25 09:00")
    desk.reconcile("2026-12-01 09:00")
    assert desk.opened() == ["fire/2026-12/bulletin/guard"]


def test_the_office_can_say_from_when_it_owes_what_was_missed(desk: Desk) -> None:
    desk.adopt(MONTHLY, "2026-11-25 09:00", since=at("2026-10-01 00:00"))
    assert desk.opened() == ["fire/2026-10/bulletin/guard", "fire/2026-11/bulletin/guard"]


def test_nothing_opens_before_the_plan_is_in_force(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2025-12-30 09:00")
    desk.reconcile("2026-01-04 23:00")
    assert desk.opened() == []
    desk.reconcile("2026-01-05 08:00")
    assert desk.opened() == ["fire/2026-W02/check/nursing", "fire/2026-W02/check/pharmacy"]


YEARLY = """\
duties:
  - {id: letter, title: 签责任书, responsible: 保卫处, every: 每年, due: 11月30日前, ladder: 常规}
  - {id: plan, title: 编制计划, responsible: 保卫处, every: 每年, due: 1月4日前, ladder: 常规}
"""


def test_what_is_due_after_the_day_of_force_is_asked_for_though_its_year_began_before(
    desk: Desk,
) -> None:
    """In force from 5 January: the letter of that year is owed, the plan due on the 4th is not."""
    desk.adopt(YEARLY, "2026-11-02 09:00")
    assert desk.opened() == ["fire/2026/letter/guard"]


def test_it_opens_on_the_day_of_force_where_the_plan_was_adopted_ahead(desk: Desk) -> None:
    desk.adopt(YEARLY, "2025-12-30 09:00")
    assert desk.reconcile("2026-01-04 23:00").lines == ()
    desk.reconcile("2026-01-05 08:00")
    assert desk.opened() == ["fire/2026/letter/guard"]


def test_adopting_the_same_version_twice_changes_nothing(desk: Desk) -> None:
    first = desk.adopt(WEEKLY, "2026-11-25 09:00")
    record = desk.record()
    again = desk.adopt(WEEKLY, "2026-11-25 10:00")
    assert (again.new, again.version, again.digest) == (False, 1, first.digest)
    assert desk.record() == record


def test_a_new_version_shows_what_it_adds_moves_and_retires(desk: Desk) -> None:
    desk.adopt(WEEKLY + MONTHLY.replace("duties:\n", ""), "2026-11-25 09:00")
    new = WEEKLY.replace("周五前", "周四前") + MONTHLY.replace("duties:\n", "").replace(
        "bulletin", "report"
    )
    difference = preview(desk.db, _plan(new))
    assert difference.adds == ("report",)
    assert difference.moves == ("check",)
    assert difference.retires == ("bulletin",)
    assert difference.open_tasks == 2


def test_open_tasks_keep_the_version_they_opened_under(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-25 09:00")
    before = desk.tasks()
    desk.adopt(WEEKLY.replace("周五前", "周四前"), "2026-11-25 10:00")
    assert desk.tasks() == before
    desk.reconcile("2026-11-30 09:00")
    assert desk.task("fire/2026-W49/check/nursing").due_at == at("2026-12-03 17:00")


def test_a_unit_that_a_new_version_adds_gets_the_task_that_is_live(desk: Desk) -> None:
    desk.adopt(WEEKLY.replace("二级学院", "护理学院"), "2026-11-25 09:00")
    desk.adopt(WEEKLY, "2026-11-25 10:00")
    assert desk.opened() == ["fire/2026-W48/check/nursing", "fire/2026-W48/check/pharmacy"]


def test_what_the_old_version_still_owes_is_opened_before_the_new_one_rules(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-25 09:00")
    desk.adopt(WEEKLY.replace("周五前", "周四前"), "2026-12-16 10:00")
    assert [key for key in desk.opened() if key.endswith("nursing")] == [
        f"fire/2026-W{week}/check/nursing" for week in (48, 49, 50, 51)
    ]
    assert desk.task("fire/2026-W51/check/nursing").due_at == at("2026-12-18 17:00")


def test_a_retired_duty_opens_nothing_more_and_its_open_task_stays(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-25 09:00")
    desk.adopt(MONTHLY, "2026-11-25 10:00")
    desk.reconcile("2026-12-07 09:00")
    assert [key for key in desk.opened() if "check" in key] == [
        "fire/2026-W48/check/nursing",
        "fire/2026-W48/check/pharmacy",
    ]


def test_a_plan_with_errors_is_refused_unless_they_are_left_out_knowingly(desk: Desk) -> None:
    wrong = WEEKLY + MONTHLY.replace("duties:\n", "").replace("保卫处", "保卫科")
    with pytest.raises(Refused, match="1 处错误"):
        desk.adopt(wrong, "2026-11-25 09:00")
    adopted = desk.adopt(wrong, "2026-11-25 09:00", leaving_out=True)
    assert adopted.left_out == 1
    _, key, body = desk.record()[0]
    assert (key, len(body["left_out"])) == ("fire/adopted/1", 1)


def test_a_file_that_cannot_be_read_leaves_nothing_out_knowingly(desk: Desk) -> None:
    """Nobody can say which duties stood in it: adopting would retire them unseen."""
    with pytest.raises(Refused, match="无法判明"):
        desk.adopt(WEEKLY + "duties: [\n", "2026-11-25 09:00", leaving_out=True)
    assert desk.record() == []


def test_a_version_for_later_is_refused_while_another_one_rules(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-25 09:00")
    with pytest.raises(Refused, match="2027年3月1日"):
        _adopt_text(desk, WEEKLY, "in_force: 2027-03-01")


def test_adopting_is_on_the_record_with_the_digest(desk: Desk) -> None:
    adopted = desk.adopt(WEEKLY, "2026-11-25 09:00")
    _, key, body = desk.record()[0]
    assert (key, body["digest"], body["adds"]) == ("fire/adopted/1", adopted.digest, ["check"])
    assert desk.kinds("fire/2026-W48/check/nursing") == [FactKind.OPENED]


def _plan(text: str) -> Plan:
    plan = compiled(text).plan
    assert plan is not None
    return plan


def _adopt_text(desk: Desk, text: str, in_force: str) -> None:
    later = compiled(text, SCHOOL.replace("in_force: 2026-01-05", in_force))
    adopt(desk.db, later, at("2026-11-26 09:00"), "办公室")
