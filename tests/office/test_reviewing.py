"""利益回避: nobody reviews what they have done, nor does the office what its host has done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.ledger import show_task
from office.receive import submit
from office.review import accept, ask_extension, return_
from responsibilities.plan import Plan
from responsibilities.reviewing import own_matter, reviewer_of, speaks_for
from responsibilities.tasks import State
from responsibilities.words import Refused
from tests.office.desk import SCHOOL, Desk, at, compiled

HOSTED = SCHOOL.replace(
    "  office: 办公室\n",
    "  office: 办公室\n  office_host: {unit: 保卫处, reviewed_by: 副组长}\n",
)
ALL = """\
duties:
  - {id: check, title: 开展防火检查, responsible: [办公室, 保卫处, 二级学院], every: 每周,
     due: 周五前, ladder: 常规%s}
"""
KEY = "fire/2026-W49/check/"
MONDAY = "2026-11-30 09:00"
UNITS = ("office", "guard", "nursing", "pharmacy")


def hosted(more: str = "", school: str = HOSTED) -> Plan:
    found = compiled(ALL % more, school)
    assert not found.problems
    assert found.plan is not None
    return found.plan


def reviewers(plan: Plan) -> dict[str, str]:
    return {unit: reviewer_of(plan.duties[0], unit) for unit in UNITS}


@pytest.fixture
def handed_in(desk: Desk) -> Desk:
    """The office, the guard that hosts it and a college have handed in."""
    desk.adopt(ALL % "", "2026-11-29 09:00", HOSTED)
    desk.reconcile(MONDAY)
    for unit in ("office", "guard", "nursing"):
        submit(desk.db, desk.blobs, KEY + unit, by=unit, text="已检查", now=at(MONDAY))
    return desk


def test_the_unit_that_hosts_the_office_is_reviewed_by_somebody_else(handed_in: Desk) -> None:
    now = at("2026-11-30 09:05")
    shown = [show_task(handed_in.db, KEY + unit, now).reviewer for unit in UNITS]
    assert shown == ["副组长", "副组长", "办公室", "办公室"]
    handed_in.post("2026-11-30 09:05")
    asked = [(to, subject) for to, subject in handed_in.letters() if "待审核" in subject]
    assert [(to.split()[0], "护理学院" in subject) for to, subject in asked] == [
        ("办公室（审核）", True),
        ("副组长", False),
    ]


@pytest.mark.parametrize("by", ["办公室", "office", "保卫处", "保卫处负责人"])
def test_the_office_cannot_accept_what_its_host_has_handed_in(handed_in: Desk, by: str) -> None:
    sentence = f"{by}不能审核保卫处报结的事项，本项由副组长审核。"
    with pytest.raises(Refused, match=sentence):
        accept(handed_in.db, f"{KEY}guard", by=by, now=at(MONDAY))
    with pytest.raises(Refused, match=sentence):
        return_(handed_in.db, f"{KEY}guard", "缺照片", by=by, now=at(MONDAY))
    assert handed_in.task(f"{KEY}guard").state is State.SUBMITTED
    accept(handed_in.db, f"{KEY}guard", by="副组长", now=at(MONDAY))
    assert handed_in.task(f"{KEY}guard").state is State.CLOSED


def test_nobody_accepts_their_own_work_but_the_office_accepts_a_college(handed_in: Desk) -> None:
    with pytest.raises(Refused, match="护理学院联络员不能审核护理学院报结的事项，本项由办公室审核"):
        accept(handed_in.db, f"{KEY}nursing", by="护理学院联络员", now=at(MONDAY))
    assert accept(handed_in.db, f"{KEY}nursing", by="办公室", now=at(MONDAY)).outcome == "accepted"


def test_more_time_for_the_host_is_asked_of_whoever_reviews_it(desk: Desk) -> None:
    desk.adopt(ALL % "", "2026-11-29 09:00", HOSTED)
    desk.reconcile(MONDAY)
    for unit in ("guard", "nursing"):
        until = at("2026-12-08 17:00")
        ask_extension(desk.db, KEY + unit, until, "演练", by=unit, now=at(MONDAY))
    asked = {n.unit: n.role for n in desk.waiting() if n.kind == "extension_asked"}
    assert asked == {"guard": "reviewer", "nursing": "office"}


def test_a_duty_may_name_a_reviewer_for_each_unit_or_group() -> None:
    told = hosted(", review: {default: 分管校领导, 二级学院: 保卫处, 药学院: 组长}")
    assert reviewers(told) == {
        "office": "safety", "guard": "safety", "nursing": "guard", "pharmacy": "leader",
    }  # fmt: skip


def test_what_a_duty_says_comes_before_the_rule_of_the_institution() -> None:
    told = hosted(", review: {保卫处: 组长}")
    assert reviewers(told) == {
        "office": "deputy", "guard": "leader", "nursing": "office", "pharmacy": "office",
    }  # fmt: skip


def test_an_event_may_concern_the_host_as_well() -> None:
    text = ALL.replace("every: 每周,\n     due: 周五前", "on: 火情, due: 知悉后1日内")
    found = compiled(text.replace("[办公室, 保卫处, 二级学院]", "事发单位") % "", HOSTED).plan
    assert found is not None
    assert reviewers(found)["guard"] == "deputy"
    assert reviewers(found)["nursing"] == "office"


@pytest.mark.parametrize(
    ("more", "school", "code", "zh"),
    [
        ("", SCHOOL, "reviews-itself", "办公室审核自己的工作"),
        (", review: 保卫处", SCHOOL, "reviews-itself", "保卫处审核自己的工作"),
        (", review: {default: 组长, 学工处: 组长}", HOSTED, "unknown-unit", "“学工处”"),
        (", review: {default: 学工处}", HOSTED, "unknown-reviewer", "“学工处”"),
        ("", HOSTED.replace("副组长}\n", "办公室}\n", 1), "reviews-itself", "不能审核"),
        ("", HOSTED.replace("unit: 保卫处", "unit: 保安处"), "unknown-unit", "“保安处”"),
        (
            "",
            HOSTED.replace("reviewed_by: 副组长", "reviewed_by: 副长"),
            "unknown-reviewer",
            "“副长”",
        ),
    ],
)
def test_what_is_wrong_with_a_reviewer_is_found_in_the_plan(
    more: str, school: str, code: str, zh: str
) -> None:
    told = {problem.code: problem.what.zh for problem in compiled(ALL % more, school).problems}
    assert zh in told[code]


def test_a_reviewer_for_a_unit_that_has_nothing_to_do_is_a_slip() -> None:
    text = (ALL % ", review: {default: 组长, 药学院: 副组长}").replace("二级学院", "护理学院")
    assert [problem.code for problem in compiled(text).problems] == ["review-of-nobody"]


@given(
    st.sampled_from([None, *UNITS]),
    st.sampled_from(["办公室", "保卫处", "组长", "分管校领导"]),
    st.dictionaries(st.sampled_from(["保卫处", "二级学院", "药学院"]), st.sampled_from(["组长"])),
)
def test_with_a_host_named_nobody_of_the_office_ever_reviews_itself_unasked(
    speaker: str | None, default: str, named: dict[str, str]
) -> None:
    review = ", ".join(f"{unit}: {post}" for unit, post in {"default": default, **named}.items())
    plan = compiled(ALL % f", review: {{{review}}}", HOSTED).plan
    assert plan is not None
    for unit in UNITS:
        assert not own_matter(plan, reviewer_of(plan.duties[0], unit), unit)
    if speaker is not None:
        assert speaks_for(plan, speaker) == speaker
