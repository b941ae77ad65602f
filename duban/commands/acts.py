"""What the office does by hand: take in evidence, review, grant more time."""

import mimetypes
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from duban.console import Exit, as_json, by_option, in_words, now_option, put_json, say
from duban.desk import desk
from office import receive as receiving
from office import review
from office.handed_in import File
from office.matters import find, matter, number_of
from office.receive import Receipt
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import State, Task
from responsibilities.words import Refused, Words
from storage.blobs import Blobs
from storage.engine import reading
from storage.instants import text as iso

task_argument = click.argument("task", metavar=say("编号", "TASK"))
reason_option = click.option("--reason", required=True, help=say("理由", "the reason"))


class When(click.ParamType[date]):
    """A moment as an office writes it; a day alone ends at the closing of the office."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """A `date` for a day alone, a `datetime` where a time is given."""
        try:
            return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                say(
                    f"“{value}”不是日期；请写成 2026-12-11 或 2026-12-11T17:00",
                    f"“{value}” is not a date; write 2026-12-11 or 2026-12-11T17:00",
                ),
                param,
                ctx,
            )


WHEN = When()


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """`name=value` as often as given."""
    found = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(
                say(f"请写成 名称=值，而不是“{pair}”", f"write name=value, not “{pair}”"),
                param_hint=option,
            )
        found[name.strip()] = value.strip()
    return found


def _file(given: str) -> File:
    """`path`, or `line of the checklist=path`."""
    line, sign, path = given.partition("=")
    where = Path(path if sign else line)
    try:
        data = where.read_bytes()
    except OSError as error:
        raise Refused(
            Words(
                f"无法读取文件“{where}”：{error.strerror}。",
                f"“{where}” cannot be read: {error.strerror}.",
            )
        ) from error
    kind = mimetypes.guess_type(where.name)[0] or "application/octet-stream"
    return File(where.name, data, line if sign else None, kind)


@click.command(
    help=say(
        "登记报结材料：文件、数字、说明、覆盖名单或零报告。",
        "Hand in a task's evidence: files, figures, text, who was covered, or a zero report.",
    )
)
@task_argument
@click.option("--file", "files", multiple=True, help=say("[清单项=]文件", "[line=]path"))
@click.option("--figure", "figures", multiple=True, help=say("清单项=数值或日期", "line=value"))
@click.option("--text", "texts", multiple=True, help=say("[清单项=]说明", "[line=]text"))
@click.option("--cover", help=say("已覆盖的名称，逗号分隔，或“全部”", "names covered, or all"))
@click.option("--heads", type=int, default=0, help=say("已覆盖人数", "heads covered"))
@click.option("--zero", is_flag=True, help=say("零报告：本期无情况", "zero report"))
@by_option
@now_option
@as_json
@click.pass_obj
def receive(
    home: Path, task: str, files: Sequence[str], figures: Sequence[str], texts: Sequence[str],
    cover: str | None, heads: int, zero: bool, by: str, now: datetime, as_json: bool,
) -> int:  # fmt: skip
    covered = [name.strip() for name in re.split("[,，、;；]", cover or "") if name.strip()]
    plain = len(texts) == 1 and "=" not in texts[0]
    with desk(home) as at:
        receipt = receiving.submit(
            at.db, Blobs(at.settings.blobs), task, by=by, now=now,
            files=[_file(given) for given in files], figures=pairs(figures, "--figure"),
            covered=covered, heads=heads, zero=zero,
            text=texts[0] if plain else pairs(texts, "--text"),
        )  # fmt: skip
    if as_json:
        from dataclasses import asdict

        put_json("receipt", {**asdict(receipt), "missing": receipt.missing})
    else:
        click.echo(_receipt(receipt))
    return Exit.OK if receipt.state is State.SUBMITTED else Exit.FOUND


def _receipt(receipt: Receipt) -> str:
    lines = [say(f"回执　{receipt.number}　{receipt.title}", f"{receipt.number} {receipt.title}")]
    if receipt.repeated:
        lines.append(say("此前已收到同样的材料，未作更改。", "Received before; nothing changed."))
    for line, name, sha256, size in receipt.files:
        shown = say("校验值", "SHA-256")
        lines.append(f"  {line}：{name}（{size} B，{shown} {sha256[:16]}…）")
    if receipt.zero:
        lines.append(say("  ✓ 零报告：本期无相关情况", "  ✓ zero report: nothing to report"))
    else:
        lines += [f"  {'✓' if there else '✗'} {name}" for name, there in receipt.checklist]
    if receipt.covered:
        done, of = receipt.covered
        missing = "、".join(receipt.uncovered)
        tail = say(f"，尚缺：{missing}", f", missing: {missing}") if missing else ""
        lines.append(say(f"  覆盖 {done}/{of}{tail}", f"  covered {done}/{of}{tail}"))
    lines.append(
        say("材料齐全，已送审核。", "Complete; with the reviewer now.")
        if receipt.complete
        else say("材料不齐，已收部分予以保留，请补充后再报。", "Kept, but not complete yet.")
    )
    return "\n".join(lines)


def told_of(home: Path, as_json: bool, task: Task, words: Words) -> None:
    """Say what was done, with the number and the date."""
    with desk(home) as at, reading(at.db) as connection:
        clock = matter(connection, task).clock
    number = number_of(task, clock)
    if as_json:
        put_json(
            "task",
            {"number": number, "key": task.key, "state": task.state, "due_at": iso(task.due_at)},
        )
    else:
        due = clock.local(task.due_at)
        until = "" if task.closed_at else say(f"，截止 {due:%Y-%m-%d %H:%M}", f", due {due:%F %R}")
        click.echo(f"{number}　{in_words(words)}{until}")


def instant_of(clock: Clock, when: date | None) -> datetime | None:
    """A day is due at the closing of the office, a time in the plan's own zone."""
    if when is None:
        return None
    if not isinstance(when, datetime):
        return clock.closing(when)
    return clock.at(when.date(), when.time()) if when.tzinfo is None else when.astimezone(UTC)


