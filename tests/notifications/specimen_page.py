"""`python -m tests.notifications.specimen_page`: the page of specimens, texts and pictures."""

from pathlib import Path

from notifications.rendering import render
from notifications.specimen import specimen

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "letter-specimens.md"
_SHOWN = {
    "opened": ("下达", "letter-opened.png"),
    "reminder": ("提醒", "letter-reminder.png"),
    "escalated": ("红色预警通知单", "letter-red.png"),
    "returned": ("退回补充", "letter-returned.png"),
    "digest": ("汇总", "letter-digest.png"),
}


def page() -> str:
    """Five letters: as they look on a phone and a desktop, light and dark, and as plain text."""
    parts = [
        "# 五封邮件的样子\n\n各类邮件见[邮件](letters.md)。"
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


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
