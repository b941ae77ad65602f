"""What pydantic finds wrong, said for a clerk: place, sentence, what would be right."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from responsibilities.language.clause_language import EVIDENCE_MODELS
from responsibilities.language.duty_language import example_of
from responsibilities.language.institution_language import Section
from responsibilities.language.reading import Document, Path
from responsibilities.problem import Problem, did_you_mean
from responsibilities.words import Words


def explain(
    error: ValidationError, model: type[Section], base: Path, data: object, document: Document
) -> list[Problem]:
    """One Problem for each thing that is wrong with the entry `data` that stands at `base`."""
    found = []
    for fault in error.errors(include_url=False):
        path, owner = _path(fault["loc"], data, model)
        say = _SENTENCES.get(fault["type"], _other)
        code, what, right = say(fault, owner)
        here = base + path
        at_key = fault["type"] in ("extra_forbidden", "missing")
        place = document.key_place(here) if at_key else document.place(here)
        found.append(Problem(place, code, what, right))
    return found


def _path(
    loc: tuple[int | str, ...], data: object, model: type[Section]
) -> tuple[Path, type[Section]]:
    """The part of pydantic's location that stands in the text, and the model that part belongs to.

    Union tags (`file`, `inline`) and the index of a name written without a list are no keys of
    the text and are passed over.
    """
    path: list[str | int] = []
    for step in loc:
        if isinstance(data, dict) and step in data:
            model = _inner(model, str(step)) or model
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif isinstance(data, dict) and step is loc[-1]:
            path.append(step)
            break
        else:
            model = EVIDENCE_MODELS.get(str(step)) or model
            continue
        path.append(step)
    return tuple(path), model


def _inner(model: type[Section], name: str) -> type[Section] | None:
    for field_name, field in model.model_fields.items():
        if name in (field_name, field.alias):
            return _model_in(field.annotation)
    return None


def _model_in(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, Section) else None
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None


def known_keys(model: type[Section]) -> tuple[str, ...]:
    """The keys of a section as they are written, in order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


_Said = tuple[str, Words, Words | None]


def _unknown_key(fault: Mapping[str, Any], model: type[Section]) -> _Said:
    name, known = str(fault["loc"][-1]), known_keys(model)
    right = did_you_mean(name, known) or Words(
        f"可用的项目：{'、'.join(known)}", f"known keys: {', '.join(known)}"
    )
    return "unknown-key", Words(f"不认识的项目“{name}”", f"unknown key “{name}”"), right


def _missing(fault: Mapping[str, Any], model: type[Section]) -> _Said:
    name = str(fault["loc"][-1])
    example = example_of(model, name)
    right = Words(f"如 {name}: {example}", f"e.g. {name}: {example}") if example else None
    return "missing", Words(f"缺少“{name}”", f"“{name}” is missing"), right


def _choice(fault: Mapping[str, Any], model: type[Section]) -> _Said:
    written = str(fault["input"])
    known = _choices(model, str(fault["loc"][-1]))
    what = Words(f"“{written}”不在可选范围内", f"“{written}” is not one of the choices")
    listed = Words(f"可用：{'、'.join(known)}", f"choices: {', '.join(known)}")
    near = did_you_mean(written, known)
    right = Words(f"{near.zh}{listed.zh}", f"{near.en} {listed.en}") if near else listed
    return "bad-choice", what, right


def _choices(model: type[Section], name: str) -> tuple[str, ...]:
    for field_name, field in model.model_fields.items():
        if name in (field_name, field.alias):
            return tuple(str(c) for c in getattr(field.annotation, "__args__", ()) if c)
    return ()


def _pattern(fault: Mapping[str, Any], model: type[Section]) -> _Said:
    name = str(fault["loc"][-1])
    written = str(fault["input"])
    if name in ("mail", "contact", "deputy", "head"):
        what = Words(f"“{written}”不是邮箱地址", f"“{written}” is no mail address")
        right = Words("岗位邮箱如 bwc@school.example；空缺写“空缺”", "or 空缺 while vacant")
        return "bad-mailbox", what, right
    if name in ("target", "below"):
        what = Words(f"“{written}”不是百分比", f"“{written}” is no percentage")
        return "bad-value", what, Words(f"如 {name}: 95%", f"e.g. {name}: 95%")
    what = Words(f"代号“{written}”有误", f"“{written}” is no id")
    right = Words("代号只用英文字母、数字、“-”“_”“.”", "ids are letters, digits, `-`, `_`, `.`")
    return "bad-id", what, right


def _typed(code: str, zh: str, en: str, right: Words | None = None) -> "_Sentence":
    def say(fault: Mapping[str, Any], model: type[Section]) -> _Said:
        written = fault["input"]
        if written is None:
            name = fault["loc"][-1] if fault["loc"] else ""
            return code, Words(f"“{name}”没有填写", f"“{name}” is left blank"), right
        shown = written if isinstance(written, str) else "、".join(map(str, written))
        return code, Words(f"“{shown}”{zh}", f"“{shown}”: {en}"), right

    return say


def _other(fault: Mapping[str, Any], model: type[Section]) -> _Said:
    name = fault["loc"][-1] if fault["loc"] else ""
    return "bad-value", Words(f"“{name}”的内容无效", f"“{name}”: {fault['msg']}"), None


_Sentence = Callable[[Mapping[str, Any], type[Section]], _Said]
_TEXT = _typed("not-a-text", "应为文字", "expected a text")
_NUMBER = _typed("not-a-number", "应为数字", "expected a number")
_LIST = _typed("not-a-list", "应为列表", "expected a list")
_MAPPING = _typed("not-a-mapping", "应写成“项目: 内容”", "expected `key: value`")
_TRUTH = _typed("not-a-truth", "应为 true 或 false", "expected true or false")
_EMPTY = _typed("empty", "不能为空", "must not be empty")


def _bad_date(fault: Mapping[str, Any], model: type[Section]) -> _Said:
    """A date that is only written otherwise (2023/7/12, 2023年7月12日) is written out as meant."""
    meant, parts = "2026-09-05", re.findall(r"\d+", str(fault["input"]))
    if len(parts) == 3:
        with suppress(ValueError):
            meant = date(*map(int, parts)).isoformat()
    right = Words(f"应写作 {meant}", f"write {meant}")
    return _typed("bad-date", "不是有效日期", "not a valid date", right)(fault, model)


_LESS = _typed("too-small", "过小", "too small", Words("不得为负", "it must not be negative"))
_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "string_type": _TEXT,
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
    "bad_date": _bad_date,
    "greater_than_equal": _LESS,
    **dict.fromkeys(("list_type", "tuple_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), _MAPPING),
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUTH),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float", "float_type", "float_parsing"), _NUMBER
    ),
    "which_evidence": _typed(
        "bad-evidence",
        "应写明是 file、number、text、date、choice、signers 还是 duration",
        "expected `file:`, `number:`, `text:`, `date:`, `choice:`, `signers:` or `duration:`",
        Words("如 {file: 通报正文, kinds: [pdf]}", "e.g. {file: 通报正文, kinds: [pdf]}"),
    ),
    "which_source": _typed(
        "bad-source",
        "应为条款号，或 {clause: 章节, quote: 原文}",
        "expected a clause id, or {clause: …, quote: …}",
    ),
}
