"""Every check of a plan: one check, one function, in one tuple."""

from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.check_names import NAME_CHECKS
from responsibilities.context import Context
from responsibilities.entries import Finding
from responsibilities.plan import Plan

__all__ = ["CHECKS", "Check", "Context"]

Check = Callable[[Plan, Context], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (*NAME_CHECKS,)
