"""Where an answer ends and what it answers begins. A view: the whole text is always kept.

Our own line, then what QQ Mail, WeCom, NetEase, Coremail, Outlook, Foxmail, Alimail, Thunderbird,
Apple Mail and Gmail put above what they quote (docs/reference/incoming-mail.md shows each).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MARKER = "请在此行以上回复"
"""What our letters say above themselves (templates/zh/layout.txt), between `===`."""

_LONGEST = 400
"""Characters: what is longer is a sentence, not a line that a program put there."""
_HINT = re.compile(
    r"写道|wrote:|={3}|原始|原邮件|邮件原|转发|Original|Forwarded|Replied|发 ?件 ?人|From"
)
_QUOTED = re.compile(r">(?![\d=])")  # “>90%” is a figure
_OURS = re.compile(rf".{{0,40}}={{3}} ?{MARKER}")
_SEPARATOR = re.compile(
    r"[>* ]*[-—_=]{2,} ?(?:原始(?:邮件|信息|消息)|原邮件|邮件原[件文]|回复的(?:原)?邮件"
    r"|转发的?(?:原)?邮件(?:信息)?|Original(?: [Mm]essage| [Ee]mail)?"
    r"|(?:Forwarded|Replied) [Mm]essage) ?[-—_=]{2,}"
)
_WROTE = re.compile(r".*(?:写道|wrote) ?[:：](?: ?=+)?")
_OPENING = re.compile(
    r"[> ]*(?:=+ ?\d|(?:在|于|On|At) ?.*\d|.{0,80}<[^<>]*@[^<>]*> ?[于在] ?\d"
    r"|\d{4}[-年/.]\d{1,2}[-月/.]\d)"
)
_CIRCUMSTANCE = re.compile(r"\d{1,2}[:：]\d{2}|[^\s<>]@[^\s<>]|\d{4}[-/]\d{1,2}[-/]\d{1,2}[，, ]")
_LABEL = re.compile(
    r"[>* |]*(?:(?P<sender>发 ?件 ?人|From)|(?P<to>收 ?件 ?人|To)|(?P<copy>抄 ?送|Cc|CC)"
    r"|(?P<time>发 ?送 ?(?:时 ?间|日 ?期)|日 ?期|时 ?间|Sent|Date)|(?P<subject>主 ?题|Subject))"
    r"[* ]*(?:[:：]| (?=\S))"
)
_RULE = re.compile(r"[> ]*(?:[-_—=*－]{5,}|(?:- ){4,}-?)")
_TAIL = re.compile(
    r"(?:发自我?的?|来自我的|发送自|Sent from) ?.{1,40}|来自.{1,20}(?:邮箱|邮件|手机|客户端)"
    r"|(?:获取|Get) ?Outlook for \w+.{0,60}"
    r"|从 ?.{1,20}发送|通过.{1,20}(?:手机|客户端|邮箱)发送"
)
_SIGNATURE = "--"


class Trimmed(NamedTuple):
    answer: str
    rule: str
    """What cut it: marker, separator, attribution, headers, quotes; empty where nothing did."""


class _Cut(NamedTuple):
    first: int
    """The first line that is no answer."""
    rule: str
    prefixed: bool
    """Each quoted line begins with `>`, so that an answer can stand between two of them."""


def trimmed(text: str) -> Trimmed:
    """The answer: what stands above our line and above or between quotations."""
    lines = text.split("\n")
    bare = [_bare(line) for line in lines]
    cut = _cut(bare)
    kept = [n for n in range(cut.first) if not _QUOTED.match(bare[n])]
    if cut.prefixed:
        kept += _between(bare, cut.first)
    answer = "\n".join(lines[n] for n in _without_tail(kept, bare)).strip()
    return Trimmed(re.sub(r"\n\s*\n\s*\n+", "\n\n", answer), cut.rule)


def _bare(line: str) -> str:
    return " ".join(line[:_LONGEST].split()) + ("…" if len(line) > _LONGEST else "")


def _cut(bare: Sequence[str]) -> _Cut:
    """The first line that some program put above what it quotes."""
    for number, line in enumerate(bare):
        if not _HINT.search(line):
            continue
        found = _at(bare, number)
        if found is not None:
            first = found.first
            while first and (not bare[first - 1] or _RULE.fullmatch(bare[first - 1])):
                first -= 1
            return found._replace(first=first)
    return _Cut(len(bare), "quotes" if any(map(_QUOTED.match, bare)) else "", False)


def _at(bare: Sequence[str], number: int) -> _Cut | None:
    line = bare[number]
    prefixed = bool(_QUOTED.match(line))
    if _OURS.match(line):
        return _Cut(number, "marker", prefixed)
    if _SEPARATOR.match(line):
        return _Cut(number, "separator", prefixed)
    if _WROTE.fullmatch(line):
        first = _attribution(bare, number)
        if first is not None:
            return _Cut(first, "attribution", _prefixed_after(bare, number))
    if _LABEL.match(line):
        first = _headers(bare, number)
        if first is not None:
            return _Cut(first, "headers", prefixed)
    return None


def _attribution(bare: Sequence[str], number: int) -> int | None:
    """Where `在 …，某单位 <…> 写道：` begins, which may be folded over three lines."""
    for first in range(number, max(number - 3, -1), -1):
        whole = " ".join(bare[first : number + 1])
        if _OPENING.match(bare[first]) and _CIRCUMSTANCE.search(whole):
            return first
    return number if _CIRCUMSTANCE.search(bare[number]) else None


def _prefixed_after(bare: Sequence[str], number: int) -> bool:
    following = next((line for line in bare[number + 1 :] if line), "")
    return bool(_QUOTED.match(following))


def _headers(bare: Sequence[str], number: int) -> int | None:
    """Where a block of 发件人, 发送时间, 收件人, 主题 begins: the sender and two more."""
    labels: dict[str, int] = {}
    for at in range(max(number - 2, 0), min(number + 9, len(bare))):
        found = _LABEL.match(bare[at])
        if found is not None:
            labels.setdefault(found.lastgroup or "", at)
    if "sender" not in labels or len(labels) < 3:
        return None
    return min(labels.values())


def _between(bare: Sequence[str], first: int) -> Iterator[int]:
    """Lines of an answer that stand between or below the quoted ones."""
    start = next((n for n in range(first, len(bare)) if _QUOTED.match(bare[n])), len(bare))
    for number in range(start, len(bare)):
        line = bare[number]
        if not _QUOTED.match(line) and not _WROTE.fullmatch(line) and not _SEPARATOR.match(line):
            yield number


def _without_tail(kept: Sequence[int], bare: Sequence[str]) -> Sequence[int]:
    """The lines without a signature and without 发自我的iPhone."""
    signed = next((at for at, n in enumerate(kept) if bare[n] == _SIGNATURE), None)
    end = len(kept) if signed is None else signed
    while end and (not bare[kept[end - 1]] or _TAIL.fullmatch(bare[kept[end - 1]])):
        end -= 1
    return kept[:end]
