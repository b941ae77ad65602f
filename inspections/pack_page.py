"""The page of a pack that a person opens first: what is in it, task by task. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from inspections.checkpoint import Signed
from inspections.fact_words import KINDS
from responsibilities.tasks import FactKind


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of evidence as the page links to it."""

    name: str
    """As the unit called it."""
    path: str
    """Beside the page."""
    line: str
    """The line of the checklist that it was handed in for."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as the page lists it; the instant in the plan's zone."""

    seq: int | None
    at: datetime
    kind: FactKind
    by: str


@dataclass(frozen=True, slots=True)
class Case:
    """One task as the page shows it; instants in the plan's zone."""

    number: str
    key: str
    title: str
    unit: str
    period: str
    due_at: datetime
    standing: str
    basis: Sequence[tuple[str, str]]
    papers: Sequence[Paper]
    entries: Sequence[Entry]


_STYLE = """
:root { color-scheme: light dark; font: 15px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top;
padding: .2rem .5rem; border-bottom: 1px solid #8884; } code { overflow-wrap: anywhere; }
details { margin: .25rem 0 1rem; } blockquote { margin: .25rem 0; padding-left: .75rem;
border-left: 3px solid #8886; }
"""


def page(
    heading: str, scope: Sequence[tuple[str, str]], signed: Signed, cases: Iterable[Case]
) -> Iterator[str]:
    """The page in pieces: the scope, how to verify, and every task with its evidence."""
    yield from top(heading, scope, signed)
    for case in cases:
        yield from _case(case)
    yield "</body></html>\n"


def top(heading: str, scope: Sequence[tuple[str, str]], signed: Signed) -> Iterator[str]:
    """The beginning of a page: the scope, whose record it is, and how to verify."""
    head = signed.checkpoint
    yield (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(heading)}</h1><table>"
    )
    for label, value in scope:
        yield f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
    rows = [
        ("办理记录", f"“{head.origin}”共 {head.size} 条，检查点 {head.short}"),
        ("签名公钥", str(signed.by)),
    ]
    for label, value in rows:
        yield f'<tr><th scope="row">{escape(label)}</th><td><code>{escape(value)}</code></td></tr>'
    yield (
        "</table><p>核验：在任何装有 Python 3 的电脑上运行 <code>python3 verify.py 证据包.zip "
        "--key 公钥 --mail 存档信函.eml</code>，不需要联网，也不需要督办程序。"
        "公钥以方案附件所印为准。"
        "核验能说明记录在检查点之后没有增、删、改，不能说明填报的内容属实。</p>"
    )


def _case(case: Case) -> Iterator[str]:
    yield (
        f"<h2>{escape(case.number)}　{escape(case.title)}</h2><p>{escape(case.unit)}　"
        f"{escape(case.period)}　截止 {case.due_at:%Y-%m-%d %H:%M}　"
        f"<strong>{escape(case.standing)}</strong><br><code>{escape(case.key)}</code></p>"
    )
    for section, quote in case.basis:
        yield f"<blockquote>{escape(section)}：{escape(quote)}</blockquote>"
    if case.papers:
        yield "<table><tr><th>材料</th><th>文件</th><th>报送时间</th></tr>"
        for paper in case.papers:
            link = f'<a href="{escape(paper.path)}">{escape(paper.name)}</a>'
            at = f"{paper.at:%Y-%m-%d %H:%M}"
            yield f"<tr><td>{escape(paper.line)}</td><td>{link}</td><td>{at}</td></tr>"
        yield "</table>"
    yield f"<details><summary>办理记录 {len(case.entries)} 条</summary><table>"
    for entry in case.entries:
        yield (
            f"<tr><td>{entry.seq or ''}</td><td>{entry.at:%Y-%m-%d %H:%M:%S}</td>"
            f"<td>{escape(KINDS[entry.kind].zh)}</td><td>{escape(entry.by)}</td></tr>"
        )
    yield "</table></details>"
