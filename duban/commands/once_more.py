"""What the office asks for once more: a reminder now, or a closed task done again."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from duban.commands.acts import WHEN, due_of, reason_option, task_argument, told_of
from duban.console import as_json, by_option, now_option, put_json, say
from duban.desk import desk
from office import nudging, reopening
from office.nudging import Nudged
from responsibilities.words import Words


@click.command(
    help=say(
        "重新办理已办结或免办的事项，须写明新的时限和理由；已报材料保留。",
        "Reopen a closed task until a new date, with a reason; what was handed in stays.",
    )
)
@task_argument
@click.option("--until", type=WHEN, required=True, help=say("新的截止时间", "the new due date"))
@reason_option
@by_option
@now_option
@as_json
@click.pass_obj
def reopen(
    home: Path, task: str, until: date, reason: str, by: str, now: datetime, as_json: bool
) -> None:
    with desk(home) as at:
        due = due_of(at.db, task, until)
        assert due is not None
        done = reopening.reopen(at.db, task, due, reason, by=by, now=now)
    told_of(home, as_json, done, Words("已重新办理", "reopened"))


@click.command(
    help=say(
        "催办：给编号一件，或用 --duty 和 --period 给同一事项同一期尚未报结的各单位；每天一次。",
        "Remind: one task, or by --duty and --period each unit that has not done it; once a day.",
    )
)
@click.argument("task", required=False, metavar=say("编号", "TASK"))
@click.option("--plan", help=say("方案代号", "id of the plan"))
@click.option("--duty", help=say("职责代号", "id of the duty"))
@click.option("--period", help=say("期次，如 2026-W49", "the period, such as 2026-W49"))
@click.option("--remark", default="", help=say("附言", "a remark in the letter"))
@by_option
@now_option
@as_json
@click.pass_obj
def nudge(
    home: Path, task: str | None, plan: str | None, duty: str | None, period: str | None,
    remark: str, by: str, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    with desk(home) as at:
        if task and not (plan or duty or period):
            done = nudging.nudge(at.db, task, by=by, now=now, remark=remark)
        elif plan and duty and period and not task:
            done = nudging.nudge_missing(
                at.db, plan, duty, period, by=by, now=now, remark=remark
            )  # fmt: skip
        else:
            raise click.UsageError(
                say(
                    "请给出编号，或同时给出 --plan、--duty 和 --period",
                    "give a task, or --plan, --duty and --period together",
                )
            )
    if as_json:
        put_json("nudged", asdict(done))
    else:
        click.echo(_told(done))


def _told(done: Nudged) -> str:
    lines = [_line(done.told, Words("已催办", "reminded"))] if done.told else []
    if done.before:
        lines.append(_line(done.before, Words("今日已催办过", "reminded earlier today")))
    if done.done:
        lines.append(say(f"已报结或办结：{done.done} 项", f"handed in or closed: {done.done}"))
    return "\n".join(lines)


def _line(units: tuple[str, ...], words: Words) -> str:
    return say(f"{words.zh}：{'、'.join(units)}", f"{words.en}: {', '.join(units)}")
