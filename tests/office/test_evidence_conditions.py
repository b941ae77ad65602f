"""Evidence with conditions: what does not meet them is refused with what would be right."""

from email import message_from_bytes, policy

import pytest

from office.receive import Receipt, submit
from responsibilities.tasks import State
from responsibilities.words import Refused
from tests.office.desk import Desk, at, compiled

PLAN = """\
duties:
  - id: patrol
    title: 开展宿舍巡查
    responsible: 护理学院
    every: 每周
    due: 周五前
    ladder: 常规
    zero_report: true
    evidence:
      - {number: 出勤率, min: 0, max: 100}
      - {choice: 检查结论, choices: [合格, 不合格]}
      - {signers: 检查人员签名, min: 2}
      - {duration: 巡查时间, min: 不少于30分钟, within: 本期}
      - {date: 检查日期, within: 本期}
"""
KEY = "fire/2026-W48/patrol/nursing"
RIGHT = {
    "出勤率": "96.5", "检查结论": "合格", "巡查时间": "2026-11-24 09:00至09:40",
    "检查日期": "2026年11月24日",
}  # fmt: skip


@pytest.fixture
def week(desk: Desk) -> Desk:
    """The week of 23 November is open."""
    desk.adopt(PLAN, "2026-11-20 18:00")
    desk.reconcile("2026-11-23 09:00")
    return desk


def hand_in(desk: Desk, figures: dict[str, str], *, zero: bool = False) -> Receipt:
    figures = dict(figures)
    signers = figures.pop("signers", "" if zero else "甲、乙")
    texts = {"检查人员签名": signers} if signers else {}
    return submit(
        desk.db, desk.blobs, KEY, by="护理学院", now=at("2026-11-25 10:00"), figures=figures,
        text=texts, zero=zero,
    )  # fmt: skip


def test_what_meets_every_condition_goes_to_the_reviewer(week: Desk) -> None:
    receipt = hand_in(week, RIGHT)
    assert (receipt.state, receipt.missing) == (State.SUBMITTED, ())
    values = week.facts(KEY)[-1].body["values"]
    assert values["duration-1"] == "2026-11-24T09:00/2026-11-24T09:40"
    assert values["number-1"] == "96.5"
    assert "甲" not in str(week.record())  # names are evidence, never part of the record


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"出勤率": "101"}, "不应大于 100"),
        ({"出勤率": "-1"}, "不应小于 0"),
        ({"检查结论": "较好"}, "应为：合格、不合格"),
        ({"signers": "甲"}, "不少于2人签名，所填为1人"),
        ({"signers": "甲、甲"}, "所填为1人"),
        ({"巡查时间": "2026-11-24 09:00至09:20"}, "应不少于30分钟，所填为20分钟"),
        ({"巡查时间": "九点"}, "应写作 2026-11-23 09:00至09:40"),
        ({"巡查时间": "2026-11-24 09:00至2026-11-24 08:00"}, "应写作"),
        ({"巡查时间": "2026-11-22 09:00至09:40"}, "应在本期（2026-11-23至2026-11-29）之内"),
        ({"检查日期": "2026-11-30"}, "应在本期"),
    ],
)
def test_what_does_not_meet_its_condition_is_refused_and_nothing_is_kept(
    week: Desk, wrong: dict[str, str], sentence: str
) -> None:
    before = week.record()
    with pytest.raises(Refused, match=sentence):
        hand_in(week, RIGHT | wrong)
    assert week.record() == before


def test_a_patrol_over_midnight_ends_on_the_next_day(week: Desk) -> None:
    hand_in(week, RIGHT | {"巡查时间": "2026-11-24 23:40-00:20"})
    assert week.facts(KEY)[-1].body["values"]["duration-1"].endswith("/2026-11-25T00:20")


def test_a_zero_report_cannot_stand_beside_a_figure_that_says_otherwise(week: Desk) -> None:
    with pytest.raises(Refused, match="零报告与所填“出勤率”不符"):
        hand_in(week, {"出勤率": "5"}, zero=True)
    assert hand_in(week, {}, zero=True).state is State.SUBMITTED


def test_the_letter_says_what_each_line_must_be_like(week: Desk) -> None:
    week.post("2026-11-23 09:05")
    assert week.mail.maildir is not None
    [letter] = week.mail.maildir.glob("new/*")
    body = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    said = body.get_content()
    for words in (
        "出勤率（0至100）", "检查结论（合格、不合格）", "检查人员签名（不少于2人签名）",
        "巡查时间（不少于30分钟，应在本期之内）", "检查日期（应在本期之内）",
    ):  # fmt: skip
        assert words in said.replace("\n", "")


@pytest.mark.parametrize(
    "line",
    [
        "{number: 出勤率, min: 10, max: 5}",
        "{duration: 巡查时间, min: 一会儿}",
        "{duration: 巡查时间, min: 3天}",
    ],
)
def test_an_impossible_condition_is_found_before_the_plan_is_in_force(line: str) -> None:
    text = f"duties: [{{id: a, title: 甲, responsible: 保卫处, every: 每周, evidence: [{line}]}}]"
    assert "bad-evidence" in {problem.code for problem in compiled(text).problems}


def test_only_what_has_periods_can_ask_for_a_date_within_one() -> None:
    text = (
        "duties: [{id: a, title: 甲, responsible: 保卫处, once: 2026-12-31前, "
        "evidence: [{date: 日期, within: 本期}]}]"
    )
    assert "bad-evidence" in {problem.code for problem in compiled(text).problems}
