"""The plan's own phrases: what they mean, what they refuse, and that they can be said again."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.clock import Unit
from responsibilities.language.phrases import (
    StepTime,
    condition,
    moment,
    rhythm,
    say_moment,
    say_rhythm,
    say_step,
    say_step_time,
    step_time,
)
from responsibilities.plan import Base, Condition, Role, Step
from responsibilities.rhythm import Anchor, Cycle, Moment, Rhythm, Season
from responsibilities.words import Words

RHYTHMS = {
    "每日": Rhythm(Cycle.DAY),
    "每天": Rhythm(Cycle.DAY),
    "每工作日": Rhythm(Cycle.WORKING_DAY),
    "每个教学日": Rhythm(Cycle.TEACHING_DAY),
    "每周": Rhythm(Cycle.WEEK),
    "每教学周": Rhythm(Cycle.TEACHING_WEEK),
    "每两周": Rhythm(Cycle.WEEK, 2),
    "每２周": Rhythm(Cycle.WEEK, 2),
    "每2个教学周（自第1教学周起）": Rhythm(Cycle.TEACHING_WEEK, 2, 1),
    "每旬": Rhythm(Cycle.XUN),
    "每半月": Rhythm(Cycle.HALF_MONTH),
    "每半个月，7月至8月": Rhythm(Cycle.HALF_MONTH, months=(7, 8)),
    "每日，5月15日至9月30日": Rhythm(Cycle.DAY, days=(515, 930)),
    "每周，11月15日至次年3月15日": Rhythm(Cycle.WEEK, days=(1115, 315)),
    "每年5月15日至9月30日": Rhythm(Cycle.YEAR, days=(515, 930)),
    "每月": Rhythm(Cycle.MONTH),
    "每月不少于1次": Rhythm(Cycle.MONTH),
    "每月不少于1次，学期内": Rhythm(Cycle.MONTH, season=Season.TERM),
    "每2个月": Rhythm(Cycle.MONTH, 2),
    "每2年（自上次完成起）": Rhythm(Cycle.YEAR, 2, after_done=True),
    "每3至6个月，自上次检查之日起": Rhythm(Cycle.MONTH, 6, target=3, after_done=True),
    "每季度": Rhythm(Cycle.QUARTER),
    "每半年": Rhythm(Cycle.HALF_YEAR),
    "每年": Rhythm(Cycle.YEAR),
    "每3至6个月": Rhythm(Cycle.MONTH, 6, target=3),
    "每三个月到六个月": Rhythm(Cycle.MONTH, 6, target=3),
    "每1至2周": Rhythm(Cycle.WEEK, 2, target=1),
    "每1至2年（自2024年起）": Rhythm(Cycle.YEAR, 2, 2024, target=1),
    "每2年（自2024年起）": Rhythm(Cycle.YEAR, 2, 2024),
    "每年9月": Rhythm(Cycle.YEAR, months=(9,)),
    "每学期": Rhythm(Cycle.TERM),
    "每学年": Rhythm(Cycle.ACADEMIC_YEAR),
    "每个节假日": Rhythm(Cycle.HOLIDAY),
    "每个节假日（元旦、国庆节）": Rhythm(Cycle.HOLIDAY, holidays=("元旦", "国庆节")),
    "每周，3月至5月": Rhythm(Cycle.WEEK, months=(3, 4, 5)),
    "每周，11月至次年3月": Rhythm(Cycle.WEEK, months=(11, 12, 1, 2, 3)),
    "3月至5月每周": Rhythm(Cycle.WEEK, months=(3, 4, 5)),
    "每周，学期内": Rhythm(Cycle.WEEK, season=Season.TERM),
    "每日，假期内": Rhythm(Cycle.DAY, season=Season.VACATION),
}


@pytest.mark.parametrize(("phrase", "meant"), RHYTHMS.items())
def test_a_rhythm_means_what_the_plan_says(phrase: str, meant: Rhythm) -> None:
    assert rhythm(phrase) == replace(meant, text=phrase)


def named(name: str, offset: int = 0, unit: Unit = Unit.DAY, at: time | None = None) -> Moment:
    return Moment(Anchor.NAMED, name=name, offset=offset, unit=unit, at=at)


MOMENTS = {
    "5日前": Moment(Anchor.MONTH_DAY, 5),
    "5 日 17:00 前": Moment(Anchor.MONTH_DAY, 5, at=time(17)),
    "5日12时前": Moment(Anchor.MONTH_DAY, 5, at=time(12)),
    "次月5日前": Moment(Anchor.MONTH_DAY, 5, periods=1),
    "下月十五日": Moment(Anchor.MONTH_DAY, 15, periods=1),
    "每月28日前": Moment(Anchor.MONTH_DAY, 28),
    "月底前": Moment(Anchor.MONTH_DAY, 0),
    "次月底前": Moment(Anchor.MONTH_DAY, 0, periods=1),
    "9月30日前": Moment(Anchor.MONTH_DAY, 30, 9),
    "9月底前": Moment(Anchor.MONTH_DAY, 0, 9),
    "次年1月15日前": Moment(Anchor.MONTH_DAY, 15, 1, periods=1),
    "年底前": Moment(Anchor.MONTH_DAY, 0, 12),
    "周五前": Moment(Anchor.WEEKDAY, 5),
    "周日": Moment(Anchor.WEEKDAY, 7),
    "次周一": Moment(Anchor.WEEKDAY, 1, periods=1),
    "期初": Moment(Anchor.PERIOD_START),
    "期末": Moment(Anchor.PERIOD_END),
    "当日": Moment(Anchor.PERIOD_END),
    "12:00前": Moment(Anchor.PERIOD_END, at=time(12)),
    "次日12:00前": Moment(Anchor.PERIOD_END, offset=1, at=time(12)),
    "期末前3个工作日": Moment(Anchor.PERIOD_END, offset=-3, unit=Unit.WORKING_DAY),
    "期初后5个工作日内": Moment(Anchor.PERIOD_START, offset=5, unit=Unit.WORKING_DAY),
    "第4教学周前": Moment(Anchor.TEACHING_WEEK, 4),
    "2026-12-31前": Moment(Anchor.DATE, date=date(2026, 12, 31)),
    "2026年12月31日前": Moment(Anchor.DATE, date=date(2026, 12, 31)),
    "开课当日": named("开课"),
    "开课前": named("开课"),
    "开课后4个教学周内": named("开课", 4, Unit.TEACHING_WEEK),
    "开课前1周": named("开课", -1, Unit.WEEK),
    "新生报到后两周内": named("新生报到", 2, Unit.WEEK),
    "录取通知书寄发前10日": named("录取通知书寄发", -10, Unit.DAY),
    "节前3个工作日": named("节前", -3, Unit.WORKING_DAY),
    "节后2个工作日内": named("节后", 2, Unit.WORKING_DAY),
    "节前": named("节前", -1, Unit.WORKING_DAY),
    "节后": named("节后", 1, Unit.WORKING_DAY),
    "施行后一个月内": named("施行", 1, Unit.MONTH),
    "施行后半年内": named("施行", 6, Unit.MONTH),
    "知悉时": named("知悉", 0, Unit.MINUTE),
    "知悉后30分钟内": named("知悉", 30, Unit.MINUTE),
    "知悉后半小时内": named("知悉", 30, Unit.MINUTE),
    "知悉后一个半小时内": named("知悉", 90, Unit.MINUTE),
    "知悉后两小时内": named("知悉", 2, Unit.HOUR),
    "知悉后4个工作小时内": named("知悉", 4, Unit.WORKING_HOUR),
    "首报后24小时内": named("首报", 24, Unit.HOUR),
    "结案后5个工作日内": named("结案", 5, Unit.WORKING_DAY),
    "报告后15日内": named("报告", 15, Unit.DAY),
    "开课后1天9:00": named("开课", 1, Unit.DAY, time(9)),
}


@pytest.mark.parametrize(("phrase", "meant"), MOMENTS.items())
def test_a_moment_means_what_the_plan_says(phrase: str, meant: Moment) -> None:
    assert moment(phrase) == replace(meant, text=phrase)


STEPS = {
    "下达时": StepTime(Base.OPENED, 0, Unit.MINUTE),
    "下达后2日": StepTime(Base.OPENED, 2, Unit.DAY),
    "截止前3个工作日": StepTime(Base.DUE, -3, Unit.WORKING_DAY),
    "剩余30%": StepTime(Base.DUE, fraction=0.3),
    "剩余 15%（全时）": StepTime(Base.DUE, fraction=0.15, working=False),
    "截止当日": StepTime(Base.DUE),
    "截止时": StepTime(Base.DUE, 0, Unit.MINUTE),
    "逾期1个工作日": StepTime(Base.DUE, 1, Unit.WORKING_DAY),
    "逾期30分钟": StepTime(Base.DUE, 30, Unit.MINUTE),
    "报结后3个工作日": StepTime(Base.SUBMITTED, 3, Unit.WORKING_DAY),
}


@pytest.mark.parametrize(("phrase", "meant"), STEPS.items())
def test_a_step_comes_when_the_ladder_says(phrase: str, meant: StepTime) -> None:
    assert step_time(phrase) == meant


def test_a_condition_is_read_field_by_field() -> None:
    assert condition("损失金额 ≥ 50000 且 身份 = “学生”") == (
        Condition("损失金额", ">=", "50000"),
        Condition("身份", "=", "学生"),
    )
    assert condition("损失金额不少于50000，是否本校为是") == (
        Condition("损失金额", ">=", "50000"),
        Condition("是否本校", "=", "是"),
    )


def test_a_name_may_hold_the_word_or() -> None:
    assert condition("是否特殊或新发病原体 = 是") == (Condition("是否特殊或新发病原体", "=", "是"),)


def test_a_condition_with_or_asks_for_two_duties() -> None:
    words = condition("损失金额 > 5 或 身份 = 学生")
    assert isinstance(words, Words)
    assert "拆成两项职责" in words.zh


@pytest.mark.parametrize("vague", ["定期", "不定期", "及时", "第一时间", "常态化", "适时", "立即"])
def test_a_word_without_a_number_is_refused_with_advice(vague: str) -> None:
    for phrase in (rhythm, moment, step_time):
        words = phrase(vague)
        assert isinstance(words, Words)
        assert "没有数字" in words.zh
        assert "carries no number" in words.en


@pytest.mark.parametrize(
    ("written", "said"),
    [("每2小时", "以“每日”或“每周”汇总"), ("每餐", "汇总核查"), ("每月随机抽查", "draw:")],
)
def test_what_is_no_rhythm_says_how_it_is_written(written: str, said: str) -> None:
    words = rhythm(written)
    assert isinstance(words, Words)
    assert "不是频次" in words.zh
    assert said in words.zh


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("2月30日前", "2月没有30日"),
        ("2月29日前", "2月底前"),
        ("13月1日前", "没有13月"),
        ("32日前", "没有32日"),
        ("2026-02-29前", "2月底前"),
        ("25:00前", "没有25:00"),
        ("第40教学周前", "没有第40教学周"),
        ("30分钟内", "未写明从何时起算"),
        ("提前3日", "未写明从何时起算"),
        ("月初", "没有数字"),
        ("知悉后1小时9:00前", "不能再写钟点"),
        ("知悉后半个工作日内", "不能折半"),
        ("每4小时续报一次", "repeat:"),
        ("知悉后9999年内", "过长"),
        ("知悉后0日内", "当日"),
        ("回头再说", "看不懂"),
    ],
)
def test_an_impossible_moment_says_what_would_be_right(wrong: str, said: str) -> None:
    words = moment(wrong)
    assert isinstance(words, Words)
    assert said in words.zh


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("每2年", "自2024年起"),
        ("敏感时期每日", "window:"),
        ("每1至2年", "每1至2年（自2024年起）"),
        ("每6至3个月", "先写目标"),
        ("每1至2学期", "先写目标"),
        ("每周一", "every: 每周，due: 周一前"),
        ("每年3月22日", "every: 每年，due: 3月22日前"),
        ("每周，3月至14月", "没有14月"),
        ("每周，11月至3月", "11月至次年3月"),
        ("每日，5月15日至9月31日", "没有这一天"),
        ("每日，11月15日至3月15日", "跨年的写“次年”"),
        ("每日，5月15日至次年9月30日", "不跨年的不写"),
        ("每周，下雨时", "看不懂“下雨时”"),
        ("每月（自2024年起）", "无需"),
        ("每2旬", "看不懂"),
        ("每9999个月", "过长"),
        ("每2年（自9024年起）", "有误"),
        ("偶尔", "看不懂"),
    ],
)
def test_an_impossible_rhythm_says_what_would_be_right(wrong: str, said: str) -> None:
    words = rhythm(wrong)
    assert isinstance(words, Words)
    assert said in words.zh


PIECES = [
    *RHYTHMS, *MOMENTS, *STEPS, "每", "前", "后", "内", "月", "日", "个", "半", "两", "十", "百",
    "3", "0", "31", "（", "）", "，", "至", "年", "自", "起", "节", "时", ":", "%", "且", ">=",
]  # fmt: skip
ANY_TEXT = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@given(ANY_TEXT)
def test_no_text_whatever_makes_a_phrase_fail(text: str) -> None:
    assert isinstance(rhythm(text), Rhythm | Words)
    assert isinstance(moment(text), Moment | Words)
    assert isinstance(step_time(text), StepTime | Words)
    assert isinstance(condition(text), tuple)


@given(ANY_TEXT)
def test_whatever_was_understood_can_be_said_and_read_back(text: str) -> None:
    found = rhythm(text)
    if isinstance(found, Rhythm):
        said = rhythm(say_rhythm(found).zh)
        assert isinstance(said, Rhythm)
        assert replace(said, text="") == replace(found, text="")
    when = moment(text)
    if isinstance(when, Moment):
        again = moment(say_moment(when).zh)
        assert isinstance(again, Moment)
        assert replace(again, text="") == replace(when, text="")
    step = step_time(text)
    if isinstance(step, StepTime):
        assert step_time(say_step_time(step).zh) == step


@pytest.mark.parametrize("phrase", MOMENTS)
def test_a_moment_said_again_is_the_same_moment(phrase: str) -> None:
    found = moment(phrase)
    assert isinstance(found, Moment)
    said = say_moment(found)
    again = moment(said.zh)
    assert isinstance(again, Moment)
    assert replace(again, text="") == replace(found, text="")
    assert said.en


def test_a_step_is_said_as_a_sentence_in_both_languages() -> None:
    step = Step(
        id="3", base=Base.DUE, offset=1, unit="working_day", fraction=None, working=True,
        to=(Role.CONTACT, Role.HEAD), notice="催办单", letter="overdue", colour="黄", urgent=True,
    )  # fmt: skip
    assert say_step(step) == Words(
        "逾期1个工作日，向联络员、负责人发送《催办单》（黄色），随即发出",
        "1 working day overdue: 《催办单》 to the contact, head (yellow), at once",
    )
