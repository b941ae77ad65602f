"""What a run leaves in Prefect's UI says what was done about its department, and why."""

import re
from datetime import timedelta

from flows.installation import Installation
from flows.legible import all_rows, artifact_key, heading, rows, summary
from office.reconcile import Line, Round
from responsibilities.tasks import FactKind
from tests.flows.conftest import WEEK_LATER, told

LINES = (
    Line(FactKind.OPENED, "fanzha", "reminder", "2026-W49", 1),
    Line(FactKind.TOLD, "fanzha", "talk", "逾期1个工作日", 2),
    Line(FactKind.LAPSED, "other", "reminder", "2026-W49", 1),
)


def done(minutes: int) -> Round:
    return Round(WEEK_LATER + timedelta(minutes=minutes), None, LINES)


def test_the_table_holds_the_lines_of_the_department_alone() -> None:
    assert rows([done(0)], "fanzha", {"reminder"}, WEEK_LATER) == [
        {"办理": "立项", "职责": "reminder", "依据": "2026-W49", "件数": 1}
    ]


def test_what_another_run_did_a_moment_before_is_in_the_table_too() -> None:
    assert len(rows([done(-1)], "fanzha", {"reminder", "talk"}, WEEK_LATER)) == 2


def test_what_was_done_an_hour_ago_is_not() -> None:
    assert rows([done(-60)], "fanzha", {"reminder", "talk"}, WEEK_LATER) == []


def test_the_heartbeats_table_tells_the_plans_apart() -> None:
    assert {row["方案"] for row in all_rows(done(0))} == {"fanzha", "other"}


def test_a_new_date_and_an_end_have_a_reason_too() -> None:
    silent = [Line(kind, "fanzha", "talk", "", 1) for kind in (FactKind.MOVED, FactKind.LAPSED)]
    table = rows([Round(WEEK_LATER, None, tuple(silent))], "fanzha", {"talk"}, WEEK_LATER)
    assert all(row["依据"] for row in table)


def test_an_empty_table_says_that_nothing_was_due() -> None:
    assert "Nothing was due" in heading([])


def test_the_last_state_says_it_in_one_line() -> None:
    assert summary(all_rows(done(0))) == "立项 1，通知 2，终止 1"
    assert summary([]) == "无到期事项"


def test_a_department_with_a_chinese_name_has_a_key_that_prefect_takes() -> None:
    keys = {artifact_key("fanzha", name) for name in ("保卫处", "宣传部", "xsc", "a_b")}
    assert len(keys) == 4
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


@told
def test_rounds_without_any_work_are_not_remembered(office: Installation) -> None:
    office.reconcile(WEEK_LATER)
    office.reconcile(WEEK_LATER)
    assert len(office.rounds) == 1
    assert office.letters.is_set()
