"""Departments with a real mailbox: they read by IMAP and answer with swaks, over STARTTLS."""

import subprocess
import time
from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from notifications.imap import open_mailbox
from office import inbox
from office.settings import Mail
from storage.outbox import LetterState, StoredLetter
from tests.notifications.servers import HOST
from tests.servers.school import DUBAN, LOOK, PASSWORD, School
from tests.stories.town import INBOX, Town

AGAIN, TRIES = timedelta(minutes=2), 5


def relay(school: School) -> Mail:
    """How the letters leave: through Postfix, after STARTTLS and a login."""
    return Mail(
        host=HOST, port=school.submission, tls="starttls", login="duban", password=PASSWORD,
        sender=DUBAN,
    )  # fmt: skip


def reads(town: Town, school: School, mailbox: str, *words: str) -> EmailMessage:
    """The newest letter in somebody's mailbox that says all these words, once all have arrived."""
    for _ in range(TRIES):
        if sent := accepted(town, mailbox):
            break
        town.live_until(town.now + AGAIN)  # a busy server put it off
    else:
        raise AssertionError([(x.subject, x.state, x.outcome) for x in town.letters()])
    found: list[EmailMessage] = []
    while len(found) < len(sent):
        time.sleep(LOOK)
        with open_mailbox(school.account(mailbox)) as box:
            raw = [box.fetch(uid) for uid in box.uids()]
        found = [message_from_bytes(one[0], policy=policy.default) for one in raw if one]
    said = [mail for mail in found if all(word in text_of(mail) for word in words)]
    assert said, [str(mail["Subject"]) for mail in found]
    return said[-1]


def accepted(town: Town, mailbox: str) -> list[StoredLetter]:
    """The letters to one mailbox that Postfix has taken."""
    letters = town.letters()
    return [x for x in letters if x.state is LetterState.ACCEPTED and x.recipient == mailbox]


def text_of(mail: EmailMessage) -> str:
    """Subject and text."""
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def answers(
    town: Town, school: School, letter: EmailMessage, text: str, folder: Path,
    files: Mapping[str, bytes] | None = None,
) -> None:  # fmt: skip
    """Whoever got the letter answers it; Duban takes it in, acts, and its letters leave."""
    sender = parseaddr(str(letter["To"]))[1]
    command = [
        "swaks", "--server", f"{HOST}:{school.submission}", "--tls", "--suppress-data",
        "--auth-user", sender.partition("@")[0], "--auth-password", PASSWORD,
        "--from", sender, "--to", parseaddr(str(letter["Reply-To"]))[1],
        "--header", "Subject: Re: " + str(letter["Message-ID"]),
        "--add-header", f"In-Reply-To: {letter['Message-ID']}",
        "--body", text,
    ]  # fmt: skip
    for name, data in (files or {}).items():
        path = folder / name
        path.write_bytes(data)
        command += ["--attach-type", "application/octet-stream", "--attach-name", name]
        command += ["--attach", f"@{path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    before = 0
    while not before:
        time.sleep(LOOK)
        before = inbox.fetch(town.db, town.blobs, school.account(), town.now)
    inbox.settle(town.db, town.blobs, town.now, town.mail, INBOX)
    town.round()
