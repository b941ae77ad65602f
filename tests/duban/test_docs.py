"""What exists is documented, or this fails: commands, settings, both READMEs."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from duban.__main__ import COMMANDS
from office.calendars import working_days
from office.settings import TABLES, Settings
from responsibilities.language.compile import compile_plan

ROOT = Path(__file__).parents[2]


def test_the_page_of_commands_says_what_the_commands_say() -> None:
    code = "from tests.duban.commands_page import page; print(page(), end='')"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    written = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    assert made == written, "python -m tests.duban.commands_page"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    keys = {f.name for f in fields(Settings)} - {"folder", *TABLES}
    keys |= {f"{table}.{f.name}" for table, kind in TABLES.items() for f in fields(kind)}
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE))
    assert documented == keys


def test_every_test_that_the_page_of_expectations_names_is_there() -> None:
    page = (ROOT / "docs" / "explanation" / "expectations.md").read_text("utf-8")
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z_0-9]+)`", page)
    assert named
    missing = [
        (file, test) for file, test in named
        if not re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]  # fmt: skip
    assert missing == []


def test_every_command_in_the_readmes_exists() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        said = set(re.findall(r"^duban ([a-z]+)", text, re.MULTILINE))
        assert said
        assert said <= COMMANDS.keys()


def test_every_link_between_the_documents_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.relative_to(ROOT)}: {link}"


def test_the_plan_of_the_tutorial_compiles_without_a_word() -> None:
    text = (ROOT / "docs" / "tutorial" / "first-plan.md").read_text("utf-8")
    blocks = re.findall(r"```(yaml)?\n(.*?)```", text, re.DOTALL)
    plan = next(block for kind, block in blocks if kind == "yaml")
    words = next(block for kind, block in blocks if block.startswith("## 二"))
    compiled = compile_plan({"plan.yaml": plan, "text.md": words}, working_days())
    assert compiled.problems == ()
    assert compiled.plan is not None
    assert [duty.id for duty in compiled.plan.duties] == ["inspect"]
