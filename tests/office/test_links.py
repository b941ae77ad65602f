"""The link in a letter: it opens its own task, as often as it is followed, and nothing else."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from office import links
from office.links import Link, NoLink
from responsibilities.plan import Role
from responsibilities.words import Refused, Words
from storage.engine import reading, writing
from storage.tables import links as links_table
from storage.tables import metadata
from tests.office.desk import WEEKLY, Desk, at

MONDAY = at("2026-11-30 12:00")
KEY = "fire/2026-W49/check/nursing"
BOX = "nursing@school.example"


@pytest.fixture
def school(desk: Desk) -> Desk:
    """Monday: the weekly check is open in both colleges."""
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


def given(desk: Desk, *, acts: bool = True, task: bool = True) -> str:
    """A link as the letter to the nursing school's contact carries it."""
    number = desk.task(KEY).id if task else None
    with writing(desk.db) as connection:
        return links.issue(
            connection, "fire", "nursing", number, BOX, Role.CONTACT, "护理学院联络员",
            acts=acts, now=MONDAY, until=MONDAY + timedelta(days=180),
        )  # fmt: skip


def refused(desk: Desk, token: str, when: str = "2026-11-30 12:00") -> str:
    with pytest.raises(NoLink) as why:
        links.open_link(desk.db, token, at(when))
    return str(why.value)


def rows(desk: Desk) -> list[object]:
    with reading(desk.db) as connection:
        return [tuple(r) for t in metadata.sorted_tables for r in connection.execute(select(t))]


def test_it_opens_its_task_again_and_again_and_looking_writes_nothing(school: Desk) -> None:
    token = given(school)
    before = rows(school)
    opened = [links.open_link(school.db, token, MONDAY) for _ in range(3)]
    assert {(one.task, one.unit, one.may_act) for one in opened} == {
        (school.task(KEY).id, "nursing", True)
    }
    assert rows(school) == before


def test_of_token_and_code_the_database_has_only_hashes(school: Desk) -> None:
    made = links.make(
        "fire", "nursing", None, BOX, Role.CONTACT, "护理学院联络员", acts=True, now=MONDAY,
        until=MONDAY + timedelta(days=1),
    )  # fmt: skip
    assert len(made.token) == 43  # 32 bytes in base64url
    assert set(made.code.replace("-", "")) <= set(links.LETTERS)
    kept = repr(made.new)
    assert made.token not in kept
    assert made.code not in kept
    assert made.code.replace("-", "") not in kept


def test_tokens_that_are_nearly_right_expired_or_for_something_else_open_nothing(
    school: Desk, full: bool
) -> None:
    token = given(school)
    chance = random.Random(20261130)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    sentences = {refused(school, ""), refused(school, token + "="), refused(school, token[:-1])}
    for _ in range(10_000 if full else 500):
        place = chance.randrange(len(token))
        other = token[:place] + chance.choice(letters) + token[place + 1 :]
        if other != token:
            sentences.add(refused(school, other))
    sentences.add(refused(school, token, "2027-06-01 12:00"))  # over by its own date
    assert len(sentences) == 1
    assert "短码" in sentences.pop()
    assert links.open_link(school.db, token, MONDAY).task == school.task(KEY).id


def test_it_outlasts_its_task_by_the_days_of_grace(school: Desk) -> None:
    from office import review

    token = given(school)
    review.waive(school.db, KEY, "停课", by="办公室", now=at("2026-12-01 09:00"))
    assert links.open_link(school.db, token, at("2026-12-15 08:59")).task
    refused(school, token, "2026-12-15 09:00")


def test_a_newer_letter_leaves_the_older_link_good_for_looking(school: Desk) -> None:
    mails = [_letter_arrives(school, wall) for wall in ("2026-11-30 08:00", "2026-12-02 08:00")]
    older, newer = (_linked(school, mail) for mail in mails)
    just_after = links.open_link(school.db, older, at("2026-12-02 12:00"))
    assert just_after.may_act  # who was filling in the page is not cut off
    next_day = links.open_link(school.db, older, at("2026-12-03 12:00"))
    assert not next_day.may_act
    with pytest.raises(Refused, match="较新邮件"):
        next_day.refuse_to_act()
    assert links.open_link(school.db, newer, at("2026-12-03 12:00")).may_act


