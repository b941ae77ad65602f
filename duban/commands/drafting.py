"""`draft`: a plan's text as a first folder of YAML, with everything unsure marked."""

from datetime import UTC, datetime
from pathlib import Path

import click

from duban.console import Exit, say, tell
from responsibilities.words import Refused, Words


@click.command(
    help=say(
        "由方案原文（.docx、.md、.txt）起草方案文件夹：逐句摘录，找出单位和频次，"
        "拿不准的都标“待确认”。只用规则，不用模型。",
        "Draft a plan folder from a plan's text (.docx, .md, .txt): sentences, units and rhythms "
        "found by rules; whatever is unsure is marked for a person to confirm.",
    )
)
@click.argument("text", type=click.Path(path_type=Path, dir_okay=False), metavar="PLAN.docx|.md")
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path, file_okay=False),
    help=say("写入此文件夹（应不存在或为空）", "the folder to write, new or empty"),
)  # fmt: skip
@click.option(
    "--id", "name", default="plan", show_default=True,
    help=say("方案代号（英文）", "the plan's id, in Latin letters"),
)  # fmt: skip
def draft(text: Path, output: Path, name: str) -> int:
    from duban.sources import compile_files
    from responsibilities.drafting.folder import ASK, draft

    if output.exists() and any(output.iterdir()):
        raise Refused(
            Words(
                f"文件夹“{output}”不是空的，未写入；请另换一个。",
                f"The folder “{output}” is not empty; nothing was written. Choose another.",
            )
        )
    files = draft(_read(text), name, datetime.now(UTC).date())
    for place, content in files.items():
        path = output / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    compiled = compile_files(files)
    plan, marks = compiled.plan, sum(content.count(ASK) for content in files.values())
    clauses, duties = (len(plan.clauses), len(plan.duties)) if plan else (0, 0)
    tell(
        f"已起草到 {output}：{clauses} 个条款，{duties} 项职责，{marks} 处待确认；"
        f"{len(compiled.errors)} 个错误。",
        f"Drafted into {output}: {clauses} clauses, {duties} duties, {marks} marks of 待确认; "
        f"{len(compiled.errors)} errors.",
    )
    return Exit.FOUND if compiled.errors else Exit.OK


def _read(path: Path) -> str:
    try:
        if path.suffix.lower() == ".docx":
            return _word(path)
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise Refused(
            Words(
                f"“{path}”读不出来；应为 .docx，或 UTF-8 编码的 .md、.txt。",
                f"“{path}” cannot be read; it must be .docx, or .md or .txt in UTF-8.",
            )
        ) from error


def _word(path: Path) -> str:
    """A Word document as Markdown: headings and bold names are what the rules look for."""
    from re import sub
    from zipfile import BadZipFile

    import mammoth

    try:
        with path.open("rb") as file:
            found: str = mammoth.convert_to_markdown(file).value
    except BadZipFile as error:
        raise ValueError(str(error)) from error
    return sub(r"<a id=\"[^\"]*\"></a>|\\(?=[^\w\s])|!\[[^\]]*\]\([^)]*\)", "", found)
