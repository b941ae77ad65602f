"""A draw on record: sealed before it is drawn, revealed with its last lot, hidden before."""

import json
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from duban.__main__ import cli
from office.adopt_plan import adopt
from office.draws import DrawFile, draw_files, tend_draws
from office.ledger import list_facts
from responsibilities.tasks import Fact, FactKind
from storage import draw_seeds, facts
from storage.engine import open_engine, reading, writing
from storage.migrations import upgrade
from tests.office.desk import SCHOOL, Desk, at, compiled

PLAN = """\
rosters:
  - {id: inspectors, name: 督查员名单, as_of: 2026-09-01, members: {办公室: [督查员甲, 督查员乙]}}
duties:
  - {id: spot, title: 接受消防随机抽查, responsible: 二级学院, review: 办公室, ladder: 常规,
     draw: {every: 每月随机3次，间隔不少于5日, units: 1个, inspectors: 1名, of: 督查员名单},
     due: 次日, evidence: [{text: 情况}]}
"""
SEED = "0123456789abcdef" * 4


@pytest.fixture
def drawn(desk: Desk) -> Desk:
    """The plan is in force since the autumn; December begins."""
    desk.adopt(PLAN, "2026-11-20 09:00")
    return desk


def round_(desk: Desk, wall: str, seed: str = SEED) -> None:
    tend_draws(desk.db, at(wall), lambda: seed)
    desk.reconcile(wall)


def december(desk: Desk) -> None:
    day = date(2026, 12, 1)
    while day.month == 12:
        round_(desk, f"{day} 00:05")
        round_(desk, f"{day} 08:00")
        round_(desk, f"{day} 08:05")
        day += timedelta(days=1)


def file_of(desk: Desk, wall: str, period: str = "2026-12") -> DrawFile:
    return next(one for one in draw_files(desk.db, at(wall)) if one.period == period)


def test_the_hash_is_on_record_before_the_first_day_and_the_seed_is_not(drawn: Desk) -> None:
    round_(drawn, "2026-12-01 00:05")
    sealed = [f for f in list_facts(drawn.db) if f.kind is FactKind.DRAW_COMMITTED]
    (fact,) = [one for one in sealed if one.body["period"] == "2026-12"]
    label = "fire/spot/2026-12"
    assert fact.body["commitment"] == sha256(f"{label}/{SEED}".encode()).hexdigest()
    assert fact.body["days"][0] == "2026-12-01"
    assert (fact.body["units"], fact.body["some_units"]) == (["nursing", "pharmacy"], 1)
    assert all(SEED not in json.dumps(dict(one.body)) for one in list_facts(drawn.db))


def test_lots_open_on_their_days_and_the_seed_is_revealed_with_the_last(drawn: Desk) -> None:
    december(drawn)
    found = file_of(drawn, "2026-12-31 23:00")
    assert found.seed == SEED
    assert found.wrong == ()
    opened = [key for key in drawn.opened() if "/2026-12." in key]
    assert opened == [
        f"fire/2026-12.T{n}/spot/{lot.units[0]}" for n, lot in enumerate(found.lots, 1)
    ]
    assert len(opened) == 3
    days = [lot.day for lot in found.lots]
    assert all((b - a).days >= 5 for a, b in pairwise(days))
    revealed = [f for f in list_facts(drawn.db) if f.kind is FactKind.DRAW_REVEALED]
    at_last = next(f for f in revealed if f.body["period"] == "2026-12")
    assert at_last.at == at(f"{days[-1]} 08:00")


def test_before_its_day_a_lot_is_nowhere(drawn: Desk) -> None:
    round_(drawn, "2026-12-01 00:05")
    found = file_of(drawn, "2026-12-01 00:10")
    assert (found.lots, found.seed) == ((), None)
    assert [key for key in drawn.opened() if "2026-12" in key] == []
    assert [notice for notice in drawn.waiting() if "2026-12" in notice.key] == []


def test_a_round_more_changes_nothing(drawn: Desk) -> None:
    round_(drawn, "2026-12-01 00:05")
    before = drawn.record()
    round_(drawn, "2026-12-01 00:05", seed="f" * 64)
    assert drawn.record() == before


def test_another_seed_draws_otherwise_and_what_is_sealed_stays(drawn: Desk) -> None:
    round_(drawn, "2026-12-01 00:05")
    with reading(drawn.db) as connection:
        kept = draw_seeds.of_plan(connection, "fire")
    assert kept["fire/spot/2026-12"] == SEED
    drawn.adopt(PLAN.replace("随机3次", "随机1次"), "2026-12-02 09:00")
    december(drawn)
    assert len(file_of(drawn, "2026-12-31 23:00").lots) == 3  # the draw that was sealed
    round_(drawn, "2027-01-01 00:05")
    assert file_of(drawn, "2027-01-01 00:10", "2027-01").population.times == 1


def test_a_plan_adopted_in_the_middle_draws_from_the_days_to_come(drawn: Desk) -> None:
    round_(drawn, "2026-11-20 09:05")
    found = file_of(drawn, "2026-11-20 09:05", "2026-11")
    assert found.population.days[0] == date(2026, 11, 23)


def test_a_seed_that_was_exchanged_is_found_out(drawn: Desk) -> None:
    december(drawn)
    drawn_again = "e" * 64
    body = next(
        f.body for f in list_facts(drawn.db)
        if f.kind is FactKind.DRAW_REVEALED and f.body["period"] == "2026-12"
    )  # fmt: skip
    forged = {**body, "period": "2027-01", "seed": drawn_again}
    round_(drawn, "2027-01-01 00:05")
    with writing(drawn.db) as connection:
        key = "fire/draw/spot/2027-01/revealed"
        facts.append(
            connection,
            [Fact(None, key, FactKind.DRAW_REVEALED, at("2027-01-04 08:00"), "x", forged)],
        )
    wrong = file_of(drawn, "2027-01-04 09:00", "2027-01").wrong
    assert [words.zh for words in wrong] == [
        "种子与封存的校验值不符", "按种子重抽，结果不同", "下达的事项与抽取结果不符",
    ]  # fmt: skip


def test_the_command_tells_what_has_opened_and_checks_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "duban.toml").write_text('data = "data"\n', encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["-C", str(home), *arguments], standalone_mode=False)
        assert done.exception is None, done.exception
        return done.return_value or 0, done.output

    assert "没有随机抽取的职责" in run("draw", "--now", "2026-11-20T09:00")[1]
    db = open_engine(f"sqlite:///{home / 'data' / 'duban.sqlite'}")
    upgrade(db)
    adopt(db, compiled(PLAN, SCHOOL), at("2026-11-20 09:00"), "办公室")
    for day in range(1, 32):
        assert run("tick", "--now", f"2026-12-{day:02}T08:00")[0] == 0
    code, out = run("draw", "--now", "2026-12-31T09:00")
    assert code == 0
    assert "接受消防随机抽查（spot）　2026年12月" in out
    assert "✓ 按记录重抽，结果相符" in out
    data = json.loads(run("draw", "--json", "--now", "2026-12-31T09:00")[1])["draws"]
    assert len(data[-1]["lots"]) == 3
    assert "抽取的日期和单位不预告" in run("next", "spot", "--now", "2026-12-31T09:00")[1]