def _letter_arrives(desk: Desk, wall: str) -> int:
    from storage import outbox
    from storage.outbox import LetterState, NewLetter

    new = NewLetter(
        f"<{wall.replace(' ', '.')}@school.example>", "fire", "duban@school.example", BOX, "",
        "reminder", "", b"", False, at(wall) + timedelta(days=1), at(wall), (), (),
    )  # fmt: skip
    with writing(desk.db) as connection:
        outbox.bind(connection, [new], [])
        (leased,) = outbox.lease(connection, at(wall), "test", timedelta(minutes=5), 1)
        outbox.settle(connection, leased.letter.id, "test", LetterState.ACCEPTED, at(wall))
    return leased.letter.id


def _linked(desk: Desk, letter: int) -> str:
    from storage import links as stored

    made = links.make(
        "fire", "nursing", desk.task(KEY).id, BOX, Role.CONTACT, "护理学院联络员", acts=True,
        now=MONDAY, until=MONDAY + timedelta(days=180),
    )  # fmt: skip
    with writing(desk.db) as connection:
        stored.add(connection, [(made.new, letter)])
    return made.token


def test_a_letter_to_a_leader_lets_look_and_not_act(school: Desk) -> None:
    link = links.open_link(school.db, given(school, acts=False), MONDAY)
    with pytest.raises(Refused, match="只供查看"):
        link.refuse_to_act()


def test_whoever_acts_gives_a_name_and_the_record_keeps_it(school: Desk) -> None:
    link = links.open_link(school.db, given(school), MONDAY)
    assert link.by(" 王 老师 ") == f"护理学院联络员（王 老师，凭发至{BOX}的链接）"
    for nobody in ("", "  ", "王" * 31, "王\x00"):
        with pytest.raises(Refused, match="姓名"):
            link.by(nobody)


def test_the_post_hears_in_one_letter_of_all_that_was_done(school: Desk) -> None:
    link = links.open_link(school.db, given(school), MONDAY)
    for minute, doer in enumerate(("王老师", "李老师")):
        with writing(school.db) as connection:
            links.acted(
                connection, link, school.task(KEY).id, doer, Words("提交了材料", "handed in"),
                MONDAY + timedelta(minutes=minute),
            )  # fmt: skip
    heard = [n for n in school.waiting() if n.kind == "acted"]
    assert [n.unit for n in heard] == ["nursing", "nursing"]
    assert "王老师提交了材料" in heard[0].matters[0].reason


class TestShortCodes:
    def code(self, desk: Desk, *, until: timedelta = timedelta(days=30)) -> str:
        from storage import links as stored

        made = links.make(
            "fire", "nursing", None, BOX, Role.CONTACT, "护理学院联络员", acts=True, now=MONDAY,
            until=MONDAY + until,
        )  # fmt: skip
        with writing(desk.db) as connection:
            stored.add(connection, [(made.new, None)])
        return made.code

    def test_typed_in_any_way_it_leads_to_the_same_thing_for_half_a_day(self, school: Desk) -> None:
        code = self.code(school)
        for typed in (code, code.lower(), code.replace("-", " "), f" {code} "):
            token = links.enter_code(school.db, typed, "192.0.2.1", MONDAY)
            link = links.open_link(school.db, token, MONDAY)
            assert (link.unit, link.task, link.recipient) == ("nursing", None, BOX)
        refused(school, token, "2026-12-01 00:00")

    def test_it_lasts_no_longer_than_the_link_it_stands_for(self, school: Desk) -> None:
        code = self.code(school, until=timedelta(hours=1))
        token = links.enter_code(school.db, code, "192.0.2.1", MONDAY)
        refused(school, token, "2026-11-30 13:00")
        with pytest.raises(NoLink):
            links.enter_code(school.db, code, "192.0.2.1", MONDAY + timedelta(hours=1))

    def test_after_ten_tries_it_takes_a_quarter_of_an_hour(self, school: Desk) -> None:
        code = self.code(school)
        for _ in range(10):
            with pytest.raises(NoLink):
                links.enter_code(school.db, "AAAA-AAAA", "192.0.2.1", MONDAY)
        with pytest.raises(Refused, match="频繁"):
            links.enter_code(school.db, code, "192.0.2.1", MONDAY)
        assert links.enter_code(school.db, code, "192.0.2.2", MONDAY)
        assert links.enter_code(school.db, code, "192.0.2.1", MONDAY + timedelta(minutes=15))


