"""The first page of a PDF, drawn anew inside the sandbox (see `sandbox`).

PDFium runs no script there (the wheel has no V8, and no form is filled in). Fonts that the file
does not carry cannot be looked up inside the sandbox: their Chinese letters stay blank.
"""

from typing import IO

from PIL import Image
from pypdfium2 import PdfDocument

HEAD = 1024
"""Bytes within which a PDF says that it is one."""


def is_pdf(file: IO[bytes]) -> bool:
    """Whether the file says so; it is left at its start."""
    head = file.read(HEAD)
    file.seek(0)
    return b"%PDF-" in head


def first_page(file: IO[bytes], side: int) -> Image.Image:
    """At most `side` pixels a side; raises where there is no page that can be read."""
    page = PdfDocument(file.read())[0]
    scale = side / max(*page.get_size(), 1)
    drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return drawn.crop((0, 0, min(drawn.width, side), min(drawn.height, side)))
