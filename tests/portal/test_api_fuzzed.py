"""Requests made from the API's own description, right and wrong: no 5xx, every answer as it says
(P22).
"""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from office.api_tokens import issue
from portal.api.application import PREFIX, api
from portal.here import Portal
from portal.site import site
from tests.office.desk import Desk
from tests.portal.conftest import NOON

CHECKS: list[Any] = [not_a_server_error, content_type_conformance, response_schema_conformance]


def test_no_request_breaks_it(desk: Desk, portal: Portal, full: bool) -> None:
    secret = issue(desk.db, "OA", "office", 30, NOON, "管理员")
    headers = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", site(portal))
    operations = [schema[path][method] for path in schema for method in schema[path]]
    answers: Counter[str] = Counter()
    for operation in operations:
        made = st.one_of(
            operation.as_strategy(),
            operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        )

        @settings(
            max_examples=20_000 // len(operations) + 1 if full else 12, database=None,
            suppress_health_check=list(HealthCheck), deadline=None,
        )  # fmt: skip
        @given(case=made, number=st.sampled_from([None, None, 1, 2]))
        def ask(case: Any, number: int | None) -> None:
            if number is not None and "number" in (case.path_parameters or {}):
                case.path_parameters["number"] = number  # one that is there
            answer = case.call(headers=headers)
            answers[str(answer.status_code)] += 1
            case.validate_response(answer, checks=CHECKS)

        ask()
    print(sum(answers.values()), dict(answers))
    assert sum(answers.values()) >= (20_000 if full else 100)
    assert not [status for status in answers if status >= "500"]
    assert answers["200"] > 0
    assert answers["422"] > 0


@pytest.mark.parametrize("path", ["/tasks/%0A", "/%0A", "/tasks/1%0D%0A/accept"])
def test_an_address_with_a_line_break_is_refused_as_the_api_refuses(
    desk: Desk, portal: Portal, path: str
) -> None:
    answer = TestClient(site(portal)).get(PREFIX + path)
    assert answer.status_code in (401, 404, 405, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_route_that_breaks_is_found(desk: Desk, portal: Portal) -> None:
    """The control: the same checks on an API one of whose answers is a fault."""
    app = api(portal)
    desk.db.dispose()

    @app.get("/broken")
    def broken() -> int:
        raise KeyError("a fault")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    case = schemathesis.openapi.from_dict(app.openapi())["/broken"]["GET"].Case()
    with pytest.raises(FailureGroup, match="distinct failure"):
        case.validate_response(answer, checks=[not_a_server_error])
