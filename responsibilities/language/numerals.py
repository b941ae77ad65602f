"""Numbers as plans write them: 15, 十五, 两, 半."""

from typing import Final

NUMBER: Final = r"(?:[0-9]{1,4}|[一二两三四五六七八九十百]{1,6})"
"""A regular expression of what `number` may be asked about."""

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def number(text: str) -> int | None:
    """`15` or `十五` as 15 (up to 999 in characters); None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    hundreds, has_hundreds, rest = text.rpartition("百")
    tens, has_tens, ones = rest.rpartition("十")
    total = 0
    for part, marked, worth, bare in ((hundreds, has_hundreds, 100, 0), (tens, has_tens, 10, 10)):
        if marked and part not in _DIGITS and (part or not bare):
            return None
        total += (_DIGITS[part] * worth if part else bare) if marked else 0
    if ones:
        return total + _DIGITS[ones] if ones in _DIGITS else None
    return total or None
