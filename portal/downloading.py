"""A file that a browser saves: its name survives in Chinese, and nothing runs in it."""

from urllib.parse import quote

from fastapi import Response


def attachment(body: bytes, name: str, media_type: str) -> Response:
    """The bytes as a download (RFC 6266: a plain name, and the real one encoded)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\/' else "_" for c in name)
    given = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=media_type, headers={"Content-Disposition": given})
