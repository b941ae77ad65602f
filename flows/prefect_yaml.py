"""prefect.yaml: the same deployments, for those who deploy with Prefect's own tools."""

from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from flows.schedules import POOL, DeploymentSpec, ScheduleSpec

HEADER = """\
# 本文件由 duban compile 生成，请勿手工修改；日期自 {as_of} 起算，至校历与放假安排已知之日为止。
# Written by `duban compile`; do not edit. Dates run from {as_of} to the end of the known calendars.
#
#   prefect work-pool create {pool} --type process
#   prefect deploy --all
#   prefect worker start --pool {pool}
"""


def prefect_yaml(specs: Sequence[DeploymentSpec], as_of: datetime) -> str:
    """The text of prefect.yaml; `as_of` (aware) is the instant the dates were computed for."""
    document = {
        "name": "duban",
        # no steps: the project is installed, and entrypoints are modules
        "build": None,
        "push": None,
        "pull": [],
        "deployments": [_deployment(spec) for spec in specs],
    }
    writer = YAML()
    writer.width = 1_000_000
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    out.write(HEADER.format(as_of=as_of.strftime("%Y-%m-%dT%H:%M:%SZ"), pool=POOL))
    writer.dump(document, out)
    return out.getvalue()


def as_of_line(text: str) -> datetime:
    """The instant for which a prefect.yaml was written, from its header."""
    word = next(word for word in text.split() if word.endswith("Z") and word[:4].isdigit())
    return datetime.fromisoformat(word)


def _deployment(spec: DeploymentSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "description": LiteralScalarString(spec.description),
        "tags": list(spec.tags),
        "entrypoint": spec.entrypoint,
        "parameters": dict(spec.parameters),
        "work_pool": {"name": POOL},
        "schedules": [_schedule(schedule) for schedule in spec.schedules],
    }


def _schedule(spec: ScheduleSpec) -> dict[str, Any]:
    when = {"cron": spec.cron} if spec.cron is not None else {"rrule": spec.rrule}
    return {
        "slug": spec.slug,
        **when,
        "timezone": spec.timezone,
        "active": True,
        "parameters": dict(spec.parameters),
    }
