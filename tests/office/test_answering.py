"""An answer by mail on both databases: taken in, acted on once, receipted."""

from email import message_from_bytes
from email.utils import parseaddr

from office import inbox
from office.ledger import letter_bytes, list_letters, list_mails
from office.settings import Inbox
from responsibilities.tasks import FactKind
from tests.office.desk import WEEKLY, Desk, at
from tests.stories.correspondent import OURS

MONDAY, LATER = "2026-11-30 08:00", "2026-11-30 09:00"
CHOSEN = Inbox(authserv_id=OURS)
ANSWER = (
    f"Authentication-Results: {OURS}; dmarc=pass header.from=school.example\n"
    "From: nursing@school.example\nTo: {to}\nSubject: re\nMIME-Version: 1.0\n"
    'Content-Type: application/pdf; name="record.pdf"\n'
    'Content-Disposition: attachment; filename="record.pdf"\n\n%PDF-1.4 {mark}\n%%EOF\n'
)
NURSING = "fire/2026-W49/check/nursing"


def answer(desk: Desk, mark: str = "") -> bytes:
    """护理学院 answers its letter with a file."""
    [letter] = [x for x in list_letters(desk.db) if x.recipient == "nursing@school.example"][:1]
    to = parseaddr(message_from_bytes(letter_bytes(desk.db, letter.id))["Reply-To"])[1]
    return ANSWER.format(to=to, mark=mark).encode()


def test_an_answer_is_acted_on_once_whatever_comes_twice(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    raw = answer(desk)
    places = [inbox.Place("INBOX", 1, 7), inbox.Place("INBOX", 2, 1), None]
    numbers = {inbox.take_in(desk.db, desk.blobs, raw, now=at(LATER), place=p) for p in places}
    assert numbers == {1}
    assert inbox.settle(desk.db, desk.blobs, at(LATER), desk.mail, CHOSEN) == 1
    assert inbox.settle(desk.db, desk.blobs, at(LATER), desk.mail, CHOSEN) == 0
    [mail] = list_mails(desk.db, held_only=False, limit=10)
    assert (mail.verdict, mail.sender) == ("submitted", "nursing@school.example")
    assert [fact.kind for fact in desk.facts(NURSING)].count(FactKind.SUBMITTED) == 1
    desk.post(LATER)
    assert [x.kind for x in list_letters(desk.db)].count("receipt") == 1


def test_an_answer_counts_from_when_it_came_and_not_from_when_it_was_read(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    inbox.take_in(desk.db, desk.blobs, answer(desk), now=at("2026-12-04 16:59"))
    inbox.settle(desk.db, desk.blobs, at("2026-12-05 09:00"), desk.mail, CHOSEN)
    [fact] = [fact for fact in desk.facts(NURSING) if fact.kind is FactKind.SUBMITTED]
    assert fact.at == at("2026-12-04 16:59")
