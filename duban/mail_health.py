"""How the post stands: the relay lets us in, the DNS speaks for us, a letter to oneself arrives."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from secrets import token_hex

from sqlalchemy import Engine

from notifications import mime
from notifications.dkim import Signer, signed
from notifications.domain_records import Records, Silent, look_up
from notifications.imap import Account, Unreadable, open_mailbox
from notifications.smtp import Undelivered, probe
from office import brake, clockguard
from office.bounce_tags import bounce_address
from office.carriers import open_carrier, server_of, signer_of
from office.settings import Inbox, Mail, Settings
from responsibilities.words import Refused, Words
from storage.engine import reading

ARRIVES = 120.0
"""Seconds that a letter to oneself may take."""
_LOOK = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` is what to do, None when all is well."""

    name: str
    seen: Words
    remedy: Words | None = None


def held_back(db: Engine) -> Iterator[Finding]:
    """What keeps letters from leaving until somebody looks."""
    with reading(db) as connection:
        plans = "、".join(sorted(brake.held(connection)))
    if plans:
        seen = Words(f"方案 {plans} 的信函已暂停发送", f"the letters of {plans} are held back")
        yield Finding("storm", seen, _RELEASE)
    stopped = clockguard.frozen(db)
    seen = Words("时钟已跳动，全部停止", "the clock has jumped: everything stands still")
    well = Words("时钟正常", "the clock is believed")
    yield Finding("clock", seen if stopped else well, _RELEASE if stopped else None)


_RELEASE = Words(
    "请核对；确认无误后运行 duban mail --release。",
    "Look into it; if all is in order, run duban mail --release.",
)


def relay_and_domain(settings: Settings) -> Iterator[Finding]:
    """The relay's door and the domain's records; nothing where letters go into a Maildir."""
    mail = settings.mail
    if not mail.host:
        return
    yield _login(mail)
    try:
        by = signer_of(mail)
    except Refused as refused:
        yield Finding("dkim", Words("DKIM 私钥", "the DKIM key"), refused.words)
        return
    domain = mail.sender.rpartition("@")[2].lower()
    try:
        found = look_up(domain, by, mail.nameserver)
    except Silent as silent:
        seen = Words(f"域名服务器没有回答（{silent}）", f"no nameserver answers ({silent})")
        remedy = Words("请检查网络和域名服务器。", "Check the network and its nameservers.")
        yield Finding("dns", seen, remedy)
        return
    yield from _domain(found, by)


def _login(mail: Mail) -> Finding:
    try:
        asyncio.run(probe(server_of(mail)))
    except Undelivered as refusal:
        return Finding(
            "relay", Words("发信服务器无法使用", "the relay is of no use"), refusal.words
        )
    return Finding("relay", Words("发信服务器可以登录", "the relay lets us in"))


def _domain(found: Records, by: Signer | None) -> Iterator[Finding]:
    name = found.domain
    yield Finding(
        "from",
        Words(f"发信域名 {name}", f"the sender's domain {name}"),
        None if found.mx else Words(
            f"{name} 在 DNS 中既无 MX 也无 A 记录，收件方会拒收；请核对 mail.sender。",
            f"{name} has neither MX nor A in the DNS, so others refuse it; see mail.sender.",
        ),
    )  # fmt: skip
    yield Finding(
        "spf",
        Words(f"SPF {'；'.join(found.spf) or '无'}", f"SPF {'; '.join(found.spf) or 'none'}"),
        None if found.spf_is_strict else Words(
            f"请为 {name} 设一条（只一条）SPF 记录，列出发信服务器，以 -all 或 ~all 结尾。",
            f"Give {name} one SPF record that names the relay and ends in -all or ~all.",
        ),
    )  # fmt: skip
    yield _dkim(found, by)
    aligned = Words(
        f"请设 _dmarc.{name} 的 TXT 记录，如 v=DMARC1; p=none"
        "（发信地址与 SPF、DKIM 同域，即为一致）。",
        f"Set a TXT record at _dmarc.{name}, e.g. v=DMARC1; p=none (our sender's domain is that of "
        "SPF and DKIM, so they align).",
    )
    said = "；".join(found.dmarc)
    seen = Words(f"DMARC {said or '无'}", f"DMARC {said or 'none'}")
    yield Finding("dmarc", seen, None if len(found.dmarc) == 1 else aligned)


def _dkim(found: Records, by: Signer | None) -> Finding:
    if by is None:
        return Finding("dkim", Words("DKIM 由发信服务器签署", "DKIM is the relay's to sign"))
    right = found.dkim_is(by)
    place = f"{by.selector}._domainkey.{by.domain}"
    return Finding(
        "dkim",
        Words(f"DKIM {place}", f"DKIM {place}"),
        None if right else Words(
            f"请把 {place} 的 TXT 记录设为：{by.record}",
            f"Set the TXT record of {place} to: {by.record}",
        ),
    )  # fmt: skip


def letter_to_oneself(settings: Settings, now: datetime, wait: float = ARRIVES) -> Finding:
    """Send one to our own address and wait until it is in the inbox."""
    mail, inbox = settings.mail, settings.inbox
    if not (mail.host and inbox.host):
        return Finding(
            "send",
            Words("未能试发", "nothing was sent"),
            Words("试发需要设置 mail.host 和 inbox.host。", "Set mail.host and inbox.host first."),
        )
    message_id = f"<test.{token_hex(8)}@{mail.sender.rpartition('@')[2]}>"
    try:
        asyncio.run(_send(mail, message_id, now))
        arrived = _arrives(inbox, message_id, wait)
    except (Undelivered, Unreadable, Refused) as refused:
        return Finding("send", Words("试发未成功", "the test letter failed"), refused.words)
    if arrived:
        return Finding("send", Words("试发的信函已收到", "the test letter has arrived"))
    return Finding(
        "send",
        Words("试发的信函没有收到", "the test letter has not arrived"),
        Words(
            f"已送出，但 {wait:.0f} 秒内未进入收信邮箱；请查看垃圾邮件文件夹和服务器日志。",
            f"It left, but was not in the inbox within {wait:.0f} seconds; see the junk folder and "
            "the server's log.",
        ),
    )


async def _send(mail: Mail, message_id: str, now: datetime) -> None:
    fields = (
        f"Message-ID: {message_id}\r\nDate: {format_datetime(now)}\r\n".encode("ascii"),
        mime.mailbox("From", mail.sender_name, mail.sender),
        mime.mailbox("To", "", mail.sender),
        mime.header("Subject", "督办系统试发 / Duban test"),
        b"Auto-Submitted: auto-generated\r\n",
    )
    text = mime.text_part("plain", "督办系统试发，请忽略。\nA test by duban doctor; ignore it.")
    message = mime.joined(fields, text)
    by = signer_of(mail)
    if by is not None:
        message = signed(message, by, int(now.timestamp()))
    async with open_carrier(mail) as carrier:
        sender = bounce_address(mail.sender, mail.bounce_delimiter, 0, message)
        await carrier.send(sender, mail.sender, message_id, message)


def _arrives(inbox: Inbox, message_id: str, wait: float) -> bool:
    account = Account(
        inbox.host, inbox.imap_port, inbox.tls, inbox.login, inbox.password, inbox.folder
    )
    end = time.monotonic() + wait
    while True:
        with open_mailbox(account) as mailbox:
            if mailbox.holds(message_id):
                return True
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK)
