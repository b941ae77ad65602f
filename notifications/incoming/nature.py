"""A person's answer, or a machine's: decided by headers first, by words second.

RFC 3834 for what answers by itself, RFC 8098 for receipts, and the words that QQ Mail, NetEase,
Coremail, Exchange and Foxmail put where the standards ask for a header.
"""

import re
from collections.abc import Sequence, Set

from notifications.incoming.mime_parts import Headers, Leaf
from notifications.incoming.values import Bounce, Mailbox, Nature

_AUTOMATIC = re.compile(
    r"[\[【(（]?\s*(?:自动(?:回复|答复|应答)|假期(?:自动)?回复|休假(?:通知|自动)|外出(?:通知|自动)|邮件自动"
    r"|Auto(?:matic(?:ally)?|mated)?[- ]?(?:reply|response|replied|responder|answer)"
    r"|Out[- ]of[- ](?:the )?office|Vacation (?:reply|response)|OOO\b)",
    re.IGNORECASE,
)
_AUTOMATIC_BODY = re.compile(
    r"这是(?:来自|一封|由)?.{0,12}自动(?:回复|答复|发送)"
    r"|(?:此|本)(?:邮件|信)(?:为|是|由系统)自动(?:回复|答复)"
    r"|This is an automat(?:ed|ic) (?:reply|response)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"外出|休假|出差|不在(?:办公室|岗|单位)|年假|请假|病假|产假|婚假|探亲|假期|度假|调离|离岗|轮岗|离职"
    r"|out of (?:the )?office|on (?:\w+ )?leave|away from|vacation|holiday|\bOOO\b",
    re.IGNORECASE,
)
_READ = re.compile(
    r"(?:已读(?:回执)?|阅读回执|邮件回执|回执|未读|Read|Not read|Read[- ]receipt|Return receipt"
    r"|Disposition[- ]notification)\s*[:：(（]",
    re.IGNORECASE,
)
_READ_BODY = re.compile(r"阅读|回执|已读|was (?:read|displayed)|receipt", re.IGNORECASE)
_RECEIPTS = frozenset({"message/disposition-notification", "message/delivery-status"})
_FAILED_SUBJECT = re.compile(
    r"退信|退回|投递(?:失败|状态|延迟)|(?:发送|送达)(?:失败|延迟)|无法(?:投递|送达)|未送达|延迟投递"
    r"|undeliver|deliver(?:y|ed|able)|returned (?:mail|to sender)|failure notice"
    r"|mail (?:system )?error|mail failure|エラー|could not be|non remis|unzustell",
    re.IGNORECASE,
)
_TALK = re.compile(r"\s*(?:回复|答复|转发|Re|Fwd?)\s*[:：]", re.IGNORECASE)
_DAEMON = re.compile(r"mailer[-_ ]?daemon|mail[-_ ]?daemon|post_?master|mdaemon|mail.?deliver")
NULL_SENDER = "Return-Path: <>"
"""What decided the nature where nothing but the null sender tells that a machine wrote it."""
_AUTO_HEADERS = (
    "x-autoreply", "x-autorespond", "x-autoreply-from", "x-autoresponder", "x-auto-reply",
    "x-mail-autoreply", "x-ms-exchange-generated-message-source",
)  # fmt: skip


def is_own(headers: Headers, from_: Sequence[Mailbox], own: Set[str]) -> bool:
    """A letter of ours that came back. A person may write from the same mailbox; no letter does
    so without saying that a machine made it.
    """
    return _submitted(headers) != "" and any(box.address in own for box in from_)


def may_be_bounce(
    headers: Headers, from_: Sequence[Mailbox], return_path: str | None, subject: str
) -> bool:
    """Is it worth looking for a report of failure: a null sender, a daemon, or such a subject?"""
    senders = " ".join(f"{box.name} {box.address}" for box in from_).lower()
    return (
        return_path == ""
        or bool(_DAEMON.search(senders))
        or "x-failed-recipients" in headers
        or _report_type(headers) == "delivery-status"
        or bool(_FAILED_SUBJECT.search(subject) and not _TALK.match(subject))
    )


def _report_type(headers: Headers) -> str:
    found = re.search(
        rb"report-type\s*=\s*\"?([\w-]+)", headers.first("content-type"), re.IGNORECASE
    )
    return found[1].decode("ascii").lower() if found else ""


def _submitted(headers: Headers) -> str:
    value = headers.text("auto-submitted").lower().partition(";")[0].strip()
    return "" if value == "no" else value


def nature(
    headers: Headers, leaves: Sequence[Leaf], subject: str, text: str, bounces: Sequence[Bounce],
    return_path: str | None,
) -> tuple[Nature, str]:  # fmt: skip
    """The nature of a mail that is not our own, and what decided it."""
    if bounces:
        return Nature.BOUNCE, f"{bounces[0].kind.value} {bounces[0].status}".strip()
    why = _receipt(leaves, subject, text)
    if why:
        return Nature.RECEIPT, why
    why = _automatic(headers, subject, text, return_path)
    if why:
        away = _AWAY.search(subject) or _AWAY.search(text[:2000])
        return (Nature.OUT_OF_OFFICE, f"{why}; {away[0]}") if away else (Nature.AUTO_REPLY, why)
    why = _bulk(headers)
    return (Nature.LIST, why) if why else (Nature.ANSWER, "")


def _receipt(leaves: Sequence[Leaf], subject: str, text: str) -> str:
    for leaf in leaves:
        if leaf.media_type in _RECEIPTS and not leaf.within:
            return f"Content-Type: {leaf.media_type}"
    if _READ.match(subject) and _READ_BODY.search(text[:1000]):
        return f"Subject: {subject[:80]}"
    return ""


def _automatic(headers: Headers, subject: str, text: str, return_path: str | None) -> str:
    submitted = _submitted(headers)
    report = _report_type(headers)
    if report:
        return f"Content-Type: multipart/report; {report}"
    if submitted:
        return f"Auto-Submitted: {submitted}"
    for name in _AUTO_HEADERS:
        value = headers.text(name).lower()
        if value and value not in ("no", "false"):
            return f"{name}: {value}"
    precedence = headers.text("precedence").lower()
    if precedence.startswith("auto"):
        return f"Precedence: {precedence}"
    if _AUTOMATIC.match(subject):
        return f"Subject: {subject[:80]}"
    found = _AUTOMATIC_BODY.search(text[:200])
    if found:
        return found[0]
    return NULL_SENDER if return_path == "" else ""


def _bulk(headers: Headers) -> str:
    for name in ("list-id", "list-post", "list-unsubscribe", "x-mailing-list", "feedback-id"):
        if name in headers:
            return f"{name}: {headers.text(name)}"
    precedence = headers.text("precedence").lower()
    return f"Precedence: {precedence}" if precedence in ("bulk", "list", "junk") else ""
