"""A real Postfix that cannot deliver a letter: it says so at once, or a bounce says so later."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from office import inbox
from office.mailboxes import Trouble, troubled
from storage.engine import reading
from storage.inbox import listed
from tests.servers.correspondents import reads, relay
from tests.servers.school import GONE, LOOK, NOBODY, School
from tests.stories.town import INBOX, Town, plan_told

pytestmark = [pytest.mark.xdist_group("mailservers")]

PLAN = """
units:
  - {id: logistics, name: 后勤处, contact: MAILBOX, deputy: deputy.logistics@school.example}
duties:
  - id: report
    title: 报送情况
    source: {clause: 六, quote: 如实报送}
    responsible: 后勤处
    once: 2026-09-30前
    opens: 2026-09-14
    evidence: [{text: 情况}]
    review: 学生处
    ladder: 常规
"""
OFFICE, DEPUTY = "contact.office@school.example", "deputy.logistics@school.example"


@pytest.fixture
def town(
    request: pytest.FixtureRequest, memory: Path, sqlite_template: Path, mail: School
) -> Iterator[Town]:
    """A town whose letters leave through Postfix; one contact's mailbox is as the test says."""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(PLAN.replace("MAILBOX", getattr(request, "param", GONE))))
    town.mail = relay(mail)
    town.begins("2026-09-13 20:00")
    yield town
    town.db.dispose()


def in_trouble(town: Town) -> dict[str, Trouble]:
    with reading(town.db) as connection:
        return troubled(connection, town.plan.id, town.now)


def bounces_back(town: Town, mail: School) -> str:
    """The letter has left and its bounce is taken in: what it is understood as."""
    town.pass_until("2026-09-14 10:00")
    while not inbox.fetch(town.db, town.blobs, mail.account(), town.now):
        time.sleep(LOOK)
    inbox.settle(town.db, town.blobs, town.now, town.mail, INBOX)
    town.round()
    with reading(town.db) as connection:
        [bounce] = listed(connection, 10)
    return bounce.why


def test_a_bounce_without_a_message_id_is_known_by_the_address_that_it_comes_to(
    town: Town, mail: School
) -> None:
    town.mail = replace(town.mail, verp=True)
    assert bounces_back(town, mail) == "收件邮箱不存在或已停用"
    assert in_trouble(town) == {GONE: Trouble.FAILED}
    reads(town, mail, DEPUTY, "报送情况")
    reads(town, mail, OFFICE, "后勤处联络员", "收件邮箱不存在或已停用", "user unknown")


def test_without_verp_nobody_can_tell_whose_it_is(town: Town, mail: School) -> None:
    assert bounces_back(town, mail) == "不是对督办信函的退信"
    assert in_trouble(town) == {}


@pytest.mark.parametrize("town", [NOBODY], indirect=True)
def test_a_mailbox_that_the_server_refuses_at_once_is_as_one_that_bounces(
    town: Town, mail: School
) -> None:
    """The deputy has the letter and the office knows, both the same morning."""
    town.pass_until("2026-09-14 10:00")
    assert in_trouble(town) == {NOBODY: Trouble.FAILED}
    reads(town, mail, DEPUTY, "报送情况")
    reads(town, mail, OFFICE, "后勤处联络员", "收件邮箱不存在或已停用", "550 5.1.1", "报送情况")
    assert not [one for one in town.letters() if one.recipient == NOBODY and one.accepted_at]


@pytest.mark.parametrize("town", [NOBODY], indirect=True)
def test_later_letters_go_to_the_next_post_at_once(town: Town, mail: School) -> None:
    town.pass_until("2026-09-30 18:00")
    to_nobody = [one for one in town.letters() if one.recipient == NOBODY]
    assert [one.attempts for one in to_nobody] == [1]
    reads(town, mail, DEPUTY, "今日截止提醒")
