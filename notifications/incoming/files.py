"""Attached and inline files: their names and bytes."""

import re
from collections.abc import Sequence

from notifications.incoming.charsets import Reading
from notifications.incoming.mime_parts import Leaf
from notifications.incoming.parameters import parameters
from notifications.incoming.values import IncomingFile

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LONGEST = 180


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
    certain = [one for one in found if _sound(one[0])] or found
    if not certain:
        return "", b""
    reading, raw = certain[0]
    return cleaned(reading.text), raw


def _sound(reading: Reading) -> bool:
    return reading.certain and "\ufffd" not in reading.text and bool(cleaned(reading.text))


def cleaned(name: str) -> str:
    """`name` without folders and without what cannot be seen; at most 180 characters."""
    name = re.split(r"[/\\]", _UNSEEN.sub("", name))[-1].strip().strip(". ")
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    return (
        f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"
        if dot and len(ending) < 10
        else name[:_LONGEST]
    )


def files_of(leaves: Sequence[Leaf]) -> tuple[IncomingFile, ...]:
    """Every file of the mail, in order."""
    found = []
    for number, leaf in enumerate(leaves, 1):
        if not is_file(leaf):
            continue
        data, _ = leaf.content()
        name, raw = name_of(leaf)
        disposition = leaf.headers.first("content-disposition").lower()
        inline = disposition.startswith(b"inline") or "content-id" in leaf.headers
        found.append(
            IncomingFile(
                name or f"附件{number}", data, leaf.media_type, leaf.media_type, raw, inline
            )
        )
    return tuple(found)
