"""The sample of an inspection: fair within its strata, and drawn again by anybody."""

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from inspections.sampling import By, Member, allotment, digest, sample, strata

SIZES = st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=8)
POPULATION = st.lists(
    st.builds(
        lambda unit, duty, week: Member(unit, duty, f"fire/2026-W{week:02}/{duty}/{unit}"),
        st.sampled_from(["nursing", "pharmacy", "guard"]), st.sampled_from(["check", "report"]),
        st.integers(1, 52),
    ),
    min_size=1, max_size=60,
)  # fmt: skip
DIVIDED = st.sets(st.sampled_from(By))


@given(SIZES, st.integers(min_value=1, max_value=400))
def test_shares_add_up_to_the_count_and_no_stratum_gives_more_than_it_has(
    sizes: list[int], count: int
) -> None:
    shares = allotment(sizes, count)
    assert sum(shares) == min(count, sum(sizes))
    assert all(0 <= share <= size for share, size in zip(shares, sizes, strict=True))
    if count >= len(sizes):
        assert min(shares) >= 1


@given(SIZES, st.integers(min_value=1, max_value=400))
def test_a_larger_stratum_never_gets_less(sizes: list[int], count: int) -> None:
    sizes = sorted(sizes, reverse=True)
    shares = allotment(sizes, count)
    assert list(shares) == sorted(shares, reverse=True)


@given(POPULATION, DIVIDED, st.text("0123456789abcdef", min_size=4), st.integers(1, 80))
def test_a_sample_draws_no_task_twice_and_is_the_same_in_whatever_order_the_tasks_come(
    population: list[Member], by: set[By], seed: str, count: int
) -> None:
    divided = strata(population, by)
    drawn = sample(divided, seed, count)
    known = {one.key for one in population}
    assert len(drawn) == len(set(drawn)) == min(count, len(known))
    assert set(drawn) <= known
    other_way = strata(reversed(population), by)
    assert digest(other_way) == digest(divided)
    assert sample(other_way, seed, count) == drawn


def test_over_many_seeds_each_task_of_a_stratum_is_drawn_equally_often() -> None:
    """Of 12 and 8 tasks 5 are drawn 3 and 2: each task a quarter of the time (4000 draws)."""
    population = [
        *(Member("nursing", "check", f"n{n}") for n in range(12)),
        *(Member("pharmacy", "check", f"p{n}") for n in range(8)),
    ]
    divided = strata(population, {By.UNIT})
    seen = Counter(key for n in range(4000) for key in sample(divided, f"seed {n}", 5))
    assert len(seen) == 20
    # standard deviation of one count: sqrt(4000 * 1/4 * 3/4) = 27.4; five of them either way
    assert all(abs(count - 1000) < 137 for count in seen.values())
    chi_square = sum((count - 1000) ** 2 / 1000 for count in seen.values())
    assert chi_square < 45.3  # the 99.9th percentile for 20 counts


def test_the_draw_of_the_documentation_worked_out_by_hand() -> None:
    """As docs/reference/inspections.md has it: six tasks, three of them drawn."""
    population = [
        Member("nursing", "check", f"fire/2026-W{n}/check/nursing") for n in range(36, 40)
    ]
    population += [
        Member("pharmacy", "check", f"fire/2026-W{n}/check/pharmacy") for n in range(36, 38)
    ]
    divided = strata(population, {By.UNIT})
    assert allotment([4, 2], 3) == (2, 1)
    seed = "5eed/2718"
    nursing = sorted(
        sha256(f"{seed}/fire/2026-W{n}/check/nursing".encode()).hexdigest() for n in range(36, 40)
    )
    drawn = sample(divided, seed, 3)
    hashes = [sha256(f"{seed}/{key}".encode()).hexdigest() for key in drawn]
    assert hashes[:2] == nursing[:2]
    assert drawn == (
        "fire/2026-W38/check/nursing",
        "fire/2026-W39/check/nursing",
        "fire/2026-W37/check/pharmacy",
    )
