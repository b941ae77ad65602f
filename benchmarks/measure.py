"""The ruler of every benchmark: contenders interleaved in one run, wall and CPU, printed as ratios.

Other work on the machine moves wall times by a factor of two; ratios inside one interleaved run
stay within some 15 %. So a promise is a ratio to a limit measured beside it, never a time.
"""

import gc
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Stats:
    """One contender over all rounds, in seconds; CPU is this process's own (user + system)."""

    median: float
    least: float
    most: float
    cpu_median: float
    cpu_least: float
    cpu_most: float

    def __str__(self) -> str:
        return (
            f"{_time(self.median):>9} [{_time(self.least)} .. {_time(self.most)}]"
            f"  CPU {_time(self.cpu_median):>9} [{_time(self.cpu_least)} .. {_time(self.cpu_most)}]"
        )


@dataclass(frozen=True, slots=True)
class Timed:
    """A contender whose preparation must not be measured: `work` gets what `prepare` returned."""

    prepare: Callable[[], Any]
    work: Callable[[Any], object]


def interleaved(
    contenders: Mapping[str, Callable[[], object] | Timed], rounds: int = ROUNDS
) -> dict[str, Stats]:
    """Run all contenders `rounds` times, the order reversed every second round.

    Garbage is collected before and not during each measurement, so that nobody pays for the other.
    """
    walls: dict[str, list[float]] = {name: [] for name in contenders}
    cpus: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        names = list(contenders)[:: 1 if number % 2 == 0 else -1]
        for name in names:
            wall, cpu = once(contenders[name])
            walls[name].append(wall)
            cpus[name].append(cpu)
    return {name: _stats(walls[name], cpus[name]) for name in contenders}


def once(contender: Callable[[], object] | Timed) -> tuple[float, float]:
    """Wall and CPU seconds of one run."""
    given = (contender.prepare(),) if isinstance(contender, Timed) else ()
    work: Callable[..., object] = contender.work if isinstance(contender, Timed) else contender
    gc.collect()
    gc.disable()
    try:
        cpu, wall = time.process_time(), time.perf_counter()
        work(*given)
        return time.perf_counter() - wall, time.process_time() - cpu
    finally:
        gc.enable()


def ratio(ours: Stats, limit: Stats) -> float:
    """Ours in units of the limit: the better of the ratios of median wall and median CPU.

    Either alone is at the mercy of the neighbours (wall) or of what a server did (CPU).
    """
    return min(ours.median / limit.median, ours.cpu_median / max(limit.cpu_median, 1e-9))


def table(stats: Mapping[str, Stats]) -> None:
    """Print every contender with its times and its ratio to the first one."""
    first = next(iter(stats.values()))
    width = max(map(len, stats))
    for name, found in stats.items():
        print(f"  {name:<{width}}  {found}  x {ratio(found, first):.2f}")


def report(name: str, ratio: float, bar: float, at_least: bool = False) -> bool:
    """Print one line with the ratio, its bar and pass or MISS; True where the promise holds.

    `at_least`: the ratio is a gain, which the bar bounds from below.
    """
    passed = ratio >= bar if at_least else ratio <= bar
    sign = "≥" if at_least else "≤"
    print(f"{'pass' if passed else 'MISS'}  {name}: {ratio:.2f} (bar {sign} {bar:g})")
    sys.stdout.flush()
    return passed


def peak_memory() -> int:
    """The most memory this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _stats(walls: list[float], cpus: list[float]) -> Stats:
    return Stats(
        statistics.median(walls), min(walls), max(walls),
        statistics.median(cpus), min(cpus), max(cpus),
    )  # fmt: skip


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
