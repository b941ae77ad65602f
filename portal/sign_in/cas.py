"""Signing in by the institution's CAS (统一身份认证): protocol 2 and 3, serviceValidate."""

from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx

from office.settings import Cas
from portal.sign_in.vouching import NOT_VOUCHED, TIMEOUT, Unvouched
from responsibilities.words import Words

_NAMES = {"cas": "http://www.yale.edu/tp/cas"}
_LARGEST = 100_000
_NO_MAIL = Words(
    "统一身份认证没有给出经核实的邮箱，不能登录；请改用邮件登录。",
    "CAS gives no verified mailbox; sign in by mail.",
)


def start(chosen: Cas, service: str) -> str:
    """Where the browser goes to sign in; it comes back to `service` with a ticket."""
    return f"{chosen.url.rstrip('/')}/login?{urlencode({'service': service})}"


def finish(chosen: Cas, service: str, ticket: str) -> str:
    """The verified address of whoever has this ticket for `service`; Unvouched for anything else.

    The attribute with the address is the setting's; the plain user name is never taken for one.
    """
    try:
        said = _success(chosen, service, ticket)
    except (httpx.HTTPError, ElementTree.ParseError, ValueError) as error:
        raise Unvouched(NOT_VOUCHED) from error
    if said is None:
        raise Unvouched(NOT_VOUCHED)
    found = said.findall(f"cas:attributes/cas:{chosen.verified_mail}", _NAMES)
    address = (found[0].text or "").strip() if len(found) == 1 else ""
    if not address:
        raise Unvouched(_NO_MAIL)
    return address


def _success(chosen: Cas, service: str, ticket: str) -> ElementTree.Element | None:
    """CAS protocol 3.0, 2.5 and 2.6; nothing where the ticket is not good."""
    where = f"{chosen.url.rstrip('/')}/p3/serviceValidate"
    asked = {"service": service, "ticket": ticket}
    answer = httpx.get(where, params=asked, timeout=TIMEOUT, trust_env=False)
    if answer.status_code == 404:  # a server of protocol 2
        where = where.replace("/p3/", "/")
        answer = httpx.get(where, params=asked, timeout=TIMEOUT, trust_env=False)
    text = answer.raise_for_status().text
    if len(text) > _LARGEST or "<!" in text.replace("<!--", ""):
        raise ValueError("a document type: entities could be anything")
    root = ElementTree.fromstring(text)
    if root.tag != f"{{{_NAMES['cas']}}}serviceResponse":
        raise ValueError("no answer of CAS")
    return root.find("cas:authenticationSuccess", _NAMES)
