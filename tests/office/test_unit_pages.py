"""What a unit sees of its tasks, and what it does with them besides answering by mail."""

from datetime import date

import pytest

from duban.specimen_files import file_of
from office import review
from office.feed import subscribe
from office.handed_in import File, Papers
from office.handing_in import hand_in
from office.passing_on import ask_more_time, pass_on, say_not_ours
from office.receive import Receipt
from office.task_page import TaskPage, task_page
from office.unit_page import A_PAGE, unit_page
from responsibilities.plan import Role
from responsibilities.tasks import FactKind, Standing, State
from responsibilities.words import Refused
from tests.office.desk import Desk, at
from tests.office.test_receive_and_review import CHECK, DRILL, PHOTOS, PLAN, RECORD, ZERO

BY = "护理学院联络员（张老师）"


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """Monday morning: three tasks are open."""
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


def page(desk: Desk, key: str, wall: str = "2026-12-01 10:00") -> TaskPage:
    return task_page(desk.db, desk.blobs, desk.task(key).id, at(wall))


def given(desk: Desk, key: str, papers: Papers, wall: str = "2026-12-01 10:00") -> Receipt:
    return hand_in(
        desk.db, desk.blobs, desk.task(key).id, papers, by=BY, role=Role.CONTACT, now=at(wall)
    )


def test_the_page_says_what_until_when_what_is_missing_and_what_comes_next(
    open_desk: Desk,
) -> None:
    shown = page(open_desk, CHECK)
    assert (shown.title, shown.unit_name) == ("开展宿舍消防检查", "护理学院")
    assert (shown.standing, shown.days_left) == (Standing.DUE_SOON, 3)
    assert shown.due_at == at("2026-12-04 17:00")
    assert shown.missing == ("检查记录", "照片", "隐患数")
    assert [line.said for line in shown.lines] == [
        "检查记录", "照片（不少于2份）", "隐患数", "说明（可选）",
    ]  # fmt: skip
    assert "将于2026年12月7日" in shown.next_step
    assert shown.reviewer == "办公室"
    assert shown.posts == (Role.CONTACT, Role.DEPUTY, Role.HEAD)
    assert [one.said.zh for one in shown.history] == ["立项交办　截止 2026-12-04 17:00"]


def test_what_was_handed_in_is_shown_again_with_the_words_that_were_written(
    open_desk: Desk,
) -> None:
    given(open_desk, CHECK, Papers([RECORD], {"隐患数": "3"}, text={"说明": "已张贴提示。"}))
    shown = {line.asked.name: line for line in page(open_desk, CHECK).lines}
    assert [piece.name for piece in shown["检查记录"].files] == ["记录.pdf"]
    assert (shown["隐患数"].value, shown["说明"].value) == ("3", "已张贴提示。")
    assert page(open_desk, CHECK).missing == ("照片",)


def test_until_it_is_closed_a_hand_in_can_be_corrected_and_every_version_stays(
    open_desk: Desk,
) -> None:
    first = given(open_desk, CHECK, Papers([RECORD, *PHOTOS], {"隐患数": "3"}))
    assert first.complete
    wrong = first.files[1][2]
    better = Papers([File("3.jpg", file_of("jpg", "photo 3"))], {"隐患数": "2"}, taken_back=[wrong])
    second = given(open_desk, CHECK, better, "2026-12-01 11:00")
    assert (second.attempt, second.complete) == (2, True)
    shown = {line.asked.name: line for line in page(open_desk, CHECK).lines}
    assert [piece.name for piece in shown["照片"].files] == ["2.jpg", "3.jpg"]
    assert shown["隐患数"].value == "2"
    assert open_desk.blobs.get(wrong) == PHOTOS[0].data
    bodies = [f.body for f in open_desk.facts(CHECK) if f.kind is FactKind.SUBMITTED]
    assert [body.get("taken_back") for body in bodies] == [None, [wrong]]


def test_what_the_reviewer_has_is_not_made_incomplete(open_desk: Desk) -> None:
    first = given(open_desk, CHECK, Papers([RECORD, *PHOTOS], {"隐患数": "3"}))
    with pytest.raises(Refused, match="更正后将缺少：照片"):
        given(open_desk, CHECK, Papers(taken_back=[first.files[1][2]]), "2026-12-01 11:00")
    with pytest.raises(Refused, match="已不在本事项中"):
        given(open_desk, CHECK, Papers(taken_back=["护理9班"]), "2026-12-01 11:00")
    assert len(open_desk.facts(CHECK)) == 2


def test_a_class_ticked_by_mistake_is_taken_back(open_desk: Desk) -> None:
    given(open_desk, DRILL, Papers(covered=["护理1班", "护理2班"]))
    given(open_desk, DRILL, Papers(taken_back=["护理2班"]), "2026-12-01 11:00")
    shown = page(open_desk, DRILL)
    assert shown.roster == (("护理1班", True), ("护理2班", False), ("护理3班", False))
    assert (shown.covered, shown.missing) == ((1, 3), ("护理2班", "护理3班"))


def test_the_post_that_the_link_is_for_gets_the_receipt_once(open_desk: Desk) -> None:
    for _ in range(2):
        given(open_desk, ZERO, Papers(zero=True))
    receipts = [n for n in open_desk.waiting() if n.kind == "receipt"]
    assert [(n.unit, n.role) for n in receipts] == [("nursing", "contact")]
    assert BY in str(receipts[0].facts)
    open_desk.post("2026-12-01 10:01")
    [subject] = [subject for _, subject in open_desk.letters() if "回执" in subject]
    assert "材料齐全" in subject


