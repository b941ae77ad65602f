"""S13: a page of 50 rows of the completion log from 1,000,000 tasks, over HTTP, 8 connections.

Limit: the same template with the same values from memory, through the same server and door. The
server is a process of its own, so that the clients do not share its interpreter.
"""

import multiprocessing
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, Request, Response
from sqlalchemy import Engine

from benchmarks import town
from benchmarks.measure import report
from inspections.log_query import EVERYTHING, POSITIONS, LogQuery, changed, position_of, render
from office import sessions
from office.completion_log import log_page
from office.members import grant
from office.reconcile import reconcile
from office.settings import load
from portal.doors import COOKIE, Member
from portal.here import Portal
from portal.reading.room import inspector
from portal.rendering import page
from portal.sign_in.clock import clock_of
from portal.site import site
from storage.blobs import Blobs
from storage.engine import open_engine, writing
from storage.instants import text

TASKS = 1_000_000
CONNECTIONS, REQUESTS, ROUNDS = 8, 240, 7
INSPECTOR = "inspector@bureau.example"
FIRST, MEMORY, DEEPEST = "/reading/log", "/memory", "/reading/log?after=51"


def remembered(folder: Path) -> Path:
    """20 weekly duties of 50 units over years: 1,000,000 closed tasks of real duties."""
    path = town.adopted(folder, 20)
    db = open_engine(f"sqlite:///{path}")
    reconcile(db, town.MONDAY)
    town.shut(db, path)
    connection = town.connect(path)
    known = connection.execute("SELECT unit, duty, promise FROM tasks ORDER BY id").fetchall()
    first = len(known) + 1
    connection.execute("BEGIN")
    rows = (_old(first + n, known[n % len(known)], n // len(known)) for n in range(TASKS))
    connection.executemany(town.INSERT, rows)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
    return path


def _old(number: int, held: tuple[str, str, str], week: int) -> tuple[Any, ...]:
    unit, duty, promise = held
    day = town.SUNDAY - timedelta(days=7 * (week + 1))
    at, due = text(day), text(day + timedelta(days=4))
    done = text(day + timedelta(days=3 if number % 9 else 6))
    period = f"{day:%G-W%V}"
    return (
        number, f"p/{period}/{duty}/{unit}", "p", period, period, duty, unit, promise, None, at,
        due, due, None, at, "closed", 1, done, 0, 3, 0, None, done, "accepted", 0, 0,
    )  # fmt: skip


def serve(path: Path, folder: Path, port: int) -> None:
    """The portal, and beside it the same page from memory behind the same door."""
    db = open_engine(f"sqlite:///{path}")
    portal = Portal(load(folder, {}), db, Blobs(folder / "evidence"), lambda: town.MONDAY)
    app = site(portal)
    found = log_page(db, LogQuery(), town.MONDAY, EVERYTHING)
    at = clock_of(portal, "p")(found.at)

    def memory(request: Request, who: Annotated[Member, Depends(inspector)]) -> Response:
        return page(
            request, "reading/log.html", found=found, query=found.query, at=at, render=render,
            changed=changed, positions=POSITIONS, position_of=position_of,
        )  # fmt: skip

    app.add_api_route(MEMORY, memory)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def signed_in(db: Engine) -> str:
    """The cookie of an inspector of everything."""
    now = town.MONDAY
    grant(db, "p", INSPECTOR, "inspector", name="", since=now, until=now + timedelta(days=9),
          by="bench", now=now)  # fmt: skip
    with writing(db) as connection:
        way = sessions.offer(connection, INSPECTOR, now)
    return sessions.sign_in(db, now, "192.0.2.1", token=way.token)


def asked(port: int, cookie: str, address: str, count: int) -> list[float]:
    """Seconds of each of `count` requests over one connection."""
    connection = HTTPConnection("127.0.0.1", port)
    spent = []
    for _ in range(count):
        began = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": f"{COOKIE}={cookie}"})
        answer = connection.getresponse()
        body = answer.read()
        spent.append(time.perf_counter() - began)
        assert answer.status == 200, (answer.status, body[:500])
    connection.close()
    return spent


def at_once(port: int, cookie: str, address: str) -> tuple[float, list[float]]:
    """Requests a second over all connections, and the seconds of each."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        each = REQUESTS // CONNECTIONS
        found = pool.map(lambda _: asked(port, cookie, address, each), range(CONNECTIONS))
        spent = [one for listed in found for one in listed]
    return len(spent) / (time.perf_counter() - began), spent


def wait_for(port: int) -> None:
    """Until the server answers."""
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)


def measured(port: int, cookie: str) -> tuple[dict[str, float], dict[str, float]]:
    """By address: the median of requests a second, and that of p99 over p50 of each round."""
    rates: dict[str, list[float]] = {FIRST: [], MEMORY: [], DEEPEST: []}
    tails: dict[str, list[float]] = {address: [] for address in rates}
    for number in range(ROUNDS):
        for address in list(rates)[:: 1 if number % 2 == 0 else -1]:
            rate, seconds = at_once(port, cookie, address)
            rates[address].append(rate)
            cuts = statistics.quantiles(seconds, n=100)
            tails[address].append(cuts[98] / cuts[49])
    for address, found in rates.items():
        tail, rate = statistics.median(tails[address]), statistics.median(found)
        ends = f"[{min(found):.0f} .. {max(found):.0f}]"
        print(f"  {address:<24} {rate:6.0f} a second {ends}  p99/p50 {tail:.2f}")
    middle = statistics.median
    return {a: middle(r) for a, r in rates.items()}, {a: middle(t) for a, t in tails.items()}


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        folder, port = Path(name), 18_913
        path = remembered(folder)
        db = open_engine(f"sqlite:///{path}")
        cookie = signed_in(db)
        db.dispose()
        server = multiprocessing.get_context("spawn").Process(
            target=serve, args=(path, folder, port)
        )
        server.start()
        try:
            wait_for(port)
            (cold,) = asked(port, cookie, f"{FIRST}?standing=done_late", 1)
            for address in (FIRST, MEMORY, DEEPEST):
                asked(port, cookie, address, 20)
            print(f"S13 the log of {TASKS:,} tasks; counted anew for a new filter: {cold:.2f} s")
            rates, tails = measured(port, cookie)
        finally:
            server.terminate()
            server.join()
    return all((
        report("S13 first page, against memory", rates[FIRST] / rates[MEMORY], 0.65, True),
        report("S13 deepest page, against the first", rates[DEEPEST] / rates[FIRST], 0.9, True),
        report("S13 p99 against p50, 8 connections", tails[FIRST], 4),
    ))  # fmt: skip


if __name__ == "__main__":
    sys.exit(not main())
