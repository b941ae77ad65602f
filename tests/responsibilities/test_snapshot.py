"""A plan and a promise as bytes: the same everywhere, and back to the same values."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from responsibilities import promises, snapshot
from responsibilities.language.compile import compile_plan
from responsibilities.openings import ladder_of
from responsibilities.plan import Duty, Member, Plan
from tests.responsibilities.compiling import compiled
from tests.responsibilities.school_year import nation
from tests.responsibilities.test_compile import MONTHLY

DAY = date(2026, 9, 20)
WORKED = Path(snapshot.__file__).parent / "plans" / "anti-fraud"


def worked_plan() -> Plan:
    files = {
        str(path.relative_to(WORKED)): path.read_text("utf-8")
        for path in WORKED.rglob("*")
        if path.is_file()
    }
    plan = compile_plan(files, nation()).plan
    assert plan is not None
    return plan


def small_plan() -> tuple[Plan, Duty]:
    plan = compiled(MONTHLY).plan
    assert plan is not None
    return plan, plan.duties[0]


def test_the_worked_plan_comes_back_as_it_was() -> None:
    plan = worked_plan()
    held = snapshot.dump(plan)
    assert snapshot.load(held) == plan
    assert snapshot.load(held.decode()) == plan
    assert snapshot.dump(snapshot.load(held)) == held
    assert len(snapshot.digest(held)) == 64


def test_the_bytes_do_not_depend_on_the_process_that_makes_them() -> None:
    program = (
        "from tests.responsibilities.test_snapshot import worked_plan;"
        "from responsibilities import snapshot;"
        "print(snapshot.digest(snapshot.dump(worked_plan())))"
    )
    root = str(Path(__file__).parent.parent.parent)
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": root},
            cwd=root, check=True, capture_output=True, text=True,
        ).stdout
        for seed, zone in (("0", "UTC"), ("4242", "America/New_York"))
    }  # fmt: skip
    assert made == {snapshot.digest(snapshot.dump(worked_plan())) + "\n"}


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(ValidationError):
        snapshot.load(b'{"id": "x"}')


def test_a_promise_freezes_the_duty_its_ladder_and_its_roster() -> None:
    plan, duty = small_plan()
    made = promises.promise(plan, 3, duty)
    assert (made.plan, made.version, made.duty, made.title) == (
        "fire", 3, "monthly-check", "开展防火检查",
    )  # fmt: skip
    assert made.steps == ladder_of(plan, duty)
    assert made.coverage == {
        "nursing": (Member("护理1班"), Member("护理2班")),
        "pharmacy": (Member("药学1班"),),
    }
    assert (made.coverage_roster, made.coverage_target) == ("classes", 0.95)
    assert made.assumed == ("due",)
    assert promises.load(promises.dump(made)) == made


def test_a_promise_is_named_by_its_content() -> None:
    plan, duty = small_plan()
    first = promises.promise(plan, 1, duty)
    assert promises.promise(snapshot.load(snapshot.dump(plan)), 1, duty) == first
    assert promises.promise(plan, 2, duty).digest != first.digest


def test_a_unit_covers_its_own_and_a_department_covers_everybodys() -> None:
    plan, duty = small_plan()
    made = promises.promise(plan, 1, duty)
    assert promises.to_cover(made, "pharmacy", DAY) == ("药学1班",)
    assert promises.to_cover(made, "guard", DAY) == ("护理1班", "护理2班", "药学1班")
    assert promises.heads_to_cover(made, "guard") == 0


def test_whoever_comes_or_leaves_is_covered_on_the_days_between() -> None:
    plan, duty = small_plan()
    classes = (Member("护理1班"), Member("护理2班", last=DAY), Member("护理3班", first=DAY))
    roster = replace(plan.rosters[0], members={"nursing": classes})
    made = promises.promise(replace(plan, rosters=(roster,)), 1, duty)
    assert promises.load(promises.dump(made)) == made
    day = timedelta(days=1)
    assert [promises.to_cover(made, "nursing", on) for on in (DAY - day, DAY, DAY + day)] == [
        ("护理1班", "护理2班"),
        ("护理1班", "护理2班", "护理3班"),
        ("护理1班", "护理3班"),
    ]
