"""`assess`: the score sheets of the year as the record has them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from duban.console import as_json, in_words, now_option, put_json, say, table
from duban.desk import desk
from inspections.assessment import Line, Sheet
from office.score_sheets import ScoreSheets, say_points, score_sheets
from responsibilities.words import Refused, Words


@click.command(
    help=say(
        "年度考核试算：按办理记录列出各单位得分；写明单位的，逐项列出扣分和依据。不写入任何记录。",
        "Score the year from the record as it stands: every unit, or one unit's sheet in full.",
    )
)
@click.argument("unit", required=False)
@click.option("--plan", help=say("方案代号", "plan id"))
@click.option("--assessment", help=say("年度考核的名称", "which assessment"))
@click.option(
    "--year", type=int, help=say("年份；学年写开始的一年", "year; an academic year by its first")
)
@now_option
@as_json
@click.pass_obj
def assess(
    home: Path, unit: str | None, plan: str | None, assessment: str | None, year: int | None,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    with desk(home) as at:
        found = score_sheets(at.db, plan, assessment, year or now.year, now)
    shown = [one for one in found.sheets if unit in (None, one.unit, found.units[one.unit])]
    if not shown:
        raise Refused(
            Words(f"“{unit}”不是受考单位。", f"“{unit}” is not among the units assessed.")
        )
    if as_json:
        put_json("assess", [_as_json(found, one) for one in shown])
    elif unit is None:
        click.echo(_overview(found))
    else:
        click.echo("\n".join(_in_full(found, shown[0])))


def _as_json(found: ScoreSheets, one: Sheet) -> dict[str, Any]:
    """A sheet for programs; points in hundredths."""
    return {
        "unit": one.unit,
        "total": one.total,
        "final": one.final,
        "grade": found.grades[one.unit],
        "excluded": sorted(one.excluded),
        "lines": [
            {
                "id": line.indicator.id, "full": line.full, "points": line.points,
                "applies": line.applies, "awaited": line.awaited,
                "costs": [cost._asdict() for cost in line.costs],
            }
            for line in one.lines
        ],
    }  # fmt: skip


def _overview(found: ScoreSheets) -> str:
    head = [say("单位", "unit"), say("得分", "points"), say("等次（试算）", "grade so far"),
            say("待评分", "to be marked")]  # fmt: skip
    rows = [
        (found.units[one.unit], say_points(one.total), found.grades[one.unit],
         "、".join(line.indicator.name for line in one.lines if line.awaited))
        for one in found.sheets
    ]  # fmt: skip
    return f"{found.assessment.name} {found.first}–{found.last}\n\n{table(head, rows)}"


def _in_full(found: ScoreSheets, one: Sheet) -> Iterator[str]:
    yield f"{found.assessment.name} {found.first}–{found.last}  {found.units[one.unit]}"
    yield say("合计", "total") + f" {say_points(one.total)}"
    for part in one.parts:
        yield f"\n{part.group.name}  {say_points(part.points)}"
        for line in part.lines:
            yield f"  {line.indicator.name}  {_standing(found, line)}"
            for cost in line.costs:
                number = found.numbers.get(cost.task)
                task = f" #{number}" if number else ""
                seqs = ", ".join(map(str, cost.facts))
                lost = say_points(cost.points)
                yield f"    −{lost}{task} {cost.what}（{say('事实', 'facts')} {seqs}）"
    for met in one.vetoes:
        barred = "、".join(met.veto.excludes)
        yield "\n" + say(f"不评为{barred}：", f"not {barred}: ") + met.veto.name


def _standing(found: ScoreSheets, line: Line) -> str:
    if not line.applies:
        return say("不适用", "does not apply")
    if line.awaited:
        raters = "、".join(found.units[rater] for rater in line.awaited)
        return in_words(Words(f"待评分：{raters}", f"awaits {raters}"))
    return f"{say_points(line.points)} / {say_points(line.full)}"
