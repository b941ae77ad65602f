"""The pages of signing in and of links, in Chromium: nothing that axe finds, nothing too wide."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from office import members, sessions
from portal.here import Portal
from storage.engine import writing
from tests.portal.conftest import NOON
from tests.portal.looks import looks_right
from tests.portal.signed import OFFICE, link_to

pytestmark = pytest.mark.browser


def way_in(portal: Portal) -> sessions.OneTime:
    with writing(portal.db) as connection:
        return sessions.offer(connection, OFFICE, NOON)


def test_from_the_address_to_the_account(page: Page, portal: Portal, address: str) -> None:
    page.goto(f"{address}/sign-in")
    looks_right(page, "sign-in")
    page.get_by_label("邮箱").fill(OFFICE)
    page.locator("main").get_by_role("button").first.click()
    looks_right(page, "sign-in-sent")
    page.get_by_label("验证码").fill("AAAA-AAAA")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    looks_right(page)
    page.goto(f"{address}/sign-in/{way_in(portal).token}")
    looks_right(page, "sign-in-offered")
    page.locator("main").get_by_role("button").click()
    page.goto(f"{address}/account")
    looks_right(page, "sign-in-account")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{address}/sign-in")


def test_who_may_come_in(page: Page, portal: Portal, address: str) -> None:
    members.grant(
        portal.db, "fire", "team@province.example", "inspector", name="省督导组", since=NOON,
        until=NOON + timedelta(days=7), by="办公室", now=NOON, units=("nursing",),
    )  # fmt: skip
    link_to(portal)
    page.goto(f"{address}/sign-in/{way_in(portal).token}")
    page.locator("main").get_by_role("button").click()
    page.goto(f"{address}/desk/people?unit=nursing")
    looks_right(page, "desk-people")


def test_links_and_codes(page: Page, portal: Portal, address: str) -> None:
    token = link_to(portal)
    page.goto(f"{address}/code")
    looks_right(page, "sign-in-code")
    page.goto(f"{address}/l/{token}/links")
    looks_right(page, "sign-in-links")
    page.locator("main").get_by_role("button").first.click()
    looks_right(page)
    page.goto(f"{address}/l/{token}/links")
    looks_right(page, "sign-in-no-link")
    page.locator("main").get_by_role("button").first.click()
    looks_right(page)


@pytest.mark.parametrize("path", ["/sign-in/nothing-of-the-kind", "/nowhere"])
def test_what_is_not_there(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}{path}")
    looks_right(page)
