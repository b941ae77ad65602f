"""Attached and inline files: their names, their bytes, what to know before opening them."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from notifications.incoming import sniffing
from notifications.incoming.charsets import HIDDEN, Reading, base64_bytes
from notifications.incoming.mime_parts import MOST, Leaf, head_of
from notifications.incoming.parameters import parameters
from notifications.incoming.values import IncomingFile

PASTED = re.compile(rb"data:image/([a-z]{2,10})[^,<>\"']{0,60};base64,([A-Za-z0-9+/=\s]+)", re.I)
"""A picture within a page."""
_LONGEST = 180
"""Characters of a name; file systems take 255 octets."""
_SIGNED = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


def is_file(leaf: Leaf) -> bool:
    """Is it a file rather than the mail's own words?"""
    if leaf.media_type not in ("text/plain", "text/html"):
        return True
    disposition = leaf.headers.first("content-disposition").lower()
    return disposition.startswith(b"attachment") or name_of(leaf)[0] != ""


def name_of(leaf: Leaf) -> tuple[str, bytes]:
    """The file name as meant, and the bytes it was read from; empty where there is none."""
    disposition = parameters(leaf.headers.first("content-disposition"))
    found = [*disposition.readings("filename"), *leaf.parameters.readings("name")]
    sound = [one for one in found if _sound(one[0])] or found
    return (cleaned(sound[0][0].text), sound[0][1]) if sound else ("", b"")


def _sound(reading: Reading) -> bool:
    return reading.certain and "\ufffd" not in reading.text and bool(cleaned(reading.text))


def cleaned(name: str) -> str:
    """`name` without folders and without what cannot be seen; at most 180 characters."""
    name = re.split(r"[/\\]", HIDDEN.sub("", name))[-1].strip().strip(". ")
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: _LONGEST - 10]}.{ending}" if dot and len(ending) < 10 else name[:_LONGEST]


def files_of(leaves: Sequence[Leaf]) -> tuple[IncomingFile, ...]:
    """Every file of the mail, in order; those of a nested mail too, which names its own."""
    names: dict[int, str] = {}
    found: list[IncomingFile] = []
    for number, leaf in enumerate(leaves):
        if leaf.report:
            continue
        within = names.get(leaf.within[-1], "") if leaf.within else ""
        if not is_file(leaf):
            found += _pasted(leaf, len(found) + 1, within)
            continue
        one = _file(leaf, len(found) + 1, within)
        names[number] = one.name
        found.append(one)
    return tuple(found)


def _file(leaf: Leaf, number: int, within: str) -> IncomingFile:
    data, whole = leaf.content()
    kind = sniffing.media_type(data, leaf.media_type)
    name, raw_name = name_of(leaf)
    name = name or _made_up(leaf, data, kind, number)
    inline = _is_inline(leaf)
    return IncomingFile(
        name=name,
        data=data,
        media_type=kind,
        declared=leaf.media_type,
        raw_name=raw_name,
        inline=inline,
        decoration=kind in _SIGNED or (inline and sniffing.looks_decorative(data, kind)),
        within=within,
        remarks=(*sniffing.remarks(name, data, kind), *(() if whole else (sniffing.BROKEN,))),
    )


def _pasted(leaf: Leaf, number: int, within: str) -> Iterator[IncomingFile]:
    """Pictures that stand in the page itself, as some web mailers leave what was pasted."""
    if leaf.media_type != "text/html" or b"data:image/" not in (page := leaf.content()[0]):
        return
    for index, picture in enumerate(islice(PASTED.finditer(page), MOST)):
        declared = f"image/{picture[1].decode('ascii').lower()}"
        data, whole = base64_bytes(picture[2])
        kind = sniffing.media_type(data, declared)
        ending = sniffing.ENDINGS.get(kind, ("dat",))[0]
        yield IncomingFile(
            name=f"正文图片{number + index}.{ending}",
            data=data,
            media_type=kind,
            declared=declared,
            inline=True,
            decoration=sniffing.looks_decorative(data, kind),
            within=within,
            remarks=() if whole else (sniffing.BROKEN,),
        )


def _is_inline(leaf: Leaf) -> bool:
    disposition = leaf.headers.first("content-disposition").lower()
    if disposition.startswith(b"attachment"):
        return leaf.related and "content-id" in leaf.headers
    return disposition.startswith(b"inline") or "content-id" in leaf.headers


def _made_up(leaf: Leaf, data: bytes, kind: str, number: int) -> str:
    """A nested mail is called by its subject, anything else by its number."""
    ending = sniffing.ENDINGS.get(kind, ("",))[0]
    if leaf.media_type == "message/rfc822":
        subject = cleaned(head_of(data).text("subject"))
        return f"{subject or f'附件{number}'}.eml"
    return f"附件{number}.{ending}" if ending else f"附件{number}"
