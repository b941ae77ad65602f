"""Images, decoded and drawn anew, inside the sandbox (see `sandbox`)."""

from io import BytesIO
from typing import IO, Any

from PIL import Image, ImageOps

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


def preview(file: IO[bytes]) -> bytes:
    """A JPEG of at most PREVIEW pixels a side, upright; nothing else of the image is in it."""
    image = decoded(file, PREVIEW)
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
