"""From a mail to what it hands in: every file and figure that fits the checklist, and a sentence
for each that does not. What does not fit holds up nothing that does.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from notifications.incoming.drafts import Coverage, Draft, Figure, Value, ZeroReport
from notifications.incoming.values import Incoming, IncomingFile
from office.figures import match_figures, refuse_contradiction
from office.handed_in import EVERYTHING, File, Papers, match_files, match_texts
from office.progress import Progress
from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.spans import Span
from responsibilities.words import Refused, Words

_THANKS = re.compile(
    r"(?:(?:邮件|来信|通知)?(?:已经?|均已)?(?:收到|收悉|知悉|阅悉|已阅|了解|明白)了?"
    r"|好的?|行|可以|谢谢|感谢|多谢|辛苦了?"
    r"|马上办|尽快(?:办理|报送)|会尽快\w{0,4}"
    r"|received|noted|ok(?:ay)?|thanks?(?: you)?|got it|will do"
    r"|[\s，。、；！～~,.;!？?…])*",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"未|没有?|尚缺|缺|暂不|除|待|不能|无法|not|except|without|missing", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^。；;！!\n]+")


@dataclass(slots=True)
class Gathered:
    """What a mail hands in, and what of it does not count."""

    papers: Papers
    problems: list[Words] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    """Names of pictures taken for decoration."""

    @property
    def empty(self) -> bool:
        """Whether it hands in nothing at all, or only thanks."""
        p = self.papers
        given = (p.files, p.figures, p.covered, p.heads, p.zero)
        return not any(given) and isinstance(p.text, str) and only_thanks(p.text)


def only_thanks(answer: str) -> bool:
    """收到，谢谢: polite, and no answer."""
    return _THANKS.fullmatch(answer) is not None


def gather(
    incoming: Incoming, drafts: Sequence[Draft], checklist: Sequence[Requirement],
    there: Progress, span: Span | None, zero_allowed: bool,
) -> Gathered:  # fmt: skip
    """Match the mail against the checklist and what was handed in before."""
    problems: list[Words] = [link.remark for link in incoming.links]
    files, aside = _files(incoming.files, checklist, there, problems)
    figures, texts = _values(drafts, checklist, span, problems)
    covered = _covered(incoming.answer, drafts, there, problems)
    zero = _zero(drafts, files, zero_allowed, problems)
    zero = zero and _consistent(figures, covered, checklist, problems)
    text: Mapping[str, str] | str = texts or incoming.answer.strip()
    if isinstance(text, str):
        text = _fitting(text, checklist, problems)
    heads = _heads(drafts, there)
    return Gathered(Papers(files, figures, covered, heads, zero, text), problems, aside)


def _files(
    found: Sequence[IncomingFile], checklist: Sequence[Requirement], there: Progress,
    problems: list[Words],
) -> tuple[list[File], list[str]]:  # fmt: skip
    counts = {line: len(known) for line, known in there.files.items()}
    files: list[File] = []
    aside: list[str] = []
    for one in found:
        if one.decoration:
            aside.append(one.name)
            continue
        named = _named_in(one.name, checklist)
        for wanted in dict.fromkeys((named, None)):
            try:
                file = File(one.name, one.data, wanted, one.media_type)
                [(line, _)] = match_files([file], checklist, counts)
            except Refused as refused:
                words = refused.words
            else:
                counts[line.id] = counts.get(line.id, 0) + 1
                files.append(File(one.name, one.data, line.id, one.media_type))
                break
        else:
            problems.append(words)
        problems += [_remarked(one.name, remark) for remark in one.remarks]
    return files, aside


def _named_in(name: str, checklist: Sequence[Requirement]) -> str | None:
    """The line of the checklist whose name a file bears: 护理学院签到表.jpg."""
    fits = [r for r in checklist if r.kind is EvidenceKind.FILE and r.name in name]
    return max(fits, key=lambda r: len(r.name)).id if fits else None


def _remarked(name: str, remark: Words) -> Words:
    return Words(f"“{name}”：{remark.zh}", f"“{name}”: {remark.en}")


def _values(
    drafts: Sequence[Draft], checklist: Sequence[Requirement], span: Span | None,
    problems: list[Words],
) -> tuple[dict[str, str], dict[str, str]]:  # fmt: skip
    """Figures and texts by line of the checklist, the last that is said of each."""
    kinds = {line.id: line.kind for line in checklist}
    figures: dict[str, str] = {}
    texts: dict[str, str] = {}
    for draft in drafts:
        if not isinstance(draft, Figure | Value) or draft.requirement not in kinds:
            continue
        line, value = draft.requirement, draft.value
        try:
            if kinds[line] in (EvidenceKind.TEXT, EvidenceKind.SIGNERS):
                texts |= match_texts({line: value}, checklist) and {line: value}
            else:
                figures |= match_figures({line: value}, checklist, span)
        except Refused as refused:
            problems.append(refused.words)
    return figures, texts


def _zero(
    drafts: Sequence[Draft], files: Sequence[File], allowed: bool, problems: list[Words]
) -> bool:
    """Whether it is a zero report: by that name, or by words like it that stand for themselves."""
    said = [draft.quote.text for draft in drafts if isinstance(draft, ZeroReport)]
    named = any("零报告" in words for words in said)
    if named and not allowed:
        problems.append(
            Words("本事项不接受零报告，请提交佐证材料。", "This task takes no zero report.")
        )
    return allowed and (named or bool(said and not files))


def _fitting(text: str, checklist: Sequence[Requirement], problems: list[Words]) -> str:
    """The answer as a text, where it is one that the checklist takes."""
    try:
        match_texts(text, checklist)
    except Refused as refused:
        problems.append(refused.words)
        return ""
    return text


def _consistent(
    figures: Mapping[str, str], covered: Sequence[str], checklist: Sequence[Requirement],
    problems: list[Words],
) -> bool:  # fmt: skip
    try:
        refuse_contradiction(True, figures, covered, checklist)
    except Refused as refused:
        problems.append(refused.words)
        return False
    return True


def _covered(
    answer: str, drafts: Sequence[Draft], there: Progress, problems: list[Words]
) -> list[str]:
    """The names of the roster that the answer says are done; its own count must agree."""
    if not there.roster:
        return []
    counts = [d for d in drafts if isinstance(d, Coverage) and d.of == len(there.roster)]
    done, not_yet = _mentioned(answer, there.roster)
    if any(word in answer for word in EVERYTHING if word != "all") and not not_yet:
        done = done or list(there.roster)
    if not counts:
        return done
    count = counts[-1].count
    if count == len(there.roster):
        return list(there.roster)
    for names in (done, [n for n in there.roster if n not in not_yet] if not_yet else []):
        if len(set(names) | set(there.covered)) == count or len(names) == count:
            return list(names)
    missing = "、".join(there.uncovered)
    problems.append(
        Words(
            f"覆盖 {count}/{len(there.roster)} 未能对应到名称，请列出已办或未办的名称。"
            f"目前记为未办的：{missing}。",
            f"{count}/{len(there.roster)} could not be matched with names; list those done or "
            f"those not yet. On record as not yet: {missing}.",
        )
    )
    return done


def _mentioned(answer: str, roster: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names of the roster said to be done, and said not to be: by the sentence they stand in."""
    done: dict[str, None] = {}
    not_yet: dict[str, None] = {}
    for sentence in _SENTENCE.findall(answer):
        names = [name for name in roster if name in sentence]
        (not_yet if _NOT_YET.search(_without(sentence, names)) else done).update(
            dict.fromkeys(names)
        )
    return [name for name in done if name not in not_yet], list(not_yet)


def _without(sentence: str, names: Iterable[str]) -> str:
    for name in names:
        sentence = sentence.replace(name, "")
    return sentence


def _heads(drafts: Sequence[Draft], there: Progress) -> int:
    """Persons covered, where the task counts them and the answer counts the same whole."""
    counts = [d for d in drafts if isinstance(d, Coverage) and d.of == there.heads_all]
    return counts[-1].count if there.heads_all and counts else 0
