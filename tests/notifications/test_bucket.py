"""How fast a relay may be fed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.bucket import Bucket, Limits

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_twenty_a_minute_and_the_twenty_first_waits_for_the_first() -> None:
    bucket = Bucket(per_minute=20, per_hour=200)
    assert [bucket.take(after(second)) for second in range(20)] == [0.0] * 20
    assert bucket.take(after(20)) == 40.0
    assert bucket.take(after(59)) == 1.0
    assert bucket.take(after(60)) == 0.0


def test_a_token_that_was_not_given_is_not_taken() -> None:
    bucket = Bucket(per_minute=1, per_hour=None)
    assert bucket.take(START) == 0.0
    assert [bucket.take(after(30)) for _ in range(3)] == [30.0] * 3
    assert bucket.take(after(60)) == 0.0


def test_a_relay_without_limits_never_waits() -> None:
    bucket = Bucket(per_minute=None, per_hour=None)
    assert {bucket.take(START) for _ in range(1000)} == {0.0}


def test_a_relay_that_may_take_nothing_takes_nothing() -> None:
    assert Bucket(per_minute=0, per_hour=None).take(START) == 60.0


def test_a_clock_set_back_a_year_costs_at_most_one_window() -> None:
    bucket = Bucket(per_minute=2, per_hour=None)
    assert [bucket.take(START), bucket.take(START)] == [0.0, 0.0]
    back = START - timedelta(days=365)
    assert bucket.take(back) == 60.0
    assert bucket.take(back + timedelta(seconds=60)) == 0.0


@given(
    st.integers(1, 5),
    st.integers(1, 12),
    st.lists(st.floats(0, 1500), min_size=1, max_size=200),
)
def test_no_minute_and_no_hour_ever_holds_more_than_its_limit(
    per_minute: int, per_hour: int, pauses: list[float]
) -> None:
    bucket, now, taken = Bucket(per_minute, per_hour), START, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        wait = bucket.take(now)
        if wait:
            now += timedelta(seconds=wait)
            assert bucket.take(now) == 0.0, "the wait it named was long enough"
        taken.append(now)
    for limit, span in ((per_minute, 60), (per_hour, 3600)):
        for first, beyond in zip(taken, taken[limit:], strict=False):
            assert beyond - first >= timedelta(seconds=span)


def test_a_domain_that_has_had_enough_holds_up_no_other() -> None:
    limits = Limits(Bucket(per_minute=4, per_hour=None), domain_per_minute=2)
    assert [limits.take("a.example", START) for _ in range(3)] == [0.0, 0.0, 60.0]
    assert limits.wait_of("a.example", START) == 60.0
    assert limits.wait_of("b.example", START) == 0.0
    assert limits.take("b.example", START) == 0.0
    assert limits.take("b.example", START) == 0.0
    assert limits.take("c.example", START) == 60.0, "the relay itself has had enough"
    assert limits.wait_of("c.example", START) == 0.0
    assert limits.take("a.example", after(60)) == 0.0
