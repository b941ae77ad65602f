"""The committed prefect.yaml is the worked plan's, and reads as Prefect reads it."""

from pathlib import Path
from typing import Any

from prefect import Flow
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.flows import load_flow_from_entrypoint
from ruamel.yaml import YAML

from flows.prefect_yaml import as_of_line, prefect_yaml
from flows.schedules import POOL, deployments, heartbeats
from office.calendars import working_days
from office.workplace import clock_of
from responsibilities.language.compile import compile_plan
from storage.plan_folder import read_folder

ROOT = Path(__file__).parents[2]
COMMITTED = (ROOT / "prefect.yaml").read_text("utf-8")


def compiled_again() -> str:
    files = read_folder(ROOT / "responsibilities" / "plans" / "anti-fraud")
    plan = compile_plan(files, working_days()).plan
    assert plan is not None
    as_of = as_of_line(COMMITTED)
    return prefect_yaml([*heartbeats([plan]), *deployments(plan, clock_of(plan), as_of)], as_of)


def test_the_committed_file_is_what_the_worked_plan_compiles_to() -> None:
    as_of = f"{as_of_line(COMMITTED):%Y-%m-%dT%H:%M:%SZ}"
    command = f"duban compile responsibilities/plans/anti-fraud --now {as_of}"
    assert compiled_again() == COMMITTED, f"please run: {command}"


def test_prefect_reads_every_deployment_and_finds_its_flow() -> None:
    model = PrefectYamlModel.model_validate(YAML(typ="safe").load(COMMITTED))
    assert len(model.deployments) > 10
    for deployment in model.deployments:
        assert deployment.work_pool is not None
        assert deployment.work_pool.name == POOL
        flow: Flow[..., Any] = load_flow_from_entrypoint(deployment.entrypoint or "")
        flow.validate_parameters(deployment.parameters)


def test_the_file_names_no_machine_and_no_person() -> None:
    assert "/work" not in COMMITTED
    assert "@" not in COMMITTED
