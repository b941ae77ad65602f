"""连续两期未达标: judged from the facts when the next period opens, told once, with the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.receive import submit
from office.review import accept, waive
from responsibilities.plan import Role, Watch
from responsibilities.tasks import FactKind
from responsibilities.watching import Measured, falls_short
from tests.office.desk import Desk, at, compiled

PLAN = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     ladder: 常规, review: 办公室,
     watch: {metric: %s, below: 90%%, for: 连续两周, then: 升级至分管领导、组长}}
"""
MONDAYS = ("2026-11-02 09:00", "2026-11-09 09:00", "2026-11-16 09:00", "2026-11-23 09:00")


def key(week: int, unit: str) -> str:
    return f"fire/2026-W{week}/check/{unit}"


def hand_in(desk: Desk, week: int, unit: str, wall: str) -> None:
    submit(desk.db, desk.blobs, key(week, unit), by=unit, text="已检查", now=at(wall))
    accept(desk.db, key(week, unit), by="办公室", now=at(wall))


def watched(desk: Desk) -> list[tuple[str, object]]:
    return [(str(task), body["periods"]) for task, name, body in desk.record() if name == "watched"]


def begin(desk: Desk, metric: str = "完成率") -> None:
    desk.adopt(PLAN % metric, "2026-10-31 18:00")
    desk.reconcile(MONDAYS[0])


def test_a_unit_that_twice_does_nothing_is_escalated_when_the_third_week_opens(desk: Desk) -> None:
    begin(desk)
    hand_in(desk, 45, "pharmacy", "2026-11-04 09:00")
    desk.reconcile(MONDAYS[1])
    assert watched(desk) == []
    hand_in(desk, 46, "pharmacy", "2026-11-11 09:00")
    desk.reconcile(MONDAYS[2])
    assert watched(desk) == [(key(47, "nursing"), {"2026-W45": "0%", "2026-W46": "0%"})]
    told = [n for n in desk.waiting() if n.kind == "escalated" and n.matters[-1].reason]
    assert {n.role for n in told} == {Role.LEADER.value, Role.GROUP_LEADER.value}
    assert "连续2期完成率低于90%（2026-W45 0%、2026-W46 0%）" in told[0].matters[-1].reason
    desk.reconcile(MONDAYS[2])  # run again: nothing more
    assert len(watched(desk)) == 1


def test_what_was_waived_is_not_judged(desk: Desk) -> None:
    begin(desk)
    desk.reconcile(MONDAYS[1])
    waive(desk.db, key(46, "nursing"), "宿舍封闭", by="办公室", now=at("2026-11-10 09:00"))
    desk.reconcile(MONDAYS[2])
    assert key(47, "nursing") not in dict(watched(desk))
    assert key(47, "pharmacy") in dict(watched(desk))


def test_late_but_accepted_counts_for_being_done_and_not_for_being_on_time(desk: Desk) -> None:
    begin(desk, "按时率")
    hand_in(desk, 45, "nursing", "2026-11-07 09:00")
    hand_in(desk, 45, "pharmacy", "2026-11-05 09:00")
    desk.reconcile(MONDAYS[1])
    hand_in(desk, 46, "nursing", "2026-11-14 09:00")
    desk.reconcile(MONDAYS[2])
    assert [task for task, _ in watched(desk)] == [key(47, "nursing")]
    facts = desk.kinds(key(47, "nursing"))
    assert facts == [FactKind.OPENED, FactKind.WATCHED]


def test_a_roster_that_is_not_covered_is_counted_in_shares(desk: Desk) -> None:
    text = PLAN.replace("review: 办公室", "cover: 班级, review: 办公室") % "覆盖率"
    desk.adopt(text, "2026-10-31 18:00")
    for week, monday in zip((45, 46), MONDAYS, strict=False):
        desk.reconcile(monday)
        for unit, names in (("nursing", ["护理1班", "护理2班"]), ("pharmacy", ["药学1班"])):
            day = monday.replace(" 09:00", " 10:00")
            submit(desk.db, desk.blobs, key(week, unit), by=unit, covered=names, now=at(day))
    desk.reconcile(MONDAYS[2])
    assert watched(desk) == [(key(47, "nursing"), {"2026-W45": "66.7%", "2026-W46": "66.7%"})]


@given(st.lists(st.integers(0, 100), max_size=8), st.integers(2, 4))
def test_only_an_unbroken_run_at_the_end_falls_short(shares: list[int], periods: int) -> None:
    watch = Watch("完成率", 0.9, periods, (Role.LEADER,))
    measured = [Measured(str(n), share / 100) for n, share in enumerate(shares)]
    run = 0
    for share in shares:
        run = run + 1 if share < 90 else 0
    assert falls_short(watch, measured) == (run >= periods)


@pytest.mark.parametrize(
    "watch",
    [
        "{metric: 完成率, below: 90%, for: 经常, then: 升级至分管领导}",
        "{metric: 完成率, below: 90%, for: 连续1次, then: 升级至分管领导}",
        "{metric: 完成率, below: 90%, for: 连续两次, then: 升级至校友}",
        "{metric: 覆盖率, below: 90%, for: 连续两次, then: 升级至组长}",
    ],
)
def test_a_rule_that_cannot_be_kept_is_found_before_the_plan_is_in_force(watch: str) -> None:
    text = f"duties: [{{id: a, title: 甲, responsible: 保卫处, every: 每周, watch: {watch}}}]"
    assert "bad-watch" in {problem.code for problem in compiled(text).problems}
