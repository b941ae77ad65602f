"""How a letter says who may answer it."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.utils import parseaddr

from office.ledger import letter_bytes, list_letters
from office.tokens import hashed
from storage import inbox
from storage.engine import reading
from tests.office.desk import WEEKLY, Desk, at

MONDAY = "2026-11-30 08:00"


def answers_go_to(desk: Desk) -> list[str]:
    return [
        parseaddr(message_from_bytes(letter_bytes(desk.db, letter.id))["Reply-To"])[1]
        for letter in list_letters(desk.db)
    ]


def test_every_letter_has_an_address_of_its_own_and_only_the_hash_is_kept(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    letters = list_letters(desk.db)
    tokens = [a.removeprefix("duban+").removesuffix("@school.example") for a in answers_go_to(desk)]
    assert [len(token) for token in tokens] == [32, 32]
    with reading(desk.db) as connection:
        bare = inbox.tokens(connection, tokens)
        known = inbox.tokens(connection, [hashed(token.upper()) for token in tokens])
    assert bare == {}
    assert [known[hashed(token)].letter for token in tokens] == [letter.id for letter in letters]
    assert {held.expires_at for held in known.values()} == {at(MONDAY) + timedelta(days=180)}


def test_a_server_without_tags_gets_letters_with_its_plain_address(desk: Desk) -> None:
    desk.mail = replace(desk.mail, recipient_delimiter="", reply_to="office@school.example")
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    assert answers_go_to(desk) == ["office@school.example"] * 2
