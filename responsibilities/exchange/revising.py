"""Changes of entries written into the files of a plan, each file spliced where it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from responsibilities.exchange.emitting import compose, entry
from responsibilities.exchange.splicing import Splice, Surgeon, data_of, spliced
from responsibilities.words import Refused, Words

SECTION: Final = "duties"
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Revision:
    """What the entries of one section of a file become."""

    edits: Mapping[str, Entry] = field(default_factory=dict)
    """Id -> the whole entry as it shall be."""
    new: Sequence[Entry] = ()
    removed: frozenset[str] = frozenset()


def revise(text: str, revision: Revision, order: Sequence[str], section: str = SECTION) -> str:
    """The file's text with the revision made; `order` says where new keys of an entry belong.

    Everything outside the changed values keeps its bytes. Refused: the file is written in a way
    that cannot be changed safely (the outcome is always read back and compared).
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix("\ufeff")
    root = compose(body)
    listed = section_of(root, section)
    surgeon = Surgeon(body, "\r\n" if "\r\n" in body else "\n")
    if listed is None or not listed.value:
        made = _first(surgeon, listed, revision, section)
    else:
        made = spliced(body, list(_splices(surgeon, listed, revision, order)))
    wanted = _wanted(data_of(root) if root is not None else {}, revision, section)
    if _said(made) != wanted:
        raise Refused(
            Words(
                "此文件的写法特殊，无法只改动有变化的几行；请在编辑器中直接修改。",
                "This file is written in a way that cannot be changed line by line; "
                "edit it directly.",
            )
        )
    return mark + made


def _said(text: str) -> Any:
    try:
        node = compose(text)
    except YAMLError:
        return None
    return None if node is None else data_of(node)


def section_of(root: Node | None, section: str) -> SequenceNode | None:
    """The list of a file's section; None where the file has none."""
    if isinstance(root, MappingNode):
        for key, value in root.value:
            if key.value == section and isinstance(value, SequenceNode):
                return value
    return None


def _splices(
    surgeon: Surgeon, listed: SequenceNode, revision: Revision, order: Sequence[str]
) -> Iterator[Splice]:
    ids = [id_of(data_of(node)) for node in listed.value]
    kept = [
        node for id_, node in zip(ids, listed.value, strict=True) if id_ not in revision.removed
    ]
    if not kept:
        yield surgeon.replaced(listed, revision.new)
        return
    for id_, node in zip(ids, listed.value, strict=True):
        if id_ in revision.edits and id_ not in revision.removed:
            yield from surgeon.edit(node, dict(revision.edits[id_]), order)
    for gone, run in groupby(range(len(ids)), lambda place: ids[place] in revision.removed):
        places = list(run)
        if gone:
            yield surgeon.without(listed, places[0], places[-1])
    for data in revision.new:
        yield surgeon.append(listed, kept[-1], data)


def _first(surgeon: Surgeon, listed: SequenceNode | None, revision: Revision, section: str) -> str:
    """A file that had no entry: the list goes to its end, or takes the place of an empty one."""
    newline = surgeon.newline
    lines = (newline * 2).join("  " + entry(data, "  ", newline) for data in revision.new)
    if listed is not None:
        place = Splice(listed.start_mark.index, listed.end_mark.index, newline + lines)
        return spliced(surgeon.text, [place])
    text = surgeon.text
    if text and not text.endswith("\n"):
        text += newline
    return f"{text}{section}:{newline}{lines}{newline}"


def _wanted(data: Any, revision: Revision, section: str) -> dict[str, Any]:
    """What the file shall say, worked out on plain data alone."""
    document = dict(data) if isinstance(data, dict) else {}
    kept = [
        dict(revision.edits.get(id_of(item), item)) if isinstance(item, dict) else item
        for item in document.get(section) or []
        if id_of(item) not in revision.removed
    ]
    return {**document, section: [*kept, *map(dict, revision.new)]}


def id_of(item: object) -> str:
    """The id of an entry as plain data; empty where it has none."""
    return str(item.get("id", "")) if isinstance(item, dict) else ""
