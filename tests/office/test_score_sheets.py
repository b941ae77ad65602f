"""The year's score sheets from a lived record: what a unit left undone, and what was spared it."""

import pytest
from sqlalchemy import Engine

from duban.specimen_files import file_of as specimen
from inspections.assessment import Sheet
from office import review
from office.receive import File, submit
from office.score_sheets import ScoreSheets, say_points, score_sheets
from responsibilities.words import Refused
from tests.office.desk import SCHOOL, WEEKLY, Desk, at

ASSESSED = """\
assessments:
  - id: yearly
    name: 消防年度考核
    of: 二级学院
    raters: {办公室: 100}
    indicators:
      - id: work
        name: 履职
        weight: 100
        indicators:
          - {id: done, name: 完成, weight: 60, from: 完成}
          - {id: late, name: 时限, weight: 20, from: 时限, deduct: 2}
          - {id: back, name: 退回, weight: 20, from: 退回, deduct: 1}
    grades: [{name: 好, least: 80}, {name: 一般}]
"""


@pytest.fixture
def desk(db: Engine, tmp_path: object) -> Desk:
    """Four weeks of checks by two colleges."""
    desk = Desk(db, tmp_path)  # type: ignore[arg-type]
    desk.adopt(
        WEEKLY.replace("ladder: 常规", "ladder: 常规, weight: 5") + ASSESSED,
        "2026-08-31 09:00", SCHOOL,
    )  # fmt: skip
    desk.reconcile("2026-09-27 08:00")
    return desk


def hand_in(desk: Desk, key: str, wall: str) -> None:
    file = File("记录.pdf", specimen("pdf", wall))
    submit(desk.db, desk.blobs, key, by="护理学院", now=at(wall), files=[file])


def weeks(desk: Desk, unit: str = "nursing") -> list[str]:
    return [f"fire/2026-W{n}/check/{unit}" for n in (36, 37, 38, 39)]


def scored(desk: Desk) -> ScoreSheets:
    return score_sheets(desk.db, None, None, 2026, at("2026-09-28 08:00"))


def costs(one: Sheet, id_: str) -> list[tuple[str, int]]:
    lines = [line for part in one.parts for line in part.lines if line.indicator.id == id_]
    return [(cost.task, cost.points) for cost in lines[0].costs]


def test_each_point_lost_names_the_task_that_cost_it_and_a_waived_one_costs_nothing(
    desk: Desk,
) -> None:
    returned, late, undone, waived = weeks(desk)
    review.waive(desk.db, waived, "停电", by="办公室", now=at("2026-09-27 09:00"))
    hand_in(desk, returned, "2026-09-27 10:00")
    review.return_(desk.db, returned, "缺少签名", by="办公室", now=at("2026-09-27 11:00"))
    hand_in(desk, late, "2026-09-27 12:00")
    found = scored(desk)
    nursing = next(one for one in found.sheets if one.unit == "nursing")
    assert costs(nursing, "done") == [(returned, 2000), (undone, 2000)]
    assert costs(nursing, "late") == [(late, 200)]
    assert costs(nursing, "back") == [(returned, 100)]
    assert nursing.total == 10000 - 4000 - 200 - 100
    assert found.grades == {"nursing": "一般", "pharmacy": "一般"}
    assert found.numbers[undone] == desk.task(undone).id


def test_a_year_or_an_assessment_that_there_is_not(desk: Desk) -> None:
    empty = score_sheets(desk.db, None, None, 2020, at("2026-09-28 08:00"))
    assert [line.applies for p in empty.sheets[0].parts for line in p.lines] == [False] * 3
    with pytest.raises(Refused, match="消防年度考核"):
        score_sheets(desk.db, None, "别的", 2026, at("2026-09-28 08:00"))


def test_points_are_said_without_needless_zeros() -> None:
    assert [say_points(n) for n in (10000, 9750, 9705, 5)] == ["100", "97.5", "97.05", "0.05"]