class TestAnother:
    def asked(self, desk: Desk, token: str, when: str) -> int:
        links.fresh(desk.db, token, "192.0.2.1", at(when))
        return sum(1 for notice in desk.waiting() if notice.kind == links.FRESH)

    def test_an_expired_link_gets_another_sent_to_its_own_post(self, school: Desk) -> None:
        assert self.asked(school, given(school), "2027-08-01 12:00") == 1
        (notice,) = [n for n in school.waiting() if n.kind == links.FRESH]
        assert (notice.unit, notice.role, notice.urgent) == ("nursing", "contact", True)

    def test_an_unknown_one_gets_none_and_is_told_nothing(self, school: Desk) -> None:
        assert self.asked(school, "x" * 43, "2026-11-30 12:00") == 0

    def test_a_revoked_one_gets_none(self, school: Desk) -> None:
        token = given(school)
        links.revoke_all(school.db, links.open_link(school.db, token, MONDAY), MONDAY)
        assert self.asked(school, token, "2026-11-30 12:01") == 0

    def test_nobody_who_has_left_the_post_gets_one(self, school: Desk) -> None:
        token = given(school)
        from tests.office.desk import SCHOOL

        school.adopt(WEEKLY, "2026-12-01 09:00", SCHOOL.replace(BOX, "new@school.example"))
        assert self.asked(school, token, "2026-12-01 12:00") == 0

    def test_no_mailbox_gets_more_than_three_in_an_hour(self, school: Desk) -> None:
        token = given(school)
        counts = [self.asked(school, token, f"2026-11-30 12:0{minute}") for minute in range(5)]
        assert counts == [1, 2, 3, 3, 3]


class TestRevoking:
    def test_the_bearer_stops_every_link_of_the_mailbox_in_the_task(self, school: Desk) -> None:
        mine, other, unit = given(school), given(school), given(school, task=False)
        link: Link = links.open_link(school.db, mine, MONDAY)
        assert links.revoke_all(school.db, link, MONDAY) == 2
        refused(school, mine)
        refused(school, other)
        assert links.open_link(school.db, unit, MONDAY).task is None
        (said,) = [k for _, k, _ in school.record() if "/links_revoked/" in k]
        assert said.startswith("fire/")

    def test_the_office_sees_a_unit_s_links_and_stops_some(self, school: Desk) -> None:
        tokens = [given(school), given(school, task=False)]
        listed = links.of_unit(school.db, "fire", "nursing", MONDAY)
        assert [one.task is None for one in listed] == [True, False]
        assert links.revoke(school.db, "fire", [listed[0].id], by="办公室", now=MONDAY) == 1
        assert links.revoke(school.db, "fire", [listed[0].id], by="办公室", now=MONDAY) == 0
        refused(school, tokens[1])
        assert links.open_link(school.db, tokens[0], MONDAY)

    def test_a_link_of_another_plan_is_not_theirs_to_stop(self, school: Desk) -> None:
        given(school)
        with reading(school.db) as connection:
            (id_,) = connection.scalars(select(links_table.c.id))
        assert links.revoke(school.db, "other", [id_], by="别处", now=MONDAY) == 0


