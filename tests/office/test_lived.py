"""A lived term under other rules: the same rules change nothing, other rules exactly their own."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from duban.specimen_files import file_of
from office import heartbeat, review
from office.lived import relived
from office.receive import File, submit
from office.report_incident import report
from responsibilities.plan import Plan
from responsibilities.replaying import Replayed
from responsibilities.words import Refused
from tests.office import test_replay
from tests.office.desk import CHINA, SCHOOL, WEEKLY, Desk, at, compiled

MONTHLY = """\
  - {id: bulletin, title: 编发月通报, responsible: 保卫处, every: 每月, due: 5日前, ladder: 常规}
"""
FIRE = """\
  - {id: put-out, title: 处置火情, responsible: 事发单位, on: 火情, due: 知悉后30分钟内,
     ladder: 紧急, evidence: [{text: 处置情况}]}
"""
END = "2026-11-14 18:00"


def plan_of(text: str, school: str = SCHOOL) -> Plan:
    """A new version in which nothing may be wrong."""
    found = compiled(text, school)
    assert found.plan is not None
    assert found.errors == ()
    return found.plan


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Five weeks; nursing hands in each Thursday at noon, pharmacy and the guard never do."""
    desk.adopt(WEEKLY + MONTHLY, "2026-10-11 09:00")
    for hours in range(24, 34 * 24 + 4, 4):
        now = at("2026-10-11 08:00") + timedelta(hours=hours)
        wall = now.astimezone(CHINA)
        desk.reconcile(f"{wall:%Y-%m-%d %H:%M}")
        if (wall.isoweekday(), wall.hour) == (4, 12):
            key = f"fire/{wall:%G-W%V}/check/nursing"
            file = File("记录.pdf", file_of("pdf", ""))
            submit(desk.db, desk.blobs, key, by="护理学院", now=now, files=[file])
            review.accept(desk.db, key, by="办公室", now=now + timedelta(minutes=30))
    return desk


def under(
    desk: Desk, text: str, school: str = SCHOOL, since: str = "", until: str = END
) -> Replayed:
    """The record under the plan of `text`."""
    return relived(desk.db, plan_of(text, school), at(since) if since else None, at(until))


def test_under_the_same_plan_nothing_differs(lived: Desk) -> None:
    found = under(lived, WEEKLY + MONTHLY)
    assert (found.differing, found.unexplained) == ((), 0)
    assert found.same == 11
    assert found.overdue_before == found.overdue_after > 0


def test_a_changed_ladder_differs_exactly_where_somebody_was_late(lived: Desk) -> None:
    slower = SCHOOL.replace("逾期1个工作日", "逾期2个工作日")
    found = under(lived, WEEKLY + MONTHLY, slower)
    late = {one.key for one in found.differing}
    assert late == {
        *(f"fire/2026-W{week}/check/pharmacy" for week in range(42, 46)),
        "fire/2026-11/bulletin/guard",
    }
    for one in found.differing:
        assert [said.notice for said in one.no_longer] == ["催办单"]
        assert [said.notice for said in one.anew] == ["催办单"]
        assert one.anew[0].at - one.no_longer[0].at in (timedelta(days=1), timedelta(days=3))
        assert not one.moved
    assert found.overdue_after == found.overdue_before


def test_a_step_taken_away_is_told_no_longer_and_nothing_else_changes(lived: Desk) -> None:
    milder = SCHOOL.replace(
        "      - {when: 逾期3个工作日, tell: [分管领导, 组长], notice: 督办单, colour: 红}\n", ""
    )
    found = under(lived, WEEKLY + MONTHLY, milder)
    assert all([said.notice for said in one.no_longer] == ["督办单"] for one in found.differing)
    assert not any(one.anew for one in found.differing)
    assert found.overdue_before - found.overdue_after == len(found.differing) == 5


def test_an_earlier_due_date_makes_what_was_in_time_late(lived: Desk) -> None:
    found = under(lived, WEEKLY.replace("周五前", "周二前") + MONTHLY)
    nursing = [one for one in found.differing if one.unit == "nursing"]
    assert len(nursing) == 5
    assert all(one.moved for one in nursing)
    assert [said.notice for said in nursing[0].anew] == ["今日截止提醒", "催办单"]


def test_duties_that_come_and_go_are_asked_anew_and_not_asked(lived: Desk) -> None:
    found = under(lived, WEEKLY + MONTHLY.replace("bulletin", "report"))
    gone = [one.key for one in found.differing if one.after is None]
    anew = [one.key for one in found.differing if one.before is None]
    assert gone == ["fire/2026-11/bulletin/guard"]
    assert anew == ["fire/2026-11/report/guard"]
    assert found.same == 10


def test_only_what_opened_in_the_span_is_replayed(lived: Desk) -> None:
    found = under(
        lived, WEEKLY.replace("周五前", "周二前") + MONTHLY, since="2026-11-01 00:00",
        until="2026-11-08 00:00",
    )  # fmt: skip
    assert {one.period for one in found.differing} == {"2026-W45"}
    assert found.same == 1


def test_a_version_that_takes_force_later_is_replayed_from_the_beginning(lived: Desk) -> None:
    later = SCHOOL.replace("in_force: 2026-01-05", "in_force: 2027-03-01")
    assert under(lived, WEEKLY + MONTHLY, later).differing == ()


def test_an_incident_is_replayed_from_its_report(desk: Desk) -> None:
    desk.adopt("duties:\n" + FIRE, "2026-11-22 09:00")
    fields = {"过火面积": "3", "地点": "宿舍"}
    now = at("2026-11-23 09:00")
    report(desk.db, "fire", "火情", "护理学院", fields, None, now, now, "保卫处")
    for minutes in range(0, 120, 5):
        desk.reconcile(f"{(now + timedelta(minutes=minutes)).astimezone(CHINA):%Y-%m-%d %H:%M}")
    same = under(desk, "duties:\n" + FIRE, until="2026-11-23 12:00")
    assert (same.same, same.differing, same.unexplained) == (1, (), 0)
    stricter = FIRE.replace("30分钟内", "10分钟内")
    (one,) = under(desk, "duties:\n" + stricter, until="2026-11-23 12:00").differing
    assert one.moved
    assert [(said.notice, f"{said.at.astimezone(CHINA):%H:%M}") for said in one.anew] == [
        ("紧急催办单", "09:20")
    ]


def test_our_own_outage_is_nobodys_difference(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-10-11 09:00")
    desk.reconcile("2026-10-12 08:00")
    desk.reconcile("2026-10-16 08:00")
    heartbeat.beat(desk.db, "reconcile", at("2026-10-16 09:00"))
    desk.reconcile("2026-10-21 10:00")
    for hours in range(0, 300, 2):
        now = at("2026-10-21 10:00") + timedelta(hours=hours)
        heartbeat.beat(desk.db, "reconcile", now)
        desk.reconcile(f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}")
    found = under(desk, WEEKLY, until="2026-11-02 12:00")
    assert (found.differing, found.unexplained) == ((), 0)


def test_a_plan_never_adopted_has_nothing_to_replay(desk: Desk) -> None:
    with pytest.raises(Refused, match="从未施行"):
        under(desk, WEEKLY)


class Office(test_replay.Office):
    """Weeks pass and things happen to tasks in any order, with outages between."""

    @invariant()
    def the_same_plan_changes_nothing(self) -> None:
        if hasattr(self, "db"):
            found = relived(self.db, plan_of(test_replay.PLAN), None, self.now)
            assert found.differing == ()


def test_whatever_happened_the_same_plan_changes_nothing(full: bool) -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=200 if full else 6,
            stateful_step_count=40 if full else 20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
