"""An inspector reads the completion log: what is clicked is counted, what was is as it was."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban.specimen_files import file_of
from inspections.log_query import LogQuery, Position, Remit, parse, position_of, render
from office.completion_log import LogPage, all_rows, log_page
from office.handed_in import File
from office.receive import submit
from office.reconcile import reconcile
from office.review import accept, extend, waive
from storage.engine import reading
from tests.office.desk import WEEKLY, Desk, at

Act = Callable[[Desk, datetime], object]


@pytest.fixture
def november(desk: Desk) -> Desk:
    """Four weeks: nursing hands in on time, pharmacy late or never, one waived, one extended."""
    desk.adopt(WEEKLY, "2026-11-02 08:00")
    photo = File("现场_100%.pdf", file_of("pdf", "same"))
    checks = [
        photo,
        photo,
        File("班会签到表.pdf", file_of("pdf", "47")),
        File("班会签到表.pdf", file_of("pdf", "48")),
    ]
    acts = {
        "2026-11-10 09:00": hand_in(
            "W45/check/pharmacy", File("检查记录.pdf", file_of("pdf", "late"))
        )
    }
    acts["2026-11-13 09:00"] = lambda desk, now: waive(
        desk.db, "fire/2026-W46/check/pharmacy", "停水", by="办公室", now=now
    )
    acts["2026-11-19 09:00"] = lambda desk, now: extend(
        desk.db, "fire/2026-W47/check/pharmacy", by="办公室", now=now, reason="组织考试",
        due_at=at("2026-11-27 18:00"),
    )  # fmt: skip
    for week, (day, file) in enumerate(zip((2, 9, 16, 23), checks, strict=True), 45):
        key = f"W{week}/check/nursing"
        acts[f"2026-11-{day:02} 08:30"] = lambda desk, now: reconcile(desk.db, now)
        acts[f"2026-11-{day + 2:02} 10:00"] = hand_in(key, file)
        acts[f"2026-11-{day + 2:02} 11:00"] = accepted(key)
    for wall in sorted(acts):
        acts[wall](desk, at(wall))
    return desk


def hand_in(key: str, file: File) -> Act:
    return lambda desk, now: submit(
        desk.db, desk.blobs, f"fire/2026-{key}", by=key, now=now, files=[file]
    )


def accepted(key: str) -> Act:
    return lambda desk, now: accept(desk.db, f"fire/2026-{key}", by="办公室", now=now)


NOW = at("2026-11-26 09:00")


def seen(desk: Desk, query: str = "", remit: Remit | None = None, limit: int = 50) -> LogPage:
    return log_page(desk.db, parse(query), NOW, remit or Remit(), limit=limit)


def keys(page: LogPage) -> list[str]:
    return [row.task.key.removeprefix("fire/2026-") for row in page.rows]


def counts(page: LogPage, facet: str) -> dict[str, int]:
    (found,) = (one for one in page.facets if one.name == facet)
    return {value.label.zh: value.count for value in found.values}


def test_the_facets_count_what_they_lead_to(november: Desk) -> None:
    page = seen(november)
    assert page.total == 8
    assert counts(page, "standing") == {
        "按期办结": 4, "办理中，未到时限": 2, "待审核": 1, "免办": 1,
    }  # fmt: skip
    assert counts(page, "late") == {"否": 7, "是": 1}
    assert counts(page, "unit") == {"护理学院": 4, "药学院": 4}
    every = [value for facet in page.facets for value in facet.values]
    assert every
    for value in every:
        assert log_page(november.db, value.leads_to, NOW).total == value.count > 0


def test_what_is_chosen_in_one_facet_is_counted_in_the_others(november: Desk) -> None:
    page = seen(november, "unit=pharmacy&standing=waived")
    assert keys(page) == ["W46/check/pharmacy"]
    assert counts(page, "standing") == {"办理中，未到时限": 2, "待审核": 1, "免办": 1}
    assert counts(page, "unit") == {"药学院": 1}


def test_several_periods_and_several_standings_are_chosen_at_once(november: Desk) -> None:
    page = seen(november, "period=2026-W45&period=2026-W46&standing=done&standing=waived")
    assert keys(page) == ["W46/check/pharmacy", "W46/check/nursing", "W45/check/nursing"]
    assert counts(page, "period") == {
        "2026年第48周（11月23日至11月29日）": 1, "2026年第47周（11月16日至11月22日）": 1,
        "2026年第46周（11月9日至11月15日）": 2, "2026年第45周（11月2日至11月8日）": 1,
    }  # fmt: skip
    assert counts(page, "standing") == {"按期办结": 2, "免办": 1, "待审核": 1}
    for facet in page.facets:
        for value in facet.values:
            if not value.chosen:  # one more of a facet: those already chosen are still there
                more = log_page(november.db, value.leads_to, NOW).total
                assert more in (value.count, value.count + page.total), value


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("班会", ["W48/check/nursing", "W47/check/nursing"]),
        ("消防 护理", [f"W{week}/check/nursing" for week in (48, 47, 46, 45)]),
        ("签到表.PDF", ["W48/check/nursing", "W47/check/nursing"]),
        ("现场_100%", ["W46/check/nursing", "W45/check/nursing"]),
        ("现场%", []),
        ("督办〔2026〕3号", ["W46/check/nursing"]),
        ("不存在", []),
    ],
)
def test_words_are_found_in_titles_units_file_names_and_numbers(
    november: Desk, words: str, found: list[str]
) -> None:
    assert keys(log_page(november.db, LogQuery(words=words), NOW)) == found


def test_a_file_given_to_two_tasks_shows_both(november: Desk) -> None:
    assert keys(seen(november, "reused=yes")) == ["W46/check/nursing", "W45/check/nursing"]


def test_due_days_bound_the_log_on_both_sides(november: Desk) -> None:
    page = seen(november, "since=2026-11-13&until=2026-11-20")
    assert sorted({key[:3] for key in keys(page)}) == ["W46", "W47"]


def test_pages_go_down_to_the_oldest_and_up_again(november: Desk) -> None:
    page = seen(november, limit=3)
    down = [page]
    while page.older is not None:
        page = log_page(november.db, page.older, NOW, limit=3)
        down.append(page)
    assert list(chain.from_iterable(map(keys, down))) == keys(seen(november))
    assert down[0].newer is None
    up = [page]
    while page.newer is not None:
        page = log_page(november.db, page.newer, NOW, limit=3)
        up.append(page)
    assert list(chain.from_iterable(keys(one) for one in reversed(up)))[-8:] == keys(seen(november))
    assert {one.total for one in down + up} == {8}


def test_a_day_gone_by_is_shown_as_it_stood_then(november: Desk) -> None:
    """On the 9th nobody knew yet that pharmacy would hand in on the 10th."""
    page = seen(november, "as_of=2026-11-09")
    then = {row.task.key.removeprefix("fire/2026-"): row.standing.value for row in page.rows}
    assert then == {
        "W46/check/nursing": "on_track", "W46/check/pharmacy": "on_track",
        "W45/check/nursing": "done", "W45/check/pharmacy": "overdue",
    }  # fmt: skip
    assert counts(page, "standing")["逾期未办结"] == 1
    assert page.is_past
    assert page.at == at("2026-11-09 23:59").replace(second=59)
    assert counts(seen(november, "as_of=2026-11-30"), "standing") == counts(
        seen(november), "standing"
    )
    before = seen(november, "as_of=2026-11-18&unit=pharmacy")
    assert before.rows[0].due_at == before.rows[0].original_due_at
    assert seen(november, "as_of=2026-10-01").total == 0


def test_the_past_told_from_the_facts_is_what_the_log_showed_that_day(desk: Desk) -> None:
    """Each evening the log is kept; weeks later the same day is asked for again."""
    desk.adopt(WEEKLY, "2026-11-02 08:00")
    kept: dict[date, object] = {}
    for day in range(2, 29):
        evening = at(f"2026-11-{day:02} 23:59")
        if day % 3 == 0:
            for key in desk.opened()[-2:]:
                open_ = desk.task(key).state.value == "open"
                if open_ and (day % 2 or key.endswith("nursing")):
                    files = [File("记录.pdf", file_of("pdf", str(day)))]
                    submit(desk.db, desk.blobs, key, by="x", now=at(f"2026-11-{day:02} 07:00"),
                           files=files)  # fmt: skip
                elif not open_:
                    accept(desk.db, key, by="y", now=at(f"2026-11-{day:02} 07:00"))
        desk.reconcile(f"2026-11-{day:02} 08:30")
        kept[date(2026, 11, day)] = shown(log_page(desk.db, LogQuery(), evening))
    for day_then, page in kept.items():
        again = log_page(desk.db, LogQuery(as_of=day_then), at("2026-12-31 09:00"))
        assert shown(again) == page, day_then


def shown(page: LogPage) -> object:
    rows = [(r.task.key, position_of(r.standing), r.due_at, r.task.attempt) for r in page.rows]
    return rows, [(f.name, [(v.value, v.count) for v in f.values]) for f in page.facets]


UNITS = st.none() | st.frozensets(st.sampled_from(["nursing", "pharmacy", "guard"]))
DUTIES = st.none() | st.frozensets(st.sampled_from(["check", "other"]))
DAYS = st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(Remit, units=UNITS, duties=DUTIES, since=DAYS, until=DAYS),
    st.sampled_from(
        [
            "",
            "unit=nursing",
            "standing=done&standing=waived",
            "words=药学",
            "late=yes",
            "reused=yes",
            "as_of=2026-11-12",
            "after=6",
            "before=2",
        ]
    ),
)
def test_nothing_outside_the_remit_is_shown_or_counted(
    november: Desk, remit: Remit, query: str
) -> None:
    """(P21)"""
    page = seen(november, query, remit)
    with reading(november.db) as connection:
        stream = all_rows(connection, parse(query), NOW, remit, "zh")
        exported = [row.task for row, _, _ in stream.rows]
    for task in [*(row.task for row in page.rows), *exported]:
        assert remit.units is None or task.unit in remit.units
        assert remit.duties is None or task.duty in remit.duties
        assert remit.since is None or task.due_at.date() >= remit.since
        assert remit.until is None or task.due_at.date() <= remit.until
    assert stream.total == page.total == len(exported)
    for facet in page.facets:
        if facet.name == "unit":
            named = {value.value for value in facet.values}
            assert remit.units is None or named <= remit.units


def test_a_view_is_its_address(november: Desk) -> None:
    page = seen(november, "unit=nursing", limit=2)
    assert page.older is not None
    assert keys(log_page(november.db, parse(render(page.older)), NOW, limit=2)) == [
        "W46/check/nursing",
        "W45/check/nursing",
    ]


def test_standings_are_counted_as_they_are_shown(november: Desk) -> None:
    for position in Position:
        page = seen(november, f"standing={position}")
        assert {position_of(row.standing) for row in page.rows} <= {position}
