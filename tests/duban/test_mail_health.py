"""What the doctor says of the post: the door, the records in the DNS, a letter to oneself."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from duban.mail_health import Finding, held_back, letter_to_oneself, relay_and_domain
from office import clockguard
from office.clockguard import Reading
from office.settings import Inbox, Mail, Settings
from tests.databases import database_url, db, postgres_url, sqlite_template
from tests.dovecot import PASSWORD as BOX_PASSWORD
from tests.dovecot import USER, dovecot
from tests.faults.sink import JOURNAL, sink
from tests.notifications.test_dkim import ours, pem
from tests.notifications.test_domain_records import GOOD, dns

__all__ = ["database_url", "db", "postgres_url", "sqlite_template"]

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def settings(mail: Mail, inbox: Inbox = Inbox()) -> Settings:  # noqa: B008
    return Settings(folder=Path(), mail=mail, inbox=inbox)


def wrong(findings: list[Finding]) -> dict[str, str]:
    return {one.name: one.remedy.zh for one in findings if one.remedy is not None}


def test_a_relay_and_a_domain_as_they_should_be(tmp_path: Path) -> None:
    with sink(tmp_path / "sink") as port, dns(GOOD) as nameserver:
        mail = Mail(
            host="127.0.0.1", port=port, tls="none", sender="duban@college.example",
            nameserver=nameserver, dkim_selector="duban", dkim_key=pem("ours"),
        )  # fmt: skip
        found = list(relay_and_domain(settings(mail)))
    assert wrong(found) == {}
    assert [one.name for one in found] == ["relay", "from", "spf", "dkim", "dmarc"]


def test_each_thing_that_is_missing_is_named_with_what_to_set(tmp_path: Path) -> None:
    with dns({}) as nameserver:
        mail = Mail(
            host="127.0.0.1", port=9, tls="none", sender="duban@college.example",
            nameserver=nameserver, dkim_selector="duban", dkim_key=pem("ours"),
        )  # fmt: skip
        found = list(relay_and_domain(settings(mail)))
    said = wrong(found)
    assert set(said) == {"relay", "spf", "dkim", "dmarc"}
    assert ours().record in said["dkim"]
    assert "PRIVATE" not in str(found)


def test_a_key_that_is_of_no_use_is_said_without_showing_it(tmp_path: Path) -> None:
    mail = Mail(host="127.0.0.1", port=9, tls="none", dkim_selector="d", dkim_key="secret-key")
    found = list(relay_and_domain(settings(mail)))
    assert "PEM" in wrong(found)["dkim"]
    assert "secret-key" not in str(found)
    assert "secret-key" not in repr(mail)


def test_without_a_relay_nothing_is_asked_of_anybody() -> None:
    assert list(relay_and_domain(settings(Mail()))) == []


def test_a_letter_to_oneself_arrives_or_does_not(tmp_path: Path) -> None:
    with dovecot() as imap, sink(tmp_path / "sink", imap.maildir) as port:
        inbox = Inbox("127.0.0.1", imap.port, "none", USER, BOX_PASSWORD)
        mail = Mail(host="127.0.0.1", port=port, tls="none", sender=JOURNAL)
        there = letter_to_oneself(settings(mail, inbox), NOW, wait=30)
        assert (there.remedy, there.seen.zh) == (None, "试发的信函已收到")
        elsewhere = replace(mail, sender="duban@school.example")
        lost = letter_to_oneself(settings(elsewhere, inbox), NOW, wait=0)
    assert lost.remedy is not None
    assert "未进入收信邮箱" in lost.remedy.zh


def test_a_clock_that_jumped_is_found(db: Engine) -> None:
    assert wrong(list(held_back(db))) == {}
    assert clockguard.trusted(db, Reading(NOW, 1.0, "a"))
    assert not clockguard.trusted(db, Reading(NOW.replace(year=2027), 2.0, "a"))
    assert set(wrong(list(held_back(db)))) == {"clock"}


@pytest.mark.parametrize("inbox", [Inbox(), Inbox(host="imap.school.example")])
def test_a_letter_needs_a_relay_to_leave(inbox: Inbox) -> None:
    assert letter_to_oneself(settings(Mail(), inbox), NOW).remedy is not None
