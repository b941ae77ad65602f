"""The shape of a school calendar, for editors. What it means, and what is wrong, says `school`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from responsibilities.language.institution_language import Day, Section, key

_SPAN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.\.[0-9]{4}-[0-9]{2}-[0-9]{2})?$"
Span = Annotated[str, Field(pattern=_SPAN)]
"""A day, or the first and the last day with two dots between them."""


class TeachingText(Section):
    week1: Day = key("第1教学周", "第1教学周的周一", "2026-09-07")
    weeks: Annotated[int, Field(ge=1, le=30)] = key("周数", "教学周共几周", 18)
    prep_week: bool = key("预备周", "第1周之前有预备周，不计入教学周", True, default=False)
    start: Day | None = key("开课", "不写为第1教学周的周一", "2026-09-08", default=None)
    end: Day | None = key("结课", "不写为最后一个教学周的周五", "2027-01-08", default=None)


class TermText(Section):
    id: str | None = key("代号", "可不写，按学年和次序产生", "2026-27-1", default=None)
    name: str | None = key("名称", "可不写", "2026-2027学年第一学期", default=None)
    first: Day | None = key("首日", "可不写，按返校、注册、开课推定", "2026-08-28", default=None)
    last: Day | None = key("末日", "可不写，按放假、考试推定", "2027-01-29", default=None)
    staff_return: Span | None = key("教职工返校", "日期或一段日期", "2026-08-28", default=None)
    students_register: Span | None = key(
        "学生注册", "日期或一段日期，取第一日", "2026-09-05..2026-09-06", default=None
    )
    freshmen_register: Span | None = key(
        "新生报到", "没有新生的学期不写", "2026-09-12", default=None
    )
    teaching: TeachingText = key(
        "教学周", "第1周的周一和周数", {"week1": "2026-09-07", "weeks": 18}
    )
    exams: Span | None = key("考试", "考试的起止", "2027-01-11..2027-01-22", default=None)
    students_leave: Span | None = key("放假", "学生假期的第一日", "2027-01-23", default=None)
    staff_leave: Span | None = key("教职工放假", "教职工假期的第一日", "2027-01-29", default=None)


class OverrideText(Section):
    date: Day | None = key("日期", "某一天；一段日期写 dates", "2026-09-26", default=None)
    dates: Span | None = key("日期", "一段日期", "2026-09-28..2026-09-30", default=None)
    work: bool = key("上班", "true 上班上课，false 放假停课", True)
    applies_to: Any = key(
        "适用于", "staff 教职工、students 学生；不写则两者", "students", ["staff"], default=None
    )
    lessons_of: str | None = key("上哪天的课", "调课", "第3周星期二", default=None)
    reason: str = key("事由", "为什么", "秋假", default="")


class AcademicYearText(Section):
    status: Literal["published", "draft"] = key(
        "状态", "published 已公布，draft 草案（时限显示为暂定）", "published", default="published"
    )
    terms: list[TermText] = key("学期", "按先后排列", min_length=1)
    overrides: list[OverrideText] = key("调课与停课", "与国家安排不同的日子", default_factory=list)
    anchors: dict[str, Day] = key(
        "自定日期", "每学年一个日期", {"录取通知书寄发": "2026-07-15"}, default_factory=dict
    )
