"""`duban crosscheck`: an independent list against the incidents that were reported."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click

from duban.console import Exit, as_json, by_option, in_words, now_option, put_json, say, table, tell
from duban.desk import desk
from inspections.crosscheck import OUTCOME_WORDS, Checked, Outcome
from inspections.lateness import say_delay
from office.crosscheck_incidents import check_list
from office.list_files import read_list
from office.workplace import only_plan
from responsibilities.words import Refused, Words
from storage.engine import reading


@click.command(
    help=say(
        "核对外部名单（公安、保卫部门）：逐行与已登记的事件比对日期、单位和各项内容，列出迟报和漏报。"
        "TYPE 为事件类型，LIST 为 CSV 或 xlsx，表头写“日期”“单位”和事件各项的名称。",
        "Hold an independent list (CSV or xlsx) against the incidents of a TYPE: late and missed. "
        "Headings: date, unit and the names of the event's fields.",
    )
)
@click.argument("type_", metavar="TYPE")
@click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--days", default=3, show_default=True, help=say("日期最多相差几天", "days apart"))
@click.option("--plan", help=say("方案编号（有多个方案时）", "the plan, where there are several"))
@by_option
@now_option
@as_json
@click.pass_obj
def crosscheck(
    home: Path, type_: str, list_: Path, days: int, plan: str | None, by: str, now: datetime,
    as_json: bool,
) -> int:  # fmt: skip
    data = _bytes(list_)
    rows = read_list(list_.name, data)
    digest = sha256(data).hexdigest()
    with desk(home) as at:
        with reading(at.db) as connection:
            place = only_plan(connection, plan)
        found = check_list(at.db, place.plan.id, type_, rows, digest, by=by, now=now, days=days)
    if found.ignored:
        listed = "、".join(found.ignored)
        tell(f"未读取的栏目：{listed}", f"Columns that were not read: {listed}")
    lines, unlisted = found.result.lines, [event.name for event in found.result.unlisted]
    if as_json:
        put_json("crosscheck", {"list": digest, "lines": [_data(one) for one in lines],
                                "unlisted": unlisted})  # fmt: skip
    else:
        _print(lines, unlisted)
    return Exit.FOUND if any(one.outcome is not Outcome.REPORTED for one in lines) else Exit.OK


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            Words(
                f"无法读取文件“{path}”：{error.strerror}。",
                f"“{path}” cannot be read: {error.strerror}.",
            )
        ) from error


def _print(lines: Sequence[Checked], unlisted: Sequence[str]) -> None:
    head = (say("行", "Line"), say("日期", "Day"), say("结论", "Outcome"), say("事件", "Incident"),
            say("依据", "Because"))  # fmt: skip
    click.echo(table(head, [_row(one) for one in lines]))
    count = {outcome: sum(one.outcome is outcome for one in lines) for outcome in Outcome}
    click.echo("　".join(f"{in_words(OUTCOME_WORDS[outcome])} {n}" for outcome, n in count.items()))
    if unlisted:
        click.echo(say("名单之外的事件：", "Not on the list: ") + "、".join(unlisted))


def _row(one: Checked) -> tuple[str, ...]:
    word = in_words(OUTCOME_WORDS[one.outcome])
    if one.event is not None and one.event.late_by:
        word += f" {in_words(say_delay(one.event.late_by))}"
    why = "，".join(in_words(reason) for reason in one.reasons)
    doubt = "" if one.sure else say("（请人工核对）", " (look again)")
    name = one.event.name if one.event is not None else ""
    return one.listed.name, one.listed.day.isoformat(), word, name, why + doubt


def _data(one: Checked) -> dict[str, object]:
    return {
        "line": int(one.listed.name),
        "day": one.listed.day.isoformat(),
        "outcome": one.outcome.value,
        "event": one.event.name if one.event is not None else None,
        "late_minutes": int(one.event.late_by.total_seconds() // 60) if one.event else 0,
        "because": [in_words(reason) for reason in one.reasons],
        "sure": one.sure,
    }
