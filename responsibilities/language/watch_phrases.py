"""Rules over consecutive periods as plans say them: 连续2个月, 升级至分管领导."""

import re
from typing import Final

from responsibilities.language.numerals import NUMBER, number
from responsibilities.language.wording import normal
from responsibilities.plan import ROLE_WORDS, Role
from responsibilities.words import Words

_RUNNING: Final = re.compile(
    rf"连续(?P<count>{NUMBER})个?(?:次|期|日|天|周|教学周|旬|月|季度|学期|学年|年)"
)
_RAISED: Final = re.compile(r"(?:(?:升级|提级|报告?|告知|通知)(?:督办)?[至到给]?)?(?P<roles>.+)")
_MOST: Final = 12


def running(text: str) -> int | Words:
    """How many periods of the duty's own rhythm `for:` means: 连续2个月, 连续两次."""
    match = _RUNNING.fullmatch(normal(text))
    count = number(match["count"]) if match else None
    if count is None or not 2 <= count <= _MOST:
        return Words(
            f"看不懂“{text}”；可写“连续2个月”“连续两次”（2至{_MOST}期）",
            f"“{text}” is not understood; write 连续2个月 or 连续两次 (2 to {_MOST} periods)",
        )
    return count


def raised_to(text: str) -> tuple[Role, ...] | Words:
    """Whom `then:` tells: 升级至分管领导、组长."""
    match = _RAISED.fullmatch(normal(text))
    names = re.split("[,、和]", match["roles"]) if match else []
    roles = [ROLE_WORDS.get(name) for name in names]
    if not roles or None in roles:
        return Words(
            f"看不懂“{text}”；可写“升级至分管领导”，岗位有：{'、'.join(ROLE_WORDS)}",
            f"“{text}” is not understood; write 升级至 and one of {', '.join(ROLE_WORDS)}",
        )
    return tuple(dict.fromkeys(role for role in roles if role is not None))
