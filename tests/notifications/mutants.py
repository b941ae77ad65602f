"""Mails that no honest program writes, read in a process of their own under limits.

`python -m tests.notifications.mutants 2000` prints one line of JSON: how many were read, the most
CPU seconds that one took, the peak of memory in MiB. An exception or a broken rule ends it.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from notifications.incoming.reading import read_mail
from notifications.incoming.understanding import read_drafts
from notifications.incoming.values import Incoming

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
ON = date(2026, 11, 20)
MEMORY, SECONDS = 1024 * 1024 * 1024, 7200
"""What ends the process outright; the promise is far below."""

_TOKENS = (
    b"\r\n\r\n", b"\n", b"\0", b"\xff\xfe", b"--", b"=?gbk?B?", b"=?utf-8?Q?=E7=?=", b"%E7%",
    b"*0*=", b"boundary=", b"Content-Type: multipart/mixed; boundary=a\n\n--a\n", b'From: "',
    b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n", b"\x1b$B",
    b"Auto-Submitted: ", b"<blockquote type=cite>", b"<!--", b"&#99999999999999;", b"\xe2\x80\xae",
    b"Status: 5.1.1\n", b"PK\x05\x06", "写道：\n> ".encode(), "发案数：".encode("gb18030"),
    "发件人：\n发送时间：\n主题：\n".encode(), "23/25 延期至99月99日".encode(),
)  # fmt: skip


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """`count` damaged copies of the mails, the same for the same seed."""
    random = Random(seed)
    raws = [path.read_bytes() for path in MAILS]
    for _ in range(count):
        raw = bytearray(random.choice(raws))
        for _ in range(random.randint(1, 6)):
            _damage(raw, random, raws)
        yield bytes(raw[: 512 * 1024])


def _damage(raw: bytearray, random: Random, raws: list[bytes]) -> None:
    at, other = random.randrange(len(raw) + 1), random.randrange(len(raw) + 1)
    start, end = min(at, other), max(at, other)
    kind = random.randrange(8)
    if kind == 0:
        raw[at:at] = random.choice(_TOKENS) * random.choice((1, 1, 2, 50, 2000))
    elif kind == 1 and raw:
        raw[at % len(raw)] = random.randrange(256)
    elif kind == 2:
        del raw[start : min(end, start + random.choice((1, 20, 2000)))]
    elif kind == 3:
        raw[at:at] = raw[start : min(end, start + 3000)] * random.choice((1, 3, 30))
    elif kind == 4:
        donor = random.choice(raws)
        cut = random.randrange(len(donor))
        raw[at:at] = donor[cut : cut + random.choice((30, 3000, 30000))]
    elif kind == 5:
        raw[:] = raw.replace(b"\r\n", random.choice((b"\n", b"\r", b"\n\n", b"\r\r\n")))
    elif kind == 6:
        raw[at:at] = random.randbytes(random.choice((1, 40, 4000)))
    else:
        del raw[at:]


def hostile(size: int) -> Iterator[bytes]:
    """Mails built to cost time or memory, each of about `size` octets."""
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(99))
    yield b"".join(levels) + b"\nx" * size
    mixed, page = b"Content-Type: multipart/mixed; boundary=x\n\n", b"Content-Type: text/html\n\n"
    for start, again, end in (
        (b"", b"Content-Type: message/rfc822\n\n", b""),
        (mixed, b"--x\n\nA\n", b""),
        (mixed + b"--x\n", b"--x", b""),
        (b"Subject: ", b"=?gbk?B?", b"\n\nx"),
        (b"Subject:", b"\n a", b"\n\nx"),
        (b"From: ", b'"<a@b.example>",', b"\n\nx"),
        (b'From: "', b"\xe4", b"\n\nx"),
        (b"References: ", b"<a@b.example> ", b"\n\nx"),
        (b"", b"A", b""),
        (b"Content-Disposition: attachment", b"; filename*1*=%E7", b"\n\nx"),
        (b'Content-Type: text/plain; name="', b"\xe7\x8a", b"\n\nx"),
        (b"Content-Type: text/plain; format=flowed\n\n", b"a \n", b""),
        (b"Content-Type: text/plain; charset=punycode\n\n", b"\xe7a", b""),
        (b"Content-Disposition: attachment; filename=a.zip\n\nPK\x03\x04",
         b"PK\x01\x02" + b"\0" * 42, b"PK\x05\x06\0\0\0\0\x10\x10\x10\x10\0\0\x04\0\0\0\0\0\0\0"),
        *((page, tag, b"") for tag in _TAGS),
    ):  # fmt: skip
        yield start + again * (size // len(again)) + end
    for text in _PHRASES:
        body = text.encode() * (size // len(text.encode()))
        yield b"Content-Type: text/plain; charset=utf-8; format=flowed\n\n" + body
        yield b"Return-Path: <>\nFrom: mailer-daemon@b.example\nSubject: failure\n\n" + body


_TAGS = (
    b"<div>", b"<blockquote type=cite>", b"<!--", b"<script>", b"<", b"<a ", b"&#99999", b"<br>",
    b"<a href='", b"<td>1</td>", b"<style", b"&amp",
    b"<a href=http://mail.qq.com/ftn/download>a.zip</a>", b"<img src=data:image/png;base64,QUJD>",
    b"data:image/png;",
)  # fmt: skip
_PHRASES = (
    "写道：\n", "发件人：\n", "在 2026-11-20 15:05 ", "> ", ">\n", "-----\n", "1,", "因", "一", " ",
    "=== 请在此行以上回复", "http://mail.qq.com/ftn/download?a.zip ",
    "23/25 ", "应到1", "延期", "\n",
    "已", "。", "a@b.example ", "unknown user 5.1.1 ", "quota ", "不属于我单位", "\xa0", "通过，",
    "发自我的iPhone\n",
)  # fmt: skip


def _large() -> Iterator[bytes]:
    """An honest attachment of 26 MB."""
    head = b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.zip\n\n"
    yield head + (b"QUJD" * 19 + b"\r\n") * 450_000


def hold_to_the_rules(mail: Incoming) -> None:
    """What must be true of any bytes: text that can be stored, names that can be shown."""
    names = [file.name for file in mail.files]
    for text in (mail.subject, mail.text, mail.answer, mail.why, *names):
        text.encode()
    assert "\0" not in mail.text
    assert all(name and len(name) <= 190 and not set(name) & set("/\\\0\n") for name in names)
    for review in (False, True):
        for draft in read_drafts(mail.answer, ON, (), review):
            assert mail.answer[draft.quote.start : draft.quote.end] == draft.quote.text


def main() -> None:
    """Read them all under the limits, and say how it went."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    worst, read = 0.0, 0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[1])
    for source in (hostile(min(100 * count, 2_000_000)), _large(), mutants(count, seed)):
        for raw in source:
            before = time.process_time()
            hold_to_the_rules(read_mail(raw))
            spent = time.process_time() - before
            worst, read = max(worst, spent), read + 1
            if len(sys.argv) > 3 and spent > float(sys.argv[3]):
                print(f"{spent:.2f} s: {raw[:120]!r} ({len(raw)})", file=sys.stderr)
    peak = int(re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[0]) // 1024
    print(json.dumps({"read": read, "seconds": round(worst, 2), "mebibytes": peak}))


if __name__ == "__main__":
    main()
