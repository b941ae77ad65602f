"""The expansion must fail where the engine is wrong: broken copies of it, each caught.

Three of them here, all of them under `make soak`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PLANS = 60


class Mutant(NamedTuple):
    what: str
    file: str
    right: str
    wrong: str


MUTANTS = (
    Mutant(
        "5日前 leaves the fifth out",
        "moments.py",
        "whole.first.replace(day=day)",
        "whole.first.replace(day=max(day - last, 1))",
    ),
    Mutant(
        "Monday to Friday instead of make-up days",
        "calendars/workdays.py",
        "{day for day in year.work if day in span}",
        "set()",
    ),
    Mutant(
        "a month after the 31st is the 28th",
        "calendars/clock.py",
        "min(day.day, monthrange(year, month + 1)[1])",
        "min(day.day, 28)",
    ),
    Mutant(
        "every second week begins anew with each year",
        "periods.py",
        "(number - _phase(rhythm, clock)) % count",
        "(number - number_of(cycle, date(first.year, 1, 4))) % count",
    ),
    Mutant(
        "a season ends in the year it began",
        "periods.py",
        "date(first.year + (end < start), end, 1)",
        "date(first.year, max(end, start), 1)",
    ),
    Mutant(
        "遇休息日提前 puts it off",
        "moments.py",
        "clock.working.on_or_after if roll is Roll.NEXT else clock.working.on_or_before",
        "clock.working.on_or_after",
    ),
    Mutant(
        "the start day counts",
        "calendars/counted.py",
        "self._rank[offset + 1] + n - 1 if n > 0",
        "self._rank[offset] + n - 1 if n > 0",
    ),
    Mutant("the third 旬 begins on the 20th", "civil.py", "(1, 11, 21)", "(1, 11, 20)"),
    Mutant(
        "a surge replaces half a period",
        "surges.py",
        "return all(number",
        "return any(number",
    ),
    Mutant(
        "what was running when the plan took force is forgotten",
        "series.py",
        "if since < self._force <= until:",
        "if False:",
    ),
)  # fmt: skip


def agreed_by(copy: Path) -> int:
    """How many plans the engine in `copy` reads as the expansion does."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.responsibilities.any_duty", str(PLANS)]
    done = subprocess.run(
        command, cwd=copy, env=environment, check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def copied(to: Path) -> Path:
    quiet = shutil.ignore_patterns("__pycache__", "plans")
    shutil.copytree(ROOT / "responsibilities", to / "responsibilities", ignore=quiet)
    shutil.copytree(ROOT / "tests" / "responsibilities", to / "tests" / "responsibilities")
    shutil.copy(ROOT / "tests" / "__init__.py", to / "tests")
    return to


def broken(mutant: Mutant, engine: Path) -> Path:
    path = engine / "responsibilities" / mutant.file
    source = path.read_text("utf-8")
    assert source.count(mutant.right) == 1, mutant.what
    path.write_text(source.replace(mutant.right, mutant.wrong), "utf-8")
    return engine


def test_every_broken_engine_is_caught_and_the_sound_one_is_not(tmp_path: Path, full: bool) -> None:
    chosen = MUTANTS if full else MUTANTS[:3]
    escaped = [
        mutant.what
        for place, mutant in enumerate(chosen)
        if agreed_by(broken(mutant, copied(tmp_path / str(place)))) == 2 * PLANS
    ]
    assert escaped == []
    if full:
        assert agreed_by(copied(tmp_path / "sound")) == 2 * PLANS