def test_a_task_is_handed_over_to_another_post_which_gets_it_by_letter(open_desk: Desk) -> None:
    number = open_desk.task(CHECK).id
    for _ in range(2):
        now = at("2026-12-01 10:00")
        pass_on(open_desk.db, number, Role.DEPUTY, "外出培训", by=BY, role=Role.CONTACT, now=now)
    assert open_desk.kinds(CHECK)[1:] == [FactKind.PASSED_ON]
    assert page(open_desk, CHECK).history[0].said.zh == "转交　副联络员　外出培训"
    open_desk.post("2026-12-01 10:01")
    assert any("<nursing-b@school.example>" in to for to, _ in open_desk.letters())
    assert open_desk.task(CHECK).state is State.OPEN


def test_a_vacant_post_or_a_closed_task_is_not_handed_over(open_desk: Desk) -> None:
    number, now = open_desk.task(ZERO).id, at("2026-12-01 10:00")

    def to(post: Role) -> None:
        pass_on(open_desk.db, number, post, "", by=BY, role=Role.CONTACT, now=now)

    with pytest.raises(Refused, match="岗位空缺"):
        to(Role.LEADER)
    given(open_desk, ZERO, Papers(zero=True))
    with pytest.raises(Refused, match="不能转交"):
        to(Role.DEPUTY)


def test_not_ours_goes_to_the_office_and_the_task_stays(open_desk: Desk) -> None:
    number = open_desk.task(CHECK).id

    def say(reason: str) -> None:
        now = at("2026-12-01 10:00")
        say_not_ours(open_desk.db, number, reason, by=BY, role=Role.CONTACT, now=now)

    with pytest.raises(Refused, match="理由"):
        say(" ")
    say("宿舍由后勤处管理")
    say("宿舍由后勤处管理")
    assert open_desk.kinds(CHECK)[1:] == [FactKind.QUESTIONED]
    told = [n for n in open_desk.waiting() if n.kind in ("inbox", "receipt")]
    assert [(n.kind, n.unit) for n in told] == [("receipt", "nursing"), ("inbox", "office")]
    assert "宿舍由后勤处管理" in str(told[1].facts)
    open_desk.post("2026-12-01 10:01")
    assert open_desk.task(CHECK).state is State.OPEN


def test_the_page_shows_why_it_came_back_and_what_was_asked_for(open_desk: Desk) -> None:
    number = open_desk.task(CHECK).id
    later = at("2026-12-08 17:00")
    for _ in range(2):
        ask_more_time(
            open_desk.db, number, date(2026, 12, 8), "停电", by=BY, role=Role.CONTACT,
            now=at("2026-12-01 09:00"),
        )  # fmt: skip
    assert [n.kind for n in open_desk.waiting() if n.kind != "opened"] == [
        "extension_asked", "receipt",
    ]  # fmt: skip
    assert page(open_desk, CHECK).asked_until == later
    review.decline(open_desk.db, number, "可按期", by="办公室", now=at("2026-12-01 09:30"))
    assert page(open_desk, CHECK).asked_until is None
    given(open_desk, CHECK, Papers([RECORD, *PHOTOS], {"隐患数": "3"}))
    waiting = page(open_desk, CHECK)
    assert (waiting.open, waiting.review_due) == (False, at("2026-12-03 08:00"))
    review.return_(open_desk.db, number, "照片模糊", by="办公室", now=at("2026-12-02 09:00"))
    assert page(open_desk, CHECK, "2026-12-02 10:00").returned == "照片模糊"


def test_the_page_of_a_unit_lists_what_is_open_first_and_turns_the_page_of_what_is_done(
    open_desk: Desk,
) -> None:
    given(open_desk, ZERO, Papers(zero=True))
    weeks = 0
    for weeks in range(1, 13):  # three tasks a week; those of drill are waived
        monday = at("2026-11-30 08:00") + weeks * (at("2026-12-07 08:00") - at("2026-11-30 08:00"))
        for row in unit_page(open_desk.db, "fire", "nursing", monday).open:
            review.waive(open_desk.db, row.task.id, "停课", by="办公室", now=monday)
        open_desk.reconcile(f"{monday:%Y-%m-%d} 08:00")
    now = at("2027-02-22 12:00")
    first = unit_page(open_desk.db, "fire", "nursing", now)
    assert [row.title for row in first.waiting] == ["报送火情"]
    assert [row.task.state for row in first.open] == [State.OPEN] * len(first.open)
    assert first.posts[0].mailbox == "nursing@school.example"
    assert (first.name, first.leader, first.has_calendar) == ("护理学院", "分管校领导", False)
    assert len(first.done) == A_PAGE
    rest = unit_page(open_desk.db, "fire", "nursing", now, before=first.older)
    every = [row.task.id for row in (*first.done, *rest.done)]
    assert every == sorted(set(every), reverse=True)
    assert len(every) == sum(task.state is State.CLOSED for task in open_desk.tasks())
    assert rest.older is None
    subscribe(open_desk.db, "fire", "护理学院", now)
    assert unit_page(open_desk.db, "fire", "nursing", now).has_calendar
