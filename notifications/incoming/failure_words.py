"""The words in which servers say why a mail did not arrive, most of them without a usable code."""

import re

from notifications.incoming.values import BounceKind


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_WHO = r"(?:user|recipient|mailbox|address|account|addressee|alias|person|e-?mail|inbox|domain)"
_FULL = _any(
    r"(?:over|exceed\w*|out of|beyond) .{0,30}quota",
    r"quota.{0,30}(?:exceed|full|reach)",
    r"disk quota",
    r"mail ?(?:box|folder|directory).{0,20}(?:is |was )?full",
    r"user is over",
    r"exceeded storage",
    r"(?:disk|storage|mailbox) .{0,20}(?:full|exceed)",
    r"(?:insufficient|not enough) .{0,10}(?:storage|space)",
    r"空间已满",
    r"容量(?:不足|已满)",
    r"邮箱已?满",
    r"超出?过?.{0,6}(?:容量|空间)",
    r"メールボックスが一杯",
)
_UNKNOWN = _any(
    rf"{_WHO}s?(?: \S{{1,80}}){{0,2}}?(?: is| are| was| has been)?(?: temporar\w+)?[ :-]{{0,2}}"
    r"(?:unknown|not known|not found|invalid|does(?: no|n')t exist|not exist|not listed|disabled"
    r"|inactive|unavailable|no longer|not a valid|suspended|not local|undeterminable|frozen"
    r"|not recogni[sz]ed|non[- ]?exist\w*|blocked|locked|deactivated|closed|terminated)",
    r"(?:unknown|invalid|no such|bad|non-?existent|no valid|not a known|not a valid|illegal"
    rf"|disabled|unroutable|unrouteable) ?(?:\w+ ){{0,2}}(?:{_WHO}|host|name)",
    r"no mailbox|mailbox not found",
    r"does(?: no|n')t have an? .{0,30}account",
    r"not our customer|user not in|resolver\.adr",
    r"recipient address(?:es)? rejected ?(?:: access denied|\.?$)",
    r"host(?: or domain name)?(?: \S{1,80})? (?:not found|unknown)",
    r"name service error|dns lookup failure|domain is not reachable|no such domain",
    r"couldn't find any host|non-?existent (?:hosts?|domain)",
    r"not found in .{0,30}directory",
    r"no longer (?:valid|available|active|works|employed)",
    r"(?:用户|收件人|帐号|账号|邮箱|地址)\S{0,12}(?:不存在|无效|停用|注销|未找到|找不到|被冻结)",
    r"不存在该用户|找不到(?:用户|收件人|该邮箱)|域名不存在",
)
_POLICY = _any(
    r"domain of sender|sender (?:address|domain|verif)\w*|reverse",
    r"black ?list|spamhaus|query/bl|spam|relay",
    r"at a rate|too many recipients",
    r"(?:ip|sender|message) .{0,20}(?:blocked|rejected)",
    r"反垃圾|发信(?:人|ip)",
)
_EXPIRED = _any(
    r"timed? ?out|retry (?:time|limit)|expired|too long|long time|maximum (?:time|retr)|attempts",
    r"not delivered within|unable to connect|connection (?:refused|dropped|reset)",
    r"refused to talk|conversation with|lost connection|requests to connect|socket error",
    r"连接失败|超时|多次(?:尝试|重试)",
)
DELAYED = _any(
    r"will (?:keep|continue|retry|be retried|try)|still trying|has not yet been|not yet been",
    r"delayed \d|warning: (?:could|message)|warning message only|no action is required",
    r"temporary problem|do not (?:need to )?re-?send",
    r"仍将继续|继续(?:尝试|重试|投递)|稍后(?:重试|再)|延迟投递",
)
FAILED = _any(
    r"undeliver|not (?:be )?deliver|(?:fail|return|reject|refus|bounce)(?:ed|ure|s)|permanent",
    r"error|unable to (?:deliver|relay)|could ?n[o']t|\b5\d\d[ -]",
    r"退信|退回|失败|无法(?:投递|送达|发送)|拒收|拒绝",
)
COPY = re.compile(
    r"^.{0,40}(?:copy of (?:the|your) message|original message(?! was)|original headers"
    r"|return-path:|message headers? follow|unsent message|returned message|-- message header"
    r"|message text follows|原邮件信息|原始邮件)",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a report goes on with the mail that it is about."""
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_TELLING = (STATUS, _UNKNOWN, _FULL, _EXPIRED, FAILED)

_UNKNOWN_CODES = frozenset(
    {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.0.1"}
)
_EXPIRED_CODES = frozenset({"5.4.1", "5.4.2", "5.4.6", "5.4.7", "5.4.14"})
_SAY_NOTHING = (".0.0", ".5.0", ".1.0")


def why(status: str, said: str, text: str = "") -> BounceKind:
    """The kind of a final failure, by the server's words, then its code (RFC 3463), then prose."""
    return by_words(said) or _by_code(status) or by_words(text[:5000]) or BounceKind.REFUSED


def by_words(said: str) -> BounceKind | None:
    """What the words say; None where they say nothing known."""
    said = " ".join(said.split())
    if _FULL.search(said):
        return BounceKind.MAILBOX_FULL
    if _POLICY.search(said):
        return BounceKind.REFUSED
    if _UNKNOWN.search(said):
        return BounceKind.UNKNOWN_USER
    return BounceKind.EXPIRED if _EXPIRED.search(said) else None


def _by_code(status: str) -> BounceKind | None:
    if status.endswith(".2.2"):
        return BounceKind.MAILBOX_FULL
    if status in _UNKNOWN_CODES:
        return BounceKind.UNKNOWN_USER
    if status.startswith("4.") or status in _EXPIRED_CODES:
        return BounceKind.EXPIRED
    return BounceKind.REFUSED if status and status[1:] not in _SAY_NOTHING else None


def telling_line(text: str) -> str:
    """The line that says why, for the record."""
    for pattern in _TELLING:
        found = pattern.search(text)
        if found:
            start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
            return " ".join(text[start : end if end >= 0 else None].split())[:500]
    return ""
