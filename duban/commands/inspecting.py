"""`inspection`: open one, draw its sample, list them all."""

import secrets
from datetime import datetime
from pathlib import Path

import click

from duban.console import as_json, by_option, now_option, put_json, say, table
from duban.desk import desk
from inspections.inspection import Scope, Terms
from inspections.sampling import By
from office.inspecting import Doer, draw_sample, open_inspection
from office.inspection_file import InspectionFile, files_in
from office.workplace import only_plan
from responsibilities.words import Refused, Words
from storage.engine import reading
from storage.instants import text

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
_PLAN = say("方案编号（有多个方案时）", "the plan, where there are several")


@click.group(
    help=say(
        "督导检查：open 立项并封存总体，draw 抽样，list 列出。逐项检查在门户上办理。",
        "Inspections: open one and freeze its population, draw its sample, list them. "
        "The sample is worked on the portal.",
    )
)
def inspection() -> None:
    """Nothing by itself."""


@inspection.command(
    "open", help=say("立项：显示检查编号。", "Open an inspection; its number is shown.")
)
@click.argument("title", metavar=say("名称", "TITLE"))
@click.option("--unit", "units", multiple=True, help=say("检查单位（代号）", "a unit, by id"))
@click.option("--duty", "duties", multiple=True, help=say("检查职责（代号）", "a duty, by id"))
@click.option("--first", type=_DAY, required=True, help=say("所查期间自", "tasks due from"))
@click.option("--last", type=_DAY, required=True, help=say("至（含当日）", "until, that day too"))
@click.option(
    "--inspector", "inspectors", multiple=True, required=True, metavar="MAILBOX=NAME",
    help=say("督查员：邮箱=姓名或组别", "an inspector: mailbox=name or team"),
)  # fmt: skip
@click.option("--since", type=_MOMENT, required=True, help=say("检查开始", "when it begins"))
@click.option("--until", type=_MOMENT, required=True, help=say("检查结束", "when it ends"))
@click.option(
    "--count", type=int, default=10, show_default=True, help=say("抽取几项", "how many are drawn")
)
@click.option(
    "--divided-by", "divided", type=click.Choice([one.value for one in By]), multiple=True,
    help=say("分层：unit 按单位、duty 按职责", "stratified by unit or duty"),
)  # fmt: skip
@click.option("--unannounced", is_flag=True, help=say("不打招呼", "hidden until announced"))
@click.option("--plan", help=_PLAN)
@by_option
@now_option
@click.pass_obj
def open_(
    home: Path, title: str, units: tuple[str, ...], duties: tuple[str, ...], first: datetime,
    last: datetime, inspectors: tuple[str, ...], since: datetime, until: datetime, count: int,
    divided: tuple[str, ...], unannounced: bool, plan: str | None, by: str, now: datetime,
) -> None:  # fmt: skip
    people = dict(_inspector(one) for one in inspectors)
    scope = Scope(units, duties, first.date(), last.date())
    with desk(home) as at:
        with reading(at.db) as connection:
            place = only_plan(connection, plan)
        begins, ends = (place.clock.at(one.date(), one.time()) for one in (since, until))
        terms = Terms(
            title, scope, people, begins, ends, count, tuple(map(By, divided)), unannounced
        )
        made = open_inspection(
            at.db, place.plan.id, terms, by=by, now=now, secret=secrets.token_hex(32)
        )
    click.echo(made)


def _inspector(given: str) -> tuple[str, str]:
    address, sign, name = given.partition("=")
    if not sign or not name.strip():
        raise Refused(
            Words(
                f"“{given}”应写作 邮箱=姓名或组别。", f"“{given}” should be mailbox=name or team."
            )
        )
    return address.strip().lower(), name.strip()


@inspection.command(
    help=say(
        "抽样，只有一次。公开数是立项之后当众产生、谁也不能挑选的数。",
        "Draw the sample, once. The public number came up in public after the opening.",
    )
)
@click.argument("number", metavar=say("检查编号", "NUMBER"))
@click.argument("public_number", metavar=say("公开数", "PUBLIC"))
@click.option("--plan", help=_PLAN)
@by_option
@now_option
@click.pass_obj
def draw(
    home: Path, number: str, public_number: str, plan: str | None, by: str, now: datetime
) -> None:
    with desk(home) as at:
        with reading(at.db) as connection:
            id_ = only_plan(connection, plan).plan.id
        doer = Doer(by, "", office=True)
        for key in draw_sample(at.db, id_, number, public_number, doer=doer, now=now):
            click.echo(key)


@inspection.command("list", help=say("列出全部检查。", "List every inspection."))
@click.option("--plan", help=_PLAN)
@as_json
@click.pass_obj
def list_(home: Path, plan: str | None, as_json: bool) -> None:
    with desk(home) as at, reading(at.db) as connection:
        found = files_in(connection, only_plan(connection, plan))
    if as_json:
        put_json("inspections", [_data(one) for one in found])
        return
    heads = (
        say("编号", "number"), say("名称", "title"), say("总体", "population"),
        say("样本", "sample"), say("已查", "looked at"), say("问题", "findings"),
        say("销号", "struck off"),
    )  # fmt: skip
    click.echo(table(heads, [[str(cell) for cell in _data(one).values()][:7] for one in found]))


def _data(one: InspectionFile) -> dict[str, object]:
    return {
        "number": one.id,
        "title": one.terms.title,
        "population": one.size,
        "sample": len(one.sample),
        "inspected": len(one.inspected),
        "findings": len(one.findings),
        "struck_off": sum(1 for finding in one.findings if finding.closed_at),
        "digest": one.digest,
        "commitment": one.commitment,
        "opened_at": text(one.opened_at),
        "drawn_at": text(one.drawn_at) if one.drawn_at else None,
        "announced": not one.hidden(),
    }
