"""A new holiday notice moves what was provisional, on the record, and never to a unit's harm."""

import json
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from duban.__main__ import cli
from office.adopt_plan import adopt
from office.calendar_import import import_notice, preview
from office.calendars import import_years, years_held
from office.reconcile import reconcile
from office.replay import replayed
from responsibilities.calendars.calendar_year import read_year
from responsibilities.calendars.dates import Span
from responsibilities.calendars.holiday_cn import as_calendar_text
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from storage import cursors, tasks
from storage.engine import open_engine, reading
from storage.migrations import upgrade
from tests.office.desk import Desk, at, compiled

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


def test_what_would_move_is_listed_before_anything_is_written(december: Desk) -> None:
    record = december.record()
    found = preview(december.db, {"2027.yaml": notice()})
    assert found.years == (2027,)
    listed = [(move.key, move.unit, move.earlier) for move in found.moves]
    assert listed[0] == (EARLIER, "护理学院", True)
    assert (LATER, "护理学院", False) in listed
    assert december.record() == record


def test_an_earlier_date_moves_where_the_office_confirms_it(december: Desk) -> None:
    now = at("2026-12-22 09:00")
    import_notice(december.db, {"2027.yaml": notice()}, now, "办公室", earlier=True)
    assert december.task(EARLIER).due_at == at("2027-01-09 17:00")
    assert december.task(LATER).due_at == at("2027-01-05 17:00")
    record = december.record()
    assert preview(december.db, {"2027.yaml": notice()}).years == ()
    assert import_notice(december.db, {"2027.yaml": notice()}, now, "办公室", earlier=True) == ()
    assert december.reconcile("2026-12-22 09:05").lines == ()
    assert december.record() == record
    with reading(december.db) as connection:
        assert replayed(connection) == tasks.every(connection)


def test_a_later_notice_moves_what_was_official(desk: Desk) -> None:
    """As 国办发明电〔2020〕1号 extended a holiday that had been published."""
    desk.adopt(PLAN.replace("2027-01-04前", "2026-10-08前").replace("2026-12-21", "2026-09-21"),
               "2026-09-20 09:00")  # fmt: skip
    desk.reconcile("2026-09-21 08:00")
    before = desk.task(LATER)
    assert (before.provisional, before.due_at) == (False, at("2026-10-08 17:00"))
    packaged = files("responsibilities").joinpath("calendars", "cn", "2026.yaml")
    text = packaged.read_text("utf-8").replace("status: official", "status: amended")
    text = text.replace("revision: 1", "revision: 2").replace("..2026-10-07", "..2026-10-08")
    amended = (
        "amendments: [{notice: 国办发明电〔2026〕9号, published: 2026-09-22, what: 延长一天}]\n"
    )
    files_ = {"2026.yaml": text + amended}
    assert [move.key for move in preview(desk.db, files_).moves] == [LATER]
    import_notice(desk.db, files_, at("2026-09-22 10:00"), "办公室", earlier=False)
    assert desk.task(LATER).due_at == at("2026-10-09 17:00")
    done = "fire/2026-W39/week/nursing"
    assert [kind for kind in desk.kinds(done) if kind is FactKind.MOVED] == []


def holiday_cn() -> str:
    """The same notice in the JSON shape of holiday-cn."""
    years = {2027: read_year(notice(), "2027.yaml")[0]}
    year = years[2027]
    assert year is not None
    off = [
        {"name": h.name, "date": str(day), "isOffDay": True}
        for h in year.holidays
        for day in Span(h.first, h.last).days()
    ]
    worked = [{"name": "元旦", "date": str(day), "isOffDay": False} for day in sorted(year.work)]
    return json.dumps({"year": 2027, "papers": [], "days": [*off, *worked]}, ensure_ascii=False)


def test_the_json_of_holiday_cn_says_the_same(december: Desk) -> None:
    with reading(december.db) as connection:
        held = years_held(connection)
    text = as_calendar_text(holiday_cn(), held, "国办发明电〔2026〕7号", 1)
    year, problems = read_year(text, "2027.yaml")
    expected, _ = read_year(notice(), "2027.yaml")
    assert problems == ()
    assert year is not None
    assert expected is not None
    assert replace(year, published=None) == replace(expected, published=None)


@pytest.mark.parametrize(
    ("year", "name", "day", "said"),
    [
        (2027, "元旦", "1月1日", "holiday-cn"),
        (2027, "校庆", "2027-03-01", "校庆"),
        (2040, "元旦", "2040-01-01", "2040"),
    ],
)
def test_other_json_is_refused(december: Desk, year: int, name: str, day: str, said: str) -> None:
    with reading(december.db) as connection:
        held = years_held(connection)
    days = [{"name": name, "date": day, "isOffDay": True}]
    with pytest.raises(Refused, match=said):
        as_calendar_text(json.dumps({"year": year, "days": days}), held, "", 1)
    for text in ("[]", "{", json.dumps({"year": year, "days": []})):
        with pytest.raises(Refused, match="holiday-cn"):
            as_calendar_text(text, held, "", 1)


def begun(home: Path) -> Engine:
    """An installation with the plan of December in hand."""
    (home / "data").mkdir()
    (home / "duban.toml").write_text('data = "data"\n', encoding="utf-8")
    db = open_engine(f"sqlite:///{home / 'data' / 'duban.sqlite'}")
    upgrade(db)
    adopt(db, compiled(PLAN), at("2026-12-20 09:00"), "办公室")
    reconcile(db, at("2026-12-21 08:00"))
    return db


def test_the_command_lists_asks_and_imports_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")
    home, file = tmp_path, tmp_path / "2027.json"
    file.write_text(holiday_cn(), encoding="utf-8")
    db = begun(home)

    def run(*arguments: str, answers: str = "") -> str:
        done = CliRunner().invoke(
            cli, ["-C", str(home), "calendar", *arguments], input=answers, standalone_mode=False
        )
        assert done.exception is None, done.exception
        return done.output

    def due(key: str) -> datetime:
        with reading(db) as connection:
            found = tasks.by_key(connection, key)
        assert found is not None
        return found.due_at

    now = ("--notice", "国办发明电〔2026〕7号", "--now", "2026-12-22T09:00")
    dry = run("import", str(file), *now, "--dry-run")
    assert "个未办结事项改期" in dry
    assert "报送计划" in dry
    assert due(EARLIER) == at("2027-01-11 17:00")
    assert "是否提前？" in run("import", str(file), *now, answers="y\nn\n")
    assert (due(EARLIER), due(LATER)) == (at("2027-01-11 17:00"), at("2027-01-05 17:00"))
    assert "内容均已导入" in run("import", str(file), *now)
    assert "国办发明电〔2026〕7号" in run()
