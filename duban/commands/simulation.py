"""`simulate`: a whole school or civil year in memory, by the same rules that run the product."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from duban.commands.plans import compiled, plan_folder
from duban.console import as_json, language, now_option, say, tell
from office.workplace import clock_of
from responsibilities.plan import Plan
from responsibilities.problem import did_you_mean
from responsibilities.simulation.conduct import Scenario, Temper, current_year
from responsibilities.simulation.outcome import Happening, Simulation
from responsibilities.simulation.simulate import line, text, year_named
from responsibilities.simulation.simulate import simulate as run
from responsibilities.words import Refused, Words


@click.command(
    help=say(
        "在内存中试运行一个学年（没有校历的方案，一个公历年）：各单位各周的任务、信函、升级，填报负担，撞期和过载。",
        "Run a whole school or civil year in memory: tasks, letters, escalations, burden, clashes.",
    )
)
@plan_folder
@click.option(
    "--year", help=say("学年或公历年，如 2026-27、2026（默认当前一年）", "e.g. 2026-27 or 2026")
)
@click.option("--seed", default="1", show_default=True, help=say("随机种子", "the seed"))
@click.option("--prompt", default=0.7, show_default=True, help=say("及时单位占比", "prompt share"))
@click.option("--late", default=0.2, show_default=True, help=say("拖延单位占比", "late share"))
@click.option("--unit", "tempers", multiple=True, help=say("单位=及时|拖延|沉默", "unit=temper"))
@click.option("--incidents", default=6.0, show_default=True, help=say("每类事件每年次数", "a year"))
@click.option("--events", "every", is_flag=True, help=say("逐条列出", "list all that happens"))
@click.option("--html", type=click.Path(path_type=Path), help=say("写成网页", "write as HTML"))
@click.option("--xlsx", type=click.Path(path_type=Path), help=say("写成 Excel", "write as xlsx"))
@now_option
@as_json
def simulate(
    folder: Path | None, year: str | None, seed: str, prompt: float, late: float,
    tempers: Sequence[str], incidents: float, every: bool, html: Path | None, xlsx: Path | None,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    _, plan = compiled(folder)
    clock = clock_of(plan)
    first, last = year_named(plan, year or current_year(plan, clock.day(now)))
    scenario = Scenario(
        first, last, seed=seed, prompt=prompt, late=late, incidents=incidents,
        tempers=dict(_temper(plan, given) for given in tempers),
    )  # fmt: skip
    happenings: list[Happening] = []
    found = run(plan, clock, scenario, happenings.append if every or xlsx else None)
    if html:
        from duban.simulation_page import as_html

        html.write_text(as_html(found, language()), encoding="utf-8")
    if xlsx:
        from duban.simulation_sheets import write_xlsx

        write_xlsx(found, happenings, plan, clock, language(), xlsx)
    for path in filter(None, (html, xlsx)):
        tell(f"已写入 {path}", f"written: {path}")
    shown = happenings if every else []
    if as_json:
        _put(found, shown, every)
    elif every or not (html or xlsx):
        for one in shown:
            click.echo(line(one, plan, clock))
        click.echo(text(found, language()), nl=False)
    if found.stuck and not as_json:
        tell("部分职责的日期超出校历或放假安排。", "Some dates lie beyond the calendars.")


def _put(found: Simulation, happenings: Sequence[Happening], every: bool) -> None:
    shown = {"schema": "duban.simulation/1", **asdict(found)}
    if every:
        shown["events"] = [one._asdict() for one in happenings]
    click.echo(json.dumps(shown, ensure_ascii=False, default=str))


_TEMPERS = {"及时": Temper.PROMPT, "拖延": Temper.LATE, "沉默": Temper.SILENT}


def _temper(plan: Plan, given: str) -> tuple[str, Temper]:
    name, _, how = given.partition("=")
    known = _TEMPERS | {temper.value: temper for temper in Temper}
    unit = next((unit.id for unit in plan.units if name in (unit.id, unit.name)), None)
    if unit is None or how not in known:
        near = did_you_mean(name, [unit.name for unit in plan.units]) if unit is None else None
        raise Refused(
            Words(
                f"请写成 单位=及时、拖延或沉默，而不是“{given}”。{near.zh if near else ''}",
                f"Write unit=prompt, late or silent, not “{given}”. {near.en if near else ''}",
            )
        )
    return unit, known[how]
