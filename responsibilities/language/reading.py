"""YAML text into plain data with places: one document joined from all files of a plan.

Scalars stay the texts that were written (`17:00`, `on`, `no`, `2026-09-05`), so that nothing is
guessed before a model asks for a type.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from responsibilities.problem import Place, Problem
from responsibilities.words import Words

Path = tuple[str | int, ...]
"""Keys and indexes from the top of the joined document down to one value."""

YAML_ENDINGS = (".yaml", ".yml")
_DEEPEST = 40
_NULL = "tag:yaml.org,2002:null"


@dataclass(slots=True)
class Document:
    """What all files say together. Lists of several files are joined, mappings merged by key."""

    sections: dict[str, Any] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    """Where each value starts."""
    keys: dict[Path, Place] = field(default_factory=dict)
    """Where the key of each value starts."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The files as given, YAML and others."""

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands; the nearest known value above it otherwise.

        The index of what was written without a list is passed over.
        """
        known: Path = ()
        for step in path:
            if (*known, step) in self.values:
                known = (*known, step)
            elif isinstance(step, str):
                break
        return self.values.get(known) or Place(min(self.texts, default=""), 1, 1)

    def key_place(self, path: Path) -> Place:
        """Where the key of the value at `path` stands, else the value's own place."""
        return self.keys.get(path) or self.place(path)

    def source_line(self, place: Place) -> str:
        """The line that a place points into; empty when there is none."""
        lines = self.texts.get(place.file, "").splitlines()
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""


def read(files: Mapping[str, str]) -> tuple[Document, list[Problem]]:
    """Every `.yaml` file of `files` joined in name order; a file that cannot be read is left out.

    Never raises: syntax errors, duplicate keys and aliases are problems with their place.
    """
    document = Document(texts=dict(files))
    problems: list[Problem] = []
    for name in sorted(files):
        if (foreign := _not_utf8(name, files[name])) is not None:
            problems.append(foreign)
            continue
        if not name.endswith(YAML_ENDINGS):
            continue
        node = _compose(name, files[name], problems)
        if isinstance(node, MappingNode):
            _File(name, document, problems).join(node)
        elif node is not None and not _is_null(node):
            colon = _full_width_colon(name, files[name], len(files[name]))
            what = Words(
                "文件应由“项目: 内容”组成，如 duties:", "a file holds sections such as `duties:`"
            )
            problems.append(colon or Problem(_start(name, node), "not-a-mapping", what))
    return document, problems


_ESCAPED: Final = re.compile("[\udc80-\udcff]")
"""What a byte that is no UTF-8 becomes when a file is read with `surrogateescape`."""


def _not_utf8(name: str, text: str) -> Problem | None:
    match = _ESCAPED.search(text)
    if match is None:
        return None
    what = Words("文件不是 UTF-8 编码（可能是 GBK）", "the file is not UTF-8 (GBK perhaps)")
    right = Words("请另存为 UTF-8 后重新检查", "save the file as UTF-8 and check again")
    return Problem(Place(name, text.count("\n", 0, match.start()) + 1, 1), "not-utf8", what, right)


def _compose(name: str, text: str, problems: list[Problem]) -> Node | None:
    """The syntax tree of one file, or None and a problem.

    libyaml is five times faster and knows only YAML 1.1: it refuses `[08:00-11:30]`. What it
    refuses is read again by the YAML 1.2 parser, which has the last word.
    """
    text = text.removeprefix("\ufeff")
    try:
        return _tree(text, pure=False)
    except (YAMLError, ValueError, RecursionError):
        pass
    try:
        return _tree(text, pure=True)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
        detail = str(error.problem or error.context or "")
    except (YAMLError, ValueError, RecursionError) as error:
        place, detail = Place(name, 1, 1), str(error).partition("\n")[0]
    if (colon := _full_width_colon(name, text, place.line)) is not None:
        problems.append(colon)
        return None
    chinese = next((zh for start, zh in _DETAILS if detail.startswith(start)), detail)
    what = Words(f"不是有效的 YAML：{chinese}", f"this is not valid YAML: {detail}")
    right = Words(
        "请检查缩进、冒号后的空格，含冒号或井号的文字请加引号",
        "check the indentation and the blank after a colon; quote text that holds `: ` or ` #`",
    )
    problems.append(Problem(place, "bad-yaml", what, right))
    return None


