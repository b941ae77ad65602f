"""With a real Prefect server: what it is told, what it runs here, and what it leaves to be read."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.responses import DeploymentResponse
from prefect.states import Completed, Running, Scheduled
from sqlalchemy import select

from flows import executor
from flows.deployments import ours, register
from flows.heartbeats import forget
from flows.installation import Installation
from flows.prefect_yaml import prefect_yaml
from flows.schedules import DeploymentSpec, ScheduleSpec
from flows.server import Server
from flows.up import specs
from responsibilities.occurrences import occurrences
from storage import tables
from storage.engine import reading, writing
from tests.flows.conftest import ADOPTED, WEEK_LATER, told

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


def deployment(found: Sequence[DeploymentResponse], name: str) -> DeploymentResponse:
    return next(one for one in found if one.name == name)


async def run_now(*names: str, times: int = 1) -> list[FlowRun]:
    """Ask Prefect for runs of these deployments at this second, and execute what it then has."""
    async with get_client() as client:
        found = await ours(client)
        at = datetime.now(UTC)
        asked = [
            await client.create_flow_run_from_deployment(
                deployment(found, name).id, state=Scheduled(scheduled_time=at)
            )
            for name in names
            for _ in range(times)
        ]
        await executed(client, asked)
        return [await client.read_flow_run(run.id) for run in asked]


async def executed(client: PrefectClient, asked: Sequence[FlowRun]) -> None:
    """Serve until all these runs have ended."""
    stop = threading.Event()
    serving = asyncio.create_task(executor.serve(stop, poll_seconds=0.2))
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        now = [await client.read_flow_run(run.id) for run in asked]
        if all(run.state is not None and run.state.is_final() for run in now):
            break
        await asyncio.sleep(0.2)
    stop.set()
    await serving


def record(office: Installation) -> list[tuple[str, str]]:
    """Everything that was recorded, but for the instant."""
    with reading(office.db) as connection:
        rows = connection.execute(select(tables.facts.c.task, tables.facts.c.key))
        return [(task, key) for task, key in rows]


@told
def test_deployments_get_their_runs_planned_and_nobody_outside_hears_of_it(
    prefect: Server, office: Installation
) -> None:
    async def planned() -> datetime | None:
        often = ScheduleSpec("often", "Asia/Shanghai", cron="* * * * *")
        await register([with_schedule(spec, often) for spec in specs(office, WEEK_LATER)])
        students = FlowRunFilter(tags=FlowRunFilterTags(all_=["学生处"]))
        async with get_client() as client:
            for _ in range(600):
                if runs := await client.read_flow_runs(flow_run_filter=students, limit=1):
                    return runs[0].expected_start_time
                await asyncio.sleep(0.2)
        raise AssertionError("Prefect planned nothing within two minutes")

    environ = Path(f"/proc/{prefect.process.pid}/environ").read_bytes().split(b"\0")
    assert {b"DO_NOT_TRACK=1", b"PREFECT_SERVER_ANALYTICS_ENABLED=false"} <= set(environ)
    first = asyncio.run(planned())
    assert first is not None
    assert first > datetime.now(UTC) - timedelta(minutes=2)


@told
def test_prefect_deploy_gives_the_same_deployments_as_duban_up(
    prefect: Server, office: Installation, tmp_path: Path
) -> None:
    wanted = specs(office, WEEK_LATER)
    asyncio.run(register(wanted))
    by_us = asyncio.run(seen())
    asyncio.run(register([]))
    (tmp_path / "prefect.yaml").write_text(prefect_yaml(wanted, WEEK_LATER), "utf-8")
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert asyncio.run(seen()) == by_us
    assert len(by_us) == len(wanted)


async def seen() -> list[dict[str, Any]]:
    """Everything about our deployments but numbers and times that Prefect itself gives."""
    own = {"id", "created", "updated", "created_by", "updated_by", "flow_id", "work_queue_id"}
    own |= {"last_polled", "status", "version_id", "branch", "version_info", "labels"}
    async with get_client() as client:
        found = [one.model_dump(mode="json", exclude=own) for one in await ours(client)]
    for one in found:
        one["pull_steps"] = one["pull_steps"] or []
        one["schedules"] = sorted(
            (
                {key: schedule[key] for key in ("slug", "schedule", "active", "parameters")}
                for schedule in one["schedules"]
            ),
            key=lambda schedule: str(schedule["slug"]),
        )
    return sorted(found, key=lambda one: str(one["name"]))


@told
def test_a_run_opens_the_tasks_and_leaves_a_table_that_says_so(
    prefect: Server, office: Installation
) -> None:
    async def story() -> tuple[list[FlowRun], list[Any]]:
        await register(specs(office, WEEK_LATER))
        runs = await run_now("fanzha.students")
        async with get_client() as client:
            artifacts = await client.read_artifacts()
            return runs, [one for one in artifacts if one.flow_run_id == runs[0].id]

    (run,), artifacts = asyncio.run(story())
    assert run.state is not None
    assert run.state.is_completed(), run.state
    assert run.state.message == "立项 1"
    assert run.name == "students by-hand 2026-11-30 08:00"
    assert {"duban", "fanzha", "学生处"} <= set(run.tags)
    (artifact,) = artifacts
    assert artifact.key == "fanzha-students"
    assert json.loads(artifact.data) == [
        {"办理": "立项", "职责": "reminder", "依据": "2026-W49", "件数": 1}
    ]


@told
def test_twice_at_once_and_late_the_records_come_out_the_same_and_prefects_stay_small(
    prefect: Server, office: Installation
) -> None:
    async def story() -> list[FlowRun]:
        await register(specs(office, WEEK_LATER))
        return await run_now("fanzha.students", "fanzha.colleges", "reconcile", times=10)

    before = used(prefect)
    runs = asyncio.run(story())
    assert [run.state_name for run in runs] == ["Completed"] * 30
    assert (used(prefect) - before) / 30 < 20_000  # measured: 6 to 7 KB a run
    once = record(office)
    assert len(once) == len(set(once))
    assert ("fanzha/2026-W49/reminder/students", "opened") in once
    office.reconcile(WEEK_LATER)
    assert record(office) == once


def used(server: Server) -> int:
    """Bytes of Prefect's database that hold something."""
    with closing(sqlite3.connect(server.home / "prefect.db")) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        (free,) = database.execute("PRAGMA freelist_count").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


