"""Coming into the portal in a test, as people do: by a link in a letter, or signed in."""

import re
from datetime import timedelta

from fastapi.testclient import TestClient

from office import links, sessions
from portal.doors import COOKIE
from portal.here import Portal
from responsibilities.plan import Role
from storage.engine import writing

OFFICE, NURSING, LEADER = "office@school.example", "nursing@school.example", "leader@school.example"


def link_to(
    portal: Portal, unit: str = "nursing", task: int | None = None, *, acts: bool = True,
    recipient: str = NURSING,
) -> str:  # fmt: skip
    """The token of a link to a task, or to all of a unit."""
    now = portal.clock()
    with writing(portal.db) as connection:
        return links.issue(
            connection, "fire", unit, task, recipient, Role.CONTACT, "护理学院联络员", acts=acts,
            now=now, until=now + timedelta(days=180),
        )  # fmt: skip


def sign_in(client: TestClient, portal: Portal, address: str = OFFICE) -> str:
    """Signed in as whoever has the mailbox; what the forms of the session carry as `csrf`."""
    now = portal.clock()
    with writing(portal.db) as connection:
        way = sessions.offer(connection, address, now)
    secret = sessions.sign_in(portal.db, now, "192.0.2.1", token=way.token)
    client.cookies.set(COOKIE, secret)
    return sessions.csrf_of(secret)


def csrf_in(html: str) -> str:
    """What the first form of a page carries."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found, "no form with csrf"
    return found[1]
