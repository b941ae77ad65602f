"""Several times a period at the office: each is handed in on its own, and not too soon."""

import pytest

from office.receive import submit
from office.review import accept
from responsibilities.tasks import State
from responsibilities.words import Refused
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - {id: patrol, title: 开展巡查, responsible: 护理学院, every: 每月,
     times: 至少2次，间隔不少于10日,
     review: 办公室, ladder: 常规, evidence: [{number: 隐患数, min: 0}]}
"""
KEY = "fire/2026-12.T{}/patrol/nursing"


def hand_in(desk: Desk, number: int, wall: str) -> State:
    given = {"隐患数": "0"}
    key = KEY.format(number)
    done = submit(desk.db, desk.blobs, key, by="护理学院联络员", now=at(wall), figures=given)
    return done.state


def test_each_time_opens_in_its_own_half_of_the_month(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-11-30 18:00")
    desk.reconcile("2026-12-01 08:00")
    assert KEY.format(1) in desk.opened()
    assert KEY.format(2) not in desk.opened()
    desk.reconcile("2026-12-16 08:00")
    desk.reconcile("2026-12-16 08:05")
    assert [key for key in desk.opened() if "2026-12" in key] == [KEY.format(1), KEY.format(2)]


def test_a_time_too_near_to_the_last_is_refused_with_the_day_from_which_it_counts(
    desk: Desk,
) -> None:
    desk.adopt(PLAN, "2026-11-30 18:00")
    desk.reconcile("2026-12-16 08:00")
    assert hand_in(desk, 1, "2026-12-16 10:00") is State.SUBMITTED
    accept(desk.db, KEY.format(1), by="办公室", now=at("2026-12-17 09:00"))
    with pytest.raises(Refused, match="不足10日，请于2026年12月26日以后办理并报结"):
        hand_in(desk, 2, "2026-12-25 17:00")
    assert hand_in(desk, 2, "2026-12-26 09:00") is State.SUBMITTED


def test_the_gap_is_kept_over_the_end_of_a_period(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-10-31 18:00")
    desk.reconcile("2026-12-01 08:00")
    late = "fire/2026-11.T2/patrol/nursing"
    submit(
        desk.db, desk.blobs, late, by="护理学院联络员", now=at("2026-12-01 09:00"),
        figures={"隐患数": "1"},
    )  # fmt: skip
    with pytest.raises(Refused, match="2026年12月11日以后"):
        hand_in(desk, 1, "2026-12-05 09:00")
    assert hand_in(desk, 1, "2026-12-11 09:00") is State.SUBMITTED
