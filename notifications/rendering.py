"""Templates to words: subject, text and HTML of a letter.

The style sheet is put into the HTML once, when a template is loaded, and not into every letter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FunctionLoader, StrictUndefined

from notifications.dates import say_instant, say_short
from notifications.groups import groups
from notifications.letters import Item, Letter
from notifications.rows import brief, facts, progress, rows, say_left
from responsibilities.words import Language

TEMPLATES = Path(__file__).parent / "templates"
STYLE = TEMPLATES / "letter.css"
_JINJA = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_PLACE = re.compile(r"(?:<!--|&lt;!--)jinja:(\d+)(?:-->|--&gt;)")
# NUL and its kin have no place in a letter; they come from pasted text and are shown as such.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(letter: Letter) -> Rendered:
    """The words of one letter, by its kind and language.

    Raises jinja2.UndefinedError where a template names what a letter does not have: a bug.
    """
    context = _context(letter)
    return Rendered(
        _subject(letter, context),
        _printable(_fill(letter, "body.txt", context)),
        _printable(_fill(letter, "body.html", context)),
    )


def render_subject(letter: Letter) -> str:
    """The subject alone, as `render` has it."""
    return _subject(letter, _context(letter))


def topic(item: Item) -> str:
    """What all letters about one task have in common: QQ Mail groups by it."""
    return f"{item.title} [{item.number}]"


def _subject(letter: Letter, context: Mapping[str, object]) -> str:
    if letter.steady and len(letter.items) == 1:
        return topic(letter.items[0])
    return _fill(letter, "subject.txt", context).strip()


def _context(letter: Letter) -> Mapping[str, object]:
    return {
        "letter": letter,
        "item": letter.items[0] if letter.items else None,
        "groups": groups(letter.items) if letter.kind == "digest" else (),
    }


def _fill(letter: Letter, name: str, context: Mapping[str, object]) -> str:
    return environment(letter.language).get_template(f"{letter.kind}/{name}").render(context)


@cache
def environment(language: Language) -> Environment:
    """The templates of one language, compiled once in a process."""
    made = Environment(
        loader=FunctionLoader(lambda name: source(language, name)),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters["instant"] = lambda at: say_instant(at).in_(language)
    made.filters["short"] = lambda at: say_short(at).in_(language)
    made.filters["left"] = lambda item: say_left(item).in_(language)
    made.filters["brief"] = lambda item: brief(item, language)
    made.filters["quoted"] = quoted
    made.filters["facts"] = lambda item: facts(item, language)
    made.filters["rows"] = lambda item: rows(item, language)
    made.filters["progress"] = progress
    return made


def quoted(words: str) -> str:
    """“…”, with quotation marks inside as ‘…’."""
    return "“" + words.replace("“", "‘").replace("”", "’") + "”"


def source(language: Language, name: str) -> str:
    """A template's text as Jinja compiles it; HTML has its styles on the elements already."""
    text = (TEMPLATES / language / name).read_text("utf-8")
    return _styled(text) if name.endswith(".html") else text


def _styled(text: str) -> str:
    """Inline the style sheet into a template: its Jinja tags travel as HTML comments."""
    tags: list[str] = []

    def hide(found: re.Match[str]) -> str:
        tags.append(found[0])
        return f"<!--jinja:{len(tags) - 1}-->"

    hidden = _JINJA.sub(hide, text)
    css = STYLE.read_text("utf-8")
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    if "<html" in hidden:
        styled = inliner.inline(hidden.replace("</head>", f"<style>{css}</style></head>"))
        # What stays (the dark colours) is put first; the charset must stand before it.
        styled = re.sub(
            r"(<head>)(<style>.*?</style>)(.*?)(</head>)", r"\1\3\2\4", styled, flags=re.S
        )
    else:
        styled = inliner.inline_fragment(hidden, css)
    return _PLACE.sub(lambda found: tags[int(found[1])], styled)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", text)
