"""A reply changes a task only with a valid token and a sender the own server vouches for (P16).

Every case is an honest answer with one thing wrong. The mail is kept, the task is as it was.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from office import inbox
from office.adopt_plan import adopt
from office.ledger import letter_bytes, list_letters
from office.settings import Inbox
from office.tokens import hashed
from responsibilities.tasks import FactKind
from storage import facts, tables
from storage.blobs import Blobs
from storage.engine import open_engine, reading, writing
from storage.inbox import Envelope, Message, MessageState, by_id
from tests.databases import sqlite_template
from tests.office.desk import SCHOOL, WEEKLY, Desk, at, compiled
from tests.stories.correspondent import OURS

__all__ = ["sqlite_template"]

MONDAY = "2026-11-30 08:00"
NURSING, PHARMACY = "fire/2026-W49/check/nursing", "fire/2026-W49/check/pharmacy"
CHANGES = {
    FactKind.SUBMITTED, FactKind.ACCEPTED, FactKind.RETURNED, FactKind.EXTENSION_ASKED,
    FactKind.EXTENDED, FactKind.EXTENSION_DECLINED,
}  # fmt: skip


class Letters(NamedTuple):
    """What an honest answerer knows of our letters, by the unit's mailbox: token and Message-ID."""

    tokens: Mapping[str, str]
    ids: Mapping[str, str]
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Mail:
    """An honest answer of 护理学院; a case says what is otherwise."""

    token: str = "NURSING"
    to: str = "duban+{token}@school.example"
    sender: str | None = "nursing@school.example"
    vouched: tuple[str, ...] = (f"{OURS}; dmarc=pass header.from=school.example",)
    refers: str | None = "{nursing}"
    subject: str = "回复：检查"
    text: str = "检查记录如附件。"
    more: Mapping[str, str] = field(default_factory=dict)
    envelope: Envelope = inbox.NOBODY
    later: timedelta = timedelta(0)
    first: Callable[[Desk], None] = lambda desk: None
    """What happens before it comes in."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Two colleges have been told of a task each."""
    folder = tmp_path_factory.mktemp("spoofing")
    shutil.copy(sqlite_template, folder / "duban.sqlite")
    desk = Desk(open_engine(f"sqlite:///{folder / 'duban.sqlite'}"), folder)
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    desk.db.dispose()
    return folder


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    desk = Desk(open_engine(f"sqlite:///{tmp_path / 'duban.sqlite'}"), tmp_path)
    yield desk
    desk.db.dispose()


def letters(desk: Desk) -> Letters:
    tokens, ids = {}, {}
    for letter in reversed(list_letters(desk.db)):
        unit = letter.recipient.partition("@")[0]
        raw = letter_bytes(desk.db, letter.id)
        tokens[unit] = raw.partition(b"duban+")[2][:32].decode()
        ids[unit] = letter.message_id
    numbers = {"nursing": "督办〔2026〕1号", "pharmacy": "督办〔2026〕2号"}
    return Letters(tokens, ids, numbers)


def raw(mail: Mail, known: Letters) -> bytes:
    """The bytes of the mail as they come in."""
    token = known.tokens.get(mail.token.lower(), mail.token)
    lines = [f"Authentication-Results: {one}" for one in mail.vouched]
    if mail.sender is not None:
        lines.append(f"From: {mail.sender}")
    lines.append(f"To: {mail.to.format(token=token, **known.tokens)}")
    lines.append(f"Subject: {mail.subject.format(**known.numbers, token=token)}")
    if mail.refers:
        lines.append(f"In-Reply-To: {mail.refers.format(**known.ids)}")
    lines += [f"{name}: {value.format(**known.ids)}" for name, value in mail.more.items()]
    body = (
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
        "Content-Type: text/plain; charset=utf-8\n\n"
        f"{mail.text.format(token=token, **known.numbers)}\n--b\n"
        'Content-Type: application/pdf; name="record.pdf"\n'
        'Content-Disposition: attachment; filename="record.pdf"\n\n%PDF-1.4 record\n%%EOF\n--b--\n'
    )
    return ("\n".join(lines) + "\n" + body).encode()


def gets(desk: Desk, mail: Mail) -> Message:
    mail.first(desk)
    now = at(MONDAY) + timedelta(hours=1) + mail.later
    number = inbox.take_in(
        desk.db, desk.blobs, raw(mail, letters(desk)), now=now, envelope=mail.envelope
    )
    inbox.settle(desk.db, desk.blobs, now, desk.mail, Inbox(authserv_id=OURS))
    with reading(desk.db) as connection:
        message = by_id(connection, number)
    assert message is not None
    return message


