"""What went wrong, as RFC 9457 has it, with our sentence in both languages."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from responsibilities.words import Refused, Words

MEDIA_TYPE = "application/problem+json"
_SAID = {
    401: Words("令牌缺失、无效或已过期。", "The token is missing, unknown or has ended."),
    403: Words("该令牌无权办理此项。", "This token may not do that."),
    404: Words("没有这一项，或不在该令牌的范围内。", "There is none, or it is not this token's."),
    405: Words("此地址不能这样使用。", "This address cannot be used so."),
    413: Words("内容过大，未收到。", "Too large; nothing was taken."),
}
_MALFORMED = Words("请求的格式不对，没有办理。", "The request is malformed; nothing was done.")
_BROKEN = Words("系统出现故障，没有办理。", "Something went wrong in the system; nothing was done.")


def problem(status: int, words: Words, errors: Sequence[dict[str, str]] = ()) -> JSONResponse:
    """A refusal or fault as `application/problem+json`."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": words.en,
        "zh": words.zh,
        "en": words.en,
    }
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def answer_with_problems(app: FastAPI) -> None:
    """Every refusal and fault of `app` becomes a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _unanswered)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _broken)


def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return problem(409, error.words)


def _unanswered(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, _SAID.get(error.status_code, _MALFORMED))
    answer.headers.update(error.headers or {})
    return answer


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """Where and what, never what was sent: it may be anything."""
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": "/".join(map(str, one["loc"])), "what": str(one["type"])}
        for one in error.errors()
    ]
    return problem(422, _MALFORMED, wrong)


def _broken(_request: Request, _error: Exception) -> JSONResponse:
    return problem(500, _BROKEN)