_COLON: Final = re.compile(r"^\s*(?:- )?[A-Za-z_]+\s*(：)", re.M)


def _full_width_colon(name: str, text: str, last: int) -> Problem | None:
    """The first key of a line up to `last` that a Chinese keyboard has ended with `：`."""
    match = _COLON.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start(1)) + 1
    if line > last:
        return None
    column = match.start(1) - text.rfind("\n", 0, match.start(1))
    what = Words("此处用了全角冒号“：”", "this colon is full-width (：)")
    right = Words("请改为半角冒号加一个空格（: ）", "write an ASCII colon and a blank")
    return Problem(Place(name, line, column), "full-width-colon", what, right)


_DETAILS: Final = (
    ("mapping values are not allowed", "此处不能再有“: ”"),
    ("could not find expected ':'", "项目之后缺少冒号"),
    ("while scanning a simple key", "项目之后缺少冒号"),
    ("found character '\\t'", "不能用制表符缩进"),
    ("found character", "此处的字符须加引号"),
    ("found unexpected end of stream", "引号或括号没有配对"),
    ("found undefined alias", "不支持 YAML 引用（*）"),
    ("expected <block end>", "缩进不一致，或列表与项目混在一起"),
    ("expected ',' or", "括号内缺少逗号，或括号没有配对"),
    ("did not find expected", "缩进不一致，或括号没有配对"),
    ("expected the node content", "此处缺少内容"),
    ("maximum recursion depth", "嵌套过深"),
    ("but found another document", "一个文件中只能有一份内容（不要写“---”分隔）"),
    ("unacceptable character", "含有不能使用的字符"),
)
"""How the YAML library begins its messages, and what that means to a clerk."""


def _tree(text: str, *, pure: bool) -> Node | None:
    found: Node | None = YAML(typ="safe", pure=pure).compose(text)
    return found


def _start(name: str, node: Node) -> Place:
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.tag) == _NULL


@dataclass(slots=True)
class _File:
    """One file being joined into the document."""

    name: str
    document: Document
    problems: list[Problem]
    seen: set[int] = field(default_factory=set)

    def join(self, node: MappingNode) -> None:
        for key, value in node.value:
            section = str(key.value)
            held = self.document.sections.get(section)
            place = _start(self.name, key)
            if isinstance(held, list) and isinstance(value, SequenceNode):
                self.extend((section,), held, value)
            elif isinstance(held, dict) and isinstance(value, MappingNode):
                self.merge((section,), held, value)
            elif held is not None:
                self.duplicate(place, section)
            else:
                self.document.keys[(section,)] = place
                self.document.sections[section] = self.plain((section,), value)

    def extend(self, path: Path, held: list[Any], node: SequenceNode) -> None:
        start = len(held)
        for index, item in enumerate(node.value, start):
            held.append(self.plain((*path, index), item))

    def merge(self, path: Path, held: dict[str, Any], node: MappingNode) -> None:
        for key, value in node.value:
            name, place = str(key.value), _start(self.name, key)
            if name in held:
                self.duplicate(place, name)
                continue
            self.document.keys[(*path, name)] = place
            held[name] = self.plain((*path, name), value)

    def duplicate(self, place: Place, name: str) -> None:
        what = Words(f"“{name}”重复出现", f"“{name}” appears twice")
        right = Words("请合并为一处", "keep one of them")
        if name == "id":
            right = Words(
                "如为另一项，请在行首写“- ”；否则请删去一处", "begin another entry with `- `"
            )
        self.problems.append(Problem(place, "duplicate-key", what, right))

    def plain(self, path: Path, node: Node) -> Any:
        """Mappings, lists, texts and None; what cannot be used is a problem and None."""
        place = _start(self.name, node)
        self.document.values[path] = place
        if id(node) in self.seen or len(path) > _DEEPEST:
            what = Words(
                "不支持 YAML 引用（*）和过深的嵌套", "aliases (*) and deep nesting are refused"
            )
            right = Words("请把内容直接写在此处", "write the content out here")
            self.problems.append(Problem(place, "no-alias", what, right))
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            found: dict[str, Any] = {}
            self.merge(path, found, node)
            return found
        if isinstance(node, SequenceNode):
            listed: list[Any] = []
            self.extend(path, listed, node)
            return listed
        return None if _is_null(node) else str(node.value)
