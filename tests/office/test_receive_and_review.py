"""From what a unit hands in to the closed task, and the ways back."""

from typing import Any

import pytest

from duban.specimen_files import file_of
from office import review
from office.receive import File, Receipt, submit
from responsibilities.tasks import FactKind, Standing, State
from responsibilities.words import Refused
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - id: check
    title: 开展宿舍消防检查
    responsible: 护理学院
    every: 每周
    due: 周五前
    review: 办公室
    ladder: 常规
    evidence: [{file: 检查记录, kinds: [pdf]}, {file: 照片, kinds: [jpg], min: 2},
      {number: 隐患数, min: 0}, {text: 说明, optional: true}]
  - {id: drill, title: 班级消防演练, responsible: 护理学院, every: 每周, due: 周五前, cover: 班级,
     review: 办公室, ladder: 常规}
  - {id: zero, title: 报送火情, responsible: 护理学院, every: 每周, due: 周五前, zero_report: true,
     review: 办公室, ladder: 常规, evidence: [{number: 火情数, min: 0}]}
"""
CHECK = "fire/2026-W49/check/nursing"
DRILL = "fire/2026-W49/drill/nursing"
ZERO = "fire/2026-W49/zero/nursing"
RECORD = File("记录.pdf", file_of("pdf", "record"))
PHOTOS = [File(f"{n}.jpg", file_of("jpg", f"photo {n}")) for n in (1, 2)]


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """Monday morning: three tasks are open."""
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


def hand_in(desk: Desk, key: str, wall: str = "2026-12-01 10:00", **given: Any) -> Receipt:
    return submit(desk.db, desk.blobs, key, by="护理学院联络员", now=at(wall), **given)


def whole(desk: Desk, wall: str = "2026-12-01 10:00") -> Receipt:
    return hand_in(desk, CHECK, wall, files=[RECORD, *PHOTOS], figures={"隐患数": "3"})


def test_a_complete_submission_goes_to_the_reviewer_with_a_receipt(open_desk: Desk) -> None:
    receipt = whole(open_desk)
    assert receipt.number.startswith("督办〔2026〕")
    assert receipt.complete
    assert receipt.missing == ()
    assert receipt.review_due == at("2026-12-03 08:00")
    assert [(line, name) for line, name, _, _ in receipt.files] == [
        ("检查记录", "记录.pdf"),
        ("照片", "1.jpg"),
        ("照片", "2.jpg"),
    ]
    assert open_desk.blobs.get(receipt.files[0][2]) == RECORD.data
    assert [(n.kind, n.role) for n in open_desk.waiting() if n.kind == "review"] == [
        ("review", "reviewer")
    ]


def test_what_is_incomplete_is_kept_and_the_rest_may_follow(open_desk: Desk) -> None:
    first = hand_in(open_desk, CHECK, files=[RECORD, PHOTOS[0]])
    assert (first.state, first.missing) == (State.OPEN, ("照片", "隐患数"))
    second = hand_in(open_desk, CHECK, files=[PHOTOS[1]], figures={"隐患数": "0"})
    assert (second.state, second.attempt, second.missing) == (State.SUBMITTED, 2, ())


def test_coverage_counts_the_classes_and_names_the_missing_ones(open_desk: Desk) -> None:
    first = hand_in(open_desk, DRILL, covered=["护理1班", "护理3班"])
    assert (first.covered, first.uncovered, first.complete) == ((2, 3), ("护理2班",), False)
    second = hand_in(open_desk, DRILL, covered=["护理2班"])
    assert (second.covered, second.complete) == ((3, 3), True)


def test_a_class_that_is_not_on_the_roster_is_refused_with_a_question(open_desk: Desk) -> None:
    with pytest.raises(Refused, match="“护理4班”（您是否想写“护理"):
        hand_in(open_desk, DRILL, covered=["护理1班", "护理4班"])
    assert open_desk.kinds(DRILL) == [FactKind.OPENED]


def test_everything_can_be_said_in_one_word(open_desk: Desk) -> None:
    assert hand_in(open_desk, DRILL, covered=["全部"]).complete


def test_silence_is_not_an_answer_but_a_zero_report_is(open_desk: Desk) -> None:
    with pytest.raises(Refused, match="没有提交任何内容"):
        hand_in(open_desk, ZERO)
    assert hand_in(open_desk, ZERO, zero=True).complete
    with pytest.raises(Refused, match="不接受零报告"):
        hand_in(open_desk, CHECK, zero=True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"figures": {"隐患": "3"}}, "您是否想写“隐患数”"),
        ({"figures": {"隐患数": "三"}}, "应为数字"),
        ({"figures": {"隐患数": "-1"}}, "不应小于 0"),
        ({"files": [File("表.xlsx", b"x")]}, "格式不符"),
        ({"files": [File("空.pdf", b"")]}, "是空的"),
        ({"files": [File("记录.pdf", b"x", "相片")]}, "材料清单中没有“相片”"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_would_be_right(
    open_desk: Desk, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        hand_in(open_desk, CHECK, **given)
    assert open_desk.kinds(CHECK) == [FactKind.OPENED]


def test_the_same_submission_twice_is_received_once(open_desk: Desk) -> None:
    first = whole(open_desk)
    again = whole(open_desk, "2026-12-01 10:01")
    assert (again.repeated, again.attempt) == (True, first.attempt)
    assert open_desk.kinds(CHECK) == [FactKind.OPENED, FactKind.SUBMITTED]


def test_accepting_closes_the_task_and_nobody_is_chased_any_more(open_desk: Desk) -> None:
    whole(open_desk)
    task = review.accept(open_desk.db, CHECK, by="办公室", now=at("2026-12-02 09:00"))
    assert (task.state, task.outcome, task.wake_at) == (State.CLOSED, "accepted", None)
    assert open_desk.reconcile("2026-12-20 09:00").total(FactKind.TOLD) > 0  # the other two
    assert open_desk.kinds(CHECK) == [FactKind.OPENED, FactKind.SUBMITTED, FactKind.ACCEPTED]
    assert {n.kind for n in open_desk.waiting() for m in n.matters if m.task == task.id} == {
        "accepted"
    }
    row = next(r for r in open_desk.rows("2026-12-20 09:00") if r.task.key == CHECK)
    assert row.standing is Standing.DONE


def test_a_letter_that_has_not_left_is_not_sent_about_a_task_that_is_done(open_desk: Desk) -> None:
    for key in (CHECK, DRILL, ZERO):
        review.waive(open_desk.db, key, "停课", by="办公室", now=at("2026-11-30 08:30"))
    open_desk.post("2026-11-30 09:00")
    assert [subject[:6] for _, subject in open_desk.letters()] == ["【督办·结果"]


def test_a_return_needs_a_reason_and_gives_the_time_under_review_back(open_desk: Desk) -> None:
    whole(open_desk, "2026-12-04 16:00")
    with pytest.raises(Refused, match="理由"):
        review.return_(open_desk.db, CHECK, " ", by="办公室", now=at("2026-12-07 16:00"))
    with pytest.raises(Refused, match="不应早于现有时限"):
        review.return_(
            open_desk.db, CHECK, "照片看不清", by="办公室", now=at("2026-12-03 16:00"),
            due_at=at("2026-12-03 17:00"),
        )  # fmt: skip
    task = review.return_(
        open_desk.db, CHECK, "照片看不清", by="办公室", now=at("2026-12-07 16:00")
    )
    assert (task.state, task.attempt) == (State.OPEN, 1)
    assert task.due_at == at("2026-12-07 17:00")
    assert task.original_due_at == at("2026-12-04 17:00")
    notice = next(n for n in open_desk.waiting() if n.kind == "returned")
    assert notice.matters[0].reason == "照片看不清"
    corrected = hand_in(
        open_desk, CHECK, "2026-12-07 16:30", files=[File("3.jpg", file_of("jpg", "sharp"))]
    )
    assert (corrected.complete, corrected.attempt) == (True, 2)


def test_a_submission_forgotten_by_the_reviewer_is_chased(open_desk: Desk) -> None:
    whole(open_desk)
    open_desk.reconcile("2026-12-03 08:00")
    assert open_desk.facts(CHECK)[-1].body["told"] == ["reviewer"]


def test_an_extension_keeps_both_dates_and_restarts_the_ladder(open_desk: Desk) -> None:
    review.ask_extension(
        open_desk.db,
        CHECK,
        at("2026-12-09 17:00"),
        "楼栋封闭",
        by="护理学院",
        now=at("2026-12-03 09:00"),
    )
    task = review.extend(
        open_desk.db, CHECK, at("2026-12-09 17:00"), by="分管校领导", now=at("2026-12-03 10:00")
    )
    assert (task.due_at, task.original_due_at) == (at("2026-12-09 17:00"), at("2026-12-04 17:00"))
    open_desk.reconcile("2026-12-08 09:00")
    assert FactKind.TOLD not in open_desk.kinds(CHECK)
    open_desk.reconcile("2026-12-10 09:00")
    assert open_desk.kinds(CHECK).count(FactKind.TOLD) == 2


def test_more_time_is_asked_for_in_time_and_answered_once(open_desk: Desk) -> None:
    later = at("2026-12-09 17:00")
    with pytest.raises(Refused, match="截止之前"):
        review.ask_extension(
            open_desk.db, CHECK, later, "忙", by="护理学院", now=at("2026-12-05 09:00")
        )
    with pytest.raises(Refused, match="没有待批"):
        review.decline(open_desk.db, CHECK, "可按期完成", by="办公室", now=at("2026-12-03 09:00"))
    review.ask_extension(
        open_desk.db, CHECK, later, "忙", by="护理学院", now=at("2026-12-03 09:00")
    )
    for _ in range(2):
        review.decline(open_desk.db, CHECK, "可按期完成", by="办公室", now=at("2026-12-03 10:00"))
    assert open_desk.kinds(CHECK) == [
        FactKind.OPENED, FactKind.EXTENSION_ASKED, FactKind.EXTENSION_DECLINED,
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["accept", "return_", "waive", "extend"])
def test_every_act_can_be_repeated_without_effect(open_desk: Desk, act: str) -> None:
    if act in ("accept", "return_"):
        whole(open_desk)
    given = {
        "accept": (),
        "return_": ("不全",),
        "waive": ("停课",),
        "extend": (at("2026-12-09 17:00"),),
    }[act]
    once = getattr(review, act)(
        open_desk.db, CHECK, *given, by="办公室", now=at("2026-12-02 09:00")
    )
    record, waiting = open_desk.record(), open_desk.waiting()
    again = getattr(review, act)(
        open_desk.db, CHECK, *given, by="办公室", now=at("2026-12-02 09:05")
    )
    assert again == once
    assert (open_desk.record(), open_desk.waiting()) == (record, waiting)


def test_a_closed_task_takes_nothing_more(open_desk: Desk) -> None:
    review.waive(open_desk.db, CHECK, "停课", by="办公室", now=at("2026-12-01 09:00"))
    with pytest.raises(Refused, match="已经办结或终止"):
        whole(open_desk)
    with pytest.raises(Refused, match="已经办结或终止"):
        review.accept(open_desk.db, CHECK, by="办公室", now=at("2026-12-02 09:00"))


def test_a_task_is_found_by_the_number_people_see(open_desk: Desk) -> None:
    receipt = whole(open_desk)
    for name in (receipt.number, receipt.number[8:-1], CHECK):
        assert (
            review.accept(open_desk.db, name, by="办公室", now=at("2026-12-02 09:00")).key == CHECK
        )
    with pytest.raises(Refused, match="没有督办事项"):
        review.accept(open_desk.db, "督办〔2026〕99号", by="办公室", now=at("2026-12-02 09:00"))
