"""`feed`: the secret address under which a unit subscribes to its calendar."""

from datetime import datetime
from pathlib import Path

import click

from duban.console import as_json, now_option, put_json, say
from duban.desk import desk
from office.feed import subscribe


@click.command(
    help=say(
        "单位的日历订阅地址：只显示一次，请妥善转交；--new 换发，原地址随即失效。",
        "A unit's calendar to subscribe to: its address is shown once; --new replaces it.",
    )
)
@click.argument("unit", metavar=say("单位", "UNIT"))
@click.option("--new", is_flag=True, help=say("换发新地址", "make a new address"))
@click.option("--plan", help=say("方案编号（有多个方案时）", "the plan, where there are several"))
@now_option
@as_json
@click.pass_obj
def feed(home: Path, unit: str, new: bool, plan: str | None, now: datetime, as_json: bool) -> None:
    with desk(home) as at:
        path = subscribe(at.db, plan, unit, now, new=new)
        addresses = _addresses(at.settings.portal.url, path)
    if as_json:
        put_json("feed", {"path": path, **addresses})
    else:
        click.echo("\n".join(addresses.values()) or path)


def _addresses(url: str, path: str) -> dict[str, str]:
    """What to hand to the unit: a program opens `webcal`, a form for subscriptions takes `web`."""
    if not url:
        return {}
    web = url.rstrip("/") + path
    return {"webcal": f"webcal://{web.partition('://')[2]}", "web": web}
