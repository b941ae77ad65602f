"""Which findings only follow from others: one mistake is said once, where it was made."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from responsibilities.language.entries import Finding
from responsibilities.problem import Severity

_OWN: Final[Mapping[str, str]] = {
    "unknown-mark": "bad-moment",
    "empty-group": "unknown-unit",
}
"""Code -> the code that explains it where both stand on one entry."""
_OF_PLAN: Final = frozenset({"vacant-everywhere", "ladder-ends-vacant"})
"""Posts seem vacant while the `plan:` section does not name them rightly."""
_OF_FILES: Final = frozenset({"clause-without-duty", "unknown-duty"})
"""Nothing is known of the duties in a file that could not be read."""


def without_following(findings: Sequence[Finding], unread: bool) -> Iterable[Finding]:
    """All but what another finding explains; `unread`: some file could not be read."""
    said = {(finding.owner, finding.problem.code) for finding in findings}
    plan_wrong = any(
        owner == "plan" and problem.severity is Severity.ERROR for owner, problem in findings
    )
    for finding in findings:
        code = finding.problem.code
        explained = (
            (finding.owner, _OWN.get(code, "")) in said
            or (plan_wrong and code in _OF_PLAN)
            or (unread and code in _OF_FILES)
        )
        if not explained:
            yield finding
