"""What periods are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.period_words import say_period


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2026-11-23", "2026年11月23日（星期一）", "Monday, 23 November 2026"),
        ("2026-W48", "2026年第48周（11月23日至11月29日）",
         "week 48 of 2026 (23 November to 29 November)"),
        ("2026-27-1.W08", "2026-2027学年第一学期第8教学周",
         "teaching week 8, first term of academic year 2026-2027"),
        ("2026-11.X1", "2026年11月上旬", "first ten days of November 2026"),
        ("2026-11.X3", "2026年11月下旬", "last days of November 2026"),
        ("2026-07.B2", "2026年7月下半月", "second half of July 2026"),
        ("2026-11", "2026年11月", "November 2026"),
        ("2026-Q4", "2026年第四季度", "fourth quarter of 2026"),
        ("2026-H2", "2026年下半年", "second half of 2026"),
        ("2026", "2026年", "2026"),
        ("2026-27-1", "2026-2027学年第一学期", "first term of academic year 2026-2027"),
        ("2026-27", "2026-2027学年", "academic year 2026-2027"),
        ("2099-00", "2099-2100学年", "academic year 2099-2100"),
        ("2027.spring-festival", "2027年春节", "Spring Festival 2027"),
        ("once", "一次性任务", "one-off"),
        ("E2026-0001", "事件E2026-0001", "incident E2026-0001"),
    ],
)  # fmt: skip
def test_a_period_is_said_as_the_office_says_it(period: str, zh: str, en: str) -> None:
    assert say_period(period) == (zh, en)


@pytest.mark.parametrize(
    "period", ["2026-02-30", "2026-W60", "2026-29", "2027.no-such-day", "", "x"]
)
def test_an_id_of_no_known_form_is_its_own_name(period: str) -> None:
    assert say_period(period) == (period, period)


@given(
    st.text(max_size=20) | st.from_regex(r"[0-9]{4}(-[0-9]{2})?(-[0-9]{1,2})?(\.[A-Z][0-9]{2})?")
)
def test_any_id_has_words_in_both_languages(period: str) -> None:
    zh, en = say_period(period)
    assert bool(zh) == bool(en) == bool(period)