@told
def test_after_ten_days_without_us_one_knock_makes_it_all_good_and_the_office_is_told(
    prefect: Server, office: Installation
) -> None:
    async def story() -> list[FlowRun]:
        await register(specs(office, WEEK_LATER))
        before = await run_now("reconcile")
        ticks, boot = office.ticks()
        office.ticks = lambda: (ticks + timedelta(days=10).total_seconds(), boot)
        office.clock = lambda: WEEK_LATER + timedelta(days=10)
        return before + await run_now("fanzha.students", "reconcile")

    assert [run.state_name for run in asyncio.run(story())] == ["Completed"] * 3
    with reading(office.db) as connection:
        keys = [key for (key,) in connection.execute(select(tables.tasks.c.key))]
        kinds = {kind for (kind,) in connection.execute(select(tables.notices.c.kind))}
        late = list(connection.execute(select(tables.tasks.c.late_by_system)))
    assert sorted(keys) == sorted(asked(office, WEEK_LATER + timedelta(days=10)))
    assert "outage" in kinds
    assert (True,) in late


def asked(office: Installation, until: datetime) -> list[str]:
    """The keys of all tasks that the plan asks for up to `until`, and those live when adopted."""
    (place,) = office.plans().values()
    long_ago = ADOPTED - timedelta(days=60)
    return [
        one.key
        for duty in place.plan.duties
        for one in occurrences(place.plan, duty, place.clock, long_ago, until)
        if one.due_at > ADOPTED
    ]


@told
def test_prefect_hears_that_a_run_failed_but_nothing_that_may_name_people(
    prefect: Server, office: Installation
) -> None:
    async def story() -> tuple[FlowRun, str]:
        await register(specs(office, WEEK_LATER))
        (run,) = await run_now("reconcile")
        async with get_client() as client:
            await asyncio.sleep(3)  # Prefect sends its logs every two seconds
            logs = await client.read_logs(limit=200)
            return run, "".join(log.message for log in logs if log.flow_run_id == run.id)

    with writing(office.db) as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuses BEFORE INSERT ON heartbeats"
            " BEGIN SELECT RAISE(ABORT, '某某 1380000'); END"
        )
    run, logs = asyncio.run(story())
    assert run.state is not None
    assert run.state.is_failed()
    assert "IntegrityError" in str(run.state.message)
    assert "IntegrityError" in logs
    assert "1380000" not in f"{run.state.message}{logs}"


