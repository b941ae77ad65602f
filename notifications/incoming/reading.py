"""`read_mail`: what one incoming mail is and what is in it, whatever its bytes."""

from collections.abc import Sequence, Set

from notifications.incoming import envelope
from notifications.incoming.charsets import decoded, plain
from notifications.incoming.files import files_of, is_file
from notifications.incoming.hypertext import hypertext
from notifications.incoming.mime_parts import Leaf, take_apart
from notifications.incoming.nature import nature
from notifications.incoming.quoting import trimmed
from notifications.incoming.values import Incoming
from responsibilities.words import Words


def read_mail(raw: bytes, own: Set[str] = frozenset()) -> Incoming:
    """The mail, understood as far as it goes; never raises.

    `own`: the addresses that our letters come from, lower case.
    """
    headers, leaves, sound = take_apart(raw)
    subject = headers.text("subject")
    from_ = envelope.mailboxes(headers, "from")
    to = envelope.recipients(headers)
    media_type = headers.first("content-type").partition(b";")[0].strip().lower()
    kind, why = nature(headers, media_type.decode("ascii", "replace"), from_, subject, own)
    text, certain = text_of(leaves)
    cut = trimmed(text)
    in_reply_to = envelope.message_ids(headers, "in-reply-to")
    references = envelope.message_ids(headers, "references")
    return Incoming(
        nature=kind,
        why=why,
        message_id=next(iter(envelope.message_ids(headers, "message-id")), ""),
        in_reply_to=in_reply_to,
        references=tuple(one for one in references if one not in in_reply_to),
        subject=subject,
        date=envelope.date_of(headers),
        from_=from_,
        sender=next(iter(envelope.mailboxes(headers, "sender")), None),
        return_path=envelope.return_path(headers),
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
        links=(),
        bounces=(),
        returned=(),
        understood=sound,
        remarks=() if certain else (_UNCERTAIN,),
    )


_UNCERTAIN = Words(
    "正文的文字编码无法确定，可能有乱码，请以原邮件为准。",
    "The text's encoding could not be told for sure; see the raw mail.",
)


def text_of(leaves: Sequence[Leaf]) -> tuple[str, bool]:
    """The words of the mail itself, and whether their encoding was certain.

    Of alternatives the plain one counts, unless it is empty.
    """
    own = [leaf for leaf in leaves if not leaf.within and not is_file(leaf)]
    texts: list[str] = []
    certain = True
    for leaf in own:
        if (
            leaf.media_type == "text/html"
            and leaf.alternative
            and _has_plain(own, leaf.alternative)
        ):
            continue
        reading = decoded(
            leaf.content()[0], leaf.parameters.raw("charset").decode("ascii", "replace")
        )
        text = plain(reading.text)
        texts.append(hypertext(text).text if leaf.media_type == "text/html" else text.strip("\n"))
        certain &= reading.certain
    return "\n\n".join(text for text in texts if text.strip()), certain


def _has_plain(leaves: Sequence[Leaf], alternative: int) -> bool:
    return any(
        leaf.media_type == "text/plain" and leaf.content()[0].strip()
        for leaf in leaves
        if leaf.alternative == alternative
    )
