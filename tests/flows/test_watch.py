"""A loop that falls silent is noticed; the watch reconciles in its stead, and tells the office."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from flows.installation import Installation
from flows.watch import missed, watch
from notifications.maildir import read
from office import heartbeat
from office.heartbeat import PATIENCE
from storage import tables
from storage.engine import reading
from tests.flows.conftest import WEEK_LATER, told

NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(sorted(PATIENCE)), st.integers(0, 600)))
def test_a_loop_is_missed_when_its_patience_is_over_and_not_before(ages: dict[str, int]) -> None:
    beats = {name: NOON - timedelta(minutes=age) for name, age in ages.items()}
    silent = missed(beats, NOON)
    for name, age in ages.items():
        assert (name in silent) == (timedelta(minutes=age) > PATIENCE[name])


def test_a_clock_that_went_backwards_misses_nobody() -> None:
    assert missed({"reconcile": NOON + timedelta(days=1)}, NOON) == ()


def test_a_loop_that_nobody_waits_for_is_not_missed() -> None:
    assert missed({"tea": NOON - timedelta(days=300)}, NOON) == ()


@told
def test_where_prefect_knocks_no_more_the_watch_opens_the_tasks(office: Installation) -> None:
    office.reconcile(WEEK_LATER - timedelta(minutes=20))
    assert watch(office, WEEK_LATER) == ("reconcile",)
    with reading(office.db) as connection:
        periods = {p for (p,) in connection.execute(select(tables.tasks.c.period))}
    assert "2026-W49" in periods
    assert watch(office, WEEK_LATER + timedelta(minutes=1)) == ()


@told
def test_a_gap_longer_than_half_an_hour_is_told_to_the_office_once(office: Installation) -> None:
    office.reconcile(WEEK_LATER)
    for minutes in (45, 46, 47):
        watch(office, WEEK_LATER + timedelta(minutes=minutes))
    with reading(office.db) as connection:
        query = select(tables.notices.c.role).where(tables.notices.c.kind == "outage")
        assert [role for (role,) in connection.execute(query)] == ["office"]


@told
def test_without_an_outage_nobody_is_told_of_one(office: Installation) -> None:
    for minutes in range(0, 60, 5):
        office.reconcile(WEEK_LATER + timedelta(minutes=minutes))
    assert heartbeat.missed(office.db, WEEK_LATER + timedelta(hours=1), timedelta(minutes=6)) == {}
    with reading(office.db) as connection:
        kinds = {kind for (kind,) in connection.execute(select(tables.notices.c.kind))}
    assert "outage" not in kinds


@told
def test_a_mailroom_that_does_not_run_is_told_to_the_office_by_the_watch_itself(
    office: Installation,
) -> None:
    heartbeat.beat(office.db, "mailroom", WEEK_LATER - timedelta(hours=4))
    heartbeat.beat(office.db, "reconcile", WEEK_LATER)
    for minute in range(3):
        assert watch(office, WEEK_LATER + timedelta(minutes=minute)) == ("mailroom",)
    [letter] = read(office.settings.mail.maildir)
    assert letter.subject == "【系统警示】督办系统需要办公室处理"
