"""How often, by an attribute: `every: {by: 实验室等级, Ⅰ级: 每月, 其他: 每3个月}`."""

from typing import Final

from responsibilities.language.saying import say_rhythm
from responsibilities.plan import Duty
from responsibilities.reach import LENGTHS
from responsibilities.rhythm import Cycle, Rhythm, Varied
from responsibilities.words import Words

BY: Final = "by"
"""The key under which the attribute is named."""
OTHERS: Final = "其他"
"""Every value that is not named, and whoever has none."""


def days_of(rhythm: Rhythm) -> int:
    """How long one of its periods is, roughly."""
    short = 31 if rhythm.cycle is Cycle.MONTH else 7
    return LENGTHS.get(rhythm.cycle, short) * rhythm.count


def rarest(varied: Varied) -> Rhythm:
    """What stands for all of them where only one rhythm can; it says them all."""
    known = [rhythm for _, rhythm in varied.rhythms]
    known += [varied.other] if varied.other is not None else []
    longest = max(known, key=days_of, default=Rhythm(Cycle.MONTH))
    return Rhythm(longest.cycle, longest.count, text=say_varied(varied).zh)


def say_often(duty: Duty) -> Words:
    """How often a duty with a rhythm is asked for."""
    assert duty.rhythm is not None
    return say_varied(duty.varied) if duty.varied is not None else say_rhythm(duty.rhythm)


def say_varied(varied: Varied) -> Words:
    """按实验室等级：Ⅰ级每月，其他每3个月."""
    given = [*varied.rhythms, *([(OTHERS, varied.other)] if varied.other is not None else [])]
    said = [(value, say_rhythm(rhythm)) for value, rhythm in given]
    zh = "，".join(f"{value}{words.zh}" for value, words in said)
    en = ", ".join(f"{value} {words.en}" for value, words in said)
    return Words(f"按{varied.attribute}：{zh}", f"by {varied.attribute}: {en}")
