"""The flow of a department: knocks when its duties open or fall due.

Whichever run comes first does the work of all that is due, the others find it done; so a run may
come late, twice, at the same time as another, or never.
"""

from datetime import datetime, timedelta

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.installation import Installation, current
from flows.legible import Row, artifact_key, heading, rows, summary
from flows.privately import reconciled

EARLY = timedelta(seconds=2)
"""A run may start a little before its time (Prefect: up to half a second)."""


def run_name() -> str:
    """What a run is called in Prefect's UI: the department, the schedule, the local time."""
    parameters = flow_run.parameters
    installation = current()
    place = installation.plans().get(str(parameters.get("plan")))
    as_of = _as_of(installation)
    wall = f"{place.clock.local(as_of) if place else as_of:%Y-%m-%d %H:%M}"
    return f"{parameters.get('department')} {parameters.get('schedule') or 'by-hand'} {wall}"


@flow(name="department", flow_run_name=run_name, retries=0, persist_result=False)
async def department(plan: str, department: str, schedule: str = "") -> State[None]:
    """办理一个部门到期的职责：立项、提醒、升级、终止。"""
    installation = current()
    as_of = _as_of(installation)
    _, failed = await reconciled(installation, as_of)
    table = await _report(installation, plan, department, as_of)
    if failed is not None:
        raise failed
    return Completed(message=summary(table))


async def _report(
    installation: Installation, plan: str, department: str, as_of: datetime
) -> list[Row]:
    place = installation.plans().get(plan)
    duties = {d.id for d in place.plan.duties if d.department == department} if place else set()
    table = rows(installation.rounds, plan, duties, as_of)
    await acreate_table_artifact(
        key=artifact_key(plan, department),
        table=table,
        description=heading(table),
    )
    return table


def _as_of(installation: Installation) -> datetime:
    """The scheduled time, which a run that starts a little early must not miss; else now."""
    now = installation.clock()
    scheduled: datetime | None = flow_run.scheduled_start_time
    if scheduled is not None and now < scheduled <= now + EARLY:
        return scheduled
    return now
