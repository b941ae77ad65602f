"""Full coverage while the roster changes: who joins, who leaves, and the fact that says so."""

import pytest

from notifications.maildir import Mail, open_mail, read
from office.ledger import show_task
from office.receive import submit
from office.replay import replayed
from office.review import accept, extend, return_
from responsibilities.tasks import FactKind, State
from responsibilities.words import Refused
from storage.engine import reading
from tests.office.desk import SCHOOL, Desk, at

DRILL = """\
duties:
  - {id: drill, title: 班级消防演练, responsible: 二级学院, every: 每月, cover: 班级,
     review: 办公室, ladder: 常规%s}
"""
ROSTER = "members: {护理学院: [护理1班, 护理2班, 护理3班], 药学院: [药学1班]}"
KEY = "fire/2026-11/drill/"


def school(nursing: str) -> str:
    return SCHOOL.replace(ROSTER, f"members: {{护理学院: [{nursing}], 药学院: [药学1班]}}")


def begin(desk: Desk, nursing: str, more: str = "") -> None:
    """November's drill is open."""
    desk.adopt(DRILL % more, "2026-11-02 17:30", school(nursing))
    desk.reconcile("2026-11-02 17:31")


def covered(desk: Desk, wall: str, unit: str = "nursing") -> tuple[str, tuple[str, ...]]:
    shown = show_task(desk.db, KEY + unit, at(wall))
    assert shown.covered is not None
    return f"{shown.covered[0]}/{shown.covered[1]}", shown.uncovered


def cover(desk: Desk, names: str, wall: str, unit: str = "nursing") -> State:
    done = submit(desk.db, desk.blobs, KEY + unit, by=unit, covered=names.split("、"), now=at(wall))
    return done.state


def text_of(mail: Mail) -> str:
    body = open_mail(mail.path).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def changed(desk: Desk, unit: str = "nursing") -> list[tuple[object, object]]:
    known = desk.facts(KEY + unit)
    return [
        (dict(f.body["added"]), dict(f.body["taken_off"]))
        for f in known
        if f.kind is FactKind.ROSTER
    ]


def test_a_class_that_joins_before_the_due_date_is_to_be_covered_from_that_day(desk: Desk) -> None:
    begin(desk, "护理1班, 护理2班, {name: 护理4班, from: 2026-11-16}")
    assert covered(desk, "2026-11-02 09:00") == ("0/2", ("护理1班", "护理2班"))
    desk.reconcile("2026-11-15 09:00")
    assert changed(desk) == []
    desk.reconcile("2026-11-16 08:00")
    assert changed(desk) == [({"护理4班": "2026-11-16"}, {})]
    assert covered(desk, "2026-11-16 09:00") == ("0/3", ("护理1班", "护理2班", "护理4班"))
    assert changed(desk, "pharmacy") == []


def test_who_answers_for_everybody_follows_everybody(desk: Desk) -> None:
    text = (DRILL % "").replace("二级学院", "保卫处")
    desk.adopt(text, "2026-11-02 17:30", school("护理1班, {name: 护理4班, from: 2026-11-16}"))
    desk.reconcile("2026-11-02 17:31")
    desk.reconcile("2026-11-16 08:00")
    assert changed(desk, "guard") == [({"护理4班": "2026-11-16"}, {})]
    assert covered(desk, "2026-11-16 09:00", "guard")[0] == "0/3"


def test_the_unit_is_told_who_joined_and_later_letters_say_so_too(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理4班, from: 2026-11-16}")
    desk.post("2026-11-02 17:32")
    desk.reconcile("2026-11-16 08:00")
    desk.post("2026-11-16 08:20")
    said = [mail for mail in read(desk.mail.maildir) if "名册变动" in mail.subject]
    assert [mail.to.split()[0] for mail in said] == ["护理学院联络员"]
    assert "变动情况：新增护理4班（2026年11月16日加入）" in text_of(said[0])
    desk.reconcile("2026-11-30 08:00")
    desk.post("2026-11-30 08:20")
    last = [mail for mail in read(desk.mail.maildir) if mail.to.startswith("护理学院联络员")][-1]
    assert "名册变动：新增护理4班（2026年11月16日加入）" in text_of(last)


