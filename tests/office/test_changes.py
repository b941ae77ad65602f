"""变动即更新: what changed is told once, and the register of that unit is brought up to date."""

import pytest

from office.report_incident import report
from responsibilities.plan import Kind
from responsibilities.words import Refused
from tests.office.desk import Desk, at, compiled

PLAN = """\
duties:
  - {id: contacts, title: 更新联络员名单, responsible: [保卫处, 二级学院], standing: 动态更新,
     checkpoint: 每月, on_change: 变动后3个工作日内, ladder: 常规, weight: 3,
     evidence: [{file: 联络员名单}]}
  - {id: risks, title: 更新隐患台账, responsible: 二级学院, every: 每月, on_change: 1个工作日内,
     ladder: 常规}
"""


def change(desk: Desk, unit: str, register: str) -> list[str]:
    found = report(
        desk.db, "fire", "变动", unit, {"事项": register, "变动内容": "联络员由张某换为李某"},
        None, at("2026-11-20 10:00"), at("2026-11-20 10:05"), "办公室",
    )  # fmt: skip
    return [task.key for task in found.tasks]


def test_a_change_opens_the_update_of_that_unit_and_register_only(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-11-02 09:00")
    assert change(desk, "护理学院", "更新联络员名单") == ["fire/E2026-0001/contacts.change/nursing"]
    task = desk.task("fire/E2026-0001/contacts.change/nursing")
    assert task.due_at == at("2026-11-25 17:00")  # a Friday, and three working days
    assert [row.title for row in desk.rows("2026-11-20 11:00") if row.task.event] == [
        "更新联络员名单（变动更新）"
    ]
    assert "李某" not in str(desk.record())


def test_the_same_change_told_again_opens_nothing_and_the_checkpoints_go_on(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-11-02 09:00")
    first = change(desk, "护理学院", "更新隐患台账")
    assert change(desk, "护理学院", "更新隐患台账") == first
    desk.reconcile("2026-12-01 09:00")
    assert "fire/2026-12/contacts/nursing" in desk.opened()
    with pytest.raises(Refused, match="更新隐患台账"):
        change(desk, "护理学院", "更新名册")


def test_the_update_stands_beside_its_checkpoint_and_is_not_scored_twice() -> None:
    plan = compiled(PLAN).plan
    assert plan is not None
    assert [(duty.id, duty.kind, duty.weight) for duty in plan.duties] == [
        ("contacts", Kind.STANDING, 3),
        ("contacts.change", Kind.EVENT, 0),
        ("risks", Kind.RECURRING, 0),
        ("risks.change", Kind.EVENT, 0),
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("events: [{id: moved, name: 变动}]", "duplicate-id"),
        ("duties: [{id: x, title: 甲, responsible: 保卫处, every: 每月, on_change: 及时}]",
         "bad-moment"),
        ("duties: [{id: x, title: 甲, responsible: 保卫处, once: 2026-12-31前, on_change: 1日内}]",
         "stray-key"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_up_is_found_before_the_plan_is_in_force(more: str, code: str) -> None:
    text = PLAN if more.startswith("events") else ""
    text = f"{more}\n{text}" if text else more
    assert code in {problem.code for problem in compiled(text).problems}
