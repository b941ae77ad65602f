"""Images, decoded and drawn anew, inside the sandbox (see `sandbox`)."""

from io import BytesIO
from itertools import pairwise
from typing import IO, Any

from PIL import Image, ImageOps

from storage.pdf_pages import first_page, is_pdf

PIXELS = 40_000_000
"""Of an image that must be decoded whole: four bytes each, 160 MB."""
PHOTO_PIXELS = 250_000_000
"""Of a JPEG, which is decoded at a fraction of its size."""
PREVIEW = 1280
"""Longest side of a preview."""
RASTER = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")


class TooManyPixels(Exception):
    """The header alone says that it is too much to decode."""


def decoded(file: IO[bytes], side: int) -> Image.Image:
    """The first frame, decoded to its end; a JPEG no larger than needed for `side` pixels."""
    Image.MAX_IMAGE_PIXELS = None  # the limits are ours
    image: Any = Image.open(file, formats=RASTER)
    photo = image.format in ("JPEG", "MPO")
    if image.width * image.height > (PHOTO_PIXELS if photo else PIXELS):
        raise TooManyPixels
    if photo:
        image.draft("RGB", (side, side))
    image.load()
    found: Image.Image = image
    return found


LIKENESS = 16
"""Rows and comparisons a row of a likeness: 256 bits."""
PAPER = 200
"""Grey above which a place is bare paper."""


def likeness(file: IO[bytes]) -> str:
    """The difference hash of a photograph as 64 hex digits: where it grows darker to the right.

    Empty for bare paper, for two copies of one printed form look the same, and plain surfaces.
    """
    grey = ImageOps.exif_transpose(decoded(file, 256)).convert("L")
    small = grey.resize((LIKENESS + 1, LIKENESS), Image.Resampling.LANCZOS).tobytes()
    if 2 * sum(one > PAPER for one in small) > len(small):
        return ""
    rows = [small[n : n + LIKENESS + 1] for n in range(0, len(small), LIKENESS + 1)]
    bits = "".join("1" if a > b else "0" for row in rows for a, b in pairwise(row))
    plain = min(bits.count("0"), bits.count("1")) < LIKENESS  # a wall, a night, a mere gradient
    return "" if plain else f"{int(bits, 2):064x}"


def preview(file: IO[bytes]) -> bytes:
    """A JPEG of at most PREVIEW pixels a side, upright; nothing else of the image is in it.

    Of a PDF its first page.
    """
    image = first_page(file, PREVIEW) if is_pdf(file) else decoded(file, PREVIEW)
    image.thumbnail((PREVIEW, PREVIEW))
    turned = ImageOps.exif_transpose(image)
    drawn = Image.new("RGB", turned.size, "white")
    if turned.has_transparency_data:
        clear = turned.convert("RGBA")
        drawn.paste(clear, mask=clear)
    else:
        drawn.paste(turned.convert("RGB"))
    made = BytesIO()
    drawn.save(made, "JPEG", quality=82)
    return made.getvalue()