def test_a_class_that_leaves_uncovered_counts_no_more_and_a_covered_one_stays(desk: Desk) -> None:
    begin(
        desk,
        "护理1班, {name: 护理2班, until: 2026-11-13}, {name: 护理3班, until: 2026-11-13}",
    )
    cover(desk, "护理2班", "2026-11-10 09:00")
    desk.reconcile("2026-11-14 08:00")
    assert changed(desk) == [({}, {"护理3班": "2026-11-14"})]
    assert covered(desk, "2026-11-14 09:00") == ("1/2", ("护理1班",))


def test_when_the_last_class_missing_leaves_what_is_there_goes_to_the_reviewer(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理2班, until: 2026-11-13}")
    assert cover(desk, "护理1班", "2026-11-10 09:00") is State.OPEN
    desk.reconcile("2026-11-14 08:00")
    assert desk.task(f"{KEY}nursing").state is State.SUBMITTED
    last = desk.facts(f"{KEY}nursing")[-1]
    assert (last.key, last.by, last.body["complete"]) == ("submitted/2", "system", True)
    assert any(n.kind == "review" for n in desk.waiting())
    with reading(desk.db) as connection:
        again = {task.key: task.state for task in replayed(connection)}
    assert again[f"{KEY}nursing"] is State.SUBMITTED


def test_nothing_changes_after_the_due_date_nor_after_closing(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理2班, until: 2026-11-30}, {name: 护理4班, from: 2026-12-01}")
    cover(desk, "药学1班", "2026-11-10 09:00", "pharmacy")
    accept(desk.db, f"{KEY}pharmacy", by="办公室", now=at("2026-11-11 09:00"))
    desk.reconcile("2026-12-02 09:00")
    assert changed(desk) == changed(desk, "pharmacy") == []
    assert covered(desk, "2026-12-02 09:00") == ("0/2", ("护理1班", "护理2班"))


def test_after_days_of_downtime_the_roster_is_as_it_was_on_the_due_date(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理2班, until: 2026-11-20}, {name: 护理4班, from: 2026-11-25}")
    desk.reconcile("2026-12-03 09:00")
    assert changed(desk) == [({"护理4班": "2026-11-25"}, {"护理2班": "2026-11-21"})]


def test_a_later_due_date_lets_later_classes_in(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理4班, from: 2026-12-02}")
    until = at("2026-12-04 17:00")
    extend(desk.db, f"{KEY}nursing", until, by="办公室", now=at("2026-11-27 09:00"))
    desk.reconcile("2026-12-02 08:00")
    assert changed(desk) == [({"护理4班": "2026-12-02"}, {})]


def test_under_review_the_roster_stands_and_once_returned_it_is_followed(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理4班, from: 2026-11-16}")
    cover(desk, "护理1班", "2026-11-12 09:00")
    desk.reconcile("2026-11-16 08:00")
    assert changed(desk) == []
    return_(desk.db, f"{KEY}nursing", "缺照片", by="办公室", now=at("2026-11-17 09:00"))
    desk.reconcile("2026-11-17 09:01")
    assert changed(desk) == [({"护理4班": "2026-11-16"}, {})]


def test_a_new_version_that_splits_a_class_is_followed_by_open_tasks(desk: Desk) -> None:
    begin(desk, "护理1班, 护理2班")
    cover(desk, "护理1班", "2026-11-10 09:00")
    desk.adopt(DRILL % "", "2026-11-12 10:00", school("护理1甲班, 护理1乙班, 护理2甲班, 护理2乙班"))
    desk.reconcile("2026-11-12 10:01")
    new = dict.fromkeys(["护理1甲班", "护理1乙班", "护理2甲班", "护理2乙班"], "2026-11-12")
    assert changed(desk) == [(new, {"护理2班": "2026-11-12"})]
    assert covered(desk, "2026-11-12 10:02")[0] == "1/5"
    desk.reconcile("2026-11-13 10:01")
    assert len(changed(desk)) == 1


