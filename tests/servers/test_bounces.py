"""Bounces of a real Postfix: the letter left, and comes back by itself."""

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
from tests.servers.school import GONE, LOOK, School
from tests.stories.town import INBOX, Town, plan_told

pytestmark = [pytest.mark.xdist_group("mailservers")]

PLAN = f"""
units:
  - {{id: logistics, name: 后勤处, contact: {GONE}, deputy: deputy.logistics@school.example}}
duties:
  - id: report
    title: 报送情况
    source: {{clause: 六, quote: 如实报送}}
    responsible: 后勤处
    once: 2026-09-30前
    opens: 2026-09-14
    evidence: [{{text: 情况}}]
    review: 学生处
    ladder: 常规
"""
OFFICE, DEPUTY = "contact.office@school.example", "deputy.logistics@school.example"


@pytest.fixture
def town(memory: Path, sqlite_template: Path, mail: School) -> Iterator[Town]:
    """A town whose letters leave through Postfix; one contact's mailbox is gone."""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(PLAN))
    town.mail = relay(mail)
    yield town
    town.db.dispose()


def bounces_back(town: Town, mail: School) -> tuple[str, dict[str, Trouble]]:
    """The letter has left and its bounce is taken in: the verdict, and the mailboxes in trouble."""
    town.begins("2026-09-13 20:00")
    town.pass_until("2026-09-14 10:00")
    while not inbox.fetch(town.db, town.blobs, mail.account(), town.now):
        time.sleep(LOOK)
    inbox.settle(town.db, town.blobs, town.now, town.mail, INBOX)
    town.round()
    with reading(town.db) as connection:
        [bounce] = listed(connection, 10)
        return bounce.why, troubled(connection, town.plan.id, town.now)


def test_a_bounce_without_a_message_id_is_known_by_the_address_that_it_comes_to(
    town: Town, mail: School
) -> None:
    town.mail = replace(town.mail, verp=True)
    why, trouble = bounces_back(town, mail)
    assert why == "收件邮箱不存在或已停用"
    assert trouble == {GONE: Trouble.FAILED}
    reads(town, mail, DEPUTY, "报送情况")
    reads(town, mail, OFFICE, "后勤处联络员", "收件邮箱不存在或已停用", "user unknown")


def test_without_verp_nobody_can_tell_whose_it_is(town: Town, mail: School) -> None:
    why, trouble = bounces_back(town, mail)
    assert why == "不是对督办信函的退信"
    assert trouble == {}
