"""Every check of a plan: one check, one function, in one tuple."""

from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.language.check_assessments import ASSESSMENT_CHECKS
from responsibilities.language.check_bundles import BUNDLE_CHECKS
from responsibilities.language.check_clauses import CLAUSE_CHECKS
from responsibilities.language.check_delegates import DELEGATE_CHECKS
from responsibilities.language.check_duties import DUTY_CHECKS
from responsibilities.language.check_findings import FINDING_CHECKS
from responsibilities.language.check_holders import HOLDER_CHECKS
from responsibilities.language.check_institution import INSTITUTION_CHECKS
from responsibilities.language.check_names import NAME_CHECKS
from responsibilities.language.check_reviewers import REVIEWER_CHECKS
from responsibilities.language.check_rosters import ROSTER_CHECKS
from responsibilities.language.check_times import TIME_CHECKS
from responsibilities.language.check_windows import WINDOW_CHECKS
from responsibilities.language.context import Context
from responsibilities.language.entries import Finding
from responsibilities.plan import Disposition, Plan

__all__ = ["CHECKS", "Check", "Context", "assumptions", "questions"]

Check = Callable[[Plan, Context], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    *NAME_CHECKS,
    *INSTITUTION_CHECKS,
    *ROSTER_CHECKS,
    *CLAUSE_CHECKS,
    *DUTY_CHECKS,
    *REVIEWER_CHECKS,
    *DELEGATE_CHECKS,
    *BUNDLE_CHECKS,
    *TIME_CHECKS,
    *HOLDER_CHECKS,
    *WINDOW_CHECKS,
    *FINDING_CHECKS,
    *ASSESSMENT_CHECKS,
)


def assumptions(plan: Plan) -> list[tuple[str, str, str]]:
    """What the office chose and the text does not state: (duty id, key, reason), in plan order."""
    return [(duty.id, one.key, one.reason) for duty in plan.duties for one in duty.assumed]


def questions(plan: Plan) -> list[tuple[str, str]]:
    """What is returned to the office: (duty or clause id, question), duties first."""
    asked = [(duty.id, duty.question) for duty in plan.duties if duty.question]
    open_clauses = [c for c in plan.clauses if c.disposition is Disposition.QUESTION]
    return asked + [(clause.id, clause.note or clause.quote) for clause in open_clauses]