def changes(desk: Desk) -> list[str]:
    with reading(desk.db) as connection:
        known = facts.since(connection)
    return [f"{fact.task} {fact.key}" for fact in known if fact.kind in CHANGES]


def vouched(*headers: str) -> Mail:
    return Mail(vouched=headers)


def handed_in(desk: Desk) -> None:
    """The unit has handed in, and the reviewer has its letter."""
    gets(desk, Mail(text="检查记录。"))
    desk.post("2026-11-30 09:05")


def unvouched(desk: Desk) -> None:
    """A mail waits for the unit's word, which it was asked for."""
    gets(desk, Mail(vouched=()))
    desk.post("2026-11-30 09:05")


def stranger(desk: Desk) -> None:
    """A mail waits for the office's word, which it was asked for."""
    gets(desk, Mail(sender="somebody@free.example"))
    desk.post("2026-11-30 09:05")


def moved_out(desk: Desk) -> None:
    """The plan gives the post another mailbox."""
    school = SCHOOL.replace("contact: nursing@", "contact: nursing-new@")
    adopt(desk.db, compiled(WEEKLY, school), at("2026-11-30 08:30"), "办公室", leaving_out=True)


def forgotten(desk: Desk) -> None:
    """The database knows no token any more."""
    with writing(desk.db) as connection:
        connection.execute(
            update(tables.reply_tokens).values(hash=tables.reply_tokens.c.hash + "0")
        )


