"""Drawn pictures that have what photographs have: light, things, noise; and scanned forms."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps


def scene(seed: int, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """Another scene for each seed."""
    drawn = Random(seed)
    light = _noise(drawn, (drawn.randint(5, 9), drawn.randint(4, 8)))
    grey = light.resize(size, Image.Resampling.BICUBIC)
    dark, bright = (tuple(drawn.randint(a, a + 80) for _ in range(3)) for a in (0, 170))
    image = ImageOps.colorize(grey, dark, bright)
    pen = ImageDraw.Draw(image)
    for _ in range(drawn.randint(6, 20)):
        x, y = drawn.randrange(size[0]), drawn.randrange(size[1])
        box = (x, y, x + drawn.randint(40, 400), y + drawn.randint(40, 400))
        colour = tuple(drawn.randrange(256) for _ in range(3))
        (pen.ellipse if drawn.random() < 0.5 else pen.rectangle)(box, fill=colour)
    return image.filter(ImageFilter.GaussianBlur(drawn.randint(1, 3)))


def _noise(drawn: Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, drawn.randbytes(size[0] * size[1]))


def form(seed: int) -> Image.Image:
    """One printed form, filled in by another hand for each seed."""
    image = Image.new("RGB", (1240, 1754), (250, 249, 245))
    pen, print_, hand = ImageDraw.Draw(image), Random(0), Random(seed)
    for line in range(30):
        for column in range(8):
            if print_.random() < 0.6:
                x = 100 + column * 130
                pen.rectangle((x, 120 + line * 52, x + 70, 138 + line * 52), fill=(40, 40, 40))
    for _ in range(14):
        x, y = hand.randint(100, 900), 150 + hand.randrange(30) * 52
        stroke = [(x + n * 9, y + hand.randint(-12, 12)) for n in range(hand.randint(5, 25))]
        pen.line(stroke, fill=(30, 40, 120), width=5)
    return image


def jpeg(image: Image.Image, quality: int = 90, taken: datetime | None = None) -> bytes:
    """As a camera or a messenger writes it."""
    made, exif = BytesIO(), Image.Exif()
    if taken is not None:
        exif.get_ifd(0x8769)[36867] = f"{taken:%Y:%m:%d %H:%M:%S}"
    image.save(made, "JPEG", quality=quality, exif=exif)
    return made.getvalue()


def sent_on(image: Image.Image) -> Iterator[bytes]:
    """The same photograph after messengers and hands have been at it."""
    small = image.copy()
    small.thumbnail((1080, 1080))  # as WeChat sends it on: no EXIF, half the colours, twice
    once = BytesIO()
    small.save(once, "JPEG", quality=60, subsampling=2)
    yield jpeg(Image.open(once), 55)
    edge = (image.width // 100, image.height // 100)
    yield jpeg(image.crop((*edge, image.width - edge[0], image.height - edge[1])), 80)
    yield jpeg(image, 40)
    yield jpeg(image.resize((image.width // 2, image.height // 2)), 70)
    yield jpeg(image.resize((400, 400 * image.height // image.width)), 60)
    yield jpeg(ImageEnhance.Brightness(image).enhance(1.12), 80)
    png = BytesIO()
    image.resize((800, 800 * image.height // image.width)).save(png, "PNG")
    yield png.getvalue()
