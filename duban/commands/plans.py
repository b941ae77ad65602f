"""`check`, `coverage`, `matrix`, `schema`: what a plan folder says, before anything is in force."""

import json
from collections import Counter
from pathlib import Path
from typing import Literal

import click

from duban.console import Exit, as_json, in_words, language, put_json, say, table, tell
from duban.sources import Source, read_plan
from responsibilities.plan import Plan
from responsibilities.problem import Severity
from responsibilities.words import Refused, Words

plan_folder = click.argument(
    "folder", required=False, type=click.Path(path_type=Path), metavar=say("[方案文件夹]", "[PLAN]")
)
Format = Literal["text", "json", "github"]


@click.command(
    help=say(
        "检查方案文件夹；不给文件夹时检查示例方案，也可写其他示例的代号，如 flood-duty。"
        "有错误时退出码为 1。",
        "Check a plan folder, the worked example by default (or another, e.g. flood-duty). Exits "
        "with 1 when there are errors.",
    )
)
@plan_folder
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help=say("文字、JSON 或 CI 注释", "text, JSON or CI annotations"),
)
@as_json
@click.option("--assumed", is_flag=True, help=say("逐条列出核定值", "list every assumed value"))
@click.pass_obj
def check(home: Path, folder: Path | None, form: Format, as_json: bool, assumed: bool) -> int:
    source = read_plan(folder)
    if form == "github":
        _annotate(source)
    elif form == "json" or as_json:
        _check_json(source)
    else:
        _check_text(source, assumed)
    return Exit.FOUND if source.compiled.errors else Exit.OK


def _annotate(source: Source) -> None:
    from responsibilities.language.report import as_annotations

    for line in as_annotations(source.compiled.problems, language()):
        click.echo(line)


def _check_json(source: Source) -> None:
    from responsibilities.language.checks import assumptions, questions
    from responsibilities.language.report import as_json as problems_as_json

    found = problems_as_json(source.compiled.problems)
    plan = source.compiled.plan
    found["assumptions"] = [
        {"duty": duty, "key": key, "reason": reason}
        for duty, key, reason in (assumptions(plan) if plan else ())
    ]
    found["questions"] = [
        {"duty": duty, "question": question} for duty, question in (questions(plan) if plan else ())
    ]
    click.echo(json.dumps(found, ensure_ascii=False))


def _check_text(source: Source, every_assumption: bool) -> None:
    from responsibilities.language.report import CONSEQUENCE, held_back, in_reading_order, render
    from responsibilities.language.report import source_line as line_of

    problems, plan = source.compiled.problems, source.compiled.plan
    for problem in in_reading_order([p for p in problems if p.code != CONSEQUENCE]):
        line = line_of(source.files, problem.place)
        click.echo(render(problem, line, language()) + "\n")
    for sentence in held_back([p for p in problems if p.code == CONSEQUENCE], language()):
        click.echo(sentence + "\n")
    if plan and (every_assumption or not source.compiled.errors):
        _assumed(plan, every_assumption)  # while there are errors, they are what should be read
    click.echo(_summary(source, plan))


def _assumed(plan: Plan, every: bool) -> None:
    """What the office chose and what it still has to answer, since neither stands in the plan."""
    from responsibilities.language.checks import assumptions, questions

    chosen = assumptions(plan)
    if every:
        head = (say("职责", "duty"), say("项目", "key"), say("核定理由", "why"))
        click.echo(table(head, chosen) + "\n")
    elif chosen:
        count = len(chosen)
        click.echo(
            say(
                f"办公室核定 {count} 处方案未写明的值（--assumed 逐条列出）。",
                f"The office chose {count} values that the plan does not state (--assumed).",
            )
        )
    for duty, question in questions(plan):
        click.echo(say(f"待办公室答复 {duty}：{question}", f"open question {duty}: {question}"))


def _summary(source: Source, plan: Plan | None) -> str:
    from responsibilities.matrix import KIND_WORDS

    severities = Counter(problem.severity for problem in source.compiled.problems)
    errors, warnings = severities[Severity.ERROR], severities[Severity.WARNING]
    if plan is None:
        return say(
            f"方案无法编译；{errors} 个错误，{warnings} 个提示。",
            f"The plan does not compile; {errors} errors, {warnings} warnings.",
        )
    kinds = Counter(duty.kind for duty in plan.duties)
    listed = say("、", ", ").join(f"{in_words(KIND_WORDS[k])} {n}" for k, n in kinds.items())
    return say(
        f"{plan.title}：{len(plan.duties)} 项职责（{listed}）；"
        f"{errors} 个错误，{warnings} 个提示。",
        f"{plan.title}: {len(plan.duties)} duties ({listed}); "
        f"{errors} errors, {warnings} warnings.",
    )


def compiled(folder: Path | None) -> tuple[Source, Plan]:
    """The plan of a folder; Refused where it cannot be used at all."""
    source = read_plan(folder)
    if source.compiled.plan is None:
        raise Refused(
            Words(
                "方案无法编译；请先运行 duban check 并改正所列错误。",
                "The plan does not compile; run duban check and mend what it lists.",
            )
        )
    return source, source.compiled.plan


@click.command(
    help=say(
        "逐句核对方案原文：每一句由哪项职责、要求或指标承接，哪些单位没有专属职责。",
        "Prove over the plan's own text what became of every sentence.",
    )
)
@plan_folder
@as_json
@click.option("--all", "everything", is_flag=True, help=say("列出每一句", "list every sentence"))
def coverage(folder: Path | None, as_json: bool, everything: bool) -> int:
    from responsibilities.coverage import coverage as prove

    _, plan = compiled(folder)
    proof = prove(plan)
    if as_json:
        from dataclasses import asdict

        from duban.proof import bundles

        put_json("coverage", {**asdict(proof), "complete": proof.complete, **bundles(plan)})
    else:
        from duban.proof import show

        click.echo(show(plan, proof, everything))
    return Exit.OK if proof.complete else Exit.FOUND


@click.command(help=say("责任分工表：职责 × 单位。", "The responsibility matrix: duties by units."))
@plan_folder
@as_json
@click.option("--html", type=click.Path(path_type=Path), help=say("写成网页", "write as HTML"))
@click.option("--xlsx", type=click.Path(path_type=Path), help=say("写成 Excel", "write as xlsx"))
def matrix(folder: Path | None, as_json: bool, html: Path | None, xlsx: Path | None) -> None:
    from duban import sheets
    from responsibilities.matrix import matrix as make

    _, plan = compiled(folder)
    found = make(plan)
    if html:
        html.write_text(sheets.as_html(plan, found, language()), encoding="utf-8")
    if xlsx:
        sheets.write_xlsx(plan, found, language(), xlsx)
    for path in (html, xlsx):
        if path:
            tell(f"已写入 {path}", f"written: {path}")
    if as_json:
        from dataclasses import asdict

        put_json("matrix", asdict(found))
    elif not (html or xlsx):
        click.echo(sheets.as_text(found, language()))


@click.command(
    help=say(
        "方案语言的 JSON Schema（供编辑器补全与核对）。",
        "The JSON Schema of the plan language, for editors.",
    )
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help=say("写入文件", "write to a file")
)
def schema(output: Path | None) -> None:
    from responsibilities.language.schema import json_schema

    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
