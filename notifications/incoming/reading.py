"""`read_mail`: what one incoming mail is and what is in it, whatever its bytes."""

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from notifications.incoming import envelope
from notifications.incoming.bounces import bounces_of, returned_ids
from notifications.incoming.charsets import Reading, decoded, plain
from notifications.incoming.files import PASTED, files_of, is_file
from notifications.incoming.flowed import unfolded
from notifications.incoming.hypertext import hypertext
from notifications.incoming.linked import linked_files, may_link
from notifications.incoming.mime_parts import Headers, Leaf, take_apart
from notifications.incoming.nature import is_own, may_be_bounce, nature
from notifications.incoming.quoting import trimmed
from notifications.incoming.values import Bounce, Incoming, Nature
from responsibilities.words import Words

LONGEST = 512 * 1024
"""Octets of one text part that are read, some 170,000 Chinese characters; the raw mail has all."""


class _Words(NamedTuple):
    text: str
    remarks: tuple[Words, ...]
    links: tuple[tuple[str, str], ...]
    """(address, words) of the links in HTML."""


def read_mail(raw: bytes, own: Set[str] = frozenset()) -> Incoming:
    """The mail, understood as far as it goes; never raises.

    `own`: the addresses that our letters come from, lower case.
    """
    headers, leaves, sound = take_apart(raw)
    words = words_of(leaves)
    kind = _kind(raw, headers, leaves, words.text, own)
    cut = trimmed(words.text)
    to = envelope.recipients(headers)
    subject = headers.text("subject")
    replied = envelope.message_ids(headers, "in-reply-to")
    earlier = envelope.message_ids(headers, "references")
    return Incoming(
        nature=kind.nature,
        why=kind.why,
        message_id=next(iter(envelope.message_ids(headers, "message-id")), ""),
        in_reply_to=replied,
        references=tuple(one for one in earlier if one not in replied),
        subject=subject,
        date=envelope.date_of(headers),
        from_=envelope.mailboxes(headers, "from"),
        sender=next(iter(envelope.mailboxes(headers, "sender")), None),
        return_path=envelope.return_path(headers),
        reply_to=envelope.mailboxes(headers, "reply-to"),
        to=to,
        authentication_results=envelope.results(headers),
        tokens=envelope.tokens(to),
        numbers=envelope.numbers(subject),
        text=words.text,
        answer=cut.answer,
        trimmed_by=cut.rule,
        files=files_of(leaves),
        links=linked_files(words.text, words.links),
        bounces=kind.bounces,
        returned=kind.returned,
        understood=sound,
        remarks=tuple(_remarks(words, cut.answer, sound)),
    )


def _remarks(words: _Words, answer: str, sound: bool) -> Iterator[Words]:
    yield from words.remarks
    if not sound:
        yield _UNSOUND
    if words.text.strip() and not answer:
        yield _NOTHING_ABOVE


_UNCERTAIN = Words(
    "正文的文字编码无法确定，可能有乱码，请以原邮件为准。",
    "The text's encoding could not be told for sure; see the raw mail.",
)
_TOO_LONG = Words(
    "正文过长，只读取了前一部分，请以原邮件为准。",
    "The text is too long; only its beginning was read; see the raw mail.",
)
_NOTHING_ABOVE = Words(
    "引用的邮件之上没有文字；如写在引用之内，请看全文。",
    "Nothing stands above the quoted letter; if it was written inside it, see the whole text.",
)
_UNSOUND = Words(
    "邮件结构不完整或过于复杂，可能有内容未能读出，请以原邮件为准。",
    "The mail's structure is broken or too deep; something may be missing; see the raw mail.",
)


class _Kind(NamedTuple):
    nature: Nature
    why: str
    bounces: tuple[Bounce, ...] = ()
    returned: tuple[str, ...] = ()


def _kind(raw: bytes, headers: Headers, leaves: Sequence[Leaf], text: str, own: Set[str]) -> _Kind:
    """Whether a person or a machine wrote it, and for reports what they are about."""
    subject, from_ = headers.text("subject"), envelope.mailboxes(headers, "from")
    sent_by, to = envelope.return_path(headers), envelope.recipients(headers)
    if is_own(headers, from_, own):
        return _Kind(Nature.OWN_LOOP, f"From: {from_[0].address}")
    bounces: tuple[Bounce, ...] = ()
    if may_be_bounce(headers, from_, sent_by, subject):
        bounces = bounces_of(raw, headers, leaves, text, to)
    found, why = nature(headers, leaves, subject, text, bounces, sent_by)
    if found not in (Nature.BOUNCE, Nature.RECEIPT):
        return _Kind(found, why)
    return _Kind(found, why, bounces, returned_ids(headers, leaves, text))


def words_of(leaves: Sequence[Leaf]) -> _Words:
    """The words of the mail itself, and what is doubtful about them.

    Of alternatives the plain one is the text, unless it is empty; links count in all of them.
    """
    own = [leaf for leaf in leaves if not leaf.within and not is_file(leaf)]
    plain_ones = {leaf.alternative for leaf in own if _is_plain(leaf)}
    texts: list[str] = []
    links: list[tuple[str, str]] = []
    doubts: dict[Words, None] = {}
    for leaf in own:
        reading, whole = _decoded(leaf)
        text = reading.text
        if leaf.media_type == "text/html":
            spare = leaf.alternative and leaf.alternative in plain_ones
            if spare and not may_link(text):
                continue
            page = hypertext(text)
            links += page.links
            if spare:
                continue
            text = page.text
        texts.append(text.strip("\n"))
        doubts |= {} if reading.certain else {_UNCERTAIN: None}
        doubts |= {} if whole else {_TOO_LONG: None}
    said = "\n\n".join(text for text in texts if text.strip())
    return _Words(said, tuple(doubts), tuple(links))


def _is_plain(leaf: Leaf) -> bool:
    return leaf.media_type == "text/plain" and bool(leaf.content()[0].strip())


def _decoded(leaf: Leaf) -> tuple[Reading, bool]:
    """The text of one part, and whether that is all of it."""
    label = leaf.parameters.raw("charset").decode("ascii", "replace")
    data = leaf.content()[0]
    if leaf.media_type == "text/html" and b"data:image/" in data:
        data = PASTED.sub(b"", data)  # they are files; and a photo is longer than any text
    reading = decoded(_beginning(data), label)
    text = plain(reading.text)
    if leaf.parameters.raw("format").lower() == b"flowed" and leaf.media_type == "text/plain":
        text = unfolded(text, leaf.parameters.raw("delsp").lower() == b"yes")
    return reading._replace(text=text), len(data) <= LONGEST


def _beginning(data: bytes) -> bytes:
    """At most LONGEST octets, cut between lines, so that no character is cut in two."""
    if len(data) <= LONGEST:
        return data
    end = data.rfind(b"\n", 0, LONGEST)
    return data[: end if end > 0 else LONGEST]
