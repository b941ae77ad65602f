"""What an HTML mail says, as text. Linear in its length, whatever the nesting.

A tokenizer, not a parser: mail needs the order of the words, the line ends and the quotations, and
a tree that others may nest ten thousand levels deep helps nobody.
"""

import html
import re
from dataclasses import dataclass, field

LONGEST = 1_000_000
"""Characters of HTML that are read; nobody writes more, and time stays bounded."""

_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<[!?][^>]*>?|<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})([^<>]*)>", re.DOTALL
)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"\n{3,}")
_ENDLESS = re.compile(r"&#(?:x[0-9a-f]{7,}|[0-9]{8,});?", re.IGNORECASE)

_SILENT = frozenset({"style", "script", "head", "title", "template", "object", "noscript"})
_BLOCK = frozenset(
    {"address", "article", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "li",
     "header", "main", "nav", "ol", "pre", "section", "tbody", "tfoot", "thead", "tr", "ul"}
)  # fmt: skip
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_DEEPEST_QUOTE = 9


@dataclass(frozen=True, slots=True)
class Hypertext:
    text: str
    """Quotations (blockquote) begin their lines with `> `."""
    links: tuple[tuple[str, str], ...]
    """(address, words of the link), in order."""


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    quote: int = 0
    verbatim: int = 0
    href: str = ""
    words: list[str] = field(default_factory=list)
    unclosed: set[str] = field(default_factory=set)

    def say(self, text: str) -> None:
        text = unescaped(text)
        text = text if self.verbatim else _SPACE.sub(" ", text)
        self.line.append(text)
        if self.href:
            self.words.append(text)

    def end_line(self, always: bool = False) -> None:
        said = "".join(self.line).replace("\xa0", " ").rstrip(" ")
        said = said if self.verbatim else said.lstrip(" ")
        self.line.clear()
        if said or always:
            prefix = "> " * min(self.quote, _DEEPEST_QUOTE)
            self.lines.extend((prefix + one).rstrip(" ") for one in said.split("\n"))

    def end_link(self) -> None:
        if self.href:
            self.links.append((self.href, "".join(self.words).strip()))
        self.href = ""
        self.words.clear()


def hypertext(source: str) -> Hypertext:
    """The words of an HTML document, a block a line, with its links."""
    source = source[:LONGEST]
    page = _Page()
    position = 0
    while (found := _TOKEN.search(source, position)) is not None:
        if found.start() > position:
            page.say(source[position : found.start()])
        position = found.end()
        name = (found[2] or "").lower()
        if name in _SILENT and not found[1]:
            position = _skip(page, source, name, position)
        elif name:
            _tag(page, name, closing=bool(found[1]), attributes=found[3])
    page.say(source[position:])
    page.end_line()
    page.end_link()
    text = _BLANKS.sub("\n\n", "\n".join(page.lines)).strip("\n")
    return Hypertext(text, tuple(page.links))


def _skip(page: _Page, source: str, name: str, position: int) -> int:
    """Where the element's content ends; an unclosed one hides nothing but its tag."""
    if name in page.unclosed:
        return position
    end = re.compile(f"</{name}", re.IGNORECASE).search(source, position)
    if end is None:
        page.unclosed.add(name)  # or a thousand of them would each search to the end
    return end.start() if end else position


def _tag(page: _Page, name: str, closing: bool, attributes: str) -> None:
    if name == "br":
        page.end_line(always=True)
    elif name == "a":
        page.end_link()
        found = None if closing else _HREF.search(attributes)
        if found is not None:
            page.href = unescaped(found[1] or found[2] or found[3] or "").strip()
    elif name in ("td", "th"):
        page.say(" ")
    elif name in _BLOCK or name in _APART or name in ("hr", "blockquote"):
        _block(page, name, closing)


def _block(page: _Page, name: str, closing: bool) -> None:
    page.end_line()
    if name == "blockquote":
        page.quote = max(page.quote + (-1 if closing else 1), 0)
    elif name == "pre":
        page.verbatim = max(page.verbatim + (-1 if closing else 1), 0)
    elif name == "hr":
        page.lines.append("_" * 32)
    elif name in _APART and closing and page.lines and page.lines[-1]:
        page.lines.append("")


def unescaped(text: str) -> str:
    """Character references resolved; one with endless digits is none."""
    return html.unescape(_ENDLESS.sub("\ufffd", text)) if "&" in text else text
