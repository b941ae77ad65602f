"""The denominator of full coverage, against a brute force over the members' days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from responsibilities.language.roster_phrases import late_joiners, say_late_joiners
from responsibilities.plan import Base, LateJoiners, Member
from responsibilities.roster_changes import Window, changes, turning_days, window
from responsibilities.words import Words
from tests.responsibilities.compiling import compiled
from tests.responsibilities.small_plans import CLOCK

FIRST = date(2026, 11, 1)
NAMES = "甲乙丙丁"
DAYS = st.integers(0, 30)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def members(draw: st.DrawFn) -> tuple[Member, ...]:
    """Names that come and leave, some of them twice."""
    found = []
    for name in NAMES:
        turns = sorted(draw(st.sets(DAYS, max_size=4)))
        bounds: list[date | None] = [day(turn) for turn in turns]
        if len(bounds) % 2:
            bounds = [None, *bounds] if draw(st.booleans()) else [*bounds, None]
        for first, last in zip(bounds[::2], bounds[1::2], strict=True):
            found.append(Member(name, first, last))
        if not bounds and draw(st.booleans()):
            found.append(Member(name))
    return tuple(found)


def brute_force(
    listed: tuple[Member, ...], within: Window, covered: set[str], today: date
) -> set[str]:
    """Covered while it counted, or there today (the due day at the latest), having come in time."""
    on = min(today, within.due)
    return covered | {
        member.name
        for member in listed
        if member.on(on) and (member.first or within.opens) <= within.joins_until
    }


@given(
    members(), st.tuples(DAYS, DAYS, DAYS).map(sorted), st.sets(DAYS),
    st.dictionaries(st.sampled_from(NAMES), DAYS),
)  # fmt: skip
def test_the_denominator_is_who_is_there_in_time_and_who_was_covered(
    listed: tuple[Member, ...], window_days: list[int], looks: set[int], cover: dict[str, int]
) -> None:
    opens, until, due = map(day, window_days)
    within = Window(opens, due, until)
    counted = list(dict.fromkeys(m.name for m in listed if m.on(opens)))
    covered: set[str] = set()
    wanted = {d for d in turning_days(listed) if opens < d <= due}  # as the tasks wake
    for number in range((due - opens).days + 5):
        today = opens + timedelta(days=number)
        if today in wanted or number in looks:
            found = changes(counted, covered, listed, within, today)
            counted = [name for name in counted if name not in found.taken_off]
            counted += found.added
            assert set(counted) == brute_force(listed, within, covered, today)
            assert not changes(counted, covered, listed, within, today), "asked twice"
        covered |= {name for name, at in cover.items() if at == number and name in counted}
    assert set(counted) == brute_force(listed, within, covered, due)


@given(st.sampled_from([None, *"dn"]), st.integers(1, 60), DAYS, DAYS)
def test_who_is_there_at_the_opening_always_counts_and_nobody_joins_after_the_due_date(
    base: str | None, number: int, a: int, b: int
) -> None:
    opens, due = sorted((day(a), day(b)))
    rule = LateJoiners(Base.DUE if base == "d" else Base.OPENED, number, "day") if base else None
    assert opens <= window(rule, opens, due, CLOCK).joins_until <= due


def test_the_rule_for_late_joiners_is_read_and_said_again() -> None:
    said = {
        "截止前5日": "截止前5日以前加入的计入本期",
        "截止前3个工作日以前加入的计入本期": "截止前3个工作日以前加入的计入本期",
        "下达后十日内": "下达后10日内加入的计入本期",
        "开始后 2 周内加入的计入本期": "下达后2周内加入的计入本期",
        "不计入": "中途加入的不计入本期",
    }
    for phrase, sentence in said.items():
        rule = late_joiners(phrase)
        assert not isinstance(rule, Words)
        assert say_late_joiners(rule).zh == sentence
        assert late_joiners(sentence) == rule
    assert say_late_joiners(None).zh == "截止以前加入的计入本期"


def test_a_rule_that_cannot_be_read_says_what_can() -> None:
    duty = """\
duties:
  - {id: a, title: 班会, responsible: 二级学院, every: 每月, cover: 班级, ladder: 常规,
     source: {clause: 一, quote: 坚决防止火灾事故}, late_joiners: %s}
"""
    for phrase in ("及时", "截止前5小时", "截止前0日"):
        assert [p.code for p in compiled(duty % phrase).errors] == ["bad-late-joiners"]
    bare = (duty % "不计入").replace("cover: 班级, ", "")
    assert [p.code for p in compiled(bare).errors] == ["stray-key"]
