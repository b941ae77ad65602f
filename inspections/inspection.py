"""An inspection (督导检查): what it is about, who inspects and when, and what they found of each
task that was drawn.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from inspections.sampling import By
from responsibilities.words import Refused, Words


class Verdict(StrEnum):
    """What an inspector says of one task of the sample."""

    CONFORMS = "conforms"
    MOSTLY = "mostly"
    FAILS = "fails"
    NOT_APPLICABLE = "not_applicable"


VERDICTS: Final[Mapping[Verdict, Words]] = {
    Verdict.CONFORMS: Words("符合", "conforms"),
    Verdict.MOSTLY: Words("基本符合", "mostly conforms"),
    Verdict.FAILS: Words("不符合", "does not conform"),
    Verdict.NOT_APPLICABLE: Words("不适用", "not applicable"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tasks are the population: of these units and duties, due from `first` to `last`."""

    units: tuple[str, ...]
    duties: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Terms:
    """What an inspection is opened with."""

    title: str
    scope: Scope
    inspectors: Mapping[str, str]
    """Name or post by mailbox."""
    since: datetime
    until: datetime
    """Both bound what the inspectors may see and do."""
    count: int
    """How many tasks are drawn."""
    by: tuple[By, ...] = ()
    unannounced: bool = False
    """Only the inspectors and whoever opened it know of it until it is announced."""


def refuse_impossible(terms: Terms) -> None:
    """Refused for terms that no inspection can have."""
    if not terms.title.strip():
        raise Refused(Words("请写明检查名称。", "The inspection needs a title."))
    if terms.scope.last < terms.scope.first:
        raise Refused(Words("所查期间的止日不应早于起日。", "The period ends before it begins."))
    if not terms.inspectors:
        raise Refused(Words("请写明至少一名督查员。", "Name one inspector at least."))
    if terms.until <= terms.since:
        raise Refused(Words("检查的截止时间应晚于开始时间。", "It cannot end before it begins."))
    if terms.count < 1:
        raise Refused(Words("抽取数应不少于1项。", "At least one task is to be drawn."))


def refuse_sizes(population: int, strata: int, count: int) -> None:
    """Refused where there is nothing to draw from, or a stratum would go without."""
    if not population:
        raise Refused(
            Words(
                "所查范围内没有督办事项，请扩大单位、职责或期间。",
                "No task lies in the scope: widen the units, the duties or the period.",
            )
        )
    if count < min(strata, population):
        raise Refused(
            Words(
                f"分层共{strata}层，每层至少抽1项，抽取数应不少于{strata}。",
                f"There are {strata} strata: draw {strata} at least, one of each.",
            )
        )


_PUBLIC_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{4,64}")


def seed_of(secret: str, public_number: str) -> str:
    """The seed of the draw: the secret sealed before, and a number that came up in public after.

    Whoever knew the secret could not choose the number, and whoever chose the number did not know
    the secret. Refused for a number that is not 4 to 64 of digits, letters and hyphens.
    """
    if not _PUBLIC_NUMBER.fullmatch(public_number):
        raise Refused(
            Words(
                "公开数应为4至64位数字或字母，如当众掷出的点数、当日开奖号码。",
                "The public number is 4 to 64 digits or letters: dice thrown, a lottery's number.",
            )
        )
    return f"{secret}/{public_number}"
