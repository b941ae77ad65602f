"""An inspection from opening to 销号, and 回头看, over a few simulated months."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from hashlib import sha256

import pytest
from sqlalchemy import Engine

from duban.specimen_files import file_of as specimen
from inspections.finding import STATES, repeats
from inspections.inspection import Scope, Terms, Verdict
from inspections.sampling import By
from notifications.maildir import read
from office import review
from office.handed_in import File
from office.inspecting import (
    Doer,
    Found,
    announce,
    draw_sample,
    finding_of,
    judge,
    open_inspection,
    order,
    register,
    sees,
)
from office.inspection_file import InspectionFile, file_of, files_in, looks_at, standing_of
from office.receive import submit
from office.workplace import in_force
from responsibilities.tasks import FactKind, Task
from responsibilities.words import Refused
from storage import facts
from storage.engine import reading
from tests.office.desk import SCHOOL, WEEKLY, Desk, at

FINDINGS = """\
  - id: finding
    name: 检查发现的问题
    finding: [一般, 重大]
"""
DUTIES = (
    WEEKLY
    + """\
  - {id: rectify, title: 整改检查发现的问题, on: 检查发现的问题, responsible: 事发单位,
     due: 报告后10个工作日内, review: 办公室, ladder: 常规, evidence: [{text: 整改情况}]}
  - {id: look-back, title: 整改情况回头看, on: 检查发现的问题, responsible: 办公室,
     due: 结案后30日内, review: 分管校领导, ladder: 常规, evidence: [{text: 回头看情况}]}
