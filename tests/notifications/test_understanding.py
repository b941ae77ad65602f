"""What an answer seems to report: drafts that the unit confirms, never facts."""

from datetime import date

import pytest

from notifications.incoming.drafts import (
    Approved,
    Coverage,
    Done,
    Draft,
    ExtensionAsked,
    Figure,
    NotOurs,
    SentBack,
    Share,
    Value,
    ZeroReport,
)
from notifications.incoming.spoken_days import day
from notifications.incoming.understanding import read_drafts
from responsibilities.plan import EvidenceKind, Requirement

FRIDAY = date(2026, 11, 20)
CHECKLIST = (
    Requirement("cases", EvidenceKind.NUMBER, "发案数"),
    Requirement("students", EvidenceKind.NUMBER, "参与学生人数"),
    Requirement("signed", EvidenceKind.NUMBER, "承诺书签订率"),
    Requirement("held", EvidenceKind.DATE, "召开日期"),
    Requirement("how", EvidenceKind.CHOICE, "形式", choices=("线上", "线下")),
    Requirement("time", EvidenceKind.DURATION, "起止时间"),
    Requirement("signers", EvidenceKind.SIGNERS, "签字人"),
    Requirement("note", EvidenceKind.TEXT, "情况说明"),
    Requirement("photos", EvidenceKind.FILE, "现场照片"),
)


def read(answer: str, review: bool = False) -> list[Draft]:
    return list(read_drafts(answer, FRIDAY, CHECKLIST, review))


@pytest.mark.parametrize(
    "answer",
    [
        "主题班会 23/25，其余下周召开。",
        "25个班已完成23个。",
        "全院共25个班，已开展23个。",
        "应到25人，实到23人",
        "应到２５实到２３",
        "实到23人，应到25人",
        "已完成 23 / 25",
    ],
)
def test_so_many_of_so_many(answer: str) -> None:
    (draft,) = read(answer)
    assert isinstance(draft, Coverage)
    assert (draft.count, draft.of) == (23, 25)


@pytest.mark.parametrize(
    "answer", ["截至11/20", "定于11/24日召开", "2026/11/20", "比例为25/23", "1/2/3", "电话0431/25"]
)
def test_a_day_is_no_fraction(answer: str) -> None:
    assert [draft for draft in read(answer) if isinstance(draft, Coverage)] == []


def test_the_lines_of_the_checklist_are_filled_by_their_names() -> None:
    answer = (
        "发案数：0\n参与学生1,286人\n承诺书签订率98.5%\n召开日期：11月18日\n形式：线下\n"
        "起止时间：2026年11月18日 15:00至15:40\n签字人：学院负责人、联络员\n情况说明：均已到会"
    )
    found = {
        draft.requirement: draft.value
        for draft in read(answer)
        if isinstance(draft, Figure | Value)
    }
    assert found == {
        "cases": "0",
        "students": "1286",
        "signed": "98.5",
        "held": "2026-11-18",
        "how": "线下",
        "time": "2026-11-18 15:00至15:40",
        "signers": "学院负责人、联络员",
        "note": "均已到会",
    }


@pytest.mark.parametrize(
    ("answer", "value"),
    [("发案数为零", "0"), ("发案数：无", "0"), ("发案数十五起", "15"), ("发案数：1.2万", "12000")],
)
def test_figures_are_written_many_ways(answer: str, value: str) -> None:
    (draft,) = read(answer)
    assert draft == Figure(draft.quote, "cases", "发案数", value)


def test_a_figure_that_no_line_asks_for_is_shown_without_a_line() -> None:
    (draft,) = read("1. 宣传海报：120份\n联系电话：0431-0000002")
    assert draft == Figure(draft.quote, "", "宣传海报", "120")


def test_a_share_that_no_line_asks_for() -> None:
    assert [
        draft.percent for draft in read("反诈APP安装率达到９５％") if isinstance(draft, Share)
    ] == ["95"]


@pytest.mark.parametrize(
    "answer", ["本周零报告", "本月无新增案件。", "本周未发生涉诈案件", "零新增"]
)
def test_nothing_to_report(answer: str) -> None:
    assert isinstance(read(answer)[0], ZeroReport)


@pytest.mark.parametrize("answer", ["严格实行零报告制度", "是否零报告", "本月无法统计"])
def test_what_only_sounds_like_nothing_to_report(answer: str) -> None:
    assert read(answer) == []


