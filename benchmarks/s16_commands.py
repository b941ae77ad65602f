"""S16: `duban --help` at most 3 x, `duban check` (worked plan) at most 10 x importing click."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import interleaved, report, table

PLAN = Path(__file__).parent.parent / "responsibilities" / "plans" / "anti-fraud"


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def main() -> bool:
    """Whole processes, so wall time is what counts; our own CPU says nothing of a child's."""
    stats = interleaved(
        {
            "python -c 'import click'": lambda: _run("-c", "import click"),
            "duban --help": lambda: _run("-m", "duban", "--help"),
            "duban check (worked plan)": lambda: _run("-m", "duban", "check", str(PLAN)),
        },
        rounds=11,
    )
    table(stats)
    limit, help_, check = stats.values()
    return all(
        [
            report("S16 duban --help / import click", help_.median / limit.median, 3),
            report("S16 duban check / import click", check.median / limit.median, 10),
        ]
    )


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