EVIL = "evil.example"
SENDERS = {
    "a stranger whom the server vouches for": Mail(
        sender=f"a@{EVIL}", vouched=(f"{OURS}; dmarc=pass header.from={EVIL}",)
    ),
    "a stranger who names himself after the post": Mail(
        sender=f'"nursing@school.example" <a@{EVIL}>',
        vouched=(f"{OURS}; dmarc=pass header.from={EVIL}",),
    ),
    "the post and a stranger": Mail(sender=f"nursing@school.example, a@{EVIL}"),
    "a stranger and the post": Mail(sender=f"a@{EVIL}, nursing@school.example"),
    "nobody": Mail(sender=None),
    "an empty address": Mail(sender="<>"),
    "two From headers": Mail(sender=f"a@{EVIL}\nFrom: nursing@school.example"),
    "a domain that begins alike": Mail(
        sender=f"nursing@school.example.{EVIL}",
        vouched=(f"{OURS}; dmarc=pass header.from=school.example.{EVIL}",),
    ),
    "a domain that looks alike": Mail(
        sender="nursing@schооl.example", vouched=(f"{OURS}; dmarc=pass header.from=schооl.example",)
    ),
    "a tagged mailbox": Mail(sender="nursing+x@school.example"),
    "another unit": Mail(sender="pharmacy@school.example"),
    "the guard": Mail(sender="guard@school.example"),
    "the leader in charge": Mail(sender="safety@school.example"),
    "the office": Mail(sender="office@school.example"),
    "the post only in Sender": Mail(sender=f"a@{EVIL}", more={"Sender": "nursing@school.example"}),
    "the post only in Reply-To": Mail(
        sender=f"a@{EVIL}", more={"Reply-To": "nursing@school.example"}
    ),
    "the post in an encoded word": Mail(
        sender=f"=?utf-8?Q?nursing=40school=2Eexample?= <a@{EVIL}>"
    ),
}
VOUCHING = {
    "nobody vouches": vouched(),
    "another server vouches": vouched(f"mx.{EVIL}; dmarc=pass header.from=school.example"),
    "a forged header below the real one": vouched(
        f"{OURS}; dmarc=fail header.from=school.example",
        f"{OURS}; dmarc=pass header.from=school.example",
    ),
    "a forged header below another server's": vouched(
        f"mx.{EVIL}; none", f"{OURS}; dmarc=pass header.from=school.example"
    ),
    "dmarc fails": vouched(f"{OURS}; dmarc=fail header.from=school.example; spf=pass"),
    "spf fails softly": vouched(f"{OURS}; spf=softfail smtp.mailfrom=nursing@school.example"),
    "spf passes for another": vouched(f"{OURS}; spf=pass smtp.mailfrom=a@{EVIL}"),
    "spf passes for the greeting": vouched(f"{OURS}; spf=pass smtp.helo=school.example"),
    "another signed": vouched(f"{OURS}; dkim=pass header.d={EVIL}"),
    "a domain that ends alike signed": vouched(f"{OURS}; dkim=pass header.d=notschool.example"),
    "the signature does not verify": vouched(f"{OURS}; dkim=fail header.d=school.example"),
    "another account logged in": vouched(f"{OURS}; auth=pass smtp.auth=pharmacy@school.example"),
    "it passes in a comment": vouched(
        f"{OURS}; spf=fail (dmarc=pass header.from=school.example) smtp.mailfrom=a@{EVIL}"
    ),
    "it passes in a quotation": vouched(
        f'{OURS}; spf=fail reason="; dmarc=pass header.from=school.example"'
    ),
    "our server's name and more": vouched(f"{OURS}.{EVIL}; dmarc=pass header.from=school.example"),
    "nothing was checked": vouched(f"{OURS}; none"),
    "a header that is none": vouched(f"{OURS} dmarc=pass header.from=school.example"),
    "a header of another name": Mail(
        vouched=(),
        more={"X-Authentication-Results": f"{OURS}; dmarc=pass header.from=school.example"},
    ),
    "a sealed chain": Mail(
        vouched=(),
        more={"ARC-Authentication-Results": f"i=1; {OURS}; dmarc=pass header.from=school.example"},
    ),
}
TOKENS = {
    "no token, but In-Reply-To": Mail(to="duban@school.example"),
    "no token, but References": Mail(
        to="duban@school.example", refers=None, more={"References": "{nursing}"}
    ),
    "no token, but the number": Mail(
        to="duban@school.example", refers=None, subject="回复 {nursing}"
    ),
    "no token, but the line to answer above": Mail(
        to="duban@school.example", refers=None, text="已办。\n=== 请在此行以上回复 {nursing} ==="
    ),
    "another token": Mail(token="0" * 32),
    "a token cut short": Mail(to="duban+x{token}@school.example"),
    "the token's hash": Mail(first=lambda desk: None, token="HASH"),
    "a token too long": Mail(to="duban+{token}0@school.example"),
    "a token of last year": Mail(later=timedelta(days=181)),
    "a token that is forgotten": Mail(first=forgotten),
    "another unit's token": Mail(token="PHARMACY"),
    "another unit's token and letter": Mail(token="PHARMACY", refers="{pharmacy}"),
    "two tokens": Mail(to="duban+{nursing}@school.example, duban+{pharmacy}@school.example"),
    "the number of another's task": Mail(subject="回复 {pharmacy}"),
    "the token in the text": Mail(to="duban@school.example", text="已办 duban+{token}"),
    "the token in the subject": Mail(to="duban@school.example", subject="{token}"),
    "the token in a name": Mail(to='"duban+{token}" <duban@school.example>'),
}
MACHINES = {
    "it says that it is automatic": Mail(more={"Auto-Submitted": "auto-replied"}),
    "an old sign of it": Mail(more={"X-Autoreply": "yes"}),
    "nobody to answer to": Mail(more={"Return-Path": "<>"}),
    "nobody in the envelope": Mail(envelope=Envelope("")),
    "a list": Mail(more={"List-Id": "<all.school.example>", "Precedence": "list"}),
    "an automatic subject": Mail(subject="自动回复：检查"),
}
RIGHTS = {
    "a unit accepts it with the reviewer's token": Mail(
        token="OFFICE", text="通过", first=handed_in, refers=None
    ),
    "a stranger accepts it": Mail(
        token="OFFICE", sender=f"a@{EVIL}", text="通过", first=handed_in, refers=None
    ),
    "the reviewer, unvouched": Mail(
        token="OFFICE", sender="office@school.example", text="通过", first=handed_in, refers=None,
        vouched=(),
    ),
    "whoever had the mailbox before": Mail(first=moved_out),
    "somebody else confirms": Mail(
        sender="pharmacy@school.example", text="确认", first=unvouched, refers=None
    ),
    "the deputy confirms what the contact was asked": Mail(
        sender="nursing-b@school.example", text="确认", first=unvouched, refers=None
    ),
    "a confirmation that the domain disowns": Mail(
        text="确认", first=unvouched, refers=None,
        vouched=(f"{OURS}; dmarc=fail header.from=school.example",),
    ),
    "a confirmation without the token": Mail(
        to="duban@school.example", text="确认", first=unvouched
    ),
    "the office takes a mail, unvouched": Mail(
        token="OFFICE", sender="office@school.example", text="接收", first=stranger, refers=None,
        vouched=(),
    ),
    "a stranger takes his own mail": Mail(
        token="OFFICE", sender="somebody@free.example", text="接收", first=stranger, refers=None
    ),
}  # fmt: skip
CASES = {**SENDERS, **VOUCHING, **TOKENS, **MACHINES, **RIGHTS}


