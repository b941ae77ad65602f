"""The school calendar: terms, teaching weeks, anchors and exceptions both ways."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.school import BeyondSchoolCalendar, read_school
from responsibilities.calendars.workdays import BeyondCalendar, WorkingDays
from responsibilities.problem import Place
from storage.calendars import national
from tests.responsibilities.school_year import SCHOOL, nation, school, school_from, working

ANY_DAY = st.dates(date(2025, 9, 5), date(2027, 8, 31))
ONE = timedelta(days=1)


def test_terms_have_names_and_ids_without_being_told() -> None:
    assert [(t.id, t.name) for t in school().terms] == [
        ("2025-26-1", "2025-2026学年第一学期"),
        ("2025-26-2", "2025-2026学年第二学期"),
        ("2026-27-1", "2026-2027学年第一学期"),
        ("2026-27-2", "2026-2027学年第二学期"),
    ]
    assert [(t.first, t.last) for t in school().terms][2] == (
        date(2026, 8, 28),
        date(2027, 1, 29),
    )


def test_academic_years_meet_where_the_staff_of_the_next_return() -> None:
    assert [(y.id, y.name, y.first, y.last, y.draft) for y in school().academic_years()] == [
        ("2025-26", "2025-2026学年", date(2025, 9, 1), date(2026, 8, 27), False),
        ("2026-27", "2026-2027学年", date(2026, 8, 28), date(2027, 8, 31), True),
    ]
    assert school().is_provisional(date(2026, 9, 1))
    assert not school().is_provisional(date(2026, 3, 2))


def test_teaching_weeks_are_numbered_per_term_from_monday_to_sunday() -> None:
    weeks = list(school().teaching_weeks(date(2026, 10, 25), date(2026, 11, 2)))
    assert [(w.id, w.number, w.first, w.last) for w in weeks] == [
        ("2026-27-1.W07", 7, date(2026, 10, 19), date(2026, 10, 25)),
        ("2026-27-1.W08", 8, date(2026, 10, 26), date(2026, 11, 1)),
        ("2026-27-1.W09", 9, date(2026, 11, 2), date(2026, 11, 8)),
    ]


def test_the_preparatory_week_is_in_the_term_but_no_teaching_week() -> None:
    day = date(2026, 9, 2)
    term = school().term_of(day)
    assert term is not None
    assert term.prep_week
    assert term.monday(0) == date(2026, 8, 31)
    assert school().week_of(day) is None


@pytest.mark.parametrize(
    ("word", "days"),
    [
        ("教职工返校", ["2025-09-05", "2026-02-27", "2026-08-28", "2027-02-26"]),
        ("学生注册", ["2025-09-06", "2026-03-01", "2026-09-05", "2027-02-28"]),
        ("开学", ["2025-09-06", "2026-03-01", "2026-09-05", "2027-02-28"]),
        ("新生报到", ["2025-09-13", "2026-09-12"]),
        ("开课", ["2025-09-08", "2026-03-02", "2026-09-07", "2027-03-01"]),
        ("结课", ["2026-01-04", "2026-06-28", "2027-01-08", "2027-06-27"]),
        ("考试开始", ["2026-01-05", "2026-06-29", "2027-01-11", "2027-06-28"]),
        ("放假", ["2026-01-17", "2026-07-11", "2027-01-23", "2027-07-10"]),
        ("staff_leave", ["2026-01-24", "2026-07-18", "2027-01-29", "2027-07-16"]),
        ("录取通知书寄发", ["2026-07-15"]),
        ("毕业典礼", []),
    ],
)
def test_an_anchor_has_the_days_the_school_declared(word: str, days: list[str]) -> None:
    assert [str(day) for day in school().anchor_dates(word)] == days


def test_an_anchor_knows_its_nominal_period_and_not_only_its_date() -> None:
    assert school().anchor_periods("新生报到")[1] == ("2026-27-1", date(2026, 9, 12))
    assert school().anchor_periods("录取通知书寄发") == (("2026-27", date(2026, 7, 15)),)
    assert "运动会" in school().anchor_names()
    assert school().anchors["运动会"] == (date(2026, 10, 29),)


def test_vacations_are_the_students_and_lie_between_the_terms() -> None:
    assert [(v.id, v.name, v.first, v.last) for v in school().vacations()] == [
        ("2025-26-1.V", "寒假", date(2026, 1, 17), date(2026, 2, 28)),
        ("2025-26-2.V", "暑假", date(2026, 7, 11), date(2026, 9, 4)),
        ("2026-27-1.V", "寒假", date(2027, 1, 23), date(2027, 2, 27)),
        ("2026-27-2.V", "暑假", date(2027, 7, 10), date(2027, 8, 31)),
    ]
    assert school().is_vacation(date(2026, 1, 20))
    assert not school().is_vacation(date(2026, 1, 16))


def test_autumn_break_rests_although_the_nation_works() -> None:
    for day in (date(2026, 9, 28), date(2026, 9, 30)):
        assert nation().is_working(day)
        assert not working().is_working(day)
        assert not school().is_teaching_day(day, working())


def test_lessons_of_another_day_are_taught_on_a_saturday_of_the_mid_autumn_break() -> None:
    day = date(2026, 9, 26)
    assert working().is_working(day)
    assert school().is_teaching_day(day, working())
    assert school().lessons_on(day) == date(2026, 9, 22)
    assert school().lessons_on(date(2026, 9, 22)) == date(2026, 9, 22)


def test_an_exception_for_students_alone_leaves_the_office_working() -> None:
    sports_day = date(2026, 10, 29)
    assert working().is_working(sports_day)
    assert not school().is_teaching_day(sports_day, working())


def test_an_exception_for_staff_alone_leaves_the_lessons_standing() -> None:
    meeting = date(2026, 11, 27)
    assert not working().is_working(meeting)
    assert school().is_teaching_day(meeting, working())


def test_teaching_days_are_counted_like_working_days() -> None:
    days = school().teaching_days(working())
    assert days.shift(date(2026, 9, 24), 2) == date(2026, 10, 8)
    assert days.shift(date(2026, 10, 8), -1) == date(2026, 9, 26)
    assert days.on_or_after(date(2027, 1, 23)) == date(2027, 3, 1)
    assert days.count(date(2026, 2, 1), date(2026, 2, 28)) == 0
    assert days.count(date(2026, 8, 1), date(2026, 8, 31)) == 0


def test_a_make_up_saturday_in_a_teaching_week_is_a_teaching_day() -> None:
    assert school().is_teaching_day(date(2026, 10, 10), working())


def test_beyond_the_declared_years_the_missing_one_is_named() -> None:
    with pytest.raises(BeyondSchoolCalendar) as refused:
        school().term_of(date(2027, 9, 1))
    assert refused.value.words.zh == (
        "2027-2028学年的校历尚无 2027-09-01 的安排（已声明 2025-09-01 至 2027-08-31），"
        "请在方案的 school 一节补充后再试。"
    )
    with pytest.raises(BeyondSchoolCalendar, match="2024-2025学年"):
        list(school().teaching_weeks(date(2025, 8, 31), date(2025, 9, 30)))
    with pytest.raises(BeyondSchoolCalendar, match="2027-2028学年"):
        school().teaching_days(working()).shift(date(2027, 6, 25), 3)
    with pytest.raises(BeyondSchoolCalendar, match="2027-2028学年"):
        school().shift_weeks(date(2027, 6, 25), 3)


def test_teaching_days_end_with_the_national_data_and_say_so() -> None:
    until_2026 = WorkingDays([y for y in national()[0] if y.year <= 2026])
    days = school().teaching_days(until_2026)
    with pytest.raises(BeyondCalendar, match="2027年"):
        days.shift(date(2026, 12, 30), 5)


def test_weeks_are_shifted_over_a_vacation() -> None:
    assert school().shift_weeks(date(2027, 1, 6), 1) == date(2027, 3, 3)
    assert school().shift_weeks(date(2027, 2, 10), 1) == date(2027, 3, 3)
    assert school().shift_weeks(date(2027, 2, 10), -1) == date(2027, 1, 6)
    assert school().shift_weeks(date(2027, 2, 10), 0) == date(2027, 3, 3)


@given(ANY_DAY, ANY_DAY)
def test_teaching_weeks_of_two_halves_are_those_of_the_whole(a: date, b: date) -> None:
    first, middle, last = school().first, min(a, b), school().last
    whole = [w.id for w in school().teaching_weeks(first, last)]
    left = [w.id for w in school().teaching_weeks(first, middle)]
    right = [w.id for w in school().teaching_weeks(middle + ONE, last)] if middle < last else []
    assert list(dict.fromkeys(left + right)) == whole


@given(ANY_DAY)
def test_a_teaching_day_lies_in_a_teaching_week_and_in_no_vacation(day: date) -> None:
    if school().is_teaching_day(day, working()):
        assert school().week_of(day) is not None
        assert not school().is_vacation(day)


@given(ANY_DAY)
def test_the_table_of_teaching_days_agrees_with_asking_each_day(day: date) -> None:
    table = school().teaching_days(working())
    assert table.counts(day) == school().is_teaching_day(day, working())


@given(ANY_DAY, st.integers(-10, 10), st.integers(-10, 10))
def test_shifting_weeks_adds_up_inside_teaching_weeks(day: date, a: int, b: int) -> None:
    if school().week_of(day) is None:
        return
    try:
        step = school().shift_weeks(school().shift_weeks(day, a), b)
    except BeyondSchoolCalendar:
        return
    assert step == school().shift_weeks(day, a + b)


@pytest.mark.parametrize(
    ("wrong", "right", "code", "place"),
    [
        ("week1: 2026-09-07", "week1: 2026-09-08", "not-a-monday", "24:18"),
        ("students_leave: 2027-01-23", "students_leave: 2026-08-29", "backwards", "26:7"),
        ("staff_return: 2027-02-26", "staff_return: 2027-01-20", "overlap", "28:7"),
        ("id: 2026-27-2", "id: 2026-27-1", "duplicate-id", "28:7"),
        ("freshmen_register: 2026", "freshman_register: 2026", "unknown-key", "23:7"),
        ("status: draft", "status: drafted", "unknown-status", "18:3"),
        ("weeks: 18, prep_week: true}\n      exams: 2027", "weeks: 0}\n      exams: 2027",
         "not-a-number", "24:37"),
        ('"2026-2027"', '"2026-2028"', "bad-year", "17:1"),
        ("第3周星期二", "第33周星期二", "bad-lessons", "36:38"),
        ("applies_to: students", "applies_to: parents", "unknown-group", "38:39"),
        ("work: false, applies_to: students", "applies_to: students", "missing", "38:7"),
        ("录取通知书寄发: 2026-07-15", "录取通知书寄发: 七月", "bad-date", "40:13"),
        ("运动会: 2026-10-29", "放假: 2026-10-29", "term-anchor", "40:34"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_shown_where_it_is(
    wrong: str, right: str, code: str, place: str
) -> None:
    assert wrong in SCHOOL
    _, problems = school_from(SCHOOL.replace(wrong, right))
    assert (code, f"school.yaml:{place}") in [(p.code, str(p.place)) for p in problems]


def test_a_year_that_cannot_be_used_leaves_the_others_standing() -> None:
    calendar, problems = school_from(SCHOOL.replace("week1: 2026-09-07", "week1: soon"))
    assert calendar is not None
    assert [y.id for y in calendar.years] == ["2025-26"]
    assert [p.code for p in problems] == ["bad-date"]


def test_a_bad_exception_leaves_the_year_standing() -> None:
    calendar, problems = school_from(SCHOOL.replace("第3周星期二", "第33周星期二"))
    assert calendar is not None
    assert len(calendar.years) == 2
    assert [p.code for p in problems] == ["bad-lessons"]


def test_a_year_with_only_its_first_term_declared_is_known_only_so_far() -> None:
    text = SCHOOL[: SCHOOL.index("    - id: 2026-27-2")]
    calendar, problems = school_from(text)
    assert calendar is not None
    assert problems == ()
    assert calendar.last == date(2027, 1, 29)
    with pytest.raises(BeyondSchoolCalendar, match="尚无 2027-03-01 的安排"):
        calendar.term_of(date(2027, 3, 1))


def test_a_gap_between_declared_years_is_reported() -> None:
    calendar, problems = school_from(SCHOOL.replace('"2025-2026"', '"2024-2025"'))
    assert calendar is not None
    assert [y.id for y in calendar.years] == ["2024-25"]
    assert [p.code for p in problems] == ["gap"]


@pytest.mark.parametrize("text", ["", "2026-2027: {}", "2026-2027: {terms: []}"])
def test_a_section_without_a_term_is_no_calendar(text: str) -> None:
    calendar, problems = school_from(text)
    assert calendar is None
    assert problems


def test_a_list_is_no_school_calendar() -> None:
    calendar, problems = read_school([], lambda path: Place("school.yaml", 1, 1))
    assert (calendar, [problem.code for problem in problems]) == (None, ["not-a-mapping"])


def test_a_third_short_term_is_one_more_in_the_list() -> None:
    text = SCHOOL.replace(
        '"2026-2027"',
        '    - {name: 2025-2026学年小学期, teaching: {week1: 2026-07-20, weeks: 3}}\n"2026-2027"',
    )
    calendar, problems = school_from(text)
    assert calendar is not None
    assert problems == ()
    assert calendar.terms[2].id == "2025-26-3"
    assert calendar.anchor_periods("开课")[2] == ("2025-26-3", date(2026, 7, 20))
