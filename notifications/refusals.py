"""What a relay's answer means: try again, give up this letter, or stop and alarm (promise P9)."""

import re
import ssl
from dataclasses import dataclass
from typing import Literal, Self

import aiosmtplib

from responsibilities.words import Words

Stage = Literal["connect", "auth", "mail", "rcpt", "data"]

STAGES: dict[Stage, Words] = {
    "connect": Words("连接邮件服务器", "connecting to the mail server"),
    "auth": Words("登录邮件服务器", "logging in to the mail server"),
    "mail": Words("提交发件地址", "giving the sender's address"),
    "rcpt": Words("提交收件地址", "giving the recipient's address"),
    "data": Words("提交邮件正文", "handing over the letter itself"),
}

# QQ, NetEase and others answer 5xx where they mean "too fast": that is a reason to wait.
_TOO_FAST = re.compile(
    r"频率|频繁|过快|too (?:many|much|fast)|rate.?limit|frequency|limit exceeded|quota exceeded"
    r"|try (?:again )?later|throttl",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"mailbox|user|recipient|account|inbox|邮箱|用户|收件", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a refusal; all False: the same letter is tried again later."""

    permanent: bool = False
    """This letter is refused for good: no retry, the office is told the same day."""
    hold: bool = False
    """Refused for what it says: other letters to this domain wait until the office has looked."""
    stop: bool = False
    """It is about us, not the letter: nothing leaves until a person mends it; alarm."""
    uncertain: bool = False
    """The relay may have accepted it: a retry may be a second copy (same bytes, same id)."""


RETRY = Verdict()
PERMANENT = Verdict(permanent=True)
PERMANENT_AND_HOLD = Verdict(permanent=True, hold=True)
STOP = Verdict(stop=True)
UNCERTAIN = Verdict(uncertain=True)

_FOR_GOOD: dict[Stage, Verdict] = {
    "connect": RETRY,  # block lists and maintenance greet with 554 and pass
    "auth": STOP,
    "mail": STOP,  # nothing of the letter is known yet but our own address
    "rcpt": PERMANENT,
    "data": PERMANENT_AND_HOLD,
}


def judge(stage: Stage, code: int, reply: str) -> Verdict:
    """The verdict on an answer of the relay; sources: RFC 5321 4.2, RFC 4954, domain.md 4.4."""
    if not 500 <= code < 600:
        return RETRY
    if code in (530, 534, 535, 538):
        return STOP
    if stage != "auth" and _TOO_FAST.search(reply) and not (code == 552 or _full(stage, reply)):
        return RETRY
    if stage == "mail" and code == 552:  # longer than the SIZE the relay takes
        return PERMANENT
    return _FOR_GOOD[stage]


def _full(stage: Stage, reply: str) -> bool:
    """A full mailbox is the recipient's matter, however the relay words it."""
    return "quota" in reply.lower() and stage in ("rcpt", "data") and bool(_MAILBOX.search(reply))


class Undelivered(Exception):
    """A letter that the relay did not take. `words` is the sentence for the office."""

    def __init__(self, stage: Stage, code: int | None, reply: str, verdict: Verdict) -> None:
        self.stage: Stage = stage
        self.code = code
        self.reply = _shown(reply)
        self.permanent = verdict.permanent
        self.hold = verdict.hold
        self.stop = verdict.stop
        self.uncertain = verdict.uncertain
        self.words = _say(stage, code, self.reply, verdict)
        super().__init__(f"{self.words.zh} / {self.words.en}")

    @classmethod
    def answered(cls, stage: Stage, code: int, reply: str) -> Self:
        """The relay said no, with a code."""
        return cls(stage, code if code > 0 else None, reply, judge(stage, code, reply))

    @classmethod
    def broken(cls, stage: Stage, error: Exception, uncertain: bool = False) -> Self:
        """The connection failed, timed out, or the relay cannot do what is asked of it.

        `uncertain`: it broke when the whole letter was sent and not yet answered.
        """
        verdict = UNCERTAIN if uncertain else _judge_failure(error)
        return cls(stage, None, str(error) or type(error).__name__, verdict)


def _judge_failure(error: Exception) -> Verdict:
    if _is_tls(error):
        return STOP
    lost = isinstance(error, OSError | TimeoutError | aiosmtplib.SMTPServerDisconnected)
    # What is left is "no STARTTLS here", "no AUTH here": never downgrade, never guess.
    return RETRY if lost else STOP


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__
    return False


def _shown(reply: str) -> str:
    """The relay's own words, as one printable line of bounded length."""
    printable = "".join(c if c.isprintable() else " " for c in reply)
    return " ".join(printable.split())[:300]


def _say(stage: Stage, code: int | None, reply: str, verdict: Verdict) -> Words:
    answer = f"{code} {reply}" if code else reply
    then = _consequence(verdict)
    return Words(
        f"{STAGES[stage].zh}时未成功（{answer}）。{then.zh}",
        f"Failed while {STAGES[stage].en} ({answer}). {then.en}",
    )


def _consequence(verdict: Verdict) -> Words:
    if verdict.stop:
        return Words(
            "全部邮件已暂停发送，请系统管理员检查邮件服务器的地址、账号、授权码和证书。",
            "All mail is stopped; the administrator should check server, account and certificate.",
        )
    if verdict.hold:
        return Words(
            "该邮件不再重发，发往同一域名的其他邮件暂缓，请办公室查明拒收原因。",
            "It is not sent again, and letters to this domain wait until the office has looked.",
        )
    if verdict.permanent:
        return Words(
            "该邮件不再重发，请办公室核对收件地址，并以其他方式通知该单位。",
            "It is not sent again; check the address and tell the unit by other means.",
        )
    if verdict.uncertain:
        return Words(
            "邮件服务器可能已收下，稍后将以相同编号重发。",
            "The server may have taken it; it is sent again later under the same Message-ID.",
        )
    return Words("稍后将自动重发。", "It is sent again later.")
