"""One value of a duty as the text of one cell, and back.

A reading form is chosen wherever it says everything: 保卫处、学生处 for a list of units, one line
for each piece of evidence. What it cannot say is written as YAML, so that no value is ever lost:
`understand(shape, say(shape, value))` is `value` for everything that a plan may hold.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from ruamel.yaml.error import YAMLError

from responsibilities.exchange.emitting import compose, flow
from responsibilities.exchange.splicing import data_of
from responsibilities.words import Words


class Shape(StrEnum):
    """What a key holds."""

    TEXT = "text"
    FLAG = "flag"
    NAMES = "names"
    SOURCE = "source"
    EVIDENCE = "evidence"
    STAGES = "stages"
    REASONS = "reasons"
    EVERY = "every"
    DATA = "data"


def tidy(text: str) -> str:
    """A cell's text as it is compared: no control characters, one sort of line end, no margins."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.strip() for line in clean.split("\n")).strip()


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def say(shape: Shape, value: Any, titles: Mapping[str, str]) -> str:
    """The cell's text. `titles`: key -> Chinese title, for reasons that name a key."""
    if value is None or value == [] or value == {}:
        return ""
    said = _SAYERS[shape](value, titles)
    if said is not None and tidy(said) == said:
        again = understand(shape, said, titles)
        if again == value or (shape in _LISTS and [again] == value):
            return said
    return _YAML + flow(value)


def understand(shape: Shape, text: str, titles: Mapping[str, str]) -> Any:
    """The value that a cell's text stands for, or `Words` saying why it stands for none."""
    if text.startswith(_YAML):
        return _data(text.removeprefix(_YAML))
    return _READERS[shape](text, titles)


_YAML: Final = "YAML "
_LISTS: Final = (Shape.NAMES, Shape.SOURCE)
"""One name alone and a list of one name mean the same."""


def _data(text: str) -> Any:
    wrong = Words("不是有效的 YAML", "this is not valid YAML")
    try:
        node = compose(text)
    except (YAMLError, ValueError):
        return wrong
    return wrong if node is None else data_of(node)


Titles = Mapping[str, str]


def _say_text(value: Any, titles: Titles) -> str | None:
    return value if isinstance(value, str) else None


def _read_text(text: str, titles: Titles) -> Any:
    return text


def _say_flag(value: Any, titles: Titles) -> str | None:
    return {"true": "是", "false": "否"}.get(value, value) if isinstance(value, str) else None


def _read_flag(text: str, titles: Titles) -> Any:
    flag = {"是": "true", "否": "false", "true": "true", "false": "false"}.get(text.lower())
    return flag or Words("请写“是”或“否”", "write 是 or 否")


def _say_names(value: Any, titles: Titles) -> str | None:
    if isinstance(value, str):
        return value
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return "、".join(value) if texts else None


_BETWEEN: Final = re.compile(r"\s*[、，,；;\n]\s*")


def _read_names(text: str, titles: Titles) -> Any:
    names = [name for name in _BETWEEN.split(text) if name]
    return names[0] if len(names) == 1 else names


_INLINE: Final = re.compile(r"([^“”\n]+)“([^“”\n]+)”")


def _say_source(value: Any, titles: Titles) -> str | None:
    if isinstance(value, dict) and list(value) == ["clause", "quote"]:
        return f"{value['clause']}“{value['quote']}”"
    return _say_names(value, titles)


def _read_source(text: str, titles: Titles) -> Any:
    inline = _INLINE.fullmatch(text)
    if inline:
        return {"clause": inline[1], "quote": inline[2]}
    return _read_names(text, titles)


def _lines(value: Any, line: Callable[[Any], str | None]) -> str | None:
    if not isinstance(value, list):
        return None
    said = [line(item) for item in value]
    return "\n".join(s for s in said if s is not None) if None not in said else None


_SORTS: Final = {"file": "文件", "number": "数字", "text": "文字", "date": "日期"}
_EVIDENCE: Final = re.compile(
    r"(?:(文件|数字|文字|日期)[：:])?\s*(.+?)\s*"
    r"(?:[（(]((?:[A-Za-z0-9]+(?:/[A-Za-z0-9]+)*|至少-?\d+份|不小于-?\d+|选交)"
    r"(?:[，,](?:[A-Za-z0-9]+(?:/[A-Za-z0-9]+)*|至少-?\d+份|不小于-?\d+|选交))*)[）)])?"
)


def _say_piece(item: Any) -> str | None:
    sort = next((key for key in _SORTS if isinstance(item, dict) and key in item), None)
    if sort is None or not isinstance(item[sort], str):
        return None
    said, least = [], item.get("min")
    kinds = item.get("kinds")
    if isinstance(kinds, list):
        said.append("/".join(map(str, kinds)))
    if least is not None:
        said.append(f"至少{least}份" if sort == "file" else f"不小于{least}")
    if item.get("optional") == "true":
        said.append("选交")
    return f"{_SORTS[sort]}：{item[sort]}" + (f"（{'，'.join(said)}）" if said else "")


