"""`calendar`: the years of working days that are held, and the import of a new notice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from duban.console import HOME_ZONE, by_option, in_words, now_option, say, table, tell
from duban.desk import desk
from office.calendar_import import Move, import_notice, preview
from office.calendars import years_held
from responsibilities.calendars.calendar_year import CalendarYear, YearStatus
from responsibilities.calendars.holiday_cn import as_calendar_text
from responsibilities.words import Refused, Words
from storage.engine import reading

STATUS = {
    YearStatus.OFFICIAL: Words("正式", "official"),
    YearStatus.AMENDED: Words("已调整", "amended"),
    YearStatus.PROVISIONAL: Words("暂定", "provisional"),
}


@click.group(
    invoke_without_command=True,
    help=say(
        "国务院放假通知：不带子命令列出已有年份；import 导入新的通知。",
        "The State Council's notices: list the years held, or import a new one.",
    ),
)
@click.pass_context
def calendar(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is not None:
        return
    with desk(ctx.obj) as at, reading(at.db) as connection:
        held = years_held(connection)
    heads = (
        say("年份", "year"),
        say("状态", "status"),
        say("版次", "revision"),
        say("文号", "notice"),
    )
    click.echo(table(heads, [_row(held[year]) for year in sorted(held)]))


def _row(year: CalendarYear) -> tuple[str, str, str, str]:
    return str(year.year), in_words(STATUS[year.status]), str(year.revision), year.notice or ""


@calendar.command(
    "import",
    help=say(
        "导入一年的放假通知（YAML，或 holiday-cn 格式的 JSON）：列出每一个因此改期的未办结事项，"
        "有提前的先询问，再一次办理。",
        "Import a year's notice (YAML, or JSON of the holiday-cn shape): every open task that "
        "moves is listed, moves to an earlier date are asked about first.",
    ),
)
@click.argument(
    "files", nargs=-1, required=True, metavar=say("文件", "FILE"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option("--notice", default="", help=say("JSON 所据通知的文号", "number of a JSON's notice"))
@click.option("--revision", default=1, help=say("JSON 的版次，默认1", "revision of a JSON, 1"))
@click.option("--dry-run", is_flag=True, help=say("只列出变化", "only show what would move"))
@click.option("--yes", is_flag=True, help=say("不询问，提前的也改", "ask nothing"))
@by_option
@now_option
@click.pass_obj
def import_(
    home: Path, files: Sequence[Path], notice: str, revision: int, dry_run: bool, yes: bool,
    by: str, now: datetime,
) -> None:  # fmt: skip
    with desk(home) as at:
        with reading(at.db) as connection:
            held = years_held(connection)
        texts = {
            path.with_suffix(".yaml").name: _text(path, held, notice, revision) for path in files
        }
        found = preview(at.db, texts)
        if not found.years:
            click.echo(say("内容均已导入，未作更改。", "All of it is held already."))
            return
        _show(found.years, found.moves)
        if dry_run:
            return
        if not yes:
            click.confirm(say("是否导入？", "Import?"), abort=True)
        earlier = yes or _agreed(found.moves)
        import_notice(at.db, texts, now, by, earlier=earlier)
    tell("已导入。", "Imported.")


def _agreed(moves: Sequence[Move]) -> bool:
    """Whether dates that units were told move earlier; each keeps its date otherwise."""
    count = sum(move.earlier for move in moves)
    return count > 0 and click.confirm(
        say(
            f"其中 {count} 项的时限将早于已告知单位的时限。是否提前？否则保留原时限。",
            f"{count} of them would be due earlier than the units were told. Move them? "
            "Otherwise they keep their dates.",
        ),
        default=False,
    )


def _text(path: Path, held: Mapping[int, CalendarYear], notice: str, revision: int) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            Words(f"“{path.name}”不是 UTF-8 编码。", f"“{path.name}” is not UTF-8.")
        ) from error
    return as_calendar_text(text, held, notice, revision) if path.suffix == ".json" else text


def _show(years: Sequence[int], moves: Sequence[Move]) -> None:
    listed = "、".join(map(str, years))
    click.echo(
        say(
            f"新增或更新 {listed} 年；{len(moves)} 个未办结事项改期，"
            f"其中提前 {sum(move.earlier for move in moves)} 个。",
            f"New or newer: {listed}; {len(moves)} open tasks move, "
            f"{sum(move.earlier for move in moves)} of them earlier.",
        )
    )
    if moves:
        heads = (
            say("单位", "unit"), say("事项", "task"), say("编号", "key"), say("原时限", "was due"),
            say("新时限", "due"), "",
        )  # fmt: skip
        click.echo(table(heads, [_line(move, HOME_ZONE) for move in moves]))


def _line(move: Move, zone: ZoneInfo) -> tuple[str, ...]:
    before, after = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (move.before, move.after))
    mark = say("提前", "earlier") if move.earlier else say("顺延", "later")
    return move.unit, move.title, move.key, before, after, mark
