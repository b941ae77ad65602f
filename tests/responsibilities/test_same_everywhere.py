"""P1: what a plan asks for is a function of its text, the calendar and the time, and nothing else.

300 drawn duties here, 10,000 under `make soak`; each process has another zone and hash seed.
"""

import os
import subprocess
import sys

PLACES = (("UTC", "0"), ("Asia/Shanghai", "1"), ("America/St_Johns", "4242"))


def asked_in(zone: str, seed: str, number: int) -> str:
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-m", "tests.responsibilities.any_plan", str(number)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_p1_a_plan_asks_for_the_same_in_every_zone_and_under_every_hash_seed(full: bool) -> None:
    number = 10_000 if full else 300
    found = {asked_in(zone, seed, number) for zone, seed in PLACES}
    assert len(found) == 1
    assert found.pop().startswith(f"{number} ")
