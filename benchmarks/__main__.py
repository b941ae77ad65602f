"""`make bench`: every benchmark in a process of its own, then what was kept and what was missed."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    """Run all, or those named (`python -m benchmarks s05 s16`); 1 where a bar was missed."""
    wanted = tuple(sys.argv[1:])
    scripts = sorted(path for path in FOLDER.glob("s[0-9][0-9]_*.py"))
    chosen = [path for path in scripts if not wanted or path.stem.startswith(wanted)]
    verdicts: list[str] = []
    failed = False
    for path in chosen:
        print(f"\n── {path.stem} ──", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{path.stem}"],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        print(done.stdout, end="", flush=True)
        lines = [line for line in done.stdout.splitlines() if line[:4] in ("pass", "MISS")]
        verdicts += lines or [f"MISS  {path.stem}: no verdict (exit {done.returncode})"]
        failed |= done.returncode != 0
    print("\n" + "\n".join(verdicts))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
