"""PDFs made by hand: an honest one, and what was thought of to exhaust whoever draws them."""

import zlib
from collections.abc import Callable, Mapping

_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Resources %s /Contents 4 0 R >>"
_A4 = "595 842"
_FONT = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
_NOTHING: Mapping[int, bytes] = {}
_TEXT = b"BT /F1 40 Tf 60 700 Td (Fire check) Tj ET 0.8 0.1 0.1 rg 100 100 200 300 re f"


def pdf(parts: Mapping[int, bytes | str], *, trailer: str = "") -> bytes:
    """A file of these objects, the catalogue being the first, with a table of where they are."""
    made, places = bytearray(b"%PDF-1.7\n"), dict[int, int]()
    for number, body in parts.items():
        places[number] = len(made)
        held = body.encode() if isinstance(body, str) else body
        made += b"%d 0 obj\n" % number + held + b"\nendobj\n"
    start, size = len(made), max(places) + 1
    made += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        made += b"%d 1\n%010d 00000 n \n" % (number, place)
    end = f"trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return bytes(made) + end.encode()


def stream(data: bytes, more: str = "") -> bytes:
    """A packed stream."""
    packed = zlib.compress(data)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _one(
    content: bytes, size: str = _A4, resources: str = _FONT, more: Mapping[int, bytes] = _NOTHING
) -> bytes:
    parts: dict[int, bytes | str] = {
        1: "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
        2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _PAGE % (size, resources),
        4: stream(content),
    }
    return pdf({**parts, **more})


HONEST = _one(_TEXT)


def _loop_of_pages() -> bytes:
    return pdf({
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 9 /Parent 3 0 R >>",
        3: "<< /Type /Pages /Kids [2 0 R] /Count 9 /Parent 2 0 R >>",
    })  # fmt: skip


def _loop_of_forms() -> bytes:
    form = stream(b"/A Do /A Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                  "/Resources << /XObject << /A 5 0 R >> >>")  # fmt: skip
    return _one(b"/A Do", resources="<< /XObject << /A 5 0 R >> >>", more={5: form})


def _laughs() -> bytes:
    """Nine forms, each of which draws the next ten times."""
    parts = {
        n: stream(b"/A Do " * 10, "/Type /XObject /Subtype /Form /BBox [0 0 99 99] "
                        f"/Resources << /XObject << /A {n + 1} 0 R >> >>")
        for n in range(5, 14)
    }  # fmt: skip
    last = stream(b"0 0 9 9 re f " * 99, "/Type /XObject /Subtype /Form /BBox [0 0 99 99]")
    return _one(b"/A Do", resources="<< /XObject << /A 5 0 R >> >>", more={**parts, 14: last})


def _image() -> bytes:
    """60,000 x 60,000 pixels in a few kB."""
    pixels = zlib.compress(zlib.compress(bytes(450_000_000)))
    head = (
        "<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 "
        "/ColorSpace /DeviceGray /Filter [/FlateDecode /FlateDecode] "
        f"/Length {len(pixels)} >>\nstream\n"
    )
    body = head.encode() + pixels + b"\nendstream"
    return _one(
        b"595 0 0 842 0 0 cm /I Do", resources="<< /XObject << /I 5 0 R >> >>", more={5: body}
    )


def _tiles() -> bytes:
    tile = stream(b"0 0 1 1 re f", "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 "
                  "/BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>")  # fmt: skip
    return _one(b"/Pattern cs /P scn 0 0 595 842 re f",
                resources="<< /Pattern << /P 5 0 R >> >>", more={5: tile})  # fmt: skip


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "pages in a loop": _loop_of_pages,
    "forms in a loop": _loop_of_forms,
    "a billion drawings": _laughs,
    "an image of 3.6 thousand million pixels": _image,
    "tiles without end": _tiles,
    "a page of light years": lambda: _one(_TEXT, "99999999999 99999999999"),
    "a page without width": lambda: _one(_TEXT, "0 842"),
    "a page as a line": lambda: _one(_TEXT, "14400 1"),
    "300 MB of drawing in 300 kB": lambda: _one(b"0 0 m 9 9 l S " * 20_000_000),
    "brackets without end": lambda: _one(b"[" * 2_000_000),
    "states without end": lambda: _one(b"q " * 5_000_000),
    "a password": lambda: pdf({1: "<< /Type /Catalog >>"}, trailer=(
        "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 "
        f"/O <{'00' * 32}> /U <{'11' * 32}> >> /ID [<00><00>]"
    )),
    "nothing behind its head": lambda: b"%PDF-1.7\n%%EOF\n",
    "half of it": lambda: HONEST[: len(HONEST) // 2],
}  # fmt: skip
