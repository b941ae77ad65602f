"""Group robots of WeCom, DingTalk and Feishu: a few lines of text into a group chat.

All three answer 200 whatever happens; what counts is the code in the body. Their own pages say how:
WeCom developer.work.weixin.qq.com/document/path/91770, DingTalk:
open.dingtalk.com/document/orgapp/custom-robots-send-group-messages, Feishu
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (looked up on 2026-11-23).
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus
from urllib.request import HTTPRedirectHandler, Request, build_opener

from notifications.refusals import PERMANENT, RETRY, UNCERTAIN, Undelivered, Verdict

Vendor = Literal["wecom", "dingtalk", "feishu"]
LIMITS: Mapping[Vendor, int] = {"wecom": 2048, "dingtalk": 18_000, "feishu": 18_000}
"""Octets of UTF-8 that a text may have. WeCom counts the text alone (2048); the others the whole
request, of which its frame and the escapes of JSON take some: DingTalk 20,000 (errcode 460101
"message too long, exceed 20000 bytes": github.com/timonwong/prometheus-webhook-dingtalk/issues/30),
Feishu 20 KB (its page above)."""
_TIMEOUT = 15.0
_LONGEST = 65_536

_FOR_NOW = {-1, 45009, 45033, 130101, 11232}
"""Too fast, or WeCom's own fault (-1). WeCom: 20 a minute, 45009 and 45033. DingTalk: 20 a minute,
then nothing for ten minutes, 130101 (github.com/ccfos/nightingale/issues/369). Feishu: 100 a minute
and 5 a second, 11232, which it also answers at full and half hours when it is busy (its page)."""


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot of one group. Its address is a secret, and so is what it signs with."""

    vendor: Vendor
    hook: str = field(repr=False)
    secret: str = field(default="", repr=False)
    """DingTalk (加签) and Feishu (签名校验); empty: the robot asks for no signature."""


class _NoRedirect(HTTPRedirectHandler):
    """A secret address is told to nobody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def say(robot: Robot, text: str, seconds: int) -> str:
    """Put `text` into the group; returns the vendor's word. `seconds`: the time since 1970.

    Raises Undelivered where it did not get there. Nothing raised names the robot's address.
    """
    url, body = _request(robot, text, seconds)
    asked = Request(url, data=body, headers={"Content-Type": "application/json; charset=utf-8"})
    try:
        with build_opener(_NoRedirect).open(asked, timeout=_TIMEOUT) as answer:
            return _understood(answer.read(_LONGEST))
    except HTTPError as error:
        with error:
            verdict = RETRY if error.code == 429 or error.code >= 500 else PERMANENT
            raise _refused(error.code, f"HTTP {error.code}", verdict) from None
    except TimeoutError:
        raise _refused(None, "timeout", UNCERTAIN) from None
    except URLError as error:
        verdict = UNCERTAIN if isinstance(error.reason, TimeoutError) else RETRY
        raise _refused(None, type(error.reason).__name__, verdict) from None
    except OSError as error:
        raise _refused(None, type(error).__name__, UNCERTAIN) from None


def _request(robot: Robot, text: str, seconds: int) -> tuple[str, bytes]:
    """Address and body, signed for this very moment."""
    url = robot.hook
    shown: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
    if robot.vendor == "feishu":
        shown = {"msg_type": "text", "content": {"text": text}}
    if robot.secret and robot.vendor == "feishu":
        # the string to sign is the key, and nothing is the message
        key = f"{seconds}\n{robot.secret}"
        shown |= {"timestamp": str(seconds), "sign": _signed(key, "")}
    elif robot.secret and robot.vendor == "dingtalk":
        at = seconds * 1000
        sign = quote_plus(_signed(robot.secret, f"{at}\n{robot.secret}"))
        url += f"{'&' if '?' in url else '?'}timestamp={at}&sign={sign}"
    return url, json.dumps(shown, ensure_ascii=False).encode()


def _signed(key: str, message: str) -> str:
    return b64encode(hmac.digest(key.encode(), message.encode(), sha256)).decode("ascii")


def _understood(answer: bytes) -> str:
    """The vendor's word where it says that all is well; else Undelivered."""
    try:
        found = json.loads(answer)
        codes = [int(found[name]) for name in ("errcode", "code", "StatusCode") if name in found]
    except (ValueError, TypeError):
        codes, found = [], {}
    if not codes:
        raise _refused(None, "no code in the answer", RETRY)
    said = str(found.get("errmsg") or found.get("msg") or found.get("StatusMessage") or "")
    code = next((one for one in codes if one), 0)
    if code:
        raise _refused(code, said, RETRY if code in _FOR_NOW else PERMANENT)
    return f"{code} {said}".strip()


def _refused(code: int | None, reply: str, verdict: Verdict) -> Undelivered:
    return Undelivered("data", code, reply, verdict)


def fitted(lines: list[str], vendor: Vendor, more: str) -> str:
    """As many whole `lines` as the robot takes; `more` (with the rest's number) in their place."""
    limit = LIMITS[vendor]
    whole = "\n".join(lines)
    if len(whole.encode()) <= limit:
        return whole
    for kept in range(len(lines) - 1, 0, -1):
        text = "\n".join([*lines[:kept], more.format(len(lines) - kept)])
        if len(text.encode()) <= limit:
            return text
    return more.format(len(lines))
