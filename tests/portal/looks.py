"""What must hold for every page that a person sees, light and dark, at three widths.

DUBAN_TEST_PICTURES=1 also draws the pages into docs/images/portal, to be looked at.
"""

import gzip
import io
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, TypeVar

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page
from pypdfium2 import PdfDocument

from portal.rendering import STATIC
from tests.portal.conftest import DESKTOP, PHONE

PICTURES = Path(__file__).parents[2] / "docs" / "images" / "portal"
HEAVIEST = 50_000
"""Bytes of a page with its style and scripts, as gzip sends them."""
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
Answer = TypeVar("Answer")


def looks_right(page: Page, name: str = "") -> None:
    """No rule of axe broken, nothing wider than 320 px, light enough; the viewport stays.

    With a `name`, the page is a picture of docs/images/portal.
    """
    before = page.viewport_size
    assert weight(page) <= HEAVIEST
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert flaws(page) == []
            if name and os.environ.get("DUBAN_TEST_PICTURES"):
                shown = "phone" if size == PHONE else "desktop"
                _draw(page, f"{name}-{shown}{'-dark' * (scheme == 'dark')}.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if before:
        page.set_viewport_size(before)


def sheets(page: Page) -> list[tuple[bool, str]]:
    """Each sheet as it is printed: whether it lies across, and what stands on it."""
    with PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
        return [(one.get_width() > one.get_height(), one.get_textpage().get_text_range())
                for one in paper]  # fmt: skip


def pages_on_paper(page: Page, name: str) -> int:
    """How many sheets of A4 the page is; a picture of it as printed in docs/images/portal."""
    paper = page.pdf(prefer_css_page_size=True)
    if os.environ.get("DUBAN_TEST_PICTURES"):
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 971})  # A4 within its margins, 96 dpi
        _draw(page, f"{name}-print.png")
        page.emulate_media(media="null")
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


def flaws(page: Page) -> list[str]:
    """The rules of axe (WCAG to 2.2 AA, best practice) that the page breaks, and where."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def weight(page: Page) -> int:
    """Bytes of the page, its style sheets and scripts, each as gzip -9 sends it."""
    own = page.evaluate(
        "[...document.querySelectorAll('link[rel=stylesheet], script[src]')]"
        ".map(one => new URL(one.href || one.src).pathname)"
    )
    files = [(STATIC / path.removeprefix("/static/")).read_bytes() for path in own]
    return sum(len(gzip.compress(body)) for body in [page.content().encode(), *files])


def apart(call: Callable[[], Answer]) -> Answer:
    """`call` in a thread of its own: Playwright keeps a running event loop in this one, where
    nothing that calls asyncio.run (a mail round) could run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()


def _draw(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    shot.convert("RGB").quantize(64).save(PICTURES / name, optimize=True)
