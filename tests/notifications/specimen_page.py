"""`python -m tests.notifications.specimen_page`: the page of specimens; `… pictures`: those too."""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from notifications.rendering import render
from notifications.specimen import specimen

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "letter-specimens.md"
_SHOWN = {
    "opened": ("下达", "letter-opened.png"),
    "reminder": ("提醒", "letter-reminder.png"),
    "escalated": ("红色预警通知单", "letter-red.png"),
    "returned": ("退回补充", "letter-returned.png"),
    "digest": ("汇总", "letter-digest.png"),
    "receipt": ("回执", "letter-receipt.png"),
    "confirm": ("请确认来信", "letter-confirm.png"),
    "inbox": ("来信待处理", "letter-inbox.png"),
    "gathered": ("汇总情况", "letter-gathered.png"),
    "roster": ("名册变动", "letter-roster.png"),
}
_IMAGES = PAGE.parents[1] / "images"
_PHONE, _DESKTOP, _GAP = 390, 740, 14
_SHRUNK = 0.5


def page() -> str:
    """Ten letters: as they look on a phone and a desktop, light and dark, and as plain text."""
    parts = [
        "# 十封邮件的样子\n\n各类邮件见[邮件](letters.md)。"
        "图中左为手机（浅色、深色），右为电脑（浅色、深色）；图下是纯文本部分。\n"
        "其他类别的样张用 `duban mail --specimen 类别` 查看。\n"
    ]
    for kind, (name, picture) in _SHOWN.items():
        rendered = render(specimen(kind, "zh"))
        text = rendered.text.rstrip("\n")
        parts.append(
            f"\n## {name}\n\n主题：`{rendered.subject}`\n\n![{name}](../images/{picture})\n\n"
            f"```text\n{text}\n```\n"
        )
    return "".join(parts)


def draw() -> None:
    """The pictures of the page: two phones beside each other, two desktops above each other."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for kind, (_, picture) in _SHOWN.items():
            html = render(specimen(kind, "zh")).html
            _together(browser, html).save(_IMAGES / picture, optimize=True)
        browser.close()


def _together(browser: Browser, html: str) -> Image.Image:
    light, dark = _seen(browser, html, _PHONE)
    above, below = _seen(browser, html, _DESKTOP)
    left = light.width + _GAP + dark.width + _GAP
    height = max(light.height, above.height + _GAP + below.height)
    whole = Image.new("RGB", (left + above.width, height), "#888888")
    whole.paste(light, (0, 0))
    whole.paste(dark, (light.width + _GAP, 0))
    whole.paste(above, (left, 0))
    whole.paste(below, (left, above.height + _GAP))
    size = (round(whole.width * _SHRUNK), round(whole.height * _SHRUNK))
    return whole.resize(size, Image.Resampling.LANCZOS).quantize(
        64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )


def _seen(browser: Browser, html: str, width: int) -> tuple[Image.Image, Image.Image]:
    """The whole letter, light and dark; nothing may stick out to the right."""
    page = browser.new_page(viewport={"width": width, "height": 400})
    page.set_content(html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    light = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    page.emulate_media(color_scheme="dark")
    dark = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    page.close()
    return light.convert("RGB"), dark.convert("RGB")


if __name__ == "__main__":
    if "pictures" in sys.argv:
        draw()
    PAGE.write_text(page(), encoding="utf-8")