@pytest.mark.parametrize(
    ("answer", "until", "reason"),
    [
        ("申请延期至11月30日（因学生实习返校）。", date(2026, 11, 30), "学生实习返校"),
        ("因学生实习，请求延期到下周五报送", date(2026, 11, 27), "学生实习"),
        ("由于场地维修，现申请延期至12月4日", date(2026, 12, 4), "场地维修"),
        ("延期至1月8日", date(2027, 1, 8), ""),
        ("申请延期三个工作日", None, ""),
        ("延期至本月底", date(2026, 11, 30), ""),
    ],
)
def test_more_time_is_asked_for(answer: str, until: date | None, reason: str) -> None:
    (draft,) = read(answer)
    assert draft == ExtensionAsked(draft.quote, until, reason)


def test_no_more_time_is_needed() -> None:
    assert read("按时完成，无需延期至12月。") == []


@pytest.mark.parametrize(
    "answer", ["不属于我单位职责", "非我处业务", "与我院无关", "应由保卫处负责"]
)
def test_it_is_not_ours(answer: str) -> None:
    assert any(isinstance(draft, NotOurs) for draft in read(answer))


def test_not_ours_says_whose_it_is() -> None:
    (draft,) = read("此项不属于我单位职责，应由保卫处承办。")
    assert draft == NotOurs(draft.quote, "应由保卫处承办")


@pytest.mark.parametrize("answer", ["已完成，见附件。", "均已按要求落实", "完成", "已办结"])
def test_it_is_done(answer: str) -> None:
    assert isinstance(read(answer)[0], Done)


@pytest.mark.parametrize(
    "answer", ["尚未完成", "预计已完成", "没有完成", "已完成情况统计中", "已完成80%", "未落实"]
)
def test_it_is_not_done(answer: str) -> None:
    assert [draft for draft in read(answer) if isinstance(draft, Done)] == []


@pytest.mark.parametrize("answer", ["通过", "审核通过。", "同意办结", "经审核，通过", "OK"])
def test_the_reviewer_approves(answer: str) -> None:
    assert isinstance(read(answer, review=True)[0], Approved)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("退回：照片少于3张，请补充。", "照片少于3张，请补充"),
        ("不通过，签到表缺签名", "签到表缺签名"),
        ("退回", ""),
        ("审核意见：退回补充。\n第3班材料缺失", "第3班材料缺失"),
    ],
)
def test_the_reviewer_sends_back(answer: str, reason: str) -> None:
    (draft,) = read(answer, review=True)
    assert draft == SentBack(draft.quote, reason)


@pytest.mark.parametrize("answer", ["通过邮件报送材料", "请各单位通过审核", "材料已退回仓库"])
def test_words_that_decide_nothing(answer: str) -> None:
    assert read(answer, review=True) == []


def test_a_quote_is_what_was_written_where_it_was_written() -> None:
    answer = "您好！\n主题班会　２３／２５，\n发案数：０"
    for draft in read(answer):
        assert answer[draft.quote.start : draft.quote.end] == draft.quote.text
    assert [draft.quote.text for draft in read(answer)] == ["２３／２５", "发案数：０"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("11月30日", date(2026, 11, 30)),
        ("十一月三十日", date(2026, 11, 30)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("12/1", date(2026, 12, 1)),
        ("1月8日", date(2027, 1, 8)),
        ("本周五", date(2026, 11, 20)),
        ("下周一", date(2026, 11, 23)),
        ("下下周一", date(2026, 11, 30)),
        ("明天", date(2026, 11, 21)),
        ("30日", date(2026, 11, 30)),
        ("5号", date(2026, 12, 5)),
        ("下月底", date(2026, 12, 31)),
        ("11月31日", None),
    ],
)
def test_days_as_people_write_them(text: str, meant: date | None) -> None:
    """The mail is of Friday, 20 November 2026."""
    assert day(text, FRIDAY, "ahead") == meant


def test_a_day_without_a_year_is_the_nearest_one_when_it_tells_of_what_was() -> None:
    assert day("12月28日", date(2027, 1, 4)) == date(2026, 12, 28)


def test_types_of_evidence_that_only_files_meet_are_never_met_by_words() -> None:
    assert [draft for draft in read("现场照片：12张") if isinstance(draft, Value)] == []
