"""The `duban` command: finds the subcommand, and turns what went wrong into words and a code."""

import gettext
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import click
from click.exceptions import NoSuchCommand

from duban.console import Exit, in_words, language, say
from responsibilities.words import Refused, Words

COMMANDS: dict[str, tuple[str, Words]] = {
    "check": ("plans", Words("检查工作方案", "Check a plan")),
    "coverage": (
        "plans",
        Words("逐句核对方案原文的落实情况", "Prove what became of every sentence"),
    ),
    "matrix": ("plans", Words("责任分工表", "Print the responsibility matrix")),
    "schema": ("plans", Words("方案语言的 JSON Schema", "Print the plan language's JSON Schema")),
    "draft": ("drafting", Words("由方案原文起草", "Draft a folder from a plan's text")),
    "export": ("exchange", Words("导出为工作簿（Excel）", "Write a plan as a workbook")),
    "import": ("exchange", Words("导入改好的工作簿", "Bring an edited workbook back")),
    "simulate": ("simulation", Words("试运行一个学年", "Run a whole school year in memory")),
    "next": ("dates", Words("一项职责的下几个日期及其缘由", "A duty's next dates, and why")),
    "diff": ("comparing", Words("对照两个版本", "Compare two versions of a plan")),
    "replay": ("comparing", Words("以新方案重放记录", "Replay the record under a new plan")),
    "adopt": (
        "adoption",
        Words("施行方案（或其新版本）", "Put a plan, or its new version, in force"),
    ),
    "compile": ("adoption", Words("编译为 Prefect 部署", "Compile into Prefect deployments")),
    "up": ("serving", Words("启动督办", "Start everything")),
    "tick": ("serving", Words("办理一轮：立项、提醒、发信", "One round of tasks and mail")),
    "tasks": ("ledger", Words("督办事项台账", "List tasks")),
    "show": ("ledger", Words("一个事项或一项职责的全部情况", "Show a task or a duty")),
    "mail": ("letters", Words("已发信函", "Read the letters that left")),
    "feed": ("feeds", Words("单位的日历订阅地址", "A unit's calendar to subscribe to")),
    "sign-in": ("members", Words("门户的一次性登录链接", "A one-time link into the portal")),
    "inbox": ("inbox", Words("来信：查看、接收、不接收", "Mails that came in")),
    "report": ("incidents", Words("报告事件（警情）", "Report an incident")),
    "crosscheck": ("crosschecking", Words("核对外部名单", "Check an independent list")),
    "receive": ("acts", Words("登记报结材料", "Hand in a task's evidence")),
    "accept": ("acts", Words("审核通过", "Accept a submission")),
    "return": ("acts", Words("退回补充", "Return a submission with a reason")),
    "waive": ("acts", Words("免办", "Waive a task with a reason")),
    "extend": ("acts", Words("申请、批准或不批准延期", "Ask for, grant or decline more time")),
    "reopen": ("once_more", Words("重新办理已办结的事项", "Reopen a closed task")),
    "nudge": ("once_more", Words("催办尚未报结的单位", "Remind who has not handed in")),
    "window": ("windows", Words("敏感时期的开始、延长、结束", "Open or close a run-time window")),
    "record": ("record", Words("办理记录的签名与核对", "Sign and check the record")),
    "checkpoint": (
        "checkpoint",
        Words("纸上的检查点：印出、核对", "Checkpoints on paper: print, check"),
    ),
    "witness": (
        "witness",
        Words("见证：上级单位副署检查点", "Witness another office's checkpoints"),
    ),
    "evidence": ("evidence", Words("通读并核对佐证材料", "Read all evidence again")),
    "erase": ("erasing", Words("删除个人信息和文字", "Erase a person or a case")),
    "token": ("tokens", Words("接口令牌：签发、收回", "Tokens for the API")),
    "calendar": ("calendars", Words("放假通知：已有年份、导入", "Working days: years, import")),
    "draw": ("drawing", Words("随机抽取的封存与核对", "Random draws, drawn again")),
    "assess": ("assessing", Words("年度考核试算", "Score the year from the record")),
    "inspection": (
        "inspecting",
        Words("督导检查：立项、抽样、列出", "Inspections: open, draw, list"),
    ),
    "pack": ("packing", Words("证据包", "Pack evidence to take away")),
    "dossier": ("packing", Words("倒查卷宗", "A dossier as of a day")),
    "verify": ("packing", Words("核验证据包", "Verify a pack")),
    "doctor": ("doctor", Words("体检", "Check the installation")),
}
"""Command -> (module under duban/commands, one line of help). Nothing is imported for --help."""


class Lazily(click.Group):
    """A group whose commands are imported when they are called, so that help stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _ = COMMANDS[name]
        plain = name.replace("-", "_")
        attribute = plain + "_" if name in ("return", "compile", "import", "next") else plain
        found = getattr(import_module(f"duban.commands.{module}"), attribute)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as wrong:
            raise NoSuchCommand(wrong.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl([(name, in_words(words)) for name, (_, words) in COMMANDS.items()])


def _speak() -> None:
    """Click's own words in the reader's language, from our catalogue."""
    if language() == "zh":
        os.environ["LANGUAGE"] = "zh_CN"
        gettext.bindtextdomain("duban", str(Path(__file__).parent / "locale"))
        gettext.textdomain("duban")


@click.command(cls=Lazily, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("."),
    metavar="DIR",
    help=say("督办所在的文件夹（其中有 duban.toml）", "the folder with duban.toml"),
)
@click.pass_context
def cli(ctx: click.Context, folder: Path) -> None:
    ctx.obj = folder


cli.help = say("督办：让工作方案落到实处。", "Duban makes a policy plan actually happen.")


def _leave(message: str, code: Exit) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def main() -> NoReturn:
    """Run one command; see `Exit` for the codes."""
    _speak()
    try:
        code = cli.main(standalone_mode=False, prog_name="duban")
        sys.exit(code if isinstance(code, int) else Exit.OK)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _leave(say("已中断。", "Interrupted."), Exit.INTERRUPTED)
    except Refused as refused:
        _leave(in_words(refused.words), _code_of(refused))
    except Exception as error:  # the last door: whatever is left is ours to mend
        from duban.logs import places

        click.echo(places(error), err=True)  # a timer's journal keeps it: no words of anybody
        _leave(say("这是督办自身的错误。", "This is a fault of Duban's own."), Exit.BUG)


def _code_of(refused: Refused) -> Exit:
    """Settings that cannot be read are the sysadmin's, all other refusals the caller's."""
    return Exit(getattr(refused, "exit_code", Exit.FOUND))


def ours() -> bool:
    """Is the `storage` that Python finds the one beside us (generic names, see doctor)."""
    spec = find_spec("storage")
    home = Path(__file__).parent.parent
    return bool(spec and spec.origin and Path(spec.origin).is_relative_to(home))


if __name__ == "__main__":
    main()
