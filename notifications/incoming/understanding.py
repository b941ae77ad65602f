"""`read_drafts`: the figures and words of an answer, read the way offices write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from notifications.incoming.drafts import (
    Approved,
    Coverage,
    Done,
    Draft,
    ExtensionAsked,
    Figure,
    NotOurs,
    Quote,
    SentBack,
    Share,
    ZeroReport,
    quote_of,
)
from notifications.incoming.lines import NUMBER, line_drafts, number_of
from notifications.incoming.spoken_days import DAY, day
from responsibilities.plan import Requirement

LONGEST = 20_000
"""Characters of an answer that are searched for figures."""

_NARROW = str.maketrans("０１２３４５６７８９％／．", "0123456789%/.")
_NOT = r"(?<![未没不无])(?<!尚未)(?<!并非)(?<!预计)(?<!计划)(?<!力争)(?<!是否)(?<!如果)(?<!没有)"

_OF = re.compile(rf"(?<![\d/.至到前于])(?<!截至)({NUMBER})\s?/\s?({NUMBER})(?![\d/.日号前止年]|月)")
_DUE_THERE = re.compile(
    rf"(?:应(?:到|参加|参训|覆盖|完成|开展|签|报)|总(?:人)?数|全[校院系]共?|共有?|总计)[^\d\n，。；]{{0,8}}?({NUMBER})"
    r"[^\d\n。]{0,12}?(?:实(?:到|际)|(?:已|均已)?(?:参加|参训|覆盖|完成|开展|签订|签署))[^\d\n。，,]{0,6}?"
    rf"({NUMBER})(?![\d%.])"
)
_DONE_OF = re.compile(
    rf"({NUMBER})\s?[个名]?[^\d\n，。；]{{0,4}}?已(?:完成|开展|覆盖|召开|签订?)\s?({NUMBER})(?![\d/%.])"
)
_THERE_DUE = re.compile(rf"实到[^\d\n]{{0,4}}({NUMBER})[^\d\n]{{0,8}}应到[^\d\n]{{0,4}}({NUMBER})")
_SHARE = re.compile(
    r"([\u4e00-\u9fff]{1,10}?率)\s?(?:为|达到?|是|约|[:：])?\s?(?:(\d{1,3}(?:\.\d{1,4})?)\s?%|百分之百)"
)
_ZERO = re.compile(
    r"(?<!不是)(?<!并非)(?<!是否)(?<!实行)(?:本[周月季期旬日]度?无(?!法|需|故)[\u4e00-\u9fff]{0,8}|零报告(?!制)|零(?:发案|新增|案件)|无(?:新增|新发|发案|案件|相关情况)"
    r"|未(?:发生|发现)|没有(?:发生|新增|发现)|无(?:情况|事项|内容)?(?:可报|需报))"
)
_EXTENSION = re.compile(
    r"(?<![不无])(?<!无需)(?<!不再)(?:延期|延长|推迟|延后|展期|顺延|宽限)(?:[^\d\n，。；,]{0,12}?(?:至|到|为)\s?"
    rf"({DAY})|[^\n，。；,]{{0,6}}?(\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})个?(?:工作日|天|日|周|星期|个?月))"
)
_NOT_OURS = re.compile(
    r"(?:(?:不|非)(?:属于?|归|是|在)?(?:我|本)(?:单位|部门|校区|处|院|学院|中心|科室?|馆|们)?[^\n，。；,]{0,4}?"
    r"(?:职责|职能|业务|管辖|负责|范围|承办|主管|管理|单位|部门|管|处|院)"
    r"|与(?:我|本)(?:单位|部门|处|院|学院|中心|科室?|馆)无关"
    r"|(?:应|建议)(?:转|由|交|转交)[\u4e00-\u9fff]{2,12}?(?:办理|负责|承办|处理|报送))"
)
_DONE = re.compile(
    rf"{_NOT}(?:(?:均|都|全部|现)?已(?:经)?(?:按要求|按时|如期|全部|顺利|圆满)?"
    r"(?:完成|办结|落实|办理完毕|整改(?:完成|到位)|完结|报送完毕)|全部(?:完成|办结|落实)|(?:^|(?<=\n))\s*完成了?(?=[。\s]*$|\n))"
    r"(?!\s?(?:\d|百分|部分|大部|一半|情况|后|的(?:请|单位)|时间|率))"
)
_REASON = re.compile(r"(?:因为?|由于|原因是?:?|鉴于)\s?([^\n。；]{2,120})")
_REQUEST = re.compile(r"[,，]?\s?(?:现|特|故|拟)?(?:申请|请求|恳请|希望|需要?|拟|望|请)?[,，]?\s*$")
_AROUND = " \n,;:，。；：（()）"
_APPROVED = re.compile(
    r"(?:^|\n)\s*(?:(?:审核|审查|核验|复核|办公室)(?:意见|结果)?[:：]?\s?)?(?:经(?:审核|核查|研究)[,，]?\s?)?(?:予以|准予)?"
    r"(审核通过|通过|同意(?:办结|延期|通过)?|准予办结|approved?|ok)(?=\s*(?:[。.!！,，;；]|\n|$))",
    re.IGNORECASE,
)
_SENT_BACK = re.compile(
    r"(?:^|\n)\s*(?:(?:审核|审查|核验|复核|办公室)(?:意见|结果)?[:：]?\s?)?(?:经(?:审核|核查|研究)[,，]?\s?)?(?:现|予以|请)?"
    r"(?:退回(?:补充|修改|重报)?|不(?:予)?(?:通过|同意)(?:延期)?|驳回|returned?|rejected?)"
    r"(?=\s*(?:[。.:：,，;；（(]|\n|$))\s*[。.:：,，;；]?\s*([\s\S]{0,500})",
    re.IGNORECASE,
)


def read_drafts(
    answer: str, on: date, checklist: Sequence[Requirement] = (), review: bool = False
) -> tuple[Draft, ...]:
    """What `answer`, written on the day `on`, seems to report, in the order of its words.

    `checklist`: what the task asks for. `review`: the answer is to a review request, so that 通过
    and 退回 are looked for instead of figures.
    """
    text = answer[:LONGEST].translate(_NARROW)
    if review:
        found = list(_reviewed(text))
    else:
        found = _apart(list(line_drafts(text, on, checklist)), [*_counted(text), *_said(text, on)])
    exact = (_in_the_words_of(answer, draft) for draft in found)
    return tuple(sorted(exact, key=lambda draft: draft.quote.start))


def _in_the_words_of(answer: str, draft: Draft) -> Draft:
    """The same with its quote as it was written, full-width digits and all."""
    _, start, end = draft.quote
    return replace(draft, quote=Quote(answer[start:end], start, end))


def _apart(named: Sequence[Draft], told: Sequence[Draft]) -> list[Draft]:
    """Of two readings of the same words the one that fills a line of the checklist."""
    kept = [
        one for one in told
        if not (isinstance(one, Share) and any(_overlap(one, other) for other in named))
    ]  # fmt: skip
    loose = [
        one for one in named
        if not isinstance(one, Figure) or one.requirement
        or not any(_overlap(one, other) for other in kept)
    ]  # fmt: skip
    return [*kept, *loose]


def _overlap(one: Draft, other: Draft) -> bool:
    return one.quote.start < other.quote.end and other.quote.start < one.quote.end


def _counted(text: str) -> Iterator[Draft]:
    """So many of so many, and shares."""
    spans: list[tuple[int, int]] = []
    for pattern, count, of in (
        (_DUE_THERE, 2, 1),
        (_DONE_OF, 2, 1),
        (_THERE_DUE, 1, 2),
        (_OF, 1, 2),
    ):
        for found in pattern.finditer(text):
            there, due = float(number_of(found[count])), float(number_of(found[of]))
            fits = due > 0 and there <= due and there.is_integer() and due.is_integer()
            if fits and not any(a < found.end() and found.start() < b for a, b in spans):
                spans.append(found.span())
                yield Coverage(quote_of(found), int(there), int(due))
    for found in _SHARE.finditer(text):
        yield Share(quote_of(found), found[1], found[2] or "100")


def _said(text: str, on: date) -> Iterator[Draft]:
    """What is said in words: nothing to report, done, more time, not ours."""
    for found in _ZERO.finditer(text):
        yield ZeroReport(quote_of(found))
    for found in _EXTENSION.finditer(text):
        until = day(found[1], on, "ahead") if found[1] else None
        yield ExtensionAsked(quote_of(found), until, _reason(text, found))
    for found in _NOT_OURS.finditer(text):
        rest = text[found.end() :].partition("\n")[0].partition("。")[0]
        yield NotOurs(quote_of(found), rest.strip(_AROUND))
        break
    for found in _DONE.finditer(text):
        yield Done(quote_of(found))
        break


def _reason(text: str, found: re.Match[str]) -> str:
    """因…, 由于… in the same line, before what was found or after it."""
    start = text.rfind("\n", 0, found.start()) + 1
    before, after = text[start : found.start()], text[found.end() :].partition("\n")[0]
    why = _REASON.search(before) or _REASON.search(after)
    return _REQUEST.sub("", why[1]).strip(_AROUND) if why else ""


def _reviewed(text: str) -> Iterator[Draft]:
    for found in _APPROVED.finditer(text):
        yield Approved(quote_of(found))
        break
    for found in _SENT_BACK.finditer(text):
        yield SentBack(quote_of(found), found[1].strip(_AROUND))
        break
