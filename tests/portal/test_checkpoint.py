"""Anybody who holds a sealed bulletin can ask whether its checkpoint is of this record."""

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from inspections.checkpoint_print import CheckpointPrint
from inspections.notes import Signer
from office.seal import seal
from tests.office.desk import Desk, at
from tests.portal.conftest import DESKTOP, PHONE
from tests.portal.looks import looks_right

KEY = Signer("school.example/duban", bytes(range(32)))


def test_a_reader_without_an_account_checks_a_print(client: TestClient, desk: Desk) -> None:
    paper = CheckpointPrint(seal(desk.db, KEY, at("2026-11-30 09:00")))
    assert "所印的检查点" in client.get("/checkpoint").text
    for text in (paper.line.zh, paper.signed.code()):
        page = client.get("/checkpoint", params={"printed": text})
        assert (page.status_code, "这是本记录的检查点" in page.text) == (200, True)
    page = client.get("/checkpoint", params={"printed": "1 0000 0000 0000 0000"})
    assert "本记录没有在第1条处签名的检查点" in page.text
    page = client.get("/checkpoint", params={"printed": "<b>通报</b>"})
    assert (page.status_code, "<b>通报" in page.text) == (400, False)
    assert "请照纸上所印填写" in page.text


@pytest.mark.browser
def test_the_page_reads_well_on_a_phone_and_at_a_desk(desk: Desk, address: str, page: Page) -> None:
    paper = CheckpointPrint(seal(desk.db, KEY, at("2026-11-30 09:00")))
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(f"{address}/checkpoint")
        page.get_by_label("所印的检查点").fill(paper.line.zh)
        page.get_by_role("button", name="核对").click()
        looks_right(page, "checkpoint")
