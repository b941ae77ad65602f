"""Who may sign in, and for how long they stay signed in."""

from datetime import timedelta

import pytest

from office import members, sessions
from office.sessions import OneTime
from responsibilities.words import Refused
from storage.engine import reading
from storage.members import Grant
from tests.office.desk import SCHOOL, WEEKLY, Desk, at

NOW = at("2026-11-30 12:00")
HERE = "192.0.2.1"
IDLE, LASTS = timedelta(minutes=60), timedelta(hours=12)
OFFICE, NURSING = "office@school.example", "nursing@school.example"
TEAM = "team@province.example"


@pytest.fixture
def school(desk: Desk) -> Desk:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    return desk


def known(desk: Desk, address: str, when: str = "2026-11-30 12:00") -> members.Person | None:
    with reading(desk.db) as connection:
        return members.person(connection, address, at(when)).get("fire")


def way_in(desk: Desk, address: str = OFFICE, when: str = "2026-11-30 12:00") -> OneTime:
    found = sessions.ask(desk.db, address, HERE, at(when))
    assert found is not None
    return found


def signed(desk: Desk, secret: str, when: str) -> str | None:
    found = sessions.signed_in(desk.db, secret, at(when), idle=IDLE, lasts=LASTS)
    return found.person.name if found else None


class TestPosts:
    @pytest.mark.parametrize(
        ("address", "name", "roles", "units"),
        [
            (OFFICE, "办公室联络员", {"office", "unit"}, 4),
            ("Nursing@School.Example", "护理学院联络员", {"unit"}, 1),
            ("pharmacy-head@school.example", "药学院负责人", {"unit"}, 1),
            ("safety@school.example", "分管校领导", {"leader"}, 4),
            ("leader@school.example", "组长", {"leader"}, 4),
        ],
    )
    def test_a_member_is_whoever_holds_a_post(
        self, school: Desk, address: str, name: str, roles: set[str], units: int
    ) -> None:
        found = known(school, address)
        assert found is not None
        assert (found.name, set(found.roles), len(found.units)) == (name, roles, units)

    def test_a_post_that_changes_hands_takes_the_way_in_with_it(self, school: Desk) -> None:
        secret = sessions.sign_in(school.db, NOW, HERE, token=way_in(school, NURSING).token)
        assert signed(school, secret, "2026-11-30 12:10") == "护理学院联络员"
        changed = SCHOOL.replace(NURSING, "new@school.example")
        school.adopt(WEEKLY, "2026-11-30 12:20", changed)
        assert signed(school, secret, "2026-11-30 12:30") is None
        assert known(school, "new@school.example")

    def test_everybody_with_a_post_is_listed_once(self, school: Desk) -> None:
        listed = [one.address for one in members.by_post(school.db, "fire")]
        assert len(listed) == len(set(listed)) == 13


