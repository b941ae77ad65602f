"""Makes Prefect's server hold exactly our deployments: by the client API, in seconds.

`prefect deploy --all` with our prefect.yaml gives the same set, but takes 0.4 s for each and never
removes one.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import VersionInfo
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.flows import load_flow_from_entrypoint
from prefect.types.entrypoint import EntrypointType

from flows.schedules import POOL, TAG, DeploymentSpec, ScheduleSpec

PAGE = 200
"""The most deployments Prefect gives at a time."""


async def register(specs: Sequence[DeploymentSpec]) -> None:
    """Create or update every deployment, and remove ours that are no longer wanted.

    One after another: SQLite answers 503 to eight at once. What an administrator paused, a
    deployment or a single schedule, stays paused.
    """
    async with get_client() as client:
        await create_pool(client)
        held = {deployment.name: deployment for deployment in await ours(client)}
        for spec in specs:
            await _upsert(client, spec, held.get(spec.name))
        for name in held.keys() - {spec.name for spec in specs}:
            await client.delete_deployment(held[name].id)


async def ours(client: PrefectClient) -> list[DeploymentResponse]:
    """The deployments on the server that carry our tag."""
    found: list[DeploymentResponse] = []
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    while page := await client.read_deployments(
        deployment_filter=tagged, limit=PAGE, offset=len(found)
    ):
        found.extend(page)
    return found


async def create_pool(client: PrefectClient) -> None:
    """The work pool, of the type that Prefect's own process worker can poll as well."""
    with suppress(ObjectAlreadyExists):
        await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))


async def _upsert(
    client: PrefectClient, spec: DeploymentSpec, held: DeploymentResponse | None
) -> None:
    paused = {s.slug for s in held.schedules if not s.active} if held else set()
    flow = _flow(spec.entrypoint)
    deployment: RunnerDeployment = await flow.ato_deployment(
        name=spec.name,
        description=spec.description,
        tags=list(spec.tags),
        parameters=dict(spec.parameters),
        schedules=[_schedule(schedule, paused) for schedule in spec.schedules],
        paused=held.paused if held else False,
        work_pool_name=POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    deployment.entrypoint = spec.entrypoint
    # said here, or Prefect asks git for each deployment
    version = VersionInfo(type="prefect:simple", version=flow.version or "")
    await deployment.aapply(version_info=version)
    if held:
        await _remove_stale(client, held, {schedule.slug for schedule in spec.schedules})


async def _remove_stale(
    client: PrefectClient, held: DeploymentResponse, wanted: Collection[str]
) -> None:
    """Prefect updates schedules by slug and lets the others stand, active."""
    for schedule in held.schedules:
        if schedule.slug not in wanted:
            await client.delete_deployment_schedule(held.id, schedule.id)


def _schedule(spec: ScheduleSpec, paused: Collection[str | None]) -> DeploymentScheduleCreate:
    when: CronSchedule | RRuleSchedule
    if spec.cron is not None:
        when = CronSchedule(cron=spec.cron, timezone=spec.timezone)
    else:
        when = RRuleSchedule(rrule=spec.rrule or "", timezone=spec.timezone)
    return DeploymentScheduleCreate(
        schedule=when,
        slug=spec.slug,
        active=spec.slug not in paused,
        parameters=dict(spec.parameters),
    )


@cache
def _flow(entrypoint: str) -> Flow[..., Any]:
    return load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
