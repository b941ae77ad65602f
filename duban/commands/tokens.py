"""`token`: programs that may ask the API; make, list and take back their tokens."""

from datetime import datetime
from pathlib import Path

import click

from duban.console import as_json, by_option, now_option, put_json, say, table, tell
from duban.desk import desk
from office.api_tokens import Role, issue, listed, revoke
from storage.api_tokens import ApiToken


@click.group(
    invoke_without_command=True,
    help=say(
        "接口令牌：不带子命令列出全部；new 签发，revoke 收回。",
        "Tokens for the API: list them, make one, or take one back.",
    ),
)
@as_json
@click.pass_context
def token(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand is not None:
        return
    with desk(ctx.obj) as at:
        found = listed(at.db)
    if as_json:
        put_json("tokens", [_said(one) for one in found])
        return
    heads = (
        say("名称", "name"), say("权限", "role"), say("方案", "plan"), say("单位", "unit"),
        say("有效至", "until"), say("最近使用", "last used"), say("收回", "revoked"),
    )  # fmt: skip
    click.echo(table(heads, [tuple(_said(one).values()) for one in found]))


def _said(one: ApiToken) -> dict[str, str]:
    return {
        "name": one.name,
        "role": one.role,
        "plan": one.plan,
        "unit": one.unit,
        "until": f"{one.expires_at:%Y-%m-%d}",
        "last_used": str(one.last_used or ""),
        "revoked": f"{one.revoked_at:%Y-%m-%d}" if one.revoked_at else "",
    }


@token.command(
    help=say(
        "签发一个令牌，只显示一次；数据库中只存其 SHA-256。",
        "Make a token; it is shown once, and only its SHA-256 is kept.",
    )
)
@click.argument("name", metavar=say("名称", "NAME"))
@click.option(
    "--role",
    type=click.Choice(["office", "read"]),
    required=True,
    help=say("office 可办理，read 只查看", "office may act, read may only look"),
)
@click.option(
    "--days", type=int, default=90, show_default=True, help=say("有效天数", "days it is good for")
)
@click.option("--plan", help=say("限于一个方案", "limited to one plan"))
@click.option("--unit", help=say("限于一个单位", "limited to one unit"))
@by_option
@now_option
@as_json
@click.pass_obj
def new(
    home: Path, name: str, role: Role, days: int, plan: str | None, unit: str | None, by: str,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    with desk(home) as at:
        secret = issue(at.db, name, role, days, now, by, plan=plan, unit=unit)
    if as_json:
        put_json("token", {"name": name, "token": secret})
    else:
        click.echo(secret)


@token.command(
    "revoke", help=say("收回一个令牌，立即失效。", "Take a token back; it is void at once.")
)
@click.argument("name", metavar=say("名称", "NAME"))
@now_option
@click.pass_obj
def revoke_(home: Path, name: str, now: datetime) -> None:
    with desk(home) as at:
        revoke(at.db, name, now)
    tell(f"令牌“{name}”已收回。", f"The token “{name}” is void.")