def test_there_are_sixty_cases_and_more() -> None:
    assert len(CASES) == sum(map(len, (SENDERS, VOUCHING, TOKENS, MACHINES, RIGHTS))) >= 60


@pytest.mark.parametrize("mail", CASES.values(), ids=CASES.keys())
def test_with_one_thing_wrong_nothing_changes_and_the_mail_is_kept(desk: Desk, mail: Mail) -> None:
    mail.first(desk)
    before = changes(desk)
    if mail.token == "HASH":
        mail = Mail(token=hashed(letters(desk).tokens["nursing"]))
    kept = gets(desk, Mail(**{**vars(mail), "first": lambda desk: None}))
    assert changes(desk) == before
    assert kept.state is not MessageState.STORED
    assert Blobs(desk.folder / "evidence").get(kept.sha256) == raw(mail, letters(desk))
    with reading(desk.db) as connection:
        assert (
            connection.scalar(select(tables.messages.c.why).where(tables.messages.c.why == ""))
            is None
        )


HONEST = {
    "dmarc": Mail(),
    "dkim": vouched(f"{OURS}; dkim=pass header.d=school.example"),
    "spf": vouched(f"{OURS}; spf=pass smtp.mailfrom=nursing@school.example"),
    "an account of the house": vouched(f"{OURS}; auth=pass smtp.auth=nursing@school.example"),
    "an older header of another server below": vouched(
        f"{OURS}; dmarc=pass header.from=school.example", f"mx.{EVIL}; dmarc=fail"
    ),
    "the deputy": Mail(sender="nursing-b@school.example"),
    "the head": Mail(sender="nursing-head@school.example"),
    "another way to write the mailbox": Mail(sender="护理 <NURSING@school.example>"),
    "the token alone": Mail(refers=None, subject="检查"),
    "the token in the envelope": Mail(
        to="duban@school.example", envelope=Envelope("nursing@school.example", ("ENVELOPE",))
    ),
    "with the number": Mail(subject="回复 {nursing}"),
    "in capitals": Mail(token="CAPITALS"),
}


@pytest.mark.parametrize("mail", HONEST.values(), ids=HONEST.keys())
def test_an_honest_answer_is_taken(desk: Desk, mail: Mail) -> None:
    token = letters(desk).tokens["nursing"]
    if mail.token == "CAPITALS":
        mail = Mail(token=token.upper())
    if mail.envelope.recipients:
        to = Envelope("nursing@school.example", (f"duban+{token}@school.example",))
        mail = Mail(to="duban@school.example", envelope=to)
    taken = gets(desk, mail)
    assert (taken.state, taken.verdict) == (MessageState.SETTLED, "submitted")
    assert changes(desk) == [f"{NURSING} submitted/1"]


def test_forgeries_do_not_use_up_the_share_of_the_post(desk: Desk) -> None:
    for number in range(12):
        gets(desk, Mail(vouched=(), text=f"伪造{number}"))
    assert gets(desk, Mail()).verdict == "submitted"


def test_the_reviewers_own_answer_decides(desk: Desk) -> None:
    handed_in(desk)
    mail = Mail(token="OFFICE", sender="office@school.example", text="通过", refers=None)
    assert gets(desk, mail).verdict == "accepted"
    assert changes(desk)[-1] == f"{NURSING} accepted/1"


def test_a_unit_cannot_decide_about_its_own_work(desk: Desk) -> None:
    handed_in(desk)
    assert gets(desk, Mail(text="通过", refers=None)).verdict == "submitted"
    assert {change.partition(" ")[2] for change in changes(desk)} == {"submitted/1", "submitted/2"}


def test_the_units_own_word_makes_a_mail_count(desk: Desk) -> None:
    unvouched(desk)
    mail = Mail(text="确认", refers=None, vouched=())
    assert gets(desk, mail).verdict == "decided"
    assert changes(desk) == [f"{NURSING} submitted/1"]


def test_the_offices_word_makes_a_mail_count(desk: Desk) -> None:
    stranger(desk)
    mail = Mail(token="OFFICE", sender="office@school.example", text="接收", refers=None)
    assert gets(desk, mail).verdict == "decided"
    assert changes(desk) == [f"{NURSING} submitted/1"]
