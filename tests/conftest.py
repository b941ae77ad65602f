"""How every test runs: hypothesis without time limits, the same examples every time."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "daily", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", parent=settings.get_profile("daily"), max_examples=1000)
settings.load_profile("daily")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the counts of PROMISES.md (make soak)")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--full"):
        settings.load_profile("full")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """True under ``make soak``: loops run their full count, not the small one of ``make test``."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(autouse=True)
def no_loop_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright keeps its loop running in this thread to the end of the session; whatever is not
    the browser's must be able to call asyncio.run after it."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    left = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(left)
