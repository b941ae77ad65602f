"""S7: a unit's answer with three photos, from raw bytes to stored evidence and its fact.

Limit: the standard library parses and decodes the same bytes and does nothing else (its old policy,
which is the fast one). Beside it what understanding alone costs, without the disk: for the photos,
and for the fixtures of words against its modern policy, which decodes headers and charsets.
"""

import shutil
import sys
import tempfile
from contextlib import suppress
from email import message_from_bytes, policy
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image

from benchmarks.measure import Timed, interleaved, ratio, report, table
from notifications.incoming.reading import read_mail
from office import inbox
from office.ledger import letter_bytes, list_letters
from office.settings import Inbox
from responsibilities.tasks import FactKind
from storage import facts
from storage.engine import open_engine, reading
from storage.migrations import upgrade
from tests.notifications.mutants import MAILS
from tests.office.desk import SCHOOL, Desk, at

UNITS, SIDE = 30, 570
OURS = "mx.school.example"
NOW = at("2026-11-30 09:00")
NAMES = [f"学院{number:02}" for number in range(UNITS)]
DUTIES = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 全部学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 现场照片, kinds: [jpg], min: 3}]}
"""


def school() -> str:
    """The school of the tests with thirty colleges more, each with a mailbox."""
    units = "".join(
        f"  - {{id: c{n:02}, name: {name}, contact: c{n:02}@school.example, leader: 分管校领导}}\n"
        for n, name in enumerate(NAMES)
    )
    listed = f"  - {{id: all, name: 全部学院, units: [{', '.join(NAMES)}]}}\n"
    return SCHOOL.replace("groups:\n", f"{units}groups:\n{listed}")


def photo_of(random: Random) -> bytes:
    """A photo of noise, as large as phones send by mail."""
    made = BytesIO()
    Image.frombytes("L", (SIDE, SIDE), random.randbytes(SIDE * SIDE)).save(made, "JPEG")
    return made.getvalue()


def told(folder: Path) -> Path:
    """A database in which every college has been told of its task."""
    db = open_engine(f"sqlite:///{folder / 'duban.sqlite'}")
    upgrade(db)
    desk = Desk(db, folder)
    desk.adopt(DUTIES, "2026-11-29 09:00", school())
    desk.reconcile("2026-11-30 08:00")
    desk.post("2026-11-30 08:00")
    return folder


def answers(folder: Path) -> list[bytes]:
    """One answer with three photos to each letter."""
    db, random = open_engine(f"sqlite:///{folder / 'duban.sqlite'}"), Random(7)
    letters = [(one.recipient, letter_bytes(db, one.id)) for one in list_letters(db)]
    db.dispose()
    made = []
    for sender, letter in letters:
        mail = MIMEMultipart()
        mail["Authentication-Results"] = f"{OURS}; dmarc=pass header.from=school.example"
        mail["From"], mail["Subject"] = sender, "回复：开展宿舍消防检查"
        mail["To"] = message_from_bytes(letter)["Reply-To"]
        mail["Message-ID"] = f"<answer.{sender}>"
        mail.attach(MIMEText("已完成，照片见附件。", "plain", "utf-8"))
        for number in range(3):
            photo = MIMEImage(photo_of(random), "jpeg")
            photo.add_header("Content-Disposition", "attachment", filename=f"照片{number}.jpg")
            mail.attach(photo)
        made.append(mail.as_bytes())
    return made


def by_the_library(mails: list[bytes]) -> None:
    """Parse, and decode every part."""
    for raw in mails:
        for part in message_from_bytes(raw).walk():
            part.get_payload(decode=True)


def by_the_modern_library(mails: list[bytes]) -> None:
    """The same with headers and charsets decoded, as far as the library can."""
    for raw in mails:
        mail = message_from_bytes(raw, policy=policy.default)
        for name in ("subject", "from", "to", "message-id", "in-reply-to", "references", "date"):
            mail.get(name)
        for part in mail.walk():
            with suppress(LookupError, KeyError, ValueError):
                part.get_content()


def ours(desk: Desk, mails: list[bytes]) -> None:
    """What both doors do with what comes in."""
    for raw in mails:
        inbox.take_in(desk.db, desk.blobs, raw, now=NOW)
    inbox.settle(desk.db, desk.blobs, NOW, desk.mail, Inbox(authserv_id=OURS))


def submitted(desk: Desk) -> int:
    """How many answers became facts."""
    with reading(desk.db) as connection:
        return sum(fact.kind is FactKind.SUBMITTED for fact in facts.since(connection))


def fresh(folder: Path, mails: list[bytes], used: list[Desk]) -> Timed:
    """Our path, each time on a fresh copy."""

    def prepare() -> Desk:
        while used:
            used[-1].db.dispose()
            shutil.rmtree(used.pop().folder)
        copy = Path(tempfile.mkdtemp(prefix="s07-"))
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        used.append(Desk(open_engine(f"sqlite:///{copy / 'duban.sqlite'}"), copy))
        return used[-1]

    return Timed(prepare, lambda desk: ours(desk, mails))


def main() -> bool:
    """Print the ratios; True where the bar holds and every answer became a fact."""
    used: list[Desk] = []
    with tempfile.TemporaryDirectory() as folder:
        mails = answers(told(Path(folder)))
        words = [path.read_bytes() for path in MAILS] * 5
        stats = interleaved(
            {
                "library, photos": lambda: by_the_library(mails),
                "understood, photos": lambda: [read_mail(raw) for raw in mails],
                "evidence and fact, photos": fresh(Path(folder), mails, used),
                "modern library, words": lambda: by_the_modern_library(words),
                "understood, words": lambda: [read_mail(raw) for raw in words],
            }
        )
        complete = submitted(used[-1]) == len(mails) == UNITS
        used[-1].db.dispose()
        shutil.rmtree(used[-1].folder)
    print(
        f"S7  {len(mails)} answers of {len(mails[0]) // 1024} KiB; {len(words)} fixtures of words"
    )
    table(stats)
    whole = ratio(stats["evidence and fact, photos"], stats["library, photos"])
    passed = report("S7 raw mail to evidence and fact", whole, 3)
    photos = ratio(stats["understood, photos"], stats["library, photos"])
    passed &= report("S7 understanding alone, photos", photos, 1)
    words_only = ratio(stats["understood, words"], stats["modern library, words"])
    passed &= report("S7 understanding alone, words, to the modern policy", words_only, 1)
    print(f"{'pass' if complete else 'MISS'}  S7 every answer became a fact with its evidence")
    return passed and complete


if __name__ == "__main__":
    sys.exit(not main())
