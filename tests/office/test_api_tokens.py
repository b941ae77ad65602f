"""Programs that ask the API: a token is told once, ends, and can be taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from office.api_tokens import bearer, issue, listed, revoke
from responsibilities.words import Refused
from storage.engine import reading
from storage.tables import api_tokens
from tests.office.desk import WEEKLY, Desk, at

NOON = at("2026-11-30 12:00")


@pytest.fixture
def school(desk: Desk) -> Desk:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    return desk


def test_a_token_says_who_asks_and_within_what(school: Desk) -> None:
    secret = issue(school.db, "OA", "office", 30, NOON, "管理员", unit="护理学院")
    found = bearer(school.db, secret, NOON)
    assert found is not None
    assert (found.name, found.role, found.plan, found.unit) == ("OA", "office", "fire", "nursing")
    assert bearer(school.db, secret + "x", NOON) is None


def test_only_the_hash_is_kept(school: Desk) -> None:
    secret = issue(school.db, "OA", "read", 30, NOON, "管理员")
    with reading(school.db) as connection:
        [row] = connection.execute(select(api_tokens))
    assert secret not in map(str, row)
    assert secret.startswith("duban_")


def test_a_token_ends_and_its_last_day_of_use_is_kept(school: Desk) -> None:
    secret = issue(school.db, "OA", "read", 2, NOON, "管理员")
    assert bearer(school.db, secret, at("2026-12-02 11:59")) is not None
    assert bearer(school.db, secret, at("2026-12-02 12:00")) is None
    [token] = listed(school.db)
    assert token.last_used == date(2026, 12, 2)


def test_a_token_that_was_taken_back_opens_nothing(school: Desk) -> None:
    secret = issue(school.db, "OA", "read", 30, NOON, "管理员")
    revoke(school.db, "OA", NOON)
    revoke(school.db, "OA", at("2026-12-01 12:00"))
    assert bearer(school.db, secret, NOON) is None
    assert listed(school.db)[0].revoked_at == NOON


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "which program"),
        ({"days": 0}, "1 to 366 days"),
        ({"days": 367}, "1 to 366 days"),
        ({"unit": "护理学苑"}, "Did you mean"),
        ({"plan": "flood"}, "has not been adopted"),
    ],
)
def test_what_makes_no_sense_is_refused(
    school: Desk, wrong: dict[str, object], sentence: str
) -> None:
    given = {"name": "OA", "role": "read", "days": 30, "now": NOON, "by": "管理员"} | wrong
    with pytest.raises(Refused, match=sentence):
        issue(school.db, **given)  # type: ignore[arg-type]
    assert listed(school.db) == ()


def test_a_name_is_given_once(school: Desk) -> None:
    issue(school.db, "OA", "read", 30, NOON, "管理员")
    revoke(school.db, "OA", NOON)
    with pytest.raises(Refused, match="take another"):
        issue(school.db, "OA", "read", 30, NOON, "管理员")