class TestGrants:
    def let_in(self, desk: Desk, **changes: object) -> Grant:
        given = {
            "name": "省督导组", "since": NOW, "until": NOW + timedelta(days=7), "by": "办公室",
            "now": NOW, "units": ("护理学院",),
        }  # fmt: skip
        return members.grant(desk.db, "fire", TEAM, "inspector", **(given | changes))  # type: ignore[arg-type]

    def test_an_inspector_is_let_in_for_some_units_and_a_time(self, school: Desk) -> None:
        self.let_in(school)
        found = known(school, TEAM)
        assert found is not None
        assert (found.name, *found.roles, *found.units) == ("省督导组", "inspector", "nursing")
        assert known(school, TEAM, "2026-11-30 11:59") is None
        assert known(school, TEAM, "2026-12-07 12:00") is None

    def test_it_can_be_ended_and_both_stand_in_the_record(self, school: Desk) -> None:
        granted = self.let_in(school)
        secret = sessions.sign_in(school.db, NOW, HERE, token=way_in(school, TEAM).token)
        for _ in range(2):
            members.end_grant(school.db, "fire", granted.id, by="办公室", now=NOW)
        assert signed(school, secret, "2026-11-30 12:01") is None
        kept = [key for _, key, _ in school.record() if "grant" in key]
        assert kept == ["fire/granted/1", "fire/grant_ended/1"]

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"units": ("护里学院",)}, "您是否想写"),
            ({"duties": ("chek",)}, "没有职责"),
            ({"until": NOW}, "截止时间"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(
        self, school: Desk, changes: dict[str, object], why: str
    ) -> None:
        with pytest.raises(Refused, match=why):
            self.let_in(school, **changes)
        with pytest.raises(Refused, match="角色"):
            members.grant(
                school.db, "fire", TEAM, "root", name="", since=NOW, until=NOW, by="x", now=NOW
            )


class TestSigningIn:
    def test_a_way_in_works_once_and_looking_at_it_uses_nothing_up(self, school: Desk) -> None:
        way = way_in(school)
        assert all(sessions.is_offered(school.db, way.token, NOW) for _ in range(3))
        assert sessions.sign_in(school.db, NOW, HERE, token=way.token)
        assert not sessions.is_offered(school.db, way.token, NOW)
        with pytest.raises(Refused, match="已使用"):
            sessions.sign_in(school.db, NOW, HERE, token=way.token)
        with pytest.raises(Refused, match="已使用"):
            sessions.sign_in(school.db, NOW, HERE, address=OFFICE, code=way.code)

    def test_after_ten_minutes_it_is_over(self, school: Desk) -> None:
        way = way_in(school)
        with pytest.raises(Refused, match="10分钟"):
            sessions.sign_in(school.db, NOW + timedelta(minutes=10), HERE, token=way.token)

    def test_the_code_is_good_with_its_own_address_only(self, school: Desk) -> None:
        way = way_in(school)
        with pytest.raises(Refused, match="重新获取"):
            sessions.sign_in(school.db, NOW, HERE, address=NURSING, code=way.code)
        typed = way.code.lower().replace("-", " ")
        assert sessions.sign_in(school.db, NOW, HERE, address=OFFICE.upper(), code=typed)

    def test_five_wrong_codes_close_an_address_for_a_while(self, school: Desk) -> None:
        way = way_in(school)
        for number in range(5):
            with pytest.raises(Refused, match="重新获取"):
                sessions.sign_in(school.db, NOW, f"192.0.2.{number}", address=OFFICE, code="2" * 8)
        with pytest.raises(Refused, match="频繁"):
            sessions.sign_in(school.db, NOW, "192.0.2.9", address=OFFICE, code=way.code)
        assert sessions.sign_in(school.db, NOW, "192.0.2.9", token=way.token)

    def test_a_stranger_gets_no_way_in_and_many_tries_none_at_all(self, school: Desk) -> None:
        assert sessions.ask(school.db, "nobody@school.example", HERE, NOW) is None
        asked = [sessions.ask(school.db, OFFICE, "192.0.2.7", NOW) for _ in range(7)]
        assert [one is not None for one in asked] == [True] * 5 + [False] * 2
        for _ in range(13):
            sessions.ask(school.db, "nobody@school.example", "192.0.2.7", NOW)
        with pytest.raises(Refused, match="频繁"):
            sessions.ask(school.db, OFFICE, "192.0.2.7", NOW)

    def test_signing_in_stands_in_the_record_without_the_secret(self, school: Desk) -> None:
        secret = sessions.sign_in(school.db, NOW, HERE, token=way_in(school).token)
        (said,) = [body for _, key, body in school.record() if "/signed_in/" in key]
        assert said == {"address": OFFICE, "how": "mail"}
        assert secret not in repr(school.record())


class TestSessions:
    def begun(self, desk: Desk) -> str:
        return sessions.sign_in(desk.db, NOW, HERE, token=way_in(desk).token)

    def test_it_ends_when_nobody_has_looked_for_an_hour(self, school: Desk) -> None:
        secret = self.begun(school)
        assert signed(school, secret, "2026-11-30 12:59")
        assert signed(school, secret, "2026-11-30 13:58")
        assert signed(school, secret, "2026-11-30 14:58") is None

    def test_and_after_twelve_hours_however_busy(self, school: Desk) -> None:
        secret = self.begun(school)
        for hour in range(12, 24):
            assert signed(school, secret, f"2026-11-30 {hour}:00")
            assert signed(school, secret, f"2026-11-30 {hour}:40")
        assert signed(school, secret, "2026-12-01 00:00") is None

    def test_each_sign_in_has_a_secret_of_its_own(self, school: Desk) -> None:
        assert self.begun(school) != self.begun(school)

    def test_signing_out_ends_one_and_everywhere_all(self, school: Desk) -> None:
        one, two, three = (self.begun(school) for _ in range(3))
        found = sessions.signed_in(school.db, one, NOW, idle=IDLE, lasts=LASTS)
        assert found is not None
        assert len(sessions.sessions_of(school.db, OFFICE, NOW, LASTS)) == 3
        assert sessions.sign_out(school.db, found.session, NOW) == 1
        assert signed(school, one, "2026-11-30 12:01") is None
        other = sessions.signed_in(school.db, two, NOW, idle=IDLE, lasts=LASTS)
        assert other is not None
        assert sessions.end_one(school.db, NURSING, other.session.hash, NOW) == 0
        assert sessions.sign_out(school.db, other.session, NOW, everywhere=True) == 2
        assert signed(school, three, "2026-11-30 12:01") is None

    def test_what_a_form_carries_tells_nothing_of_the_secret(self, school: Desk) -> None:
        secret = self.begun(school)
        assert sessions.csrf_of(secret) != sessions.csrf_of(secret + "x")
        assert secret not in sessions.csrf_of(secret)
