"""A person's answer, or a machine's: decided by headers first, by words second."""

import re
from collections.abc import Set

from notifications.incoming.mime_parts import Headers
from notifications.incoming.values import Mailbox, Nature


def nature(
    headers: Headers, media_type: str, from_: tuple[Mailbox, ...], subject: str, own: Set[str]
) -> tuple[Nature, str]:
    """The nature of a mail and what decided it; `own` are our addresses, lower case."""
    submitted = headers.text("auto-submitted").lower()
    automatic = bool(submitted) and not submitted.startswith("no")
    if automatic and any(box.address in own for box in from_):
        return Nature.OWN_LOOP, "From"
    if media_type == "multipart/report":
        return Nature.BOUNCE, f"Content-Type: {media_type}"
    if automatic:
        return Nature.AUTO_REPLY, f"Auto-Submitted: {submitted}"
    if re.match(r"\s*(自动回复|自动答复|Auto(matic)? ?-?reply)", subject, re.IGNORECASE):
        return Nature.AUTO_REPLY, f"Subject: {subject}"
    if "list-id" in headers:
        return Nature.LIST, "List-Id"
    return Nature.ANSWER, ""
