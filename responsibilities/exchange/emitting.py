"""Plain data as YAML text on the lines of a file that people wrote: short values stay on one line.

Data is what `reading` yields: texts, lists, mappings. A text is written without quotes wherever
the YAML 1.2 parser reads it back as the same scalar.
"""

from collections.abc import Mapping
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

_NULL: Final = "tag:yaml.org,2002:null"


def compose(text: str) -> Node | None:
    """The syntax tree of a file, with exact character offsets. Raises `YAMLError`."""
    found: Node | None = YAML(typ="safe", pure=True).compose(text)
    return found


def flow(value: object) -> str:
    """A value on one line: 保卫处, [保卫处, 学生处], {file: 通报正文, min: 1}."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _scalar("" if value is None else str(value))


def _scalar(text: str) -> str:
    if _plain(text):
        return text
    dumper = YAML()
    dumper.default_flow_style = True
    dumper.width = 1_000_000_000
    out = StringIO()
    quoted = DoubleQuotedScalarString if "\n" in text else SingleQuotedScalarString
    dumper.dump([quoted(text)], out)
    written = out.getvalue().strip()
    return written.removeprefix("[").removesuffix("]")


def _plain(text: str) -> bool:
    """Whether the bare text is read as this text, not null, wherever it may stand.

    One that begins with a colon may not: beside another colon the parser takes it for YAML's own.
    """
    if text.startswith(":"):
        return False
    return _bare(f"[{text}]", text) and _bare(f"k: {text}", text) and _bare(f"- {text}", text)


def _bare(written: str, text: str) -> bool:
    try:
        node = compose(written)
    except (YAMLError, ValueError):
        return False
    items = node.value if isinstance(node, (SequenceNode, MappingNode)) else []
    only = items[0][1] if len(items) == 1 and isinstance(items[0], tuple) else items[:1]
    found = only[0] if isinstance(only, list) and only else only
    if len(items) != 1 or not isinstance(found, ScalarNode):
        return False
    return found.style is None and found.value == text and str(found.tag) != _NULL


def block(key: str, value: object, indent: str, newline: str) -> str:
    """A key with its value as lines without the last line's end, the first not indented."""
    if isinstance(value, Mapping) and value:
        lines = [f"{indent}  {_scalar(str(k))}: {flow(v)}" for k, v in value.items()]
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        lines = [f"{indent}  - {flow(item)}" for item in value]
    else:
        return f"{_scalar(key)}: {flow(value)}"
    return newline.join([f"{_scalar(key)}:", *lines])


def entry(data: Mapping[str, Any], indent: str, newline: str) -> str:
    """A list entry as lines, its dash on the first, which is not indented."""
    inner = indent + "  "
    first, *rest = (block(key, value, inner, newline) for key, value in data.items())
    return newline.join([f"- {first}", *(inner + lines for lines in rest)])
