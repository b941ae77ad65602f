"""Writes docs/reference/commands.md from the commands: `python -m tests.duban.commands_page`."""

import os
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"
HEAD = """\
# 命令 / Commands

本页由 `python -m tests.duban.commands_page` 生成，测试保证它与命令一致。
`DUBAN_LANG=en` 切换为英文。

标准输出只有数据，说明文字在标准错误；`--json` 输出带有 `schema` 版本。
`--now` 在读取时钟的命令上代替当前时间。
`duban -C 文件夹 命令` 指明督办所在的文件夹。

| 退出码 | 含义 |
|---|---|
| 0 | 正常 |
| 1 | 有发现：方案有错误、材料不齐、体检有问题，或所请之事不合规则 |
| 2 | 用法不对 |
| 3 | 设置不对，或此处没有督办数据 |
| 4 | 外部服务不可用（邮件服务器、数据库、端口） |
| 70 | 督办自身的错误 |
| 130 | 已中断 |

补全：`eval "$(_DUBAN_COMPLETE=bash_source duban)"`（zsh、fish 同理），写入 shell 的启动文件即可。
"""


def page() -> str:
    """The page as it should be, in Chinese."""
    os.environ["DUBAN_LANG"] = "zh"
    import click

    from duban.__main__ import COMMANDS, _speak, cli

    _speak()
    blocks = [HEAD]
    top = click.Context(cli, info_name="duban")
    for name in COMMANDS:
        command = cli.get_command(top, name)
        assert command is not None
        shown = command.get_help(click.Context(command, info_name=name, parent=top))
        blocks.append(f"## duban {name}\n\n```text\n{shown}\n```\n")
        for part, below in getattr(command, "commands", {}).items():
            inside = click.Context(below, info_name=f"{name} {part}", parent=top)
            shown = below.get_help(inside)
            blocks.append(f"### duban {name} {part}\n\n```text\n{shown}\n```\n")
    return "\n".join(blocks)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
