"""`draw`: the random draws on record, each drawn again."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from duban.console import HOME_ZONE, Exit, as_json, in_words, now_option, put_json, say
from duban.desk import desk
from office.draws import DrawFile, draw_files, tend_draws
from responsibilities.draws import Population
from responsibilities.period_words import say_day, say_period
from storage.instants import text


@click.command(
    help=say(
        "随机抽取（不定期、双随机）：封存的校验值、已到日的抽取结果、公开的种子；每次都按记录重抽核对。"
        "不符的以退出码 1 告知。",
        "Random draws: the sealed hash, the lots that have opened, the seed once revealed; each is "
        "drawn again from the record. Exits with 1 where anything does not agree.",
    )
)
@click.option("--plan", help=say("方案编号（有多个方案时）", "the plan, where there are several"))
@now_option
@as_json
@click.pass_obj
def draw(home: Path, plan: str | None, now: datetime, as_json: bool) -> int:
    with desk(home) as at:
        tend_draws(at.db, now, lambda: secrets.token_hex(32))
        found = draw_files(at.db, now, plan)
    if as_json:
        put_json("draws", [_data(one) for one in found])
    else:
        click.echo("\n\n".join("\n".join(_told(one)) for one in found) or _none())
    return Exit.FOUND if any(one.wrong for one in found) else Exit.OK


def _none() -> str:
    return say("没有随机抽取的职责，或尚未封存。", "Nothing is drawn by lot, or sealed yet.")


def _told(one: DrawFile) -> Iterator[str]:
    yield f"{one.title}（{one.duty}）　{in_words(say_period(one.period))}"
    sealed = f"{one.committed_at.astimezone(HOME_ZONE):%Y-%m-%d %H:%M}"
    hashed = say("校验值", "hash")
    yield say(f"  封存 {sealed}", f"  sealed {sealed}") + f"　{hashed} {one.commitment}"
    yield f"  {_from(one.population)}"
    for lot in one.lots:
        who = "、".join((*lot.units, *lot.inspectors))
        yield f"  {in_words(say_day(lot.day))}　{who}"
    if one.seed is None:
        yield say("  其余不预告；全部到日后公开种子", "  the rest is not told before its day")
        return
    yield say(f"  种子 {one.seed}", f"  seed {one.seed}")
    agrees = say("  ✓ 按记录重抽，结果相符", "  ✓ drawn again from the record, it agrees")
    yield from [f"  ✗ {in_words(words)}" for words in one.wrong] or [agrees]


def _from(given: Population) -> str:
    """What is drawn, from how much."""
    span, units, names = f"{given.days[0]}—{given.days[-1]}", len(given.units), given.inspectors
    zh = f"自{span}的{len(given.days)}个工作日抽取{given.times}次，"
    zh += f"每次{given.some_units}/{units}个单位"
    en = f"{given.times} of {len(given.days)} working days {span}, "
    en += f"{given.some_units} of {units} units each time"
    if names:
        zh += f"、{given.some_inspectors}/{len(names)}名人员"
        en += f", {given.some_inspectors} of {len(names)} names"
    return say(zh, en)


def _data(one: DrawFile) -> dict[str, object]:
    given = one.population
    return {
        "duty": one.duty,
        "period": one.period,
        "committed_at": text(one.committed_at),
        "commitment": one.commitment,
        "population": {**given._asdict(), "days": [day.isoformat() for day in given.days]},
        "lots": [
            {"day": lot.day.isoformat(), "units": lot.units, "inspectors": lot.inspectors}
            for lot in one.lots
        ],
        "seed": one.seed,
        "wrong": [words._asdict() for words in one.wrong],
    }
