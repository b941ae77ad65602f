"""Who says that a mail is from whom it says: the own server, in the topmost header, or nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.authentication import Alignment, alignment, checks

OURS = "mx.school.example"
NURSING = "nursing@school.example"

VOUCHED = {
    "dmarc": "mx.school.example; dmarc=pass (p=reject) header.from=school.example",
    "dkim": "mx.school.example; dkim=pass header.d=school.example header.s=2026",
    "dkim by its identity": "mx.school.example; dkim=pass header.i=@school.example",
    "a signer above": "mx.school.example; dkim=pass header.d=example",
    "spf": "mx.school.example; spf=pass smtp.mailfrom=nursing@school.example",
    "spf of a bounce address": "mx.school.example; spf=pass smtp.mailfrom=x@b.school.example",
    "an account of the house": "mx.school.example; auth=pass smtp.auth=nursing@school.example",
    "with a version, folded": "MX.school.example 1;\r\n\tDKIM=Pass header.d=SCHOOL.example",
    "one of several": "mx.school.example; spf=fail smtp.mailfrom=a@b.example;"
    " dkim=fail header.d=b.example; dkim=pass header.d=school.example",
}
DISOWNED = {
    "nothing passed": "mx.school.example; spf=softfail smtp.mailfrom=nursing@school.example",
    "nothing was looked at": "mx.school.example; none",
    "dmarc says no": "mx.school.example; dmarc=fail header.from=school.example;"
    " spf=pass smtp.mailfrom=nursing@school.example",
    "another signer": "mx.school.example; dkim=pass header.d=evil.example",
    "a name that ends alike": "mx.school.example; dkim=pass header.d=notschool.example",
    "a sister": "mx.school.example; dkim=pass header.d=other.school.example.evil.example",
    "dmarc of another": "mx.school.example; dmarc=pass header.from=evil.example",
    "another account": "mx.school.example; auth=pass smtp.auth=pharmacy@school.example",
    "said in a comment": "mx.school.example; spf=pass (dmarc=pass header.from=school.example)"
    " smtp.mailfrom=a@evil.example",
    "said in quotes": 'mx.school.example; spf=pass reason="; dmarc=pass header.from=school.example"'
    " smtp.mailfrom=a@evil.example",
    "the null sender": "mx.school.example; spf=pass smtp.helo=school.example",
}
SILENT = {
    "another server": "mx.evil.example; dmarc=pass header.from=school.example",
    "a server that begins alike": "mx.school.example.evil.example; dmarc=pass"
    " header.from=school.example",
    "no server": "dmarc=pass header.from=school.example",
    "our name in a comment": "(mx.school.example;) mx.evil.example; dmarc=pass",
    "a comment without end": "mx.school.example; dmarc=pass header.from=school.example (",
    "a quotation without end": 'mx.school.example; dmarc=pass header.from="school.example',
    "a property twice": "mx.school.example; dkim=pass header.d=a.example header.d=school.example",
    "half a result": "mx.school.example; dmarc=pass header.from",
    "nothing": "",
}


def said(header: str) -> Alignment:
    return alignment([header], OURS, NURSING)


@pytest.mark.parametrize("header", VOUCHED.values(), ids=VOUCHED.keys())
def test_the_own_server_vouches(header: str) -> None:
    assert said(header) is Alignment.ALIGNED


@pytest.mark.parametrize("header", DISOWNED.values(), ids=DISOWNED.keys())
def test_the_own_server_does_not_vouch(header: str) -> None:
    assert said(header) is Alignment.FAILED


@pytest.mark.parametrize("header", SILENT.values(), ids=SILENT.keys())
def test_what_the_own_server_did_not_say_or_not_clearly_says_nothing(header: str) -> None:
    assert said(header) is Alignment.UNKNOWN


def test_only_the_topmost_header_counts_and_only_where_a_server_is_named() -> None:
    forged, own = VOUCHED["dmarc"], "mx.school.example; spf=fail smtp.mailfrom=a@evil.example"
    assert alignment([own, forged], OURS, NURSING) is Alignment.FAILED
    assert alignment([SILENT["another server"], forged], OURS, NURSING) is Alignment.UNKNOWN
    assert alignment([forged], "", NURSING) is Alignment.UNKNOWN
    assert alignment([], OURS, NURSING) is Alignment.UNKNOWN


@given(st.text(alphabet=' ;=()"\\abc.@mx', max_size=60))
def test_whatever_follows_our_name_is_read_or_not(rest: str) -> None:
    found = checks(f"{OURS}; {rest}", OURS)
    assert found is None or all(one.method and one.result for one in found)
