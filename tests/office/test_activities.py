"""提前3日、活动前10个工作日: an activity whose day is known only when it is entered."""

from datetime import date

import pytest

from duban.record import say_fact
from office.report_incident import report
from office.workplace import clock_of, in_force
from responsibilities.simulation.simulate import Scenario, simulate
from responsibilities.words import Refused
from storage.engine import reading
from tests.office.desk import Desk, at, compiled
from tests.responsibilities.compiling import told

PLAN = """\
events:
  - {id: activity, name: 大型活动, ahead: true, fields: [{id: persons, name: 人数, kind: number}]}
duties:
  - {id: plan, title: 报送活动安全预案, responsible: 事发单位, on: 大型活动, due: 活动前10个工作日,
     review: 办公室, ladder: 常规}
  - {id: check, title: 检查活动场地, responsible: 保卫处, on: 大型活动, due: 活动前3日,
     review: 办公室, ladder: 常规}
  - {id: after, title: 报送活动小结, responsible: 事发单位, on: 大型活动, due: 活动后5个工作日内,
     review: 办公室, ladder: 常规}
"""


@pytest.fixture
def planned(desk: Desk) -> Desk:
    desk.adopt(PLAN, "2026-11-20 09:00")
    return desk


def entered(desk: Desk, now: str, takes_place: str | None) -> str:
    day = at(takes_place) if takes_place else None
    done = report(
        desk.db, "fire", "大型活动", "护理学院", {"persons": 800}, day, at(now), at(now), "办公室"
    )
    return done.event.id


def test_it_is_due_before_the_activity_and_handed_out_when_it_is_entered(planned: Desk) -> None:
    event = entered(planned, "2026-11-23 09:00", "2026-12-15 19:00")
    due = {task.duty: (task.opens_at, task.due_at) for task in planned.tasks()}
    opened = at("2026-11-23 09:00")
    assert due == {
        "plan": (opened, at("2026-12-01 17:00")),
        "check": (opened, at("2026-12-11 17:00")),  # 12日 is a Saturday: not later, but before
        "after": (opened, at("2026-12-22 17:00")),
    }
    key = f"fire/{event}/plan/nursing"
    assert "late_by_entry" not in planned.facts(key)[0].body


def test_entered_too_late_it_is_due_at_once_and_flagged(planned: Desk) -> None:
    event = entered(planned, "2026-12-10 09:00", "2026-12-15 19:00")
    task = planned.task(f"fire/{event}/plan/nursing")
    assert task.due_at == at("2026-12-10 09:00")
    (fact,) = planned.facts(task.key)[:1]
    assert fact.body["late_by_entry"] is True
    with reading(planned.db) as connection:
        clock = in_force(connection, "fire").clock
    assert "登记时已过时限" in say_fact(fact, clock)
    assert planned.task(f"fire/{event}/check/guard").due_at == at("2026-12-11 17:00")
    planned.reconcile("2026-12-11 17:30")
    assert "催办单" in [fact.body.get("notice") for fact in planned.facts(task.key)]


def test_an_activity_needs_its_day(planned: Desk) -> None:
    with pytest.raises(Refused, match="须写明举办时间"):
        entered(planned, "2026-11-23 09:00", None)


def test_a_year_has_its_activities() -> None:
    plan = compiled(PLAN).plan
    assert plan is not None
    span = Scenario(date(2026, 3, 1), date(2026, 11, 30), incidents=12, rates={"fire": 0})
    found = simulate(plan, clock_of(plan), span)
    assert found.events > 5
    assert found.tasks == 3 * found.events


def test_only_what_is_entered_ahead_counts_backwards_from_the_activity() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, on: 火警, due: 活动前3日, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_only_what_is_entered_ahead_counts_backwards_from_the_activity, "unknown-mark")
