"""A new holiday notice moves what was provisional, on the record, and never to a unit's harm."""

from importlib.resources import files

import pytest

from office.calendars import import_years
from office.replay import replayed
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from storage import cursors, tasks
from storage.engine import reading
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - {id: later, title: 报送总结, responsible: 护理学院, once: 2027-01-04前, opens: 2026-12-21,
     ladder: 常规}
  - {id: earlier, title: 报送计划, responsible: 护理学院, once: 2027-01-09前, opens: 2026-12-21,
     ladder: 常规}
  - {id: week, title: 每周检查, responsible: 护理学院, every: 每周, due: 周五前, ladder: 常规}
"""
LATER, EARLIER = "fire/once/later/nursing", "fire/once/earlier/nursing"


def notice() -> str:
    """2027 as a notice might have it: New Year to Monday the 4th, Saturday the 9th is worked."""
    provisional = files("responsibilities").joinpath("calendars", "cn", "2027.yaml")
    text = provisional.read_text("utf-8")
    _, _, rest = text.partition("holidays:")
    first, _, others = rest.partition("\n  - ")
    assert not first.strip(), first
    new_year, _, others = others.partition("\n  - ")
    assert "元旦" in new_year
    return f"""\
year: 2027
status: official
revision: 1
notice: 国办发明电〔2026〕7号
published: 2026-11-04
holidays:
  - {{name: 元旦, id: new-year, rest: 2027-01-01..2027-01-04, statutory: 2027-01-01,
     work: [2027-01-09]}}
  - {others}"""


@pytest.fixture
def december(desk: Desk) -> Desk:
    """Two tasks with dates in a year whose calendar is not yet published."""
    desk.adopt(PLAN, "2026-12-20 09:00")
    desk.reconcile("2026-12-21 08:00")
    return desk


def test_a_notice_moves_a_provisional_date_later_and_tells_the_unit(december: Desk) -> None:
    before = december.task(LATER)
    assert (before.provisional, before.due_at) == (True, at("2027-01-04 17:00"))
    assert import_years(december.db, {"2027.yaml": notice()}, at("2026-12-22 09:00"), "办公室") == (
        2027,
    )
    done = december.reconcile("2026-12-22 09:05")
    assert done.total(FactKind.MOVED) == 1
    after = december.task(LATER)
    assert (after.provisional, after.due_at) == (False, at("2027-01-05 17:00"))
    assert after.original_due_at == before.due_at
    assert [n.matters[0].task for n in december.waiting() if n.kind == "moved"] == [after.id]


def test_a_date_that_was_told_does_not_move_earlier(december: Desk) -> None:
    before = december.task(EARLIER)
    assert before.due_at == at("2027-01-11 17:00")
    import_years(december.db, {"2027.yaml": notice()}, at("2026-12-22 09:00"), "办公室")
    december.reconcile("2026-12-22 09:05")
    after = december.task(EARLIER)
    assert (after.provisional, after.due_at) == (False, before.due_at)
    assert december.facts(EARLIER)[-1].body["calendar_due"] == "2027-01-09T09:00:00Z"


def test_what_has_not_opened_opens_by_the_new_calendar(december: Desk) -> None:
    import_years(december.db, {"2027.yaml": notice()}, at("2026-12-22 09:00"), "办公室")
    december.reconcile("2026-12-22 09:05")
    december.reconcile("2027-01-04 23:00")
    assert "fire/2027-W01/week/nursing" not in december.opened(), "Monday is a day of rest now"
    december.reconcile("2027-01-05 08:00")
    assert not december.task("fire/2027-W01/week/nursing").provisional


def test_the_second_round_finds_nothing_more_to_move(december: Desk) -> None:
    import_years(december.db, {"2027.yaml": notice()}, at("2026-12-22 09:00"), "办公室")
    december.reconcile("2026-12-22 09:05")
    record = december.record()
    assert december.reconcile("2026-12-22 09:06").lines == ()
    assert december.record() == record
    with reading(december.db) as connection:
        calendars = {c.calendar for c in cursors.of_plan(connection, "fire").values()}
        assert len(calendars) == 1
        assert replayed(connection) == tasks.every(connection)


def test_a_notice_is_imported_once_and_a_broken_one_not_at_all(december: Desk) -> None:
    now = at("2026-12-22 09:00")
    assert import_years(december.db, {"2027.yaml": notice()}, now, "办公室") == (2027,)
    assert import_years(december.db, {"2027.yaml": notice()}, now, "办公室") == ()
    keys = [key for _, key, _ in december.record() if key.startswith("calendar/")]
    assert keys == ["calendar/cn/2027/1"]
    changed = notice().replace("2027-01-04,", "2027-01-03,")
    with pytest.raises(Refused, match="请将 revision 加1"):
        import_years(december.db, {"2027.yaml": changed}, now, "办公室")
    with pytest.raises(Refused, match=r"2028\.yaml"):
        import_years(december.db, {"2028.yaml": "year: 2028\nholidays: no"}, now, "办公室")
