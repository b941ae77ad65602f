"""A program does by the API what the office does at its desk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from duban.specimen_files import file_of
from office.api_tokens import issue, revoke
from portal.api.application import PREFIX, described
from portal.api.reference import page
from portal.here import Portal
from portal.site import site
from tests.office.desk import SCHOOL, WEEKLY, Desk
from tests.portal.api_page import PAGE
from tests.portal.conftest import NOON

Program = Callable[..., TestClient]


@pytest.fixture
def program(portal: Portal, desk: Desk) -> Program:
    """`program("office", unit="nursing")`: a program with such a token."""
    made = 0

    def start(role: Any = "office", **limits: str) -> TestClient:
        nonlocal made
        made += 1
        secret = issue(desk.db, f"OA{made}", role, 30, NOON, "管理员", **limits)
        bears = {"Authorization": f"Bearer {secret}"}
        return TestClient(site(portal), base_url=f"https://duban.example{PREFIX}/", headers=bears)

    return start


@pytest.fixture
def flood(desk: Desk) -> Desk:
    """Another plan beside the first."""
    other = SCHOOL.replace("id: fire\n  title", "id: flood\n  title")
    desk.adopt(WEEKLY, "2026-11-30 09:00", other)
    return desk


def handed_in(asks: TestClient, number: int) -> dict[str, Any]:
    pdf = {"files": ("检查记录.pdf", file_of("pdf", "1"), "application/pdf")}
    found: dict[str, Any] = asks.post(f"tasks/{number}/evidence", files=pdf).json()
    return found


def test_from_the_list_to_the_closed_task(program: Program) -> None:
    asks = program()
    listed = asks.get("tasks").json()
    assert [task["label"] for task in listed["tasks"]] == ["督办〔2026〕2号", "督办〔2026〕1号"]
    assert listed["tasks"][1]["standing"] == "on_track"
    receipt = handed_in(asks, 1)
    assert receipt["complete"] is True
    assert handed_in(asks, 1)["repeated"] is True
    assert asks.post("tasks/1/accept", json={"note": "齐全"}).json()["state"] == "closed"
    assert asks.post("tasks/1/accept", json={}).json()["outcome"] == "accepted"
    shown = asks.get("tasks/1").json()
    assert shown["facts"][-1]["by"] == "OA1（接口）"
    assert [piece["name"] for piece in shown["evidence"]] == ["检查记录.pdf"]


def test_a_return_a_longer_time_and_a_waiver(program: Program) -> None:
    asks = program()
    handed_in(asks, 1)
    assert asks.post("tasks/1/return", json={"reason": "缺签字"}).json()["state"] == "open"
    later = {"due_at": "2026-12-11T17:00:00+08:00", "reason": "停电"}
    assert asks.post("tasks/1/extend", json=later).json()["due_at"] == "2026-12-11T09:00:00Z"
    assert asks.post("tasks/2/waive", json={"reason": "停课"}).json()["outcome"] == "waived"


def test_what_the_rules_forbid_is_a_problem_in_both_languages(program: Program) -> None:
    answer = program().post("tasks/1/accept", json={})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["zh"] == "督办〔2026〕1号承办单位尚未报结，不能这样办理。"
    assert "has not handed it in" in answer.json()["detail"]


def test_what_is_malformed_is_named_and_not_repeated(program: Program) -> None:
    answer = program().post("tasks/1/extend", json={"due_at": "13800138000x", "phone": "13800"})
    assert answer.status_code == 422
    assert {one["where"] for one in answer.json()["errors"]} == {"body/due_at", "body/phone"}
    assert "13800138000" not in answer.text


def test_pages_follow_one_another(program: Program) -> None:
    asks = program()
    first = asks.get("tasks?limit=1").json()
    second = asks.get(f"tasks?limit=1&before={first['next']}").json()
    assert [task["number"] for task in (*first["tasks"], *second["tasks"])] == [2, 1]
    whole = asks.get("facts").json()
    assert [fact["seq"] for fact in whole["facts"]] == list(range(1, whole["next"] + 1))
    assert asks.get(f"facts?since={whole['next']}").json() == {"facts": [], "next": whole["next"]}


@pytest.mark.parametrize("path", ["tasks", "tasks/1", "facts", "checkpoint"])
def test_without_a_good_token_nothing_is_shown(program: Program, desk: Desk, path: str) -> None:
    asks = program("read")
    assert asks.get(path, headers={"Authorization": "Bearer duban_guess"}).status_code == 401
    assert asks.get(path, headers={"Authorization": "Basic abc"}).status_code == 401
    revoke(desk.db, "OA1", NOON)
    answer = asks.get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "无效" in answer.json()["zh"]


ACTS = ("accept", "return", "extend", "waive", "more-time", "hand-over", "not-ours", "decline",
        "reopen", "nudge")  # fmt: skip


def test_who_may_only_read_acts_nowhere(program: Program) -> None:
    asks = program("read")
    for act in (*ACTS, "evidence"):
        assert asks.post(f"tasks/1/{act}", json={}).status_code in (403, 422)
    waived = asks.post("tasks/1/waive", json={"reason": "停课"})
    assert waived.status_code == 403
    assert asks.get("tasks/1").json()["state"] == "open"


def test_a_unit_s_program_sees_and_hands_in_its_own_and_judges_nothing(program: Program) -> None:
    asks = program(unit="nursing")
    assert [task["unit"] for task in asks.get("tasks").json()["tasks"]] == ["nursing"]
    assert asks.get("tasks?unit=pharmacy").json() == {"tasks": [], "next": None}
    mine, other = 1, 2
    assert asks.get(f"tasks/{other}").status_code == 404
    assert asks.get(f"tasks/{other}").json() == asks.get("tasks/99").json()
    assert handed_in(asks, mine)["complete"] is True
    assert handed_in(asks, other)["status"] == 404
    assert asks.post(f"tasks/{mine}/accept", json={}).status_code == 403
    assert {fact["task"] for fact in asks.get("facts").json()["facts"]} == {
        "fire/2026-W49/check/nursing"
    }


def test_an_incident_is_reported_once_and_its_private_fields_stay_inside(
    program: Program,
) -> None:
    asks = program()
    given = {
        "plan": "fire", "type": "火情", "unit": "nursing", "known_at": "2026-11-30T11:55:00+08:00",
        "fields": {"size": "3", "place": "三号楼", "witness": "值班员甲"},
    }  # fmt: skip
    first = asks.post("incidents", json=given)
    assert first.json()["id"] == "E2026-0001"
    assert asks.post("incidents", json=given).json() == first.json()
    assert "值班员甲" not in first.text + asks.get("facts").text
    closed = {"name": "结案", "at": "2026-11-30T12:00:00+08:00"}
    assert "结案" in asks.post("incidents/E2026-0001/marks", json=closed).json()["marks"]
    assert asks.post("incidents/E2026-0009/marks", json=closed).status_code == 404
    other = program(unit="pharmacy")
    assert other.post("incidents", json=given).status_code == 403


def test_a_program_of_the_unit_asks_for_more_time_hands_over_and_questions(
    program: Program,
) -> None:
    unit, office = program(unit="nursing"), program()
    asked = {"until": "2026-12-09", "reason": "停电"}
    assert unit.post("tasks/1/more-time", json=asked).json()["due_at"] == "2026-12-04T09:00:00Z"
    assert office.post("tasks/1/decline", json={"reason": "不批准"}).status_code == 200
    assert unit.post("tasks/1/hand-over", json={"to": "deputy"}).status_code == 200
    assert unit.post("tasks/1/not-ours", json={"reason": "归保卫处"}).status_code == 200
    kinds = [fact["kind"] for fact in office.get("tasks/1").json()["facts"]]
    assert kinds[-4:] == ["extension_asked", "extension_declined", "passed_on", "questioned"]
    assert unit.post("tasks/2/more-time", json=asked).status_code == 404
    assert unit.post("tasks/1/reopen", json=REOPEN).status_code == 403


REOPEN = {"due_at": "2026-12-11T17:00:00+08:00", "reason": "审核有误"}


def test_a_program_of_the_office_reopens_and_reminds_those_who_miss(
    program: Program, flood: Desk
) -> None:
    asks = program()
    handed_in(asks, 1)
    asks.post("tasks/1/accept", json={})
    week = {"plan": "fire", "duty": "check", "period": "2026-W49"}
    assert asks.post("nudges", json=week).json() == {"told": ["药学院"], "before": [], "done": 1}
    assert asks.post("tasks/2/nudge", json={}).json()["before"] == ["药学院"]
    assert asks.post("tasks/1/nudge", json={}).status_code == 409
    assert asks.post("tasks/1/reopen", json=REOPEN).json()["state"] == "open"
    other = program(plan="flood")
    assert other.post("nudges", json=week).status_code == 403


def test_an_incident_is_put_right_by_its_own_plan_only(program: Program, flood: Desk) -> None:
    asks = program()
    given = {
        "plan": "fire", "type": "火情", "unit": "nursing", "known_at": "2026-11-30T11:55:00+08:00",
        "fields": {"size": "3", "place": "三号楼"},
    }  # fmt: skip
    asks.post("incidents", json=given)
    right = {
        "fields": {"size": "5"},
        "times": {"知悉": "2026-11-30T11:58:00+08:00"},
        "reason": "误",
    }
    done = asks.post("incidents/E2026-0001/corrections", json=right)
    assert done.status_code == 200, done.text
    assert done.json()["marks"]["知悉"] == "2026-11-30T03:58:00Z"
    assert asks.get("facts").json()["facts"][-1]["kind"] == "event_corrected"
    elsewhere = program(plan="flood").post("incidents/E2026-0001/corrections", json=right)
    assert elsewhere.status_code == 404


def test_the_log_and_the_signals_within_the_limits_of_the_token(program: Program) -> None:
    asks, unit = program("read"), program("read", unit="nursing")
    for number in (1, 2):
        handed_in(program(), number)
    assert asks.get("log").json()["total"] == 2
    assert asks.get("log?unit=pharmacy&standing=under_review").json()["total"] == 1
    assert [one["unit"] for one in unit.get("log?unit=pharmacy").json()["tasks"]] == []
    assert asks.get("log?standing=none").status_code == 409
    (found,) = asks.get("signals?on=2026-12-01").json()["signals"]
    assert (found["kind"], found["tasks"]) == ("same_file", [1, 2])
    assert {piece["name"] for piece in found["pieces"]} == {"检查记录.pdf"}
    assert unit.get("signals").status_code == 403
    assert asks.get("signals?on=2026-02-30").status_code == 409


def test_the_page_of_the_api_is_the_api_s_own_description(program: Program) -> None:
    assert Path(PAGE).read_text("utf-8") == page(described()), "python -m tests.portal.api_page"
    asks = program("read")
    assert asks.get("openapi.json").json() == described()
    assert asks.get("docs").text == page(described())
