"""Whether the own mail server vouches for the address in From (RFC 8601).

Anybody can write an Authentication-Results header. Only the topmost counts, and only under the name
that the own server writes; that server must take away what came in under its name (sysadmin.md).
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

_TOKEN = re.compile(
    r'\s*(?:(?P<open>\()|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<plain>[;=]|[^\s;="()]+))'
)


class Alignment(StrEnum):
    """What the own server says about an address in From."""

    ALIGNED = "aligned"
    """A check passed for the very domain (or the account) that From names."""
    FAILED = "failed"
    """The domain's owner disowns the mail (DMARC fail), or no check passed for that domain."""
    UNKNOWN = "unknown"
    """The own server says nothing, or is not known."""


class Check(NamedTuple):
    """One check that the server made: `dkim=pass header.d=school.example`."""

    method: str
    result: str
    said: dict[str, str]
    """`header.d` -> value; everything in lower case."""


def alignment(headers: Sequence[str], authserv_id: str, address: str) -> Alignment:
    """`headers`: the Authentication-Results of a mail, topmost first; `address`: that of From."""
    if not (headers and authserv_id):
        return Alignment.UNKNOWN
    found = checks(headers[0], authserv_id)
    if found is None:
        return Alignment.UNKNOWN
    if any(one.method == "dmarc" and one.result == "fail" for one in found):
        return Alignment.FAILED
    address = address.lower()
    vouched = any(one.result == "pass" and _vouches(one, address) for one in found)
    return Alignment.ALIGNED if vouched else Alignment.FAILED


def checks(header: str, authserv_id: str) -> tuple[Check, ...] | None:
    """What the server of that name says in one header; None where it is not its header, or not to
    be read without guessing.
    """
    tokens = _tokens(header)
    groups: list[list[str]] = [[]]
    for token in tokens:
        if token == ";":
            groups.append([])
        else:
            groups[-1].append(token)
    head, *results = groups
    if head[:1] != [authserv_id.lower()] or len(head) > 2:
        return None
    found = [_check(group) for group in results if group not in ([], ["none"])]
    return None if None in found else tuple(one for one in found if one is not None)


def _tokens(header: str) -> list[str]:
    """Names, values, `=` and `;` in lower case, without comments; empty where it is malformed."""
    found, at = [], 0
    header = header.rstrip()
    while at < len(header):
        token = _TOKEN.match(header, at)
        if token is None:
            return []
        at = token.end()
        if token["open"]:
            at = _comment_end(header, at)
            if at > len(header):
                return []
        else:
            quoted = token["quoted"]
            found.append((quoted[1:-1] if quoted else token["plain"]).lower())
    return found


def _comment_end(header: str, at: int) -> int:
    """Where a comment that began before `at` is over (they nest); beyond the end if it never is."""
    depth = 1
    while depth:
        if at >= len(header):
            return len(header) + 1
        depth += {"(": 1, ")": -1}.get(header[at], 0)
        at += 2 if header[at] == "\\" else 1
    return at


def _check(group: list[str]) -> Check | None:
    """`method = result`, then `name = value` as often as there are; None for anything else."""
    triples = [group[at : at + 3] for at in range(0, len(group), 3)]
    if any(len(one) != 3 or one[1] != "=" for one in triples):
        return None
    said = {name: value for name, _, value in triples[1:]}
    if len(said) != len(triples) - 1:
        return None  # the same property twice: whose value is it
    method = triples[0][0].partition("/")[0]
    return Check(method, triples[0][2], said)


def _vouches(check: Check, address: str) -> bool:
    """Whether a passed check is about the domain in From, and not about somebody else's."""
    domain, said = address.rpartition("@")[2], check.said
    if check.method == "dmarc":
        return said.get("header.from", "") == domain
    if check.method == "dkim":
        signer = said.get("header.d") or said.get("header.i", "")
        return _same(signer.rpartition("@")[2], domain)
    if check.method == "spf":
        return _same(said.get("smtp.mailfrom", "").rpartition("@")[2], domain)
    return check.method == "auth" and said.get("smtp.auth", "") == address


def _same(one: str, domain: str) -> bool:
    """Equal, or one lies below the other (relaxed alignment without a list of public suffixes).

    A sender can neither sign for a domain above his own nor put a name below somebody else's.
    """
    return bool(one) and (one == domain or one.endswith(f".{domain}") or domain.endswith(f".{one}"))
