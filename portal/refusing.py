"""What a person reads where a page cannot be shown or an act is refused."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from portal.rendering import page
from responsibilities.words import Refused, Words

_NOT_FOUND = Words("没有这个页面。请核对地址。", "There is no such page. Check the address.")
_SAID = {
    HTTPStatus.NOT_FOUND: _NOT_FOUND,
    HTTPStatus.FORBIDDEN: Words("无权查看或办理此项。", "This is not yours to see or to do."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
        "一次发送的内容超过200兆字节，没有收存。请分几次上传。",
        "What was sent at once is larger than 200 MB; nothing was kept. Send it in parts.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: Words(
        "此地址不能这样使用；请返回原页面再试。",
        "This address cannot be used so; go back and try again.",
    ),
}
_BROKEN = Words(
    "系统出现故障，本次操作没有办理，填写的内容没有改动任何记录。请稍后再试；仍有问题请联系办公室。",
    "Something went wrong in the system; nothing was done and no record was changed. Try again "
    "later; if it stays so, tell the office.",
)
_NOWHERE = "/"
"""An address that leads nowhere is not repeated, whatever it says."""
_UNREADABLE = Words(
    "提交的内容不完整或格式不对，没有办理。请返回原页面重新填写。",
    "What was sent is incomplete or malformed; nothing was done. Go back and fill it in again.",
)


def refuse_in_words(app: FastAPI) -> None:
    """Every refusal and fault of `app` becomes a page in the reader's language."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _unanswered)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _broken)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return page(request, "refused.html", status=409, words=error.words)


def _unanswered(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = _SAID.get(HTTPStatus(error.status_code), _UNREADABLE)
    answer = page(
        request, "refused.html", status=error.status_code, words=words, here_path=_NOWHERE
    )
    answer.headers.update(error.headers or {})
    return answer


def _malformed(request: Request, _error: Exception) -> Response:
    # the same as an address that does not exist, where the address itself is malformed
    return page(request, "refused.html", status=422, words=_UNREADABLE, here_path=_NOWHERE)


def _broken(request: Request, _error: Exception) -> Response:
    """Told without any detail; the trace is the server's log's."""
    return page(request, "refused.html", status=500, words=_BROKEN)
