"""The command line: quick help, two languages, exit codes."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from duban.__main__ import COMMANDS
from duban.console import table
from responsibilities.language.report import width


def run(*arguments: str, lang: str = "zh", home: Path | None = None) -> tuple[int, str, str]:
    """`duban …` in a process of its own: exit code, stdout, stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "duban", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "DUBAN_LANG": lang},
        cwd=home,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_help_lists_every_command_without_importing_what_is_slow() -> None:
    heavy = ("prefect", "pydantic", "sqlalchemy", "ruamel", "jinja2", "rich")
    code = (
        "import sys; from duban.__main__ import cli; cli.main(['--help'], standalone_mode=False);"
    )
    code += f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in COMMANDS)


def test_a_mistyped_command_is_answered_with_the_nearest_one_in_chinese() -> None:
    code, _, err = run("chek")
    assert code == 2
    assert "没有 'chek' 这个命令" in err
    assert "您是否想用" in err
    assert "'check'" in err


def test_the_same_in_english() -> None:
    code, _, err = run("chek", lang="en")
    assert code == 2
    assert "No such command 'chek'" in err


@pytest.mark.parametrize("name", list(COMMANDS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_explains_itself_in_both_languages(name: str, lang: str) -> None:
    code, out, err = run(name, "--help", lang=lang)
    assert code == 0, err
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in out)
    assert chinese == (lang == "zh"), out


def test_a_table_is_aligned_by_what_a_terminal_shows() -> None:
    rows: Sequence[Sequence[str]] = [("保卫处", "3"), ("IT", "12")]
    lines = table(("单位", "n"), rows).split("\n")
    assert [
        width(line[: line.index(number)]) for line, number in ((lines[2], "3"), (lines[3], "12"))
    ] == [8, 8]
