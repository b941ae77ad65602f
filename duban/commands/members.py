"""`sign-in`: a one-time way into the portal, told in the terminal; it needs no mail."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from duban.console import as_json, now_option, put_json, say
from duban.desk import Desk, desk
from office.members import first_address, grant, person
from office.sessions import OneTime, offer
from office.workplace import only_plan
from responsibilities.words import Refused, Words
from storage.engine import reading, writing

_YEAR = timedelta(days=365)
TERMINAL = "终端"
"""Who granted it, for the record: whoever has the server needs no grant."""


@click.command(
    "sign-in",
    help=say(
        "门户的一次性登录链接，10分钟内有效，在此显示，不需要邮件；不写邮箱即办公室的邮箱。",
        "A one-time link into the portal, good for 10 minutes, shown here without any mail; "
        "without an address it is for the office.",
    ),
)
@click.argument("address", required=False, metavar=say("邮箱", "ADDRESS"))
@click.option("--admin", is_flag=True, help=say("并授予管理员一年", "and grant a year as admin"))
@click.option("--plan", help=say("方案编号（有多个方案时）", "the plan, where there are several"))
@now_option
@as_json
@click.pass_obj
def sign_in(
    home: Path, address: str | None, admin: bool, plan: str | None, now: datetime, as_json: bool
) -> None:
    with desk(home) as at:
        way = way_in(at, now, address, plan, admin=admin)
        link = link_of(at, way)
    if as_json:
        put_json("sign_in", {"address": way.address, "link": link, "code": way.code})
    else:
        click.echo(link)


def way_in(
    at: Desk, now: datetime, address: str | None = None, plan: str | None = None, *,
    admin: bool = False,
) -> OneTime:  # fmt: skip
    """A way in for `address`, or for the office; as `admin` too, where that is asked
    for and it is not granted already."""
    with reading(at.db) as connection:
        place = only_plan(connection, plan)
        wanted = address or first_address(connection, place.plan.id)
    if admin and not _is_admin(at, place.plan.id, wanted, now):
        grant(
            at.db, place.plan.id, wanted, "admin", name="", since=now, until=now + _YEAR,
            by=TERMINAL, now=now,
        )  # fmt: skip
    with writing(at.db) as connection:
        return offer(connection, wanted, now)


def _is_admin(at: Desk, plan: str, address: str, now: datetime) -> bool:
    with reading(at.db) as connection:
        found = person(connection, address, now).get(plan)
    return found is not None and "admin" in found.roles


def link_of(at: Desk, way: OneTime) -> str:
    """Where to open it; Refused where nobody listens. A browser signs in at localhost or https."""
    chosen = at.settings.portal
    if not (chosen.url or chosen.listen):
        raise Refused(
            Words(
                "门户尚未开启，请先设置 portal.listen。", "There is no portal: set portal.listen."
            )
        )
    host, port = chosen.address if chosen.listen else ("", 0)
    local = "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0", "") else host
    home = chosen.url.rstrip("/") or f"http://{local}:{port}"
    return f"{home}/sign-in/{way.token}"