def _say_evidence(value: Any, titles: Titles) -> str | None:
    return _lines(value, _say_piece)


def _read_evidence(text: str, titles: Titles) -> Any:
    found: list[Any] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        match = _EVIDENCE.fullmatch(line)
        if match is None:
            return Words(
                f"看不懂“{line}”；请写成：文件：名称（pdf/docx，至少1份）",
                f"“{line}” is not understood; write 文件：名称（pdf/docx，至少1份）",
            )
        sort = next((key for key, word in _SORTS.items() if word == match[1]), "file")
        found.append({sort: match[2], **_conditions(match[3] or "")})
    return found


def _conditions(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in filter(None, re.split("[，,]", text)):
        least = re.search(r"-?\d+", one) if one.startswith(("至少", "不小于")) else None
        if least:
            found["min"] = least[0]
        elif one == "选交":
            found["optional"] = "true"
        else:
            found["kinds"] = one.split("/")
    return found


_STAGE: Final = re.compile(r"(?:([A-Za-z0-9][A-Za-z0-9_.-]*)\s+)?([^：:\s]+)[：:]\s*(.+)")


def _say_stages(value: Any, titles: Titles) -> str | None:
    def line(item: Any) -> str | None:
        plain = isinstance(item, dict) and list(item) == ["id", "name", "due"]
        return f"{item['id']} {item['name']}：{item['due']}" if plain else None

    return _lines(value, line)


def _read_stages(text: str, titles: Titles) -> Any:
    found: list[Any] = []
    for place, line in enumerate(filter(None, map(str.strip, text.split("\n"))), 1):
        match = _STAGE.fullmatch(line)
        if match is None:
            return Words(
                f"看不懂“{line}”；请写成：first 首报：知悉后30分钟内",
                f"“{line}” is not understood; write first 首报：知悉后30分钟内",
            )
        found.append({"id": match[1] or f"stage-{place}", "name": match[2], "due": match[3]})
    return found


def _say_reasons(value: Any, titles: Titles) -> str | None:
    if not isinstance(value, dict):
        return None
    return "\n".join(f"{titles.get(key, key)}：{reason}" for key, reason in value.items())


def _read_reasons(text: str, titles: Titles) -> Any:
    keys = {title: key for key, title in titles.items()}
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.split("\n"))):
        head, colon, reason = line.replace("：", ":", 1).partition(":")
        if not colon or not reason.strip():
            return Words(
                f"看不懂“{line}”；请写成：办理时限：理由",
                f"“{line}” is not understood; write 办理时限：理由",
            )
        found[keys.get(head.strip(), head.strip())] = reason.strip()
    return found


_BY: Final = re.compile(r"按([^：:]+)[：:](.+[=＝].+)")


def _say_every(value: Any, titles: Titles) -> str | None:
    """按实验室等级：Ⅰ级＝每月；其他＝每3个月, or the one rhythm there is."""
    if not isinstance(value, dict) or next(iter(value)) != "by":
        return value if isinstance(value, str) else None
    given = [f"{key}＝{text}" for key, text in value.items() if key != "by"]
    return f"按{value['by']}：{'；'.join(given)}"


def _read_every(text: str, titles: Titles) -> Any:
    match = _BY.fullmatch(text)
    if match is None:
        return text
    found = {"by": match[1]}
    for part in re.split("[；;]", match[2]):
        key, _, often = part.replace("＝", "=").partition("=")
        found[key.strip()] = often.strip()
    return found


def _say_data(value: Any, titles: Titles) -> str | None:
    return value if isinstance(value, str) else None


_SAYERS: Final[Mapping[Shape, Callable[[Any, Titles], str | None]]] = {
    Shape.TEXT: _say_text,
    Shape.FLAG: _say_flag,
    Shape.NAMES: _say_names,
    Shape.SOURCE: _say_source,
    Shape.EVIDENCE: _say_evidence,
    Shape.STAGES: _say_stages,
    Shape.REASONS: _say_reasons,
    Shape.EVERY: _say_every,
    Shape.DATA: _say_data,
}
_READERS: Final[Mapping[Shape, Callable[[str, Titles], Any]]] = {
    Shape.TEXT: _read_text,
    Shape.FLAG: _read_flag,
    Shape.NAMES: _read_names,
    Shape.SOURCE: _read_source,
    Shape.EVIDENCE: _read_evidence,
    Shape.STAGES: _read_stages,
    Shape.REASONS: _read_reasons,
    Shape.EVERY: _read_every,
    Shape.DATA: _read_text,
}
