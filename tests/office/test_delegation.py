"""Two levels: the delegates of a unit each hand in their part, the unit answers for the whole."""

from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.specimen_files import file_of
from office.ledger import show_task
from office.receive import File, Receipt, submit
from office.replay import replayed
from office.review import accept, ask_extension, extend, return_, waive
from office.workplace import clock_of
from responsibilities.simulation.conduct import Scenario, year_named
from responsibilities.simulation.simulate import simulate
from responsibilities.tasks import FactKind, State
from responsibilities.words import Refused
from storage.engine import open_engine, reading
from tests.office.desk import SCHOOL, Desk, at, compiled

DELEGATES = """\
delegates:
  - {id: fdy-24, name: 护理学院2024级辅导员, unit: 护理学院, as: 辅导员,
     mail: fdy-24@school.example, covers: {班级: [护理1班, 护理2班]}}
  - {id: fdy-25, name: 护理学院2025级辅导员, unit: 护理学院, as: 辅导员, mail: %s,
     covers: {班级: [护理3班]}}
  - {id: fdy-yx, name: 药学院辅导员, unit: 药学院, as: 辅导员, mail: fdy-yx@school.example,
     covers: {班级: [药学1班]}}
"""
DRILL = """\
duties:
  - {id: drill, title: 班级消防演练, responsible: 二级学院, every: 每周, due: 周五前, cover: 班级,
     delegate: 辅导员, review: 办公室, ladder: 常规%s}
"""
FIGURES = ", evidence: [{file: 签到表, kinds: [pdf]}, {number: 参加人数}]"
WHOLE = "fire/2026-W49/drill/nursing"
PART = f"{WHOLE}~fdy-24"
OTHER = f"{WHOLE}~fdy-25"
MONDAY = "2026-11-30 08:00"


def plan_of(more: str = "", second: str = "fdy-25@school.example") -> str:
    return DELEGATES % second + DRILL % more


