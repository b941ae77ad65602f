"""Templates to pages. Words stand in the templates in both languages: `{{ t("提交", "Submit") }}`.

A page gets `t`, `language`, `portal_static`, `visitor` (who came through the door, or None),
`csrf`, `here_path` and `pictured` (whether a file of this name has a preview) besides its own
values. Nothing else in the house renders HTML for a browser.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2_fragments import render_block

from notifications.dates import say_instant
from responsibilities.period_words import say_day
from responsibilities.words import Language, Words
from storage.previews import is_drawn

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
COOKIE = "language"


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The whole page; raises jinja2.UndefinedError where a template names what it was not given."""
    made = environment().get_template(template).render(_context(request, values))
    return HTMLResponse(made, status)


def fragment(
    request: Request, template: str, block: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    """One `{% block %}` of a page, for htmx to put into the page that is there."""
    made = render_block(environment(), template, block, _context(request, values))
    return HTMLResponse(made, status)


def asks_for_a_fragment(request: Request) -> bool:
    """Whether htmx asks (and not for a whole page, as after going back in the history)."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def see_other(path: str) -> RedirectResponse:
    """After a POST: the page to show, so that a reload sends nothing again."""
    return RedirectResponse(quote(path, safe="/?&=#:%+,~@!$'()*;"), status_code=303)


def language_of(request: Request) -> Language:
    """`?lang`, what the reader chose, what the browser prefers, the installation's own."""
    preferred = request.headers.get("Accept-Language", "")[:2].lower()
    for wanted in (request.query_params.get("lang"), request.cookies.get(COOKIE), preferred):
        if wanted in ("zh", "en"):
            return "zh" if wanted == "zh" else "en"
    own: Language = request.app.state.portal.settings.language
    return own


def _context(request: Request, values: Mapping[str, object]) -> dict[str, object]:
    language = language_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    previews_shown = bool(request.app.state.portal.settings.portal.evidence_listen)
    return {
        "t": lambda zh, en: Words(zh, en).in_(language),
        "language": language,
        "portal_static": static_address,
        "visitor": getattr(request.state, "visitor", None),
        "csrf": getattr(request.state, "csrf", ""),
        "here_path": request.url.path + query,
        "pictured": lambda name: previews_shown and is_drawn(name),
        **values,
    }


@cache
def static_address(name: str) -> str:
    """Where a file of `static/` is served, with its digest: it may be kept for ever."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def environment() -> Environment:
    """The templates, compiled once in a process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, cache_size=-1,
    )  # fmt: skip
    made.filters.update(said=_said, day=_day, moment=_moment)
    return made


@pass_context
def _said(context: Context, words: Words) -> str:
    """`Words` in the reader's language."""
    return words.in_(context["language"])


@pass_context
def _day(context: Context, day: date) -> str:
    """2026年11月30日（星期一）."""
    return _said(context, say_day(day))


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """2026年11月30日（星期一）17:00; `at` comes in the plan's zone."""
    return _said(context, say_instant(at))
