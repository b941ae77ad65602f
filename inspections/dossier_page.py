"""The page of a dossier (倒查卷宗) that a person opens first: what had been required, told, handed
in and decided, case by case. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from inspections.checkpoint import Signed
from inspections.pack_page import top


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; `link` names a file beside the page, or is empty."""

    at: str
    says: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case in words, every part in the order of time."""

    number: str
    key: str
    title: str
    unit: str
    standing: str
    due: str
    basis: Sequence[tuple[str, str]]
    required: Sequence[str]
    told: Sequence[Line]
    handed_in: Sequence[Line]
    decided: Sequence[Line]


def dossier_page(
    scope: Sequence[tuple[str, str]], signed: Signed, incident: Sequence[Line],
    sheets: Iterable[Sheet],
) -> Iterator[str]:  # fmt: skip
    """The page in pieces."""
    yield from top("倒查卷宗", scope, signed)
    if incident:
        yield f"<h2>事件记录</h2>{_lines(incident, '')}"
    for one in sheets:
        yield from _sheet(one)
    yield "</body></html>\n"


def _sheet(one: Sheet) -> Iterator[str]:
    yield (
        f"<h2>{escape(one.number)}　{escape(one.title)}</h2><p>{escape(one.unit)}　"
        f"截止 {escape(one.due)}　<strong>{escape(one.standing)}</strong><br>"
        f"<code>{escape(one.key)}</code></p>"
    )
    for section, quote in one.basis:
        yield f"<blockquote>{escape(section)}：{escape(quote)}</blockquote>"
    required = "".join(f"<li>{escape(line)}</li>" for line in one.required)
    yield f"<h3>应当报送</h3><ul>{required}</ul>" if required else ""
    yield f"<h3>已通知</h3>{_lines(one.told, '至当日没有通知。')}"
    yield f"<h3>已报送</h3>{_lines(one.handed_in, '至当日没有报送。')}"
    yield f"<h3>审核和决定</h3>{_lines(one.decided, '至当日没有审核。')}"


def _lines(lines: Sequence[Line], none: str) -> str:
    if not lines:
        return f"<p>{none}</p>"
    rows = "".join(f"<tr><td>{escape(line.at)}</td><td>{_said(line)}</td></tr>" for line in lines)
    return f"<table>{rows}</table>"


def _said(line: Line) -> str:
    says = escape(line.says)
    return f'<a href="{escape(line.link)}">{says}</a>' if line.link else says
