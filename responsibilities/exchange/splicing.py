"""Changes of a YAML file as splices of its text: what did not change keeps its very bytes.

The syntax tree says where each value starts and ends; only these stretches are replaced. So
comments, order, quoting, alignment and line ends survive because nothing ever rewrites them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from responsibilities.exchange.emitting import block, entry, flow

Pair = tuple[Node, Node]


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """`text` takes the place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """The text with all splices made; insertions at one place keep their order."""
    parts, at = [], 0
    for one in sorted(splices, key=lambda s: (s.start, s.end)):
        parts += [text[at : one.start], one.text]
        at = one.end
    return "".join([*parts, text[at:]])


def data_of(node: Node) -> Any:
    """What a node says, in the texts of `reading`: no types are guessed."""
    if isinstance(node, MappingNode):
        return {str(key.value): data_of(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [data_of(item) for item in node.value]
    return None if str(node.tag).endswith(":null") else str(node.value)


def end_of(text: str, node: Node) -> int:
    """Where the last character of a node ends; a block's own mark lies beyond its comments."""
    if isinstance(node, ScalarNode):
        end: int = node.end_mark.index
        if node.style in ("|", ">"):
            return len(text[:end].rstrip())
        return end
    if not isinstance(node, (MappingNode, SequenceNode)) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(text, last[1] if isinstance(last, tuple) else last)


def _alike(node: Node, new: object) -> bool:
    """Whether a value keeps its shape: a list, a mapping or a word."""
    if isinstance(new, dict):
        return isinstance(node, MappingNode)
    return isinstance(node, SequenceNode) == isinstance(new, list)


def _reordered(node: Node, new: object) -> bool:
    """Whether a mapping's keys stand in another order, or one is new before all that stay."""
    old = data_of(node)
    if not isinstance(old, dict) or not isinstance(new, dict) or not new:
        return False
    kept = [key for key in old if key in new]
    return kept != [key for key in new if key in old] or next(iter(new)) not in old


@dataclass(frozen=True, slots=True)
class Surgeon:
    """The splices that make one file say something else."""

    text: str
    newline: str

    def edit(self, node: Node, new: Any, order: Sequence[str] = ()) -> Iterator[Splice]:
        """Splices that turn what `node` says into `new`; `order`: where new keys belong."""
        old = data_of(node)
        if old == new:
            return
        if isinstance(node, MappingNode) and isinstance(new, dict) and old and new:
            yield from self._mapping(node, new, order or tuple(new))
        elif isinstance(node, SequenceNode) and isinstance(new, list) and old and new:
            yield from self._sequence(node, new)
        else:
            start = node.start_mark.index
            blank = " " if start and self.text[start - 1] == ":" else ""
            yield Splice(start, end_of(self.text, node), blank + flow(new))

    def _mapping(
        self, node: MappingNode, new: Mapping[str, Any], order: Sequence[str]
    ) -> Iterator[Splice]:
        pairs: dict[str, Pair] = {str(key.value): (key, value) for key, value in node.value}
        kept = {name: pair for name, pair in pairs.items() if name in new}
        gone = [place for place, name in enumerate(pairs) if name not in new]
        if not kept or (node.flow_style and 0 in gone):
            yield Splice(node.start_mark.index, end_of(self.text, node), flow(new))
            return
        yield from self._removed(node, gone)
        for name, (key, value) in kept.items():
            if _alike(value, new[name]) and not _reordered(value, new[name]):
                yield from self.edit(value, new[name])
            else:
                yield self._rewritten(node, key, value, name, new[name])
        for name in new:
            if name not in pairs:
                yield self._with(node, kept, name, new[name], order)

    def _removed(self, node: MappingNode | SequenceNode, gone: Sequence[int]) -> Iterator[Splice]:
        """Without some items. The first ones may share their line with a dash that stays."""
        starts = [item[0] if isinstance(item, tuple) else item for item in node.value]
        leading = 0
        if isinstance(node, MappingNode) and not node.flow_style:
            at = starts[0].start_mark.index
            shares = self.text[self._line_start(at) : at].strip()
            while shares and leading in gone:
                leading += 1
            if leading:
                yield Splice(at, starts[leading].start_mark.index, "")
        for place in gone:
            if place >= leading:
                yield self._without(node, place)

    def _rewritten(self, node: MappingNode, key: Node, value: Node, name: str, new: Any) -> Splice:
        """A key whose value takes another shape: a list for a word, or the other way round."""
        indent = " " * key.start_mark.column
        lines = (
            f"{name}: {flow(new)}" if node.flow_style else block(name, new, indent, self.newline)
        )
        return Splice(key.start_mark.index, end_of(self.text, value), lines)

    def _with(
        self, node: MappingNode, held: Mapping[str, Pair], name: str, new: Any, order: Sequence[str]
    ) -> Splice:
        """A new key, behind the nearest key before it in the usual order."""
        before = order[: order.index(name)] if name in order else list(held)
        last = next((held[one] for one in reversed(before) if one in held), None)
        _, value = last or held[next(iter(held))]
        end = end_of(self.text, value)
        if node.flow_style:
            return Splice(end, end, f", {flow(name)}: {flow(new)}")
        indent = " " * node.value[0][0].start_mark.column
        at = self._line_end(end)
        return Splice(at, at, self.newline + indent + block(name, new, indent, self.newline))

    def _sequence(self, node: SequenceNode, new: list[Any]) -> Iterator[Splice]:
        old = data_of(node)
        matcher = SequenceMatcher(None, list(map(repr, old)), list(map(repr, new)), autojunk=False)
        kept = sum(match.size for match in matcher.get_matching_blocks())
        opcodes = matcher.get_opcodes()
        first_goes = node.flow_style and opcodes[0][0] in ("delete", "replace")
        if (not kept or first_goes) and len(old) != len(new):
            yield Splice(node.start_mark.index, end_of(self.text, node), self._listed(node, new))
            return
        for what, i, until, j, to in opcodes:
            paired = min(until - i, to - j) if what != "equal" else 0
            for one in range(paired):
                yield from self.edit(node.value[i + one], new[j + one])
            if what != "equal":
                yield from self._removed(node, range(i + paired, until))
                yield from self._inserted(node, i + paired, new[j + paired : to])

    def _listed(self, node: SequenceNode, new: list[Any]) -> str:
        if node.flow_style:
            return flow(new)
        indent = " " * self._column(self._dash(node.value[0]))
        return (self.newline + indent).join(f"- {flow(item)}" for item in new)

    def _inserted(self, node: SequenceNode, place: int, items: list[Any]) -> Iterator[Splice]:
        if not items:
            return
        written = [flow(item) for item in items]
        if node.flow_style and place == 0:
            at = node.value[0].start_mark.index
            yield Splice(at, at, "".join(f"{one}, " for one in written))
        elif node.flow_style:
            at = end_of(self.text, node.value[place - 1])
            yield Splice(at, at, "".join(f", {one}" for one in written))
        else:
            indent = " " * self._column(self._dash(node.value[0]))
            lines = [f"- {one}" for one in written]
            yield self._lines(node, place, lines, indent)

    def _lines(self, node: SequenceNode, place: int, lines: list[str], indent: str) -> Splice:
        if place == 0:
            at = self._dash(node.value[0])
            return Splice(at, at, "".join(f"{line}{self.newline}{indent}" for line in lines))
        at = self._line_end(end_of(self.text, node.value[place - 1]))
        return Splice(at, at, "".join(f"{self.newline}{indent}{line}" for line in lines))

    def append(self, node: SequenceNode, after: Node, data: Mapping[str, Any]) -> Splice:
        """One more entry behind `after`, the last entry of a list that stays."""
        end = end_of(self.text, after)
        if node.flow_style:
            return Splice(end, end, f", {flow(data)}")
        indent = " " * self._column(self._dash(after))
        inline = bool(getattr(after, "flow_style", False))
        written = f"- {flow(data)}" if inline else entry(data, indent, self.newline)
        gap = "" if inline else self.newline
        at = self._line_end(end)
        return Splice(at, at, gap + self.newline + indent + written)

    def without(self, node: SequenceNode, first: int, last: int) -> Splice:
        """A list without a run of entries, and without the blank lines that set them off."""
        if node.flow_style and first == 0:
            return Splice(node.value[0].start_mark.index, node.value[last + 1].start_mark.index, "")
        start, end = self._without(node, first).start, self._without(node, last).end
        if node.flow_style:
            return Splice(start, end, "")
        if last + 1 < len(node.value):
            while end < len(self.text) and not self.text[end : self._line_end(end)].strip():
                end = self._next_line(end)
            return Splice(start, end, "")
        while start and not self.text[(above := self._line_start(start - 1)) : start].strip():
            start = above
        return Splice(start, end, "")

    def replaced(self, node: SequenceNode, entries: Sequence[Mapping[str, Any]]) -> Splice:
        """A list none of whose entries stays."""
        if node.flow_style or not entries:
            written = flow(list(entries))
            start = node.start_mark.index
        else:
            start = self._dash(node.value[0])
            indent = " " * self._column(start)
            gap = self.newline * 2 + indent
            written = gap.join(entry(data, indent, self.newline) for data in entries)
        return Splice(start, end_of(self.text, node), written)

    def _without(self, node: MappingNode | SequenceNode, place: int) -> Splice:
        item = node.value[place]
        first, last = item if isinstance(item, tuple) else (item, item)
        start, end = first.start_mark.index, end_of(self.text, last)
        if node.flow_style:
            before = node.value[place - 1]
            held = before[1] if isinstance(before, tuple) else before
            return Splice(end_of(self.text, held), end, "")
        if isinstance(node, SequenceNode):
            start = self._dash(first)
        return Splice(self._line_start(start), self._next_line(end), "")

    def _dash(self, item: Node) -> int:
        return self.text.rindex("-", 0, item.start_mark.index)

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _column(self, at: int) -> int:
        return at - self._line_start(at)

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        if end < 0:
            return len(self.text)
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def _next_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1