@told
def test_what_an_administrator_paused_stays_paused_and_what_is_gone_is_removed(
    prefect: Server, office: Installation
) -> None:
    async def story() -> tuple[list[DeploymentResponse], DeploymentResponse]:
        wanted = specs(office, WEEK_LATER)
        old = ScheduleSpec("every-day-opens", "Asia/Shanghai", cron="0 8 * * *")
        gone = DeploymentSpec("fanzha.gone", "flows.department.department", "", ("duban",), {}, ())
        with_old = [with_schedule(spec, old) for spec in wanted]
        await register([*with_old, gone])
        async with get_client() as client:
            students = deployment(await ours(client), "fanzha.students")
            (paused,) = (one for one in students.schedules if one.slug == "every-week-opens")
            await client.update_deployment_schedule(students.id, paused.id, active=False)
            await register(wanted)
            found = await ours(client)
            return found, deployment(found, "fanzha.students")

    found, students = asyncio.run(story())
    assert "fanzha.gone" not in {one.name for one in found}
    active = {one.slug: one.active for one in students.schedules}
    assert active == {"every-week-opens": False, "every-week-due": True}


def with_schedule(spec: DeploymentSpec, schedule: ScheduleSpec) -> DeploymentSpec:
    return DeploymentSpec(
        spec.name, spec.entrypoint, spec.description, spec.tags, spec.parameters,
        (*spec.schedules, schedule),
    )  # fmt: skip


@told
def test_runs_of_a_killed_predecessor_are_marked_crashed_and_others_left_alone(
    prefect: Server, office: Installation
) -> None:
    async def story() -> list[str | None]:
        await register(specs(office, WEEK_LATER))
        async with get_client() as client:
            found = deployment(await ours(client), "fanzha.students")
            ended = []
            for pid in (None, "host:4711"):
                run = await client.create_flow_run_from_deployment(found.id)
                await client.set_flow_run_state(run.id, Running(), force=True)
                if pid:
                    await client.update_flow_run(run.id, infrastructure_pid=pid)
                ended.append(run.id)
            await executor.mark_crashed(client)
            return [(await client.read_flow_run(run)).state_name for run in ended]

    assert asyncio.run(story()) == ["Crashed", "Running"]


@told
def test_a_foreign_flow_in_our_pool_is_not_loaded_into_our_process(
    prefect: Server, office: Installation
) -> None:
    async def story() -> FlowRun:
        foreign = DeploymentSpec("foreign", "flows.heartbeats.reconcile", "", ("duban",), {}, ())
        await register([foreign])
        async with get_client() as client:
            found = deployment(await ours(client), "foreign")
            await client.request(
                "PATCH", "/deployments/{id}", path_params={"id": found.id},
                json={"entrypoint": "antigravity.fly"},
            )  # fmt: skip
        (run,) = await run_now("foreign")
        return run

    assert asyncio.run(story()).state_name == "Cancelled"
    assert "antigravity" not in sys.modules


@told
def test_prefects_own_history_is_forgotten_after_a_month(
    prefect: Server, office: Installation
) -> None:
    async def story() -> tuple[int, int, set[str]]:
        await register(specs(office, WEEK_LATER))
        async with get_client() as client:
            found = await ours(client)
            named = {}
            for name in ("reconcile", "fanzha.students", "running"):
                of = deployment(found, name.replace("running", "reconcile"))
                run = await client.create_flow_run_from_deployment(of.id)
                state: State[Any] = Running() if name == "running" else Completed()
                await client.set_flow_run_state(run.id, state, force=True)
                named[run.id] = name
            now = datetime.now(UTC)
            young = await forget(now - timedelta(hours=1), ["heartbeat"])
            old = await forget(now + timedelta(seconds=5), ["heartbeat"])
            left = await client.read_flow_runs(
                flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=list(named)))
            )
            return young, old, {named[run.id] for run in left}

    young, old, left = asyncio.run(story())
    assert young == 0
    assert old >= 1
    assert left == {"fanzha.students", "running"}
