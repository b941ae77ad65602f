"""Group robots, against servers on loopback that answer as the vendors' own pages say."""

import hmac
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from notifications.refusals import Undelivered
from notifications.robots import LIMITS, Robot, Vendor, fitted, say

NOW = 1_795_500_000
SECRET = "SEC-加签-1"


class Vendors(BaseHTTPRequestHandler):
    """All three at once: what was posted, and what is answered."""

    took: list[tuple[str, dict[str, Any]]]
    answer: tuple[int, object]

    def do_POST(self) -> None:
        """As the vendors do: look at code, signature and length, and answer 200."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).took.append((self.path, json.loads(body)))
        status, said = type(self).answer
        shown = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(shown)))
        self.end_headers()
        self.wfile.write(shown)

    def log_message(self, *_: object) -> None:
        """Quietly."""


@contextmanager
def answering(answer: object, status: int = 200) -> Iterator[tuple[str, type[Vendors]]]:
    """A server that answers so; its address, and what it took."""
    handler = type("Answering", (Vendors,), {"took": [], "answer": (status, answer)})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


OK: dict[Vendor, object] = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}, "StatusCode": 0},
}


@pytest.mark.parametrize("vendor", OK)
def test_a_text_reaches_the_group_in_the_vendor_s_own_form(vendor: Vendor) -> None:
    with answering(OK[vendor]) as (url, server):
        assert say(Robot(vendor, f"{url}/hook?key=k1"), "督办事项2项", NOW).startswith("0")
    [(path, body)] = server.took
    assert path == "/hook?key=k1"
    text = body["content"]["text"] if vendor == "feishu" else body["text"]["content"]
    assert text == "督办事项2项"
    assert (body.get("msgtype") or body.get("msg_type")) == "text"


def test_dingtalk_is_signed_in_the_address_with_milliseconds() -> None:
    with answering(OK["dingtalk"]) as (url, server):
        say(Robot("dingtalk", f"{url}/robot/send?access_token=t", SECRET), "x", NOW)
    query = parse_qs(urlsplit(server.took[0][0]).query)
    assert query["access_token"] == ["t"]
    assert query["timestamp"] == [str(NOW * 1000)]
    message = f"{NOW * 1000}\n{SECRET}".encode()
    assert query["sign"] == [b64encode(hmac.digest(SECRET.encode(), message, sha256)).decode()]


def test_feishu_is_signed_in_the_body_with_seconds_and_an_empty_message() -> None:
    with answering(OK["feishu"]) as (url, server):
        say(Robot("feishu", f"{url}/hook/t", SECRET), "x", NOW)
    body = server.took[0][1]
    assert body["timestamp"] == str(NOW)
    key = f"{NOW}\n{SECRET}".encode()
    assert body["sign"] == b64encode(hmac.digest(key, b"", sha256)).decode()


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, False),
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, True),
        ({"errcode": 310000, "errmsg": "sign not match"}, False),
        ({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, True),
        ({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, False),
        ({"code": 11232, "msg": "frequency limited psm"}, True),
        ({"code": 9499, "msg": "Bad Request", "data": {}}, False),
        ({"StatusCode": 0, "code": 19024, "msg": "Key Words Not Found"}, False),
        (b"<html>gateway</html>", True),
        ({}, True),
    ],
)
def test_what_counts_is_the_code_in_the_body(answer: object, again: bool) -> None:
    with answering(answer) as (url, _), pytest.raises(Undelivered) as found:
        say(Robot("wecom", f"{url}/send?key=secret-key", "secret-secret"), "x", NOW)
    assert found.value.permanent is not again
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (429, True), (404, False), (302, False)]
)
def test_a_server_in_trouble_is_asked_again_and_a_redirect_is_never_followed(
    status: int, again: bool
) -> None:
    with answering(b"", status) as (url, server), pytest.raises(Undelivered) as found:
        say(Robot("wecom", f"{url}/send?key=secret-key"), "x", NOW)
    assert found.value.permanent is not again
    assert len(server.took) == 1
    assert "secret" not in str(found.value)


def test_where_nobody_listens_it_is_tried_again_and_the_address_is_not_told() -> None:
    with pytest.raises(Undelivered) as found:
        say(Robot("wecom", "http://127.0.0.1:9/send?key=secret-key"), "x", NOW)
    assert not found.value.permanent
    assert "secret" not in str(found.value)


@pytest.mark.parametrize("vendor", OK)
def test_a_text_is_cut_at_whole_lines_by_its_octets(vendor: Vendor) -> None:
    lines = [f"{number}. 召开反诈主题班会｜护理学院" for number in range(2000)]
    text = fitted(lines, vendor, "另有{}项")
    assert len(text.encode()) <= LIMITS[vendor]
    *kept, last = text.split("\n")
    assert kept == lines[: len(kept)]
    assert last == f"另有{2000 - len(kept)}项"
    assert len((text + lines[len(kept)]).encode()) > LIMITS[vendor] - 60
    assert fitted(lines[:3], vendor, "另有{}项") == "\n".join(lines[:3])
