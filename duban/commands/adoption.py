"""`adopt` and `compile`: from a folder to a plan in force, and to its Prefect deployments."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from duban.commands.plans import compiled, plan_folder
from duban.console import as_json, by_option, language, now_option, put_json, say, tell
from duban.desk import desk, settings_of
from duban.differences import as_text
from duban.sources import read_plan
from office.adopt_plan import Adopted, preview, side_by_side
from office.adopt_plan import adopt as put_in_force
from responsibilities.tasks import FactKind
from responsibilities.words import Refused, Words


@click.command(
    help=say(
        "施行方案：先列出新版本增加、改动、停止的职责，确认后生效；未办结的事项沿用原版本。",
        "Put a plan in force: shows what the version adds, moves and retires, then asks.",
    )
)
@plan_folder
@click.option("--yes", "-y", is_flag=True, help=say("不再询问", "do not ask"))
@click.option("--dry-run", is_flag=True, help=say("只列出变化", "only show what would change"))
@click.option(
    "--leaving-out", is_flag=True, help=say("有错误的职责暂不施行", "leave out what has errors")
)
@by_option
@now_option
@as_json
@click.pass_obj
def adopt(
    home: Path, folder: Path | None, yes: bool, dry_run: bool, leaving_out: bool, by: str,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    if as_json and not (yes or dry_run):
        raise Refused(
            Words(
                "--json 不作询问：请同时写 --dry-run（只列出变化）或 --yes（施行）。",
                "--json asks nothing: add --dry-run (only show) or --yes (adopt).",
            )
        )
    settings = settings_of(home)
    source = read_plan(folder or settings.plan, settings.calendars)
    plan = source.compiled.plan
    if plan is None or (source.compiled.errors and not leaving_out):
        count = len(source.compiled.errors)
        raise Refused(
            Words(
                f"方案有 {count} 个错误，未施行；请运行 duban check 查看，"
                "或用 --leaving-out 暂不施行有错误的职责。",
                f"The plan has {count} errors and was not adopted; see duban check, "
                "or leave the broken duties out with --leaving-out.",
            )
        )
    with desk(home, found=True) as at:
        if not as_json:
            click.echo(as_text(side_by_side(at.db, plan, now), plan.zone, language()))
        if dry_run:
            if as_json:
                put_json("difference", asdict(preview(at.db, plan)))
            return
        if not yes:
            click.confirm(say("是否施行？", "Adopt?"), abort=True)
        done = put_in_force(at.db, source.compiled, now, by, leaving_out=leaving_out)
    _say_adopted(done, as_json)


def _say_adopted(done: Adopted, as_json: bool) -> None:
    opened = sum(line.count for line in done.opened if line.what is FactKind.OPENED)
    if as_json:
        put_json(
            "adopted",
            {
                "plan": done.plan,
                "version": done.version,
                "digest": done.digest,
                "new": done.new,
                "opened": opened,
                "left_out": done.left_out,
            },
        )
    elif not done.new:
        click.echo(say("此版本已在施行，未作更改。", "This version is in force already."))
    else:
        click.echo(
            say(
                f"已施行第 {done.version} 版（摘要 {done.digest[:16]}），立项 {opened} 个事项。",
                f"Version {done.version} is in force ({done.digest[:16]}), {opened} tasks opened.",
            )
        )
    if done.stalled:
        listed = "、".join(stalled.duty for stalled in done.stalled)
        tell(
            f"以下职责的下一期日期待校历或放假安排公布后确定：{listed}",
            f"The next dates of these wait for the calendars: {listed}",
        )


@click.command(
    "compile",
    help=say(
        "把已施行的方案（或所给文件夹）编译为 Prefect 部署，写出 prefect.yaml："
        "每个部门一个部署，每种频次一个排程。",
        "Compile the adopted plans, or a folder, into Prefect deployments: prefect.yaml.",
    ),
)
@plan_folder
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default=Path("prefect.yaml"),
    show_default=True, help=say("写入的文件", "the file to write"),
)  # fmt: skip
@now_option
@click.pass_obj
def compile_(home: Path, folder: Path | None, output: Path, now: datetime) -> None:
    from flows.prefect_yaml import prefect_yaml
    from flows.schedules import deployments, heartbeats
    from office.workplace import all_in_force, clock_of
    from storage.engine import reading

    if folder is None:
        with desk(home) as at, reading(at.db) as connection:
            pairs = [(place.plan, place.clock) for place in all_in_force(connection).values()]
    else:
        _, plan = compiled(folder)
        pairs = [(plan, clock_of(plan))]
    if not pairs:
        raise Refused(
            Words(
                "还没有施行任何方案；请先运行 duban adopt，或给出方案文件夹。",
                "No plan has been adopted yet; run duban adopt, or name a plan folder.",
            )
        )
    specs = list(heartbeats([plan for plan, _ in pairs]))
    for plan, clock in pairs:
        specs += deployments(plan, clock, now)
    output.write_text(prefect_yaml(specs, now), encoding="utf-8")
    tell(f"已写入 {output}：{len(specs)} 个部署。", f"{output}: {len(specs)} deployments.")
