"""What signing in by somebody else's word has in common."""

from responsibilities.words import Refused, Words

TIMEOUT = 10.0
"""Seconds that the other side gets."""
NOT_VOUCHED = Words(
    "统一身份认证没有通过，请重新登录。", "The provider did not confirm this; sign in again."
)


class Unvouched(Refused):
    """The other side does not say who this is."""
