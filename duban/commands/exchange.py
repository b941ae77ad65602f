"""`export` and `import`: a plan's duties as a workbook, and the edited workbook as YAML again."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from os import replace
from pathlib import Path

import click

from duban.console import Exit, language, say, tell
from duban.sources import read_plan
from responsibilities.exchange.columns import KIND, titles
from responsibilities.exchange.revising import revise
from responsibilities.exchange.rows import Changes, Fault, changes, table
from responsibilities.exchange.trying import brought_in
from responsibilities.language.compile import compile_plan
from responsibilities.language.reading import read
from responsibilities.words import Refused, Words


@click.command(
    help=say(
        "把方案导出为工作簿：职责、责任分工表、单位、说明四张表，改好后用 duban import 导入。",
        "Write a plan as a workbook (duties, matrix, units, guide), to be edited and imported.",
    )
)
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path), metavar=say("[方案文件夹]", "[PLAN]")
)
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help=say("写入此工作簿（.xlsx）", "the workbook to write (.xlsx)"),
)  # fmt: skip
def export(folder: Path | None, output: Path) -> None:
    from office.bookwriting import digest_of, write_book

    source = read_plan(folder)
    plan = source.compiled.plan
    if plan is None:
        raise Refused(
            Words(
                "方案本身（plan 一节）有错误，无法导出；请运行 duban check 查看。",
                "The plan's own section has errors and cannot be exported; see duban check.",
            )
        )
    rows = table(source.files)
    sections = read(source.files)[0].sections
    book = write_book(plan, rows, sections, digest_of(source.files), language())
    output.write_bytes(book)
    tell(f"已导出 {len(rows)} 项职责到 {output}", f"{len(rows)} duties written to {output}")


@click.command(
    help=say(
        "导入改好的工作簿：先列出方案文件的改动，确认后写入，未改动之处一字不动。"
        "有错误时不写入，在工作簿旁生成“…-问题.xlsx”，错误之处标红。",
        "Import an edited workbook: shows the changes of the files and asks before writing; "
        "what did not change keeps its bytes. Faults are marked red in a copy beside it.",
    )
)
@click.argument("book", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.xlsx")
@click.argument("folder", type=click.Path(path_type=Path), metavar=say("方案文件夹", "PLAN"))
@click.option("--yes", "-y", is_flag=True, help=say("不再询问", "do not ask"))
@click.option(
    "--delete", is_flag=True,
    help=say("工作簿中没有的职责一并删去", "remove the duties that the workbook no longer lists"),
)  # fmt: skip
def import_(book: Path, folder: Path, yes: bool, delete: bool) -> int:
    from office.bookreading import read_book
    from office.bookwriting import digest_of

    source = read_plan(folder)
    sheet = read_book(_bytes(book), book.name)
    if sheet.digest and sheet.digest != digest_of(source.files):
        tell(
            "导出之后方案文件已有改动，请留意下列差异是否改回了旧值。",
            "The plan's files have changed since the export; see that nothing is turned back.",
        )
    _remark(sheet.headings.extra, sheet.headings.missing)
    found = changes(source.files, sheet.rows, delete=delete)
    faults = [*sheet.faults, *found.faults]
    texts = _revised(source.folder, found)
    base = source.folder.parent if source.folder.is_file() else source.folder
    new = dict(source.files) | {
        path.relative_to(base).as_posix(): after.removeprefix("\ufeff").replace("\r\n", "\n")
        for path, (_, after) in texts.items()
    }
    faults += brought_in(source.compiled, compile_plan(new, source.working), found)
    if faults:
        return _return(book, faults)
    return _write(source.folder, texts, found, yes=yes, delete=delete)


def _bytes(book: Path) -> bytes:
    try:
        return book.read_bytes()
    except OSError as error:
        raise Refused(
            Words(f"找不到或打不开“{book}”。", f"“{book}” cannot be found or opened.")
        ) from error


def _remark(extra: Sequence[str], missing: Sequence[str]) -> None:
    if extra:
        names = "、".join(extra)
        tell(f"不认识的列，未读取：{names}", f"Columns that are not read: {names}")
    if missing:
        names = "、".join(titles()[key] for key in missing)
        tell(f"工作簿中没有的列，原值不变：{names}", f"Columns not in the workbook stay: {names}")


def _revised(folder: Path, found: Changes) -> dict[Path, tuple[str, str]]:
    """Path -> text before and after, byte for byte as it stands on disk."""
    from responsibilities.exchange.columns import order

    texts: dict[Path, tuple[str, str]] = {}
    for name, revision in found.revisions.items():
        path = folder if folder.is_file() else folder / name
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        texts[path] = before, revise(before, revision, order())
    return texts


def _return(book: Path, faults: Sequence[Fault]) -> int:
    from office.bookreading import mark_faults

    out = book.with_name(f"{book.stem}-问题.xlsx")
    out.write_bytes(mark_faults(book.read_bytes(), book.name, faults, language()))
    for fault in sorted(faults, key=lambda one: (one.row, one.key)):
        name = titles().get(fault.key, KIND.zh if fault.key == KIND.en else "")
        zh = "　".join(filter(None, (f"第{fault.row}行", name, fault.what.zh)))
        en = "  ".join(filter(None, (f"row {fault.row}", fault.key, fault.what.en)))
        click.echo(say(zh, en))
    tell(
        f"有 {len(faults)} 处问题，未写入；已在 {out} 中逐格标红并写明，请改正后再导入。",
        f"{len(faults)} faults, nothing was written; they are marked in {out}.",
    )
    return Exit.FOUND


def _write(
    folder: Path, texts: Mapping[Path, tuple[str, str]], found: Changes, *, yes: bool, delete: bool
) -> int:
    click.echo("".join(_difference(folder, texts)), nl=False)
    _summary(found, delete)
    if not texts:
        tell("没有改动。", "Nothing changed.")
        return Exit.OK
    if not yes:
        click.confirm(say("是否写入？", "Write?"), abort=True)
    for path, (_, after) in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(after.encode("utf-8"))
        replace(beside, path)
    tell(f"已写入 {len(texts)} 个文件。", f"{len(texts)} files written.")
    return Exit.OK


def _difference(folder: Path, texts: Mapping[Path, tuple[str, str]]) -> Iterator[str]:
    for path, (before, after) in sorted(texts.items()):
        name = path.relative_to(folder).as_posix() if path != folder else path.name
        lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
        for line in unified_diff(*lines, name, name):
            yield line if line.endswith("\n") else f"{line}\n\\\n"


def _summary(found: Changes, delete: bool) -> None:
    for words, ids in (
        (Words("改动", "changed"), found.edited),
        (Words("新增", "added"), found.added),
        (Words("删去", "removed"), found.missing if delete else []),
    ):
        if ids:
            tell(f"{words.zh} {len(ids)}：{'、'.join(ids)}", f"{words.en} {len(ids)}: {ids}")
    if found.missing and not delete:
        names = "、".join(found.missing)
        tell(
            f"工作簿中没有以下职责，未删去（要删去请加 --delete）：{names}",
            f"Not in the workbook, and kept (remove them with --delete): {names}",
        )
