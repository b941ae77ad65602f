"""What the DNS says of the sender's domain, asked of a real nameserver on loopback."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from dnslib.server import DNSServer
from dnslib.zoneresolver import ZoneResolver

from notifications.domain_records import Silent, look_up
from tests.notifications.test_dkim import ours


@contextmanager
def dns(texts: Mapping[str, str]) -> Iterator[str]:
    """A nameserver that knows these TXT records, and a host of the same domain."""
    lines = ["college.example. 60 IN MX 10 mail.college.example."]
    for name, text in texts.items():
        pieces = " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))
        lines.append(f"{name}. 60 IN TXT {pieces}")
    server = DNSServer(ZoneResolver("\n".join(lines)), port=0, address="127.0.0.1")
    server.start_thread()
    try:
        yield f"127.0.0.1:{server.server.server_address[1]}"
    finally:
        server.stop()
        server.server.server_close()


GOOD = {
    "college.example": "v=spf1 include:relay.college.example -all",
    "_dmarc.college.example": "v=DMARC1; p=quarantine",
    "duban._domainkey.college.example": ours().record,
}


def test_a_domain_that_is_set_up_as_it_should_be() -> None:
    with dns(GOOD) as server:
        found = look_up("college.example", ours(), server)
    assert found.mx
    assert found.spf_is_strict
    assert found.dkim_is(ours())
    assert found.dmarc == ("v=DMARC1; p=quarantine",)


def test_a_domain_that_says_nothing() -> None:
    with dns({}) as server:
        found = look_up("college.example", ours(), server)
    assert (found.spf, found.dkim, found.dmarc) == ((), (), ())
    assert not found.spf_is_strict
    assert not found.dkim_is(ours())


@pytest.mark.parametrize("spf", ["v=spf1 +all", "v=spf1 ?all", "v=spf1 mx"])
def test_an_spf_record_that_lets_everybody_send_is_not_strict(spf: str) -> None:
    with dns({"college.example": spf}) as server:
        assert not look_up("college.example", None, server).spf_is_strict


def test_another_key_in_the_dns_is_not_ours() -> None:
    with dns({"duban._domainkey.college.example": ours("theirs").record}) as server:
        assert not look_up("college.example", ours(), server).dkim_is(ours())


def test_a_subdomain_has_the_dmarc_of_its_organisation() -> None:
    with dns(GOOD) as server:
        assert look_up("mail.college.example", None, server).dmarc == ("v=DMARC1; p=quarantine",)


def test_where_no_nameserver_answers_it_says_so() -> None:
    with pytest.raises(Silent):
        look_up("college.example", None, "127.0.0.1:9")
