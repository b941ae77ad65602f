"""What is shown to whoever does not come in: a link that opens nothing, a session that is over."""

from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from office.links import NoLink
from portal.doors import NotSignedIn
from portal.guard import SAFE
from portal.rendering import page, see_other
from portal.security import note
from responsibilities.words import Words

_OVER = Words(
    "登录已过期，没有办理。请在新窗口重新登录，再回到此页提交。",
    "Your session is over and nothing was done. Sign in again in another window, then send this.",
)
_SECRETS = ("csrf", "token")
_MOST = 20_000
"""Characters of what was typed that are shown again."""


def show_the_way_in(app: FastAPI) -> None:
    """Have both shown as pages that say how to go on."""
    app.add_exception_handler(NoLink, _no_link)
    app.add_exception_handler(NotSignedIn, _not_signed_in)


async def _no_link(request: Request, error: Exception) -> Response:
    """The same for every link that opens nothing; what was typed is there to be copied."""
    assert isinstance(error, NoLink)
    note(request, "unknown_link")
    token = request.path_params.get("token", "")
    typed = [] if request.method in SAFE else await _typed(request)
    return page(
        request, "sign_in/no_link.html", status=404, words=error.words, token=token, typed=typed
    )


async def _typed(request: Request) -> list[tuple[str, str]]:
    kind = request.headers.get("Content-Type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return []
    given = (await request.form()).multi_items()
    texts = [(n, v) for n, v in given if isinstance(v, str) and v.strip() and n not in _SECRETS]
    return [(name, value[:_MOST]) for name, value in texts]


def _not_signed_in(request: Request, _error: Exception) -> Response:
    note(request, "not_signed_in")
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = f"/sign-in?back={quote(back, safe='')}"
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": where})
    if request.method in SAFE:
        return see_other(where)
    return page(request, "refused.html", status=401, words=_OVER)
