"""A plan's text becomes a first folder that compiles, with everything unsure marked."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.draft_recall import OBLIGATIONS, measure, text_of
from duban.sources import compile_files
from responsibilities.drafting.folder import ASK, draft
from responsibilities.drafting.judging import judge
from responsibilities.drafting.sentences import Passage, passages
from responsibilities.language.reading import read

TODAY = date(2026, 11, 23)
SCHOOL = """\
# 校园消防安全工作方案

校字〔2026〕3号　2026年1月5日

## 一、职责分工

**保卫处：**每月组织开展一次防火检查，及时处置火情；建立消防档案，每学期组织一次“全覆盖”疏散演练。

**总务处：**定期检修消防设施，发现隐患24小时内报告。

## 二、工作要求

各部门要高度重视消防安全工作。如发现火情要立即报告。
"""


def judged(quote: str) -> tuple[str, dict[str, str]]:
    found = judge(Passage("一", "", quote))
    return found.disposition, found.readings[0].keys if found.readings else {}


def test_sentences_are_cut_before_each_further_order_and_know_their_unit() -> None:
    found = [(one.section, one.unit, one.quote) for one in passages(SCHOOL)][1:]
    assert found == [
        ("一", "保卫处", "每月组织开展一次防火检查"),
        ("一", "保卫处", "及时处置火情；"),
        ("一", "保卫处", "建立消防档案"),
        ("一", "保卫处", "每学期组织一次“全覆盖”疏散演练。"),
        ("一", "总务处", "定期检修消防设施"),
        ("一", "总务处", "发现隐患24小时内报告。"),
        ("二", "部门", "各部门要高度重视消防安全工作。"),
        ("二", "部门", "如发现火情要立即报告。"),
    ]


def test_the_words_of_a_rhythm_become_the_rhythm() -> None:
    assert judged("每月开展一次防火检查") == ("duty", {"every": "每月"})
    assert judged("每2周开展一次检查") == ("duty", {"every": "每2周"})
    several = judge(Passage("", "", "落实日巡查、周排查、月调度")).readings
    assert [one.keys["every"] for one in several] == ["每日", "每周", "每月"]
    assert judged("定期回访")[1]["standing"] == "定期"
    assert judged("发现隐患24小时内报告")[1]["due"] == "知悉后24小时内"
    assert judged("要第一时间上报")[1]["due"] == "知悉后30分钟内"
    assert judged("建立消防档案")[1] == {"once": "施行后三个月内"}


def test_what_orders_nothing_makes_no_duty() -> None:
    assert judged("为加强消防安全工作，制定本方案。") == ("rhetoric", {})
    assert judged("要高度重视消防安全工作")[0] == "policy"
    assert judged("遏制火灾事故发生") == ("metric", {})


def test_the_draft_compiles_and_marks_what_a_person_must_decide() -> None:
    files = draft(SCHOOL, "fire", TODAY)
    compiled = compile_files(files)
    assert compiled.errors == ()
    assert compiled.plan is not None
    assert (compiled.plan.title, compiled.plan.number) == (
        "校园消防安全工作方案",
        "校字〔2026〕3号",
    )
    assert compiled.plan.issued == date(2026, 1, 5)
    duties = {duty.title: duty for duty in compiled.plan.duties}
    assert [a.key for a in duties["定期检修消防设施"].assumed] == ["checkpoint"]
    assert duties["每月组织开展一次防火检查"].assumed == ()
    assert duties["每学期组织一次“全覆盖”疏散演练"].coverage is not None
    listed = read(files)[0].sections["duties"]
    marks = sum(text.count(ASK) for text in files.values())
    assert marks > sum(len(duty.get("assumed", {})) for duty in listed)


@pytest.mark.parametrize("name", sorted(path.stem for path in OBLIGATIONS.glob("*.csv")))
def test_a_worked_plans_own_text_drafts_without_an_error_and_finds_most_of_it(name: str) -> None:
    """数字见 benchmarks/draft_recall.py；此处只守下限，防止退步。"""
    assert compile_files(draft(text_of(name), "plan", TODAY)).errors == ()
    score = measure(name)
    assert score.as_duty[0] >= 0.8 * score.as_duty[1]
    assert score.precise[0] >= 0.8 * score.precise[1]
    assert score.unit[0] >= 0.6 * score.unit[1]
    assert score.rhythm[0] >= 0.85 * score.rhythm[1]


SCRAPS = (
    *(
        "。",
        "；",
        "，",
        "、",
        "：",
        "“",
        "”",
        "（",
        "）",
        "*",
        "#",
        "\n",
        "年",
        "每月",
        "及时",
        "定期",
    ),
    *(
        "保卫处",
        "各部门要",
        "建立",
        "**保卫处：**",
        "## 一、",
        "\n（一）",
        "组织",
        "全覆盖",
        "每学期",
    ),
    *("3月底前", "24小时内", "2026年2月30日", "\n\n", "---", "发现", "周提醒", "遏制", "坚持"),
)
WORDS = st.lists(st.sampled_from(SCRAPS), max_size=40).map("".join)


@settings(max_examples=30)
@given(WORDS)
def test_whatever_the_text_its_draft_compiles(text: str) -> None:
    assert compile_files(draft(text, "plan", TODAY)).errors == ()


LAWFUL = """\
# 防汛值守办法

第一条　成员单位为党政办、供电所、各村和水库管理站，日常工作由应急办（以下简称防汛办）承担。

第二条　供电所汛前检查一次备用电源。发生灾情后，各村应当在1小时内报告防汛办。

第三条　新上岗人员应当接受培训，由党政办会同水库管理站组织。各单位应当严格执行本办法。
"""


def test_a_law_names_who_acts_in_more_ways_than_at_the_beginning() -> None:
    found = {one.quote: (one.section, one.unit) for one in passages(LAWFUL)}
    assert found["供电所汛前检查一次备用电源。"] == ("第二条", "供电所")
    assert {unit for quote, (_, unit) in found.items() if "灾情" in quote or "1小时" in quote} == {
        "村"
    }
    assert {unit for quote, (_, unit) in found.items() if "会同" in quote} == {"党政办"}
    [last] = [judge(one) for one in passages(LAWFUL) if "严格执行" in one.quote]
    assert last.disposition == "policy"