@pytest.mark.parametrize(
    ("rule", "joined"),
    [
        ("截止前5日", "2026-11-25"),
        ("下达后10日内", "2026-11-12"),
        ("开始后两周内加入的计入本期", "2026-11-16"),
    ],
)
def test_a_duty_may_say_until_when_who_joins_still_counts(
    desk: Desk, rule: str, joined: str
) -> None:
    day = int(joined[-2:])
    classes = f"护理1班, {{name: 甲, from: {joined}}}, {{name: 乙, from: 2026-11-{day + 1}}}"
    begin(desk, classes, f", late_joiners: {rule}")
    desk.reconcile("2026-11-30 12:00")
    assert changed(desk) == [({"甲": joined}, {})]


def test_a_duty_may_leave_late_joiners_to_the_next_period(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理4班, from: 2026-11-16}", ", late_joiners: 不计入")
    desk.reconcile("2026-12-01 08:00")
    assert changed(desk) == []
    december = show_task(desk.db, "fire/2026-12/drill/nursing", at("2026-12-01 08:00"))
    assert december.covered == (0, 2)


def test_a_class_that_has_left_is_no_longer_a_name_of_the_roster(desk: Desk) -> None:
    begin(desk, "护理1班, {name: 护理2班, until: 2026-11-13}")
    desk.reconcile("2026-11-14 08:00")
    with pytest.raises(Refused, match="护理2班"):
        cover(desk, "护理2班", "2026-11-14 09:00")


def test_head_counts_follow_a_new_version_too(desk: Desk) -> None:
    counted = SCHOOL.replace(ROSTER, "counts: {护理学院: %d, 药学院: 12}")
    desk.adopt(DRILL % "", "2026-11-02 17:30", counted % 80)
    desk.reconcile("2026-11-02 17:31")
    desk.adopt(DRILL % "", "2026-11-12 10:00", counted % 86)
    desk.reconcile("2026-11-12 10:01")
    assert covered(desk, "2026-11-12 10:02") == ("0/86", ())
    assert covered(desk, "2026-11-12 10:02", "pharmacy") == ("0/12", ())


def test_pairs_follow_both_of_their_rosters(desk: Desk) -> None:
    pairs = """\
rosters:
  - {id: topics, name: 专题, as_of: 2026-09-20, members: {办公室: [用电, 逃生]}}
  - {id: lessons, name: 班级专题, as_of: 2026-09-20, pairs: [班级, 专题]}
"""
    desk.adopt(
        pairs + DRILL.replace("cover: 班级", "cover: 班级专题") % "", "2026-11-02 17:30",
        school("护理1班, {name: 护理4班, from: 2026-11-16}"),
    )  # fmt: skip
    desk.reconcile("2026-11-02 17:31")
    desk.reconcile("2026-11-16 09:00")
    assert changed(desk) == [({"护理4班×用电": "2026-11-16", "护理4班×逃生": "2026-11-16"}, {})]
    assert covered(desk, "2026-11-16 09:00")[0] == "0/4"


def test_a_roster_without_days_costs_and_changes_nothing(desk: Desk) -> None:
    begin(desk, "护理1班, 护理2班")
    woken = desk.task(f"{KEY}nursing").wake_at
    desk.adopt(DRILL % ", weight: 5", "2026-11-12 10:00", school("护理1班, 护理2班"))
    desk.reconcile("2026-11-12 10:01")
    assert changed(desk) == []
    assert desk.task(f"{KEY}nursing").wake_at == woken
