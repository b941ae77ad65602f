"""What may stand on a header line or in an envelope, and nothing else (promise P13)."""

import re

from responsibilities.words import Refused, Words

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = rf"{_ATOM}(?:\.{_ATOM})*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@(?:{_LABEL}\.)+{_LABEL}")
_MESSAGE_ID = re.compile(rf"<{_LOCAL}@{_ATOM}(?:\.{_ATOM})*>")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")

# C0, DEL, C1 (with NEL), line and paragraph separators, directions that hide what is written,
# halves of surrogate pairs, which no charset can carry.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def checked_address(address: str) -> str:
    """`address` unchanged, if it is a plain ASCII mailbox `name@domain.example` (RFC 5321).

    Raises Refused: quoted local parts, comments, spaces and control characters are how a header or
    an SMTP command is smuggled in, and no office mailbox needs them.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None or len(found[1]) > 64 or len(address) > 254:
        raise Refused(
            Words(
                f"邮箱地址 {address!a} 不合规范，应形如 office@college.example",
                f"{address!a} is no mail address; it should look like office@college.example",
            )
        )
    return address


def checked_message_id(message_id: str) -> str:
    """`message_id` unchanged, if it is `<left@right>` of at most 250 characters; else Refused."""
    if len(message_id) > 250 or _MESSAGE_ID.fullmatch(message_id) is None:
        raise Refused(
            Words(
                f"邮件标识 {message_id!a} 不合规范，应形如 <12.opened@college.example>",
                f"{message_id!a} is no Message-ID; it should look like <12.opened@college.example>",
            )
        )
    return message_id


def checked_line(field: str, text: str) -> str:
    """`text` unchanged, if it may stand on one header line; `field` names it in the refusal."""
    found = _FORBIDDEN.search(text)
    if found is not None:
        raise Refused(
            Words(
                f"{field} 含有不可用于邮件标题行的字符 {found[0]!a}：{text!a}",
                f"{field} holds {found[0]!a}, which no header line may carry: {text!a}",
            )
        )
    return text


def checked_media_type(media_type: str) -> str:
    """`media_type` unchanged, if it is a bare lower-case `type/subtype`; else Refused."""
    if len(media_type) > 127 or _MEDIA_TYPE.fullmatch(media_type) is None:
        raise Refused(
            Words(
                f"附件类型 {media_type!a} 不合规范，应形如 application/pdf",
                f"{media_type!a} is no media type; it should look like application/pdf",
            )
        )
    return media_type
