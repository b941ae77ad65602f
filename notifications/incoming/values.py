"""What one incoming mail is: its nature, who says to have sent it, its words, its files."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from responsibilities.words import Words


class Nature(StrEnum):
    """What kind of mail it is. Only ANSWER can ever change a task."""

    ANSWER = "answer"
    """A person wrote it, as far as can be told."""
    AUTO_REPLY = "auto_reply"
    """A machine answered (RFC 3834): 您的来信已收到."""
    OUT_OF_OFFICE = "out_of_office"
    """The machine says that nobody will read it now: the deputy is asked instead."""
    LIST = "list"
    """A mailing list or bulk mail."""
    BOUNCE = "bounce"
    """A mail of ours did not arrive, or has not yet; see `Incoming.bounces`."""
    RECEIPT = "receipt"
    """Read (RFC 8098) or delivered (RFC 3464): says nothing about the matter."""
    OWN_LOOP = "own_loop"
    """A letter of ours that came back to us."""


class BounceKind(StrEnum):
    """Why a mail of ours did not arrive. All but DELAYED are final."""

    UNKNOWN_USER = "unknown_user"
    """No such mailbox, or it is closed (5.1.x, 5.2.1): the address is wrong."""
    MAILBOX_FULL = "mailbox_full"
    """5.2.2, 4.2.2 given up: the address is right."""
    REFUSED = "refused"
    """Refused for good for another reason: policy, content, size."""
    EXPIRED = "expired"
    """Given up after retries (4.x.x): host down, network, quota of the hour."""
    DELAYED = "delayed"
    """Still being tried; not a failure."""


class Mailbox(NamedTuple):
    """An address as a header gives it; nothing about it is proven."""

    name: str
    address: str
    """Lower case, as far as it is one; may be empty."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a mail of ours did not reach."""

    address: str
    """Lower case; empty where the report does not say."""
    kind: BounceKind
    status: str = ""
    """Enhanced status code (RFC 3463), `5.1.1`; empty where there is none."""
    diagnostic: str = ""
    """What the other server said, on one line."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One attached or inline file, whole. The guess and the remarks never drop it."""

    name: str
    """As a person would read it, without folders; made up (附件1.pdf) where there is none."""
    data: bytes
    media_type: str
    """By content, where the content tells; else as declared."""
    declared: str
    """The media type that the mail claims."""
    raw_name: bytes = b""
    """The header's own bytes of the name, should the reading be doubted."""
    inline: bool = False
    """Shown within the text (Content-ID, Content-Disposition: inline)."""
    decoration: bool = False
    """A guess: a logo or tracking pixel of a signature rather than evidence. Shown, not dropped."""
    within: str = ""
    """Name of the nested mail that it came in; empty at the top."""
    remarks: tuple[Words, ...] = ()
    """What a person should know before opening it: empty, macros, encrypted, winmail.dat."""


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A 超大附件 or 云附件: a link that expires. Never evidence, never fetched."""

    provider: str
    """qq, exmail, netease, coremail, aliyun, pan (a public cloud disk) or other."""
    name: str
    """File name where the mail shows it, else empty."""
    url: str
    size: str
    """As shown, `128.03M`; else empty."""
    expires: str
    """As shown, `2020年11月27日 21:59`; else empty."""

    @property
    def remark(self) -> Words:
        """What to tell whoever sent it."""
        name = f"“{self.name}”" if self.name else ""
        called = f" {self.name!r}" if self.name else ""
        until = f"（链接将于{self.expires}失效）" if self.expires else "（链接会失效）"
        return Words(
            f"超大附件{name}未归档{until}，不计为佐证材料。请压缩或分次以普通附件发送。",
            f"The linked file{called} was not archived (the link expires) and does not count as"
            " evidence. Please send it as an ordinary attachment, compressed or in several mails.",
        )


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail as read. Every header is a claim of the sender; nothing here is proven."""

    nature: Nature
    why: str
    """What decided the nature: the header or the words, for the record (`Auto-Submitted: …`)."""
    message_id: str
    """With angle brackets; empty where missing."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """Message-IDs, oldest first, without those of `in_reply_to` that stand nowhere else."""
    subject: str
    date: datetime | None
    """Of the Date header, aware, in the sender's own zone; None where it cannot be read."""
    from_: tuple[Mailbox, ...]
    """All of From: an honest mail has exactly one."""
    sender: Mailbox | None
    """Of the Sender header."""
    return_path: str | None
    """Envelope sender as the last server noted it; empty string for `<>`; None where unknown."""
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    """To, Cc, Delivered-To, X-Original-To, Envelope-To and their like, without repeats."""
    authentication_results: tuple[str, ...]
    """Every Authentication-Results header, unfolded, topmost first; trust is not decided here."""
    tokens: tuple[str, ...]
    """What stands after `+` in the recipients' local parts: `duban+TOKEN@` gives `TOKEN`."""
    numbers: tuple[str, ...]
    """Task numbers in the subject, normalised: 督办〔2026〕12号."""
    text: str
    """The whole text, always; of an HTML-only mail what its HTML says."""
    answer: str
    """What stands above our letter and outside quotations: a view of `text`."""
    trimmed_by: str
    """The rule that cut `answer` from `text`; empty where nothing was cut."""
    files: tuple[IncomingFile, ...]
    links: tuple[LinkedFile, ...]
    bounces: tuple[Bounce, ...]
    """For BOUNCE: each address and why."""
    returned: tuple[str, ...]
    """For BOUNCE and RECEIPT: Message-IDs of the letters that it is about."""
    understood: bool
    """False: the structure could not be followed to the end; a person should look at the raw."""
    remarks: tuple[Words, ...] = ()
    """What a person should know: unreadable characters, parts too deep, too many files."""
