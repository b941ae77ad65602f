"""`read_mail`: what one incoming mail is and what is in it, whatever its bytes."""

from collections.abc import Sequence, Set
from typing import NamedTuple

from notifications.incoming import envelope
from notifications.incoming.bounces import bounces_of, returned_ids
from notifications.incoming.charsets import Reading, decoded, plain
from notifications.incoming.files import files_of, is_file
from notifications.incoming.flowed import unfolded
from notifications.incoming.hypertext import hypertext
from notifications.incoming.linked import linked_files, may_link
from notifications.incoming.mime_parts import Leaf, take_apart
from notifications.incoming.nature import is_own, may_be_bounce, nature
from notifications.incoming.quoting import trimmed
from notifications.incoming.values import Bounce, Incoming, Nature
from responsibilities.words import Words

LONGEST = 4 * 1024 * 1024
"""Octets of one text part that are read; the raw mail keeps the rest."""


def read_mail(raw: bytes, own: Set[str] = frozenset()) -> Incoming:
    """The mail, understood as far as it goes; never raises.

    `own`: the addresses that our letters come from, lower case.
    """
    headers, leaves, sound = take_apart(raw)
    subject, (text, certain, links) = headers.text("subject"), words_of(leaves)
    from_, to = envelope.mailboxes(headers, "from"), envelope.recipients(headers)
    sent_by = envelope.return_path(headers)
    bounces: tuple[Bounce, ...] = ()
    if is_own(headers, from_, own):
        kind, why = Nature.OWN_LOOP, f"From: {from_[0].address}"
    else:
        if may_be_bounce(headers, from_, sent_by, subject):
            bounces = bounces_of(raw, headers, leaves, text, to)
        kind, why = nature(headers, leaves, subject, text, bounces, sent_by)
    cut = trimmed(text)
    replied = envelope.message_ids(headers, "in-reply-to")
    return Incoming(
        nature=kind,
        why=why,
        message_id=next(iter(envelope.message_ids(headers, "message-id")), ""),
        in_reply_to=replied,
        references=tuple(
            one for one in envelope.message_ids(headers, "references") if one not in replied
        ),
        subject=subject,
        date=envelope.date_of(headers),
        from_=from_,
        sender=next(iter(envelope.mailboxes(headers, "sender")), None),
        return_path=sent_by,
        reply_to=envelope.mailboxes(headers, "reply-to"),
        to=to,
        authentication_results=tuple(
            decoded(value).text for value in headers.all("authentication-results")
        ),
        tokens=envelope.tokens(to),
        numbers=envelope.numbers(subject),
        text=text,
        answer=cut.answer,
        trimmed_by=cut.rule,
        files=files_of(leaves),
        links=linked_files(text, links),
        bounces=bounces,
        returned=returned_ids(headers, leaves, text)
        if kind in (Nature.BOUNCE, Nature.RECEIPT)
        else (),
        understood=sound,
        remarks=() if certain else (_UNCERTAIN,),
    )


_UNCERTAIN = Words(
    "正文的文字编码无法确定，可能有乱码，请以原邮件为准。",
    "The text's encoding could not be told for sure; see the raw mail.",
)


class _Words(NamedTuple):
    text: str
    certain: bool
    links: tuple[tuple[str, str], ...]
    """(address, words) of the links in HTML."""


def words_of(leaves: Sequence[Leaf]) -> _Words:
    """The words of the mail itself, and whether their encoding was certain.

    Of alternatives the plain one is the text, unless it is empty; links count in all of them.
    """
    own = [leaf for leaf in leaves if not leaf.within and not is_file(leaf)]
    plain_ones = {leaf.alternative for leaf in own if _is_plain(leaf)}
    texts: list[str] = []
    links: list[tuple[str, str]] = []
    certain = True
    for leaf in own:
        reading = _decoded(leaf)
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
        certain &= reading.certain
    return _Words("\n\n".join(text for text in texts if text.strip()), certain, tuple(links))


def _is_plain(leaf: Leaf) -> bool:
    return leaf.media_type == "text/plain" and bool(leaf.content()[0].strip())


def _decoded(leaf: Leaf) -> Reading:
    label = leaf.parameters.raw("charset").decode("ascii", "replace")
    reading = decoded(leaf.content()[0][:LONGEST], label)
    text = plain(reading.text)
    if leaf.parameters.raw("format").lower() == b"flowed" and leaf.media_type == "text/plain":
        text = unfolded(text, leaf.parameters.raw("delsp").lower() == b"yes")
    return reading._replace(text=text)
