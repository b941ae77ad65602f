"""Tokens for the API as the administrator makes, lists and takes them back."""

import json

import pytest

from tests.duban.test_commands import BEGAN, Run, run

__all__ = ["run"]


@pytest.fixture
def school(run: Run) -> Run:
    """The worked plan in force since the first of September."""
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    return run


def test_a_token_is_shown_once_listed_without_itself_and_taken_back(school: Run) -> None:
    code, out, _ = school("token", "new", "OA", "--role", "office", "--unit", "护理学院")
    assert code == 0
    secret = out.strip()
    assert secret.startswith("duban_")
    listed = school("token")[1]
    assert "OA" in listed
    assert secret not in listed
    assert school("token", "revoke", "OA")[0] == 0
    [token] = json.loads(school("token", "--json")[1])["tokens"]
    assert token["revoked"]


def test_an_unknown_name_or_unit_is_told(school: Run) -> None:
    assert "没有名为“OA”的令牌" in school("token", "revoke", "OA")[2]
    assert "没有单位" in school("token", "new", "OA", "--role", "read", "--unit", "护理")[2]
