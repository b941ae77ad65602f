"""Where an answer ends and what it answers begins. A view: the whole text is always kept."""

import re
from typing import NamedTuple

MARKER = re.compile(r"^.{0,40}={3} ?请在此行以上回复.{0,120}$", re.MULTILINE)
"""The line of our letters above which answers stand; programs quote it with `> ` and the like."""


class Trimmed(NamedTuple):
    answer: str
    rule: str
    """What cut it; empty where nothing was cut."""


def trimmed(text: str) -> Trimmed:
    """The answer above our marker line."""
    found = MARKER.search(text)
    if found is None:
        return Trimmed(text.strip(), "")
    return Trimmed(text[: found.start()].strip(), "marker")
