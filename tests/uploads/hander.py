"""A program that uploads a file, hands it in and then shows the receipt, for strace to break.

python -m tests.uploads.hander FOLDER WAY     honest, or rowfirst: shows before it has made sure
"""

import os
import sys
from pathlib import Path

from duban.specimen_files import file_of
from office import drafts
from office.handed_in import Papers
from storage.blobs import Blobs
from storage.engine import open_engine
from tests.office.desk import at
from tests.uploads.conftest import CHECK, CONTACT

PHOTO = file_of("jpg", "taken at the dormitory" * 1000)
NOON = at("2026-11-30 12:00")


def main() -> None:
    """Print RECEIPT and the SHA-256 once it is handed in."""
    folder, way = Path(sys.argv[1]), sys.argv[2]
    if way == "rowfirst":
        os.fsync = lambda fd: None  # believes that what was written is there
    blobs, db = Blobs(folder / "evidence"), open_engine(f"sqlite:///{folder / 'duban.sqlite'}")
    with db.connect():  # WAL is there before anything is broken
        print("READY", flush=True)
    with drafts.uploading(blobs, "1.jpg", len(PHOTO)) as coming:
        coming.write(PHOTO)
        drafts.add_file(db, coming, CHECK, CONTACT, now=NOON)
    receipt = drafts.hand_in(db, blobs, CHECK, CONTACT, Papers(), by="联络员", now=NOON)
    os.write(1, f"RECEIPT {receipt.files[0][2]}\n".encode())


if __name__ == "__main__":
    main()