class TestInLetters:
    """With a public address every letter about tasks carries one link, and the bytes keep it."""

    def posted(self, desk: Desk, wall: str) -> list[tuple[str, str, str]]:
        """(to, kind, the link's address or nothing) of the letters made now."""
        import re

        from office.binding import bind
        from office.settings import Portal
        from storage import outbox

        portal = Portal(url="https://duban.school.example/")
        with reading(desk.db) as connection:
            known = {one.id for one in outbox.listed(connection)}
        bind(desk.db, at(wall), desk.mail, "zh", portal=portal)
        with reading(desk.db) as connection:
            new = [one for one in outbox.listed(connection) if one.id not in known]
            texts = {one.id: _text(outbox.body_of(connection, one.id)) for one in new}
        found = {i: re.search(r"https://duban\.school\.example/(\S+)", t) for i, t in texts.items()}
        return sorted((o.recipient, o.kind, m[1] if (m := found[o.id]) else "") for o in new)

    def test_to_the_contact_of_one_task_it_opens_that_task(self, school: Desk) -> None:
        made = {to: path for to, _, path in self.posted(school, "2026-11-30 08:00")}
        assert set(made) == {BOX, "pharmacy@school.example"}
        link = links.open_link(school.db, made[BOX].removeprefix("l/"), MONDAY)
        assert (link.task, link.unit, link.recipient) == (school.task(KEY).id, "nursing", BOX)
        assert link.may_act
        assert link.to_name == "护理学院联络员"

    def test_making_the_letters_twice_makes_no_second_link(self, school: Desk) -> None:
        assert len(self.posted(school, "2026-11-30 08:00")) == 2
        assert self.posted(school, "2026-11-30 08:00") == []
        assert len(links.of_unit(school.db, "fire", "nursing", MONDAY)) == 1

    def test_a_digest_opens_the_unit(self, school: Desk) -> None:
        school.adopt(WEEKLY.replace("id: check", "id: drill") + WEEKLY.partition("\n")[2],
                     "2026-11-30 07:00")  # fmt: skip
        school.reconcile("2026-11-30 08:30")
        made = {to: (kind, path) for to, kind, path in self.posted(school, "2026-11-30 08:30")}
        kind, path = made[BOX]
        assert kind == "digest"
        link = links.open_link(school.db, path.removeprefix("l/"), MONDAY)
        assert (link.task, link.unit, link.may_act) == (None, "nursing", True)

    def test_a_leader_s_letter_lets_look_at_one_task_and_sign_in_for_several(
        self, school: Desk
    ) -> None:
        self.posted(school, "2026-11-30 08:00")
        school.reconcile("2026-12-09 18:00")
        made = {to: (kind, path) for to, kind, path in self.posted(school, "2026-12-09 18:00")}
        kind, path = made["safety@school.example"]
        assert (kind, path) == ("digest", "desk")

    def test_another_link_that_was_asked_for_comes_by_itself(self, school: Desk) -> None:
        token = given(school)
        self.posted(school, "2026-11-30 08:00")
        links.fresh(school.db, token, "192.0.2.1", MONDAY)
        ((to, kind, path),) = self.posted(school, "2026-11-30 12:01")
        assert (to, kind) == (BOX, "link")
        link = links.open_link(school.db, path.removeprefix("l/"), MONDAY)
        assert (link.task, link.may_act) == (school.task(KEY).id, True)

    def test_without_a_public_address_the_letters_are_as_they_were(self, school: Desk) -> None:
        from office.binding import bind
        from storage import outbox

        bind(school.db, at("2026-11-30 08:00"), school.mail, "zh")
        with reading(school.db) as connection:
            bodies = [_text(outbox.body_of(connection, o.id)) for o in outbox.listed(connection)]
        assert len(bodies) == 2
        assert not any("http" in body for body in bodies)


def _text(raw: bytes) -> str:
    import email
    import email.policy

    part = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text
