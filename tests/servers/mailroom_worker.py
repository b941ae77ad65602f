"""The process that sends through Postfix, to be killed at any moment."""

import asyncio
import os
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from office.settings import Mail
from storage.engine import open_engine
from tests.faults.worker import Mailroom, all_of


class Office(NamedTuple):
    """Where the records are, how the letters leave, and whose certificate is trusted."""

    folder: Path
    mail: Mail
    trust: Path

    @property
    def url(self) -> str:
        """The database."""
        return f"sqlite:///{self.folder / 'duban.sqlite'}"


def work(office: Office, mailroom: Mailroom, now: datetime, ready: Connection) -> None:
    """Say that it begins, and send what there is."""
    os.environ["SSL_CERT_FILE"] = str(office.trust)  # the fork server's own is older
    db = open_engine(office.url, office.folder / "vault.key")
    ready.send(True)
    asyncio.run(all_of(mailroom, db, now, office.mail))
    db.dispose()