def begin(desk: Desk, more: str = "", second: str = "fdy-25@school.example") -> Desk:
    desk.adopt(plan_of(more, second), "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    return desk


def hand_in(
    desk: Desk, key: str, covered: str, wall: str = "2026-12-01 09:00", people: str = ""
) -> Receipt:
    files = [File("签到表.pdf", file_of("pdf", f"{key} {wall}"))] if people else []
    return submit(
        desk.db, desk.blobs, key, by=key.rpartition("/")[2], covered=covered.split("、"),
        figures={"参加人数": people} if people else {}, files=files, now=at(wall),
    )  # fmt: skip


def shown(desk: Desk, wall: str = "2026-12-01 09:05") -> tuple[object, tuple[str, ...], str]:
    found = show_task(desk.db, WHOLE, at(wall))
    return found.covered, found.uncovered, found.delegates


def test_each_delegate_has_a_part_with_its_own_classes_and_letter(desk: Desk) -> None:
    begin(desk)
    assert [key.rpartition("/")[2] for key in desk.opened()] == [
        "nursing", "pharmacy", "nursing~fdy-24", "nursing~fdy-25", "pharmacy~fdy-yx",
    ]  # fmt: skip
    part = show_task(desk.db, PART, at(MONDAY))
    assert (part.row.unit, part.covered, part.reviewer) == (
        "护理学院2024级辅导员",
        (0, 2),
        "护理学院",
    )
    desk.post(MONDAY)
    opened = {to.split()[0] for to, subject in desk.letters() if subject.startswith("【下达")}
    assert opened >= {"护理学院2024级辅导员", "护理学院2025级辅导员", "护理学院联络员"}


def test_the_unit_sees_how_far_its_delegates_have_come(desk: Desk) -> None:
    begin(desk)
    assert shown(desk) == (
        (0, 3), ("护理1班", "护理2班", "护理3班"),
        "已报结0/2，尚未报结：护理学院2024级辅导员、护理学院2025级辅导员",
    )  # fmt: skip
    hand_in(desk, PART, "护理1班")
    assert shown(desk)[:2] == ((1, 3), ("护理2班", "护理3班"))
    hand_in(desk, PART, "护理2班")
    assert shown(desk)[2] == "已报结1/2，尚未报结：护理学院2025级辅导员"
    assert desk.task(WHOLE).state is State.OPEN


def test_when_all_parts_are_in_the_system_hands_in_the_whole_with_the_sums(desk: Desk) -> None:
    begin(desk, FIGURES)
    hand_in(desk, PART, "全部", people="80")
    hand_in(desk, OTHER, "全部", people="41")
    whole = desk.task(WHOLE)
    assert (whole.state, desk.task(PART).state) == (State.SUBMITTED, State.SUBMITTED)
    last = desk.facts(WHOLE)[-1]
    assert (last.kind, last.by, last.body["complete"]) == (FactKind.SUBMITTED, "system", True)
    told = {(n.kind, n.role) for n in desk.waiting() if n.matters[0].task == whole.id}
    assert {("review", "reviewer"), ("gathered", "contact"), ("gathered", "head")} <= told
    desk.post("2026-12-02 08:20")
    with reading(desk.db) as connection:
        again = {task.key: (task.state, task.attempt) for task in replayed(connection)}
    assert again == {task.key: (task.state, task.attempt) for task in desk.tasks()}
    accept(desk.db, WHOLE, by="办公室", now=at("2026-12-02 09:00"))
    assert {desk.task(key).outcome for key in (WHOLE, PART, OTHER)} == {"accepted"}


def test_a_rate_a_date_or_a_text_is_the_units_own_to_give(desk: Desk) -> None:
    begin(desk, ", evidence: [{number: 参加人数}, {number: 出勤率, max: 100}, {text: 小结}]")
    assert [line for line, _ in show_task(desk.db, PART, at(MONDAY)).checklist] == ["参加人数"]
    for key, people in ((PART, "80"), (OTHER, "41")):
        submit(
            desk.db, desk.blobs, key, by="辅导员", covered=["全部"],
            figures={"参加人数": people}, now=at("2026-12-01 09:00"),
        )  # fmt: skip
    assert desk.task(WHOLE).state is State.OPEN
    assert any(n.kind == "gathered" for n in desk.waiting())
    done = submit(
        desk.db, desk.blobs, WHOLE, by="护理学院", figures={"出勤率": "98"}, text="顺利",
        now=at("2026-12-01 10:00"),
    )  # fmt: skip
    assert (done.complete, done.covered, done.missing) == (True, (3, 3), ())


def test_a_delegate_is_chased_first_and_whoever_is_above_hears_of_the_whole(desk: Desk) -> None:
    begin(desk)
    hand_in(desk, PART, "全部")
    for wall in ("2026-12-04 08:00", "2026-12-07 08:00", "2026-12-09 08:00"):
        desk.reconcile(wall)
        desk.post(wall)
    told = {key: [f.body["told"] for f in desk.facts(key) if f.kind is FactKind.TOLD]
            for key in (WHOLE, PART, OTHER)}  # fmt: skip
    assert told[PART] == []
    assert told[OTHER] == [["contact"], ["contact"]]
    assert told[WHOLE] == [["contact"], ["contact", "head"], ["leader", "group_leader"]]
    late = {to.split()[0] for to, subject in desk.letters() if "逾期" in subject}
    assert "护理学院2025级辅导员" in late
    assert "护理学院2024级辅导员" not in late


def test_while_a_delegates_post_is_vacant_its_letters_go_to_the_units_contact(desk: Desk) -> None:
    begin(desk, second="空缺")
    desk.post(MONDAY)
    assert not any("2025级辅导员" in to for to, _ in desk.letters())
    told = [subject for to, subject in desk.letters() if to.startswith("护理学院联络员")]
    assert told == ["【督办·新下达2项】班级消防演练 0/3（剩4天）等2项"]


def test_the_unit_may_do_all_of_it_itself(desk: Desk) -> None:
    begin(desk)
    hand_in(desk, PART, "护理1班")
    assert hand_in(desk, WHOLE, "护理2班、护理3班").complete
    assert [desk.task(key).outcome for key in (PART, OTHER)] == ["waived", "waived"]


def test_a_returned_part_is_handed_in_again_and_a_waived_one_holds_nothing_up(desk: Desk) -> None:
    begin(desk)
    hand_in(desk, PART, "全部")
    return_(desk.db, PART, "缺签到表", by="护理学院", now=at("2026-12-01 10:00"))
    hand_in(desk, OTHER, "全部", "2026-12-01 11:00")
    assert desk.task(WHOLE).state is State.OPEN
    hand_in(desk, PART, "护理1班", "2026-12-02 09:00")
    assert desk.task(WHOLE).state is State.SUBMITTED


def test_a_waived_part_leaves_its_classes_to_the_unit(desk: Desk) -> None:
    begin(desk)
    hand_in(desk, PART, "全部")
    waive(desk.db, OTHER, "辅导员外派", by="护理学院", now=at("2026-12-01 10:00"))
    assert desk.task(WHOLE).state is State.OPEN
    assert hand_in(desk, WHOLE, "护理3班", "2026-12-01 11:00").complete


def test_the_time_of_a_part_is_that_of_the_whole(desk: Desk) -> None:
    begin(desk)
    until, now = at("2026-12-08 17:00"), at("2026-12-01 10:00")
    with pytest.raises(Refused, match="请由护理学院申请延期"):
        ask_extension(desk.db, PART, until, "实习", by="辅导员", now=now)
    extend(desk.db, WHOLE, until, by="办公室", now=now)
    assert {desk.task(key).due_at for key in (WHOLE, PART, OTHER)} == {until}


def test_a_class_that_changes_hands_changes_the_parts(desk: Desk) -> None:
    begin(desk)
    moved = (
        plan_of()
        .replace("[护理1班, 护理2班]", "[护理1班]")
        .replace("[护理3班]", "[护理2班, 护理3班]")
    )
    desk.adopt(moved, "2026-12-01 09:00")
    desk.reconcile("2026-12-01 09:01")
    assert show_task(desk.db, PART, at(MONDAY)).uncovered == ("护理1班",)
    assert show_task(desk.db, OTHER, at(MONDAY)).uncovered == ("护理3班", "护理2班")
    assert shown(desk)[0] == (0, 3)


def test_a_post_that_is_no_more_leaves_its_classes_to_the_unit(desk: Desk) -> None:
    begin(desk)
    first, _, rest = plan_of().partition("  - {id: fdy-25")
    gone = first + "  - {id: fdy-yx" + rest.partition("  - {id: fdy-yx")[2]
    desk.adopt(gone, "2026-12-01 09:00")
    desk.reconcile("2026-12-01 09:01")
    assert desk.task(OTHER).outcome == "waived"
    hand_in(desk, PART, "全部")
    assert (desk.task(WHOLE).state, shown(desk)[1]) == (State.OPEN, ("护理3班",))


def test_all_zero_reports_make_one(desk: Desk) -> None:
    begin(desk, ", zero_report: true, evidence: [{number: 隐患数}]")
    for key in (PART, OTHER):
        submit(desk.db, desk.blobs, key, by="辅导员", zero=True, now=at("2026-12-01 09:00"))
    assert desk.task(WHOLE).state is State.SUBMITTED
    assert desk.facts(WHOLE)[-1].body["zero"] is True


@given(order=st.permutations(["护理1班", "护理2班", "护理3班"]), many=st.integers(0, 3))
@settings(max_examples=12)
def test_the_whole_is_in_if_and_only_if_every_class_is_covered(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, order: list[str], many: int
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    copy(sqlite_template, folder / "duban.sqlite")
    desk = begin(Desk(open_engine(f"sqlite:///{folder / 'duban.sqlite'}"), folder))
    for minute, name in enumerate(order[:many]):
        hand_in(desk, OTHER if name == "护理3班" else PART, name, f"2026-12-01 09:0{minute}")
    assert (desk.task(WHOLE).state is State.SUBMITTED) == (many == 3)
    assert shown(desk)[0] == (many, 3)
    desk.db.dispose()


def test_a_simulated_year_hands_the_whole_in_with_its_last_part() -> None:
    plan = compiled(plan_of()).plan
    assert plan is not None
    happened: list[tuple[str, str]] = []
    first, last = year_named(plan, "2026")
    prompt = Scenario(first, last, prompt=1.0, late=0.0, returned=0.0)
    found = simulate(plan, clock_of(plan), prompt, lambda h: happened.append((h.what, h.key)))
    submitted = [key for what, key in happened if what == "submitted"]
    assert {PART, OTHER} <= set(submitted[: submitted.index(WHOLE)])
    weeks = len({key.split("/")[1] for what, key in happened if what == "opened"})
    assert found.tasks == 5 * weeks


@pytest.mark.parametrize(
    ("old", "new", "code", "severity"),
    [
        ("delegate: 辅导员", "delegate: 班主任", "unknown-delegate", "error"),
        ("unit: 药学院", "unit: 药院", "unknown-unit", "error"),
        ("[护理3班]", "[护理9班]", "unknown-member", "error"),
        ("{班级: [护理3班]}", "{班组: [护理3班]}", "unknown-roster", "error"),
        ("[护理1班, 护理2班]", "[护理1班]", "member-without-delegate", "warning"),
        ("[护理3班]", "[护理3班, 护理1班]", "member-delegated-twice", "warning"),
        (
            "unit: 药学院, as: 辅导员",
            "unit: 药学院, as: 班主任",
            "unit-without-delegate",
            "warning",
        ),
        ("cover: 班级,", "each: 班级,", "bad-delegate", "error"),
        ("every: 每周, due: 周五前", "on: 火情, due: 知悉后1日内", "stray-key", "error"),
    ],
)
def test_what_is_wrong_with_delegates_is_found_in_the_plan(
    old: str, new: str, code: str, severity: str
) -> None:
    found = {p.code: p.severity.value for p in compiled(plan_of().replace(old, new)).problems}
    assert found[code] == severity


def test_head_counts_cannot_be_delegated() -> None:
    counted = SCHOOL.replace(
        "members: {护理学院: [护理1班, 护理2班, 护理3班], 药学院: [药学1班]}",
        "counts: {护理学院: 9, 药学院: 3}",
    )
    text = "delegates:\n  - {id: a, name: 甲, unit: 护理学院, as: 辅导员}\n" + DRILL % ""
    assert "bad-delegate" in {p.code for p in compiled(text, counted).problems}
