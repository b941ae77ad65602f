"""Full coverage over pairs (班级×专题): each class with each topic, counted one by one."""

import pytest

from office.receive import submit
from responsibilities.tasks import State
from responsibilities.words import Refused
from tests.office.desk import Desk, at, compiled

PLAN = """\
rosters:
  - {id: topics, name: 专题, as_of: 2026-09-20, members: {办公室: [用电, 逃生]}}
  - {id: lessons, name: 班级专题, as_of: 2026-09-20, pairs: [班级, 专题]}
duties:
  - {id: teach, title: 逐班讲授消防专题, responsible: 二级学院, every: 每月, cover: 班级专题,
     ladder: 常规}
"""
KEY = "fire/2026-11/teach/"


def test_each_class_is_taught_each_topic(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-10-31 18:00")
    desk.reconcile("2026-11-02 09:00")
    some = ["护理1班×用电", "护理1班×逃生", "护理2班×用电", "护理2班×逃生", "护理3班×用电"]
    receipt = submit(
        desk.db, desk.blobs, f"{KEY}nursing", covered=some, by="护理学院",
        now=at("2026-11-10 09:00"),
    )  # fmt: skip
    assert (receipt.covered, receipt.uncovered) == ((5, 6), ("护理3班×逃生",))
    receipt = submit(
        desk.db, desk.blobs, f"{KEY}pharmacy", covered=["全部"], by="药学院",
        now=at("2026-11-10 09:00"),
    )  # fmt: skip
    assert (receipt.covered, receipt.state) == ((2, 2), State.SUBMITTED)


def test_a_pair_that_does_not_exist_is_refused(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-10-31 18:00")
    desk.reconcile("2026-11-02 09:00")
    with pytest.raises(Refused, match="护理1班×用水"):
        submit(
            desk.db, desk.blobs, f"{KEY}nursing", covered=["护理1班×用水"], by="护理学院",
            now=at("2026-11-10 09:00"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("roster", "code"),
    [
        ("{id: l, name: 甲, as_of: 2026-09-20, pairs: [班级, 没有]}", "unknown-roster"),
        ("{id: l, name: 甲, as_of: 2026-09-20, pairs: [班级, 班级], counts: {药学院: 3}}",
         "bad-pairs"),
        ("{id: l, name: 甲, as_of: 2026-09-20, pairs: [班级, 甲]}", "bad-pairs"),
    ],
)  # fmt: skip
def test_pairs_of_what_has_no_names_are_found_in_the_plan(roster: str, code: str) -> None:
    text = f"rosters:\n  - {roster}\n"
    assert code in {problem.code for problem in compiled(text).problems}
