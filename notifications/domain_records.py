"""What the DNS says about the domain that our letters come from: SPF, DKIM, DMARC.

Only what the records themselves show is judged; whether a relay's address is among those that SPF
allows is for the receiving server to say (`duban doctor --send` shows what arrives).
"""

from dataclasses import dataclass

import dns.exception
import dns.resolver

from notifications.dkim import Signer

TIMEOUT = 5.0


class Silent(Exception):
    """No nameserver answered; says which kind of failure."""


@dataclass(frozen=True, slots=True)
class Records:
    """The texts found; empty where there is none. `mx`: whether the domain takes mail at all."""

    domain: str
    mx: bool
    spf: tuple[str, ...]
    dmarc: tuple[str, ...]
    dkim: tuple[str, ...]
    """At the signer's selector; empty without a signer."""

    @property
    def spf_is_strict(self) -> bool:
        """One record, and it ends in a refusal of all others (RFC 7208, 4.5 and 5.1)."""
        return len(self.spf) == 1 and self.spf[0].split()[-1:] in (["-all"], ["~all"])

    def dkim_is(self, signer: Signer) -> bool:
        """Whether the key in the DNS is the one that signs."""
        wanted = _tags(signer.record)["p"]
        return len(self.dkim) == 1 and _tags(self.dkim[0]).get("p", "").replace(" ", "") == wanted


def look_up(domain: str, signer: Signer | None, nameserver: str = "") -> Records:
    """Ask the machine's nameservers, or `nameserver` (`127.0.0.1:5353`); raises Silent."""
    resolver = _resolver(nameserver)
    texts = _texts(resolver, domain)
    dmarc = _texts(resolver, f"_dmarc.{domain}")
    if not dmarc and domain.count(".") > 1:  # the organisation's own (RFC 7489, 6.6.3)
        dmarc = _texts(resolver, f"_dmarc.{domain.partition('.')[2]}")
    selector = f"{signer.selector}._domainkey.{signer.domain}" if signer else ""
    return Records(
        domain=domain,
        mx=bool(_answers(resolver, domain, "MX") or _answers(resolver, domain, "A")),
        spf=tuple(one for one in texts if one.lower().split()[:1] == ["v=spf1"]),
        dmarc=tuple(one for one in dmarc if one.lower().startswith("v=dmarc1")),
        dkim=_texts(resolver, selector) if selector else (),
    )


def _resolver(nameserver: str) -> dns.resolver.Resolver:
    found = dns.resolver.Resolver(configure=not nameserver)
    if nameserver:
        host, _, port = nameserver.partition(":")
        found.nameservers = [host]
        found.port = int(port or 53)
    found.lifetime = TIMEOUT
    return found


def _texts(resolver: dns.resolver.Resolver, name: str) -> tuple[str, ...]:
    return _answers(resolver, name, "TXT")


def _answers(resolver: dns.resolver.Resolver, name: str, kind: str) -> tuple[str, ...]:
    try:
        found = resolver.resolve(name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise Silent(type(error).__name__) from error
    if kind != "TXT":
        return tuple(str(one) for one in found)
    return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in found)


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
