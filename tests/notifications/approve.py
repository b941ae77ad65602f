"""`python -m tests.notifications.approve`: write what the letters say now, for a reviewer to read.

The test compares; whoever runs this reads the difference in git before committing it.
"""

from pathlib import Path

from notifications.letters import Letter
from notifications.rendering import render
from notifications.specimen import specimens
from responsibilities.words import Language

APPROVED = Path(__file__).parent.parent / "approved" / "letters"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def approved_path(letter: Letter) -> Path:
    """`tests/approved/letters/overdue.zh.txt`"""
    return APPROVED / f"{letter.kind}.{letter.language}.txt"


def as_read(letter: Letter) -> str:
    """Subject and text part, as a reviewer reads them."""
    rendered = render(letter)
    return f"{rendered.subject}\n\n{rendered.text}".rstrip("\n") + "\n"


if __name__ == "__main__":
    for language in LANGUAGES:
        for letter in specimens(language):
            approved_path(letter).write_text(as_read(letter), "utf-8")
