"""Every view of the log is an address: what is asked can be written down, sent and read again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.log_query import LogQuery, Position, parse, render, toggled
from responsibilities.words import Refused

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
LISTS = st.lists(NAMES, max_size=4, unique=True).map(tuple)
DAYS = st.none() | st.dates(date(1971, 1, 1), date(9000, 12, 31))
NUMBERS = st.none() | st.integers(0, 2**31 - 1)
QUERIES = st.builds(
    LogQuery,
    plan=LISTS, unit=LISTS, duty=LISTS, period=LISTS, clause=LISTS, leader=LISTS,
    standing=st.lists(st.sampled_from(Position), max_size=4, unique=True).map(tuple),
    late=st.sampled_from([None, True, False]), late_by_system=st.sampled_from([None, True, False]),
    reused=st.booleans(), since=DAYS, until=DAYS, words=st.just("") | NAMES.map(str.strip),
    as_of=DAYS, after=NUMBERS, before=NUMBERS,
)  # fmt: skip


@given(QUERIES)
def test_what_is_written_into_an_address_is_read_out_of_it_again(query: LogQuery) -> None:
    assert parse(render(query)) == query


@given(QUERIES, st.sampled_from([("unit", "护理学院"), ("standing", "overdue"), ("late", "yes")]))
def test_a_facet_clicked_twice_is_as_it_was_on_the_first_page(
    query: LogQuery, click: tuple[str, str]
) -> None:
    once = toggled(query, *click)
    assert (once.after, once.before) == (None, None)
    assert once != toggled(once, *click)
    twice = toggled(toggled(once, *click), *click)
    assert set(getattr(twice, click[0]) if click[0] != "late" else [twice.late]) == set(
        getattr(once, click[0]) if click[0] != "late" else [once.late]
    )


def test_an_address_reads_like_what_it_asks() -> None:
    asked = parse("unit=nursing&unit=pharmacy&standing=overdue&since=2026-11-01&words=班会&lang=en")
    assert asked == LogQuery(
        unit=("nursing", "pharmacy"), standing=(Position.OVERDUE,), since=date(2026, 11, 1),
        words="班会",
    )  # fmt: skip
    assert render(LogQuery()) == ""


@pytest.mark.parametrize(
    "query",
    ["standing=lost", "since=yesterday", "until=2026-02-30", "late=perhaps", "after=-1",
     "after=99999999999", "as_of=0001-01-01"],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_refused_by_name(query: str) -> None:
    with pytest.raises(Refused, match=query.split("=")[0]):
        parse(query)
