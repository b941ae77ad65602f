"""The portal over the small school's records: as a program asks, and in Debian's Chromium."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Response
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from office.settings import load
from portal.evidence import evidence_site
from portal.here import Portal
from portal.serving import serving
from portal.site import site
from tests.databases import database_url, db, postgres_url, sqlite_template
from tests.office.desk import WEEKLY, Desk, at

__all__ = ["database_url", "db", "postgres_url", "sqlite_template"]

NOON = at("2026-11-30 12:00")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@dataclass
class Clock:
    """The portal's clock; a story says what time it is: `clock.now = at("2026-12-04 16:00")`."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon; the weekly check is open."""
    desk = Desk(db, tmp_path)
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


@pytest.fixture
def portal(desk: Desk, clock: Clock, tmp_path: Path) -> Portal:
    """The portal of the small school."""
    return Portal(load(tmp_path, {}), desk.db, desk.blobs, clock)


@pytest.fixture
def client(portal: Portal) -> TestClient:
    """Requests without a socket; redirects are shown, not followed."""
    return TestClient(site(portal), base_url="https://duban.example", follow_redirects=False)


def another_htmx(app: Any) -> Any:
    """With DUBAN_TEST_HTMX=path, that file stands in for the htmx that we serve."""
    instead = os.environ.get("DUBAN_TEST_HTMX")
    if not instead:
        return app
    script = Response(Path(instead).read_bytes(), media_type="text/javascript")

    async def served(scope: Any, receive: Any, send: Any) -> None:
        ours = not scope.get("path", "").startswith("/static/htmx-")
        await (app if ours else script)(scope, receive, send)

    return served


@pytest.fixture
def address(portal: Portal) -> Iterator[str]:
    """Where the portal is served over real HTTP on loopback."""
    with serving(evidence_site(portal), "127.0.0.1", 0) as apart:
        chosen = replace(portal.settings.portal, evidence_url=f"http://localhost:{apart}")
        whole = replace(portal, settings=replace(portal.settings, portal=chosen))
        with serving(another_htmx(site(whole)), "127.0.0.1", 0) as port:
            # a browser takes cookies marked Secure from localhost, as from https
            yield f"http://localhost:{port}"


@pytest.fixture
def program(address: str) -> Iterator[httpx.Client]:
    """A program that asks over real HTTP on loopback."""
    with httpx.Client(base_url=address, trust_env=False) as client:
        yield client


# ---- Chromium, by pytest-playwright: a test asks for `page` and is marked `browser` ----


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium and no other, so that no browser is ever downloaded."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: run `make venv`, or apt-get install chromium"
    return {"executable_path": chromium, "args": ["--disable-dev-shm-usage"]}


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    """A phone of a Chinese reader; a test that wants a desk calls page.set_viewport_size."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": PHONE}