def due_of(db: Engine, task: str, when: date | None) -> datetime | None:
    """The instant that `when` stands for under the plan of the task."""
    with reading(db) as connection:
        return instant_of(find(connection, task).clock, when)


@click.command(help=say("审核通过，事项办结。", "Accept a submission; the task is closed."))
@task_argument
@click.option("--note", default="", help=say("审核意见", "a remark for the record"))
@by_option
@now_option
@as_json
@click.pass_obj
def accept(home: Path, task: str, note: str, by: str, now: datetime, as_json: bool) -> None:
    with desk(home) as at:
        done = review.accept(at.db, task, by=by, now=now, note=note)
    told_of(home, as_json, done, Words("审核通过，已办结", "accepted and closed"))


@click.command("return", help=say("退回补充，须写明理由。", "Return a submission with a reason."))
@task_argument
@reason_option
@click.option("--until", type=WHEN, help=say("新的截止时间", "the new due date"))
@by_option
@now_option
@as_json
@click.pass_obj
def return_(
    home: Path, task: str, reason: str, until: date | None, by: str, now: datetime,
    as_json: bool,
) -> None:  # fmt: skip
    with desk(home) as at:
        due = due_of(at.db, task, until)
        done = review.return_(at.db, task, reason, by=by, now=now, due_at=due)
    told_of(home, as_json, done, Words("已退回补充", "returned"))


@click.command(help=say("免办，须写明理由。", "Waive a task with a reason."))
@task_argument
@reason_option
@by_option
@now_option
@as_json
@click.pass_obj
def waive(home: Path, task: str, reason: str, by: str, now: datetime, as_json: bool) -> None:
    with desk(home) as at:
        done = review.waive(at.db, task, reason, by=by, now=now)
    told_of(home, as_json, done, Words("已免办", "waived"))


@click.command(
    help=say(
        "延期：--ask 申请，--grant 批准，--decline 不批准。原定时限始终保留。",
        "More time: --ask for it, --grant or --decline it. The original date is kept.",
    )
)
@task_argument
@click.option("--ask", type=WHEN, help=say("申请延至", "ask for more time until"))
@click.option("--grant", type=WHEN, help=say("批准延至", "grant more time until"))
@click.option("--decline", is_flag=True, help=say("不批准", "decline"))
@click.option("--reason", default="", help=say("理由", "the reason"))
@by_option
@now_option
@as_json
@click.pass_obj
def extend(
    home: Path, task: str, ask: date | None, grant: date | None, decline: bool,
    reason: str, by: str, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    if sum((ask is not None, grant is not None, decline)) != 1:
        raise click.UsageError(
            say("请在 --ask、--grant、--decline 中选一项", "give one of --ask, --grant, --decline")
        )
    with desk(home) as at:
        due = due_of(at.db, task, ask or grant)
        if due is None:
            done = review.decline(at.db, task, reason, by=by, now=now)
            words = Words("未批准延期，时限不变", "more time declined; the date stays")
        elif ask:
            done = review.ask_extension(at.db, task, due, reason, by=by, now=now)
            words = Words("已登记延期申请，待批", "asked for more time")
        else:
            done = review.extend(at.db, task, due, by=by, now=now, reason=reason)
            words = Words("已批准延期", "more time granted")
    told_of(home, as_json, done, words)