"""
)
TEAM = Doer("督查一组", "team@province.example", False)
OFFICE = Doer("办公室联络员", "office@school.example", True)
SECRET = "5e" * 32
PHOTO = specimen("jpg", "灭火器")
TERMS = Terms(
    "宿舍消防专项检查",
    Scope(("nursing", "pharmacy"), ("check",), date(2026, 9, 1), date(2026, 10, 31)),
    {TEAM.address: TEAM.name}, at("2026-11-02 08:00"), at("2026-11-07 18:00"), 4, (By.UNIT,),
)  # fmt: skip


@pytest.fixture
def desk(db: Engine, tmp_path: object) -> Desk:
    """Two months of weekly checks, and a plan that says how findings are put right."""
    desk = Desk(db, tmp_path)  # type: ignore[arg-type]
    desk.adopt(DUTIES, "2026-08-31 09:00", SCHOOL + FINDINGS)
    desk.reconcile("2026-11-01 08:00")
    return desk


def opened(desk: Desk, terms: Terms = TERMS, wall: str = "2026-11-02 09:00") -> str:
    return open_inspection(desk.db, "fire", terms, by=OFFICE.name, now=at(wall), secret=SECRET)


def drawn(desk: Desk, terms: Terms = TERMS) -> str:
    id_ = opened(desk, terms)
    draw_sample(desk.db, "fire", id_, "3516", doer=TEAM, now=at("2026-11-02 10:00"))
    return id_


def file(desk: Desk, id_: str) -> InspectionFile:
    with reading(desk.db) as connection:
        return file_of(connection, in_force(connection, "fire"), id_)


def state(desk: Desk, id_: str, number: int = 1) -> str:
    with reading(desk.db) as connection:
        place = in_force(connection, "fire")
        one = finding_of(file_of(connection, place, id_), number)
        return STATES[standing_of(connection, place, one)[0]].zh


def rectification(desk: Desk, event: str, unit: str = "nursing") -> Task:
    return desk.task(f"fire/{event}/rectify/{unit}")


EXPIRED = Found(
    "nursing", "护理1号楼3层灭火器压力不足", "二（二）专项督导检查", "一般", "更换并复核全楼",
    duty="check", item=1, evidence=("督办〔2026〕1号",),
)  # fmt: skip


def test_the_population_is_frozen_and_the_draw_follows_from_two_halves_of_a_seed(
    desk: Desk,
) -> None:
    id_ = opened(desk)
    before = file(desk, id_)
    assert (id_, before.size, before.sample) == ("I2026-0001", 18, ())
    assert before.commitment == sha256(f"fire/I2026-0001/{SECRET}".encode()).hexdigest()
    lines = "".join(f"{s.unit}\t{s.duty}\t{key}\n" for s in before.population for key in s.tasks)
    assert before.digest == sha256(lines.encode()).hexdigest()
    assert SECRET not in str(desk.record())
    desk.reconcile("2026-11-02 09:30")
    keys = draw_sample(desk.db, "fire", id_, "3516", doer=TEAM, now=at("2026-11-02 10:00"))
    by_hand = [
        key
        for stratum in before.population
        for key in sorted(
            stratum.tasks, key=lambda k: sha256(f"{SECRET}/3516/{k}".encode()).digest()
        )[:2]
    ]
    assert list(keys) == by_hand
    assert file(desk, id_).secret == SECRET


def test_a_draw_is_made_once_whoever_asks_again_with_another_number(desk: Desk) -> None:
    id_ = drawn(desk)
    first = file(desk, id_).sample
    asked = draw_sample(desk.db, "fire", id_, "9999", doer=TEAM, now=at("2026-11-02 11:00"))
    assert asked == first
    assert file(desk, id_).public_number == "3516"


def test_an_unannounced_inspection_is_known_to_its_inspectors_alone(desk: Desk) -> None:
    letters = len(desk.waiting())
    id_ = drawn(desk, replace(TERMS, unannounced=True))
    other = OFFICE._replace(name="办公室负责人", address="head@school.example")
    stranger = Doer("督查二组", "team2@province.example", False)
    assert [sees(file(desk, id_), who) for who in (TEAM, OFFICE, other, stranger)] == [
        True, True, False, False,
    ]  # fmt: skip
    with pytest.raises(Refused, match="没有检查"):
        draw_sample(desk.db, "fire", id_, "1111", doer=other, now=at("2026-11-02 11:00"))
    assert len(desk.waiting()) == letters
    announce(desk.db, "fire", id_, doer=TEAM, now=at("2026-11-03 08:30"))
    assert [sees(file(desk, id_), who) for who in (other, stranger)] == [True, False]


def test_inspectors_work_only_in_their_time(desk: Desk) -> None:
    id_ = opened(desk)
    with pytest.raises(Refused, match="期限"):
        draw_sample(desk.db, "fire", id_, "3516", doer=TEAM, now=at("2026-11-08 09:00"))


def say(
    desk: Desk, id_: str, verdict: Verdict, note: str, photos: tuple[File, ...] = (), item: int = 1
) -> None:
    judge(
        desk.db, desk.blobs, "fire", id_, item, verdict, note, photos, doer=TEAM,
        now=at("2026-11-02 14:00"),
    )  # fmt: skip


def test_each_item_gets_a_verdict_with_a_note_and_photos(desk: Desk) -> None:
    id_ = drawn(desk)
    with pytest.raises(Refused, match="存在的问题"):
        say(desk, id_, Verdict.FAILS, " ")
    with pytest.raises(Refused, match="没有第5项"):
        say(desk, id_, Verdict.CONFORMS, "", item=5)
    say(desk, id_, Verdict.CONFORMS, "")
    say(desk, id_, Verdict.FAILS, "灭火器压力不足", (File("IMG_1.jpg", PHOTO),))
    found = file(desk, id_).inspected[1]
    assert (found.verdict, found.note, found.times) == (Verdict.FAILS, "灭火器压力不足", 2)
    assert [one.name for one in found.photos] == ["IMG_1.jpg"]
    assert desk.blobs.get(found.photos[0].sha256) == PHOTO


def test_a_finding_must_have_what_a_notice_says(desk: Desk) -> None:
    id_ = drawn(desk)
    for wrong, sentence in (
        (EXPIRED._replace(fact=""), "存在的问题"),
        (EXPIRED._replace(clause=" "), "条款"),
        (EXPIRED._replace(demand=""), "整改要求"),
        (EXPIRED._replace(severity="特大"), "一般、重大"),
        (EXPIRED._replace(unit="保卫处"), "范围"),
        (EXPIRED._replace(item=9), "第9项"),
    ):
        with pytest.raises(Refused, match=sentence):
            register(desk.db, "fire", id_, wrong, doer=TEAM, now=at("2026-11-03 09:00"))


def hand_in(desk: Desk, task: Task, wall: str, words: str = "已更换") -> None:
    submit(
        desk.db, desk.blobs, task.key, by="护理学院联络员", now=at(wall), text={"整改情况": words}
    )


def told_while_late(desk: Desk, key: str) -> list[str]:
    for day in ("2026-11-19 08:00", "2026-11-23 08:00"):
        desk.reconcile(day)
    return [f.body["notice"] for f in desk.facts(key) if f.kind is FactKind.TOLD]


def test_the_unit_gets_the_problem_by_mail(desk: Desk) -> None:
    id_ = drawn(desk)
    register(desk.db, "fire", id_, EXPIRED, doer=TEAM, now=at("2026-11-03 15:00"))
    desk.post("2026-11-03 16:00")
    order(desk.db, "fire", id_, 1, by=OFFICE.name, now=at("2026-11-04 09:00"))
    desk.post("2026-11-04 09:10")
    mail = next(one for one in read(desk.mail.maildir) if "整改检查发现的问题" in one.subject)
    said = message_from_bytes(mail.path.read_bytes(), policy=default).get_body(("plain",))
    assert said is not None
    lines = said.get_content().splitlines()
    assert "问题编号：I2026-0001-01" in lines
    assert f"存在问题：{EXPIRED.fact}" in lines
    assert f"整改要求：{EXPIRED.demand}" in lines


def test_a_problem_is_put_right_late_then_again_then_struck_off_and_looked_back_at(
    desk: Desk,
) -> None:
    """登记 -> 下达整改 -> 逾期升级 -> 待复查 -> 再次整改 -> 销号 -> 回头看."""
    id_ = drawn(desk)
    number = register(desk.db, "fire", id_, EXPIRED, doer=TEAM, now=at("2026-11-03 15:00"))
    assert state(desk, id_) == "登记"
    event = order(desk.db, "fire", id_, number, by=OFFICE.name, now=at("2026-11-04 09:00"))
    again = order(desk.db, "fire", id_, number, by=OFFICE.name, now=at("2026-11-04 09:05"))
    assert again == event
    assert state(desk, id_) == "下达整改"
    task = rectification(desk, event)
    assert task.due_at == at("2026-11-18 17:00")
    assert told_while_late(desk, task.key)[-2:] == ["催办单", "督办单"]

    hand_in(desk, task, "2026-11-23 15:00", "已安排")
    assert state(desk, id_) == "待复查"
    review.return_(
        desk.db, task.key, "现场仍未更换", by=OFFICE.name, now=at("2026-11-24 10:00"),
        due_at=at("2026-12-01 17:00"),
    )  # fmt: skip
    assert state(desk, id_) == "再次整改"
    hand_in(desk, task, "2026-11-30 15:00", "全楼48具已更换")
    review.accept(desk.db, task.key, by=OFFICE.name, now=at("2026-12-01 10:00"))
    assert state(desk, id_) == "销号"

    with reading(desk.db) as connection:
        place = in_force(connection, "fire")
        [back] = looks_at(connection, place, event)
    assert (back.unit, back.due_at) == ("office", at("2026-12-31 17:00"))


def test_the_same_problem_in_a_later_inspection_is_recognised(desk: Desk) -> None:
    first = drawn(desk)
    register(desk.db, "fire", first, EXPIRED, doer=TEAM, now=at("2026-11-03 15:00"))
    event = order(desk.db, "fire", first, 1, by=OFFICE.name, now=at("2026-11-04 09:00"))
    task = rectification(desk, event)
    hand_in(desk, task, "2026-11-09 15:00")
    review.accept(desk.db, task.key, by=OFFICE.name, now=at("2026-11-10 10:00"))
    later = replace(TERMS, since=at("2026-12-01 08:00"), until=at("2026-12-05 18:00"))
    second = opened(desk, later, "2026-12-01 09:00")
    register(
        desk.db, "fire", second, EXPIRED._replace(item=0), doer=TEAM, now=at("2026-12-01 15:00")
    )
    with reading(desk.db) as connection:
        known = files_in(connection, in_force(connection, "fire"))
    [found] = repeats(finding for one in known for finding in one.findings)
    assert (found.finding.name, found.earlier.name) == ("I2026-0002-01", "I2026-0001-01")


def test_nothing_typed_about_an_inspection_stands_in_the_record_itself(desk: Desk) -> None:
    id_ = drawn(desk)
    register(desk.db, "fire", id_, EXPIRED, doer=TEAM, now=at("2026-11-03 15:00"))
    order(desk.db, "fire", id_, 1, by=OFFICE.name, now=at("2026-11-04 09:00"))
    with reading(desk.db) as connection:
        held = str(facts.as_held(connection, 0, 10_000))
    for typed in (EXPIRED.fact, EXPIRED.demand, TERMS.title, TEAM.name, TEAM.address):
        assert typed not in held
