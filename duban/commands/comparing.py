"""`diff` and `replay`: a version against another, and a lived year under a version's rules."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

import click

from duban.commands.plans import compiled
from duban.console import as_json, language, now_option, put_json, say, tell
from duban.desk import desk
from office.workplace import clock_of
from responsibilities.plan import Plan
from responsibilities.simulation.comparison import Comparison, Version, compare
from responsibilities.simulation.conduct import Scenario, current_year, year_named

folder_type = click.Path(exists=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    help=say(
        "对照两个版本：增加、改动、停止的职责，改动的文字和日期，各单位一年任务、信件的增减。"
        "只给一个文件夹时，与施行中的版本对照。",
        "Compare two versions: what is added, moved and retired, in words, dates and a year's "
        "load by unit. One folder alone is compared with the version in force.",
    )
)
@click.argument(
    "folders",
    type=folder_type,
    nargs=-1,
    required=True,
    metavar=say("[原版本] 新版本", "[OLD] NEW"),
)
@click.option("--year", help=say("模拟的学年或公历年，如 2026-27、2026", "the year to simulate"))
@click.option("--seed", default="1", show_default=True, help=say("随机种子", "the seed"))
@click.option("--html", type=click.Path(path_type=Path), help=say("写成网页", "write as HTML"))
@now_option
@as_json
@click.pass_obj
def diff(
    home: Path, folders: Sequence[Path], year: str | None, seed: str, html: Path | None,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    from duban.difference_page import as_html
    from duban.differences import as_data, as_text

    if len(folders) > 2:
        raise click.UsageError(say("请给出一个或两个方案文件夹。", "Name one or two plan folders."))
    _, plan = compiled(folders[-1])
    scenario = _scenario(plan, year, seed, now)
    if len(folders) == 1:
        found = _with_version_in_force(home, plan, now, scenario)
    else:
        _, before = compiled(folders[0])
        held = Version(before, clock_of(before))
        found = compare(held, Version(plan, clock_of(plan)), now, scenario=scenario)
    if html:
        html.write_text(as_html(found, plan.zone, language()), encoding="utf-8")
        tell(f"已写入 {html}", f"written: {html}")
    if as_json:
        put_json("diff", as_data(found))
    elif not html:
        click.echo(as_text(found, plan.zone, language()))


def _with_version_in_force(home: Path, plan: Plan, now: datetime, scenario: Scenario) -> Comparison:
    from office.adopt_plan import side_by_side

    with desk(home) as at:
        return side_by_side(at.db, plan, now, scenario)


def _scenario(plan: Plan, year: str | None, seed: str, now: datetime) -> Scenario:
    """The year to simulate: the one named, else the one that `now` lies in."""
    first, last = year_named(plan, year or current_year(plan, clock_of(plan).day(now)))
    return Scenario(first, last, seed=seed)


@click.command(
    help=say(
        "以新方案重放已有记录：各单位当时怎样办理照旧，只换规则，哪些任务、提醒和升级会有不同。"
        "不改动记录，也不发信。",
        "Replay the record under a new plan: what units did stays, only the rules change; which "
        "tasks and escalations would have differed. Writes nothing, sends nothing.",
    )
)
@click.argument("plan", type=folder_type, metavar=say("新方案", "NEWPLAN"))
@click.option("--from", "first", type=DAY, metavar="DATE", help=say("自何日起", "from this day on"))
@click.option("--to", "last", type=DAY, metavar="DATE", help=say("至何日止", "to this day"))
@click.option("--all", "everything", is_flag=True, help=say("逐项列出", "list every task"))
@now_option
@as_json
@click.pass_obj
def replay(
    home: Path, plan: Path, first: datetime | None, last: datetime | None, everything: bool,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    from duban.replays import as_data, as_text
    from office.lived import relived

    _, new = compiled(plan)
    clock = clock_of(new)
    since = clock.at(first.date(), time(0)) if first else None
    until = min(clock.end_of_day(last.date()), now) if last else now
    if since is not None and since >= until:
        raise click.UsageError(say("起始日应早于截止日。", "The first day is not before the last."))
    with desk(home) as at:
        found = relived(at.db, new, since, until)
    if as_json:
        put_json("replay", as_data(found))
    else:
        click.echo(as_text(found, new, clock, language(), everything=everything))
