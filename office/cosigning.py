"""The superior office's side: requests to witness are cosigned, from files or from a mailbox.

What was witnessed is on the disk before the cosignature is anywhere else; so a crash can lose an
answer, never let two histories be cosigned. An answer that was lost goes out with the next request.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path

from inspections.notes import NotSigned, Signer
from inspections.witnessing import Fork, Seen, cosigned, read_request
from notifications.imap import Account, open_mailbox
from notifications.incoming.reading import read_mail
from office.carriers import open_carrier
from office.settings import Mail
from responsibilities.words import Refused, Words
from storage.key_file import read_key
from storage.witness_file import read_seen, write_seen

KEY, STATE = "witness.key", "witness.json"
REQUEST, ANSWER = "checkpoint.txt", "checkpoint.cosigned.txt"
"""Names of the attachments, there and back."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one request in the mailbox."""

    sender: str
    seen: Seen | None
    """What was cosigned; None where nothing was."""
    refused: Refused | None


def own_key(folder: Path) -> Signer:
    """The witness's key; Refused where it has none."""
    found = read_key(folder / KEY)
    if found is None:
        raise Refused(
            Words("还没有见证密钥；请先 duban witness key。", "No key yet; see duban witness key.")
        )
    return found


def cosign_request(raw: bytes, folder: Path, now: datetime) -> Seen:
    """Cosign what a file asks for. Refused as `inspections.witnessing.cosigned`, and for a record
    that was not taken up or has not signed this."""
    signer, asked, known = own_key(folder), read_request(raw), read_seen(folder / STATE)
    origin = asked.note.partition(b"\n")[0].decode("utf-8", "replace")
    if origin not in known:
        raise Refused(
            Words(
                f"没有登记过“{origin}”的公钥；请先 duban witness trust。",
                f"“{origin}” has not been taken up; see duban witness trust.",
            )
        )
    try:
        made = cosigned(known[origin], asked, signer, int(now.timestamp()))
    except NotSigned as error:
        raise Refused(
            Words(f"不是“{origin}”签名的检查点。", f"This is no head that “{origin}” signed.")
        ) from error
    write_seen(folder / STATE, {**known, origin: made})
    return made


def answer_mailbox(account: Account, mail: Mail, folder: Path, now: datetime) -> list[Answered]:
    """Cosign every unread request in the mailbox and send the answers back.

    A request that begins elsewhere is answered with what was cosigned last, so that its office
    knows where to begin. A fork is not answered and stays unread. Raises notifications.imap.
    Unreadable, notifications.smtp.Undelivered: what was not answered stays unread too.
    """
    found = []
    with open_mailbox(account) as box:
        for uid in sorted(box.unseen()):
            got = box.fetch(uid)
            request = _request_in(got[0]) if got else None
            if request is None:
                continue
            raw, sender, message_id = request
            made, refused = _tried(raw, folder, now)
            if made is not None:
                letter_id, letter = _letter(made, mail.sender, sender, message_id)
                asyncio.run(_send(mail, sender, letter_id, letter))
                box.mark_seen(uid)
            found.append(Answered(sender, None if refused else made, refused))
    return found


def _tried(raw: bytes, folder: Path, now: datetime) -> tuple[Seen | None, Refused | None]:
    """What to answer with, and what was wrong."""
    try:
        return cosign_request(raw, folder, now), None
    except Fork as fork:
        return None, fork
    except NotSigned as error:
        return None, Refused(Words(f"附件不是请求（{error}）。", f"No request ({error})."))
    except Refused as refused:
        origin = read_request(raw).note.partition(b"\n")[0].decode("utf-8", "replace")
        before = read_seen(folder / STATE).get(origin)
        return (before if before and before.note else None), refused


def _request_in(raw: bytes) -> tuple[bytes, str, str] | None:
    """The request in a letter, whom to answer, and the letter's Message-ID."""
    mail = read_mail(raw)
    files = [file.data for file in mail.files if file.name == REQUEST]
    back = mail.reply_to or mail.from_
    return (files[0], back[0].address, mail.message_id) if files and len(back) == 1 else None


def _letter(made: Seen, sender: str, to: str, replied: str) -> tuple[str, bytes]:
    head = made.head
    assert head is not None
    letter = EmailMessage(policy=SMTP)
    named = sha256(made.note + to.encode()).hexdigest()[:32]
    letter["Message-ID"] = message_id = f"<cosigned.{named}@{sender.rpartition('@')[2]}>"
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = f"检查点副署：第{head.size}条 Cosigned: {head.size}"
    letter["Auto-Submitted"] = "auto-replied"
    if replied:
        letter["In-Reply-To"] = replied
    letter.set_content(
        f"“{head.origin}”的检查点（第{head.size}条，{head.short}）已核对并副署，见附件。\n"
        f"The head of “{head.origin}” at {head.size} ({head.short}) was checked and cosigned.\n"
    )
    letter.add_attachment(made.note, maintype="text", subtype="plain", filename=ANSWER)
    return message_id, letter.as_bytes()


async def _send(mail: Mail, to: str, message_id: str, letter: bytes) -> None:
    async with open_carrier(mail) as carrier:
        await carrier.send(mail.sender, to, message_id, letter)
