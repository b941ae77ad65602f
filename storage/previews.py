"""Small pictures of evidence, drawn anew in the sandbox; the folder can be deleted at any time."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from storage import sandbox
from storage.blobs import Blobs


def preview_of(blobs: Blobs, folder: Path, sha256: str) -> bytes | None:
    """A JPEG of at most 1280 pixels a side; None where the file is no picture.

    Kept under the SHA-256 of the evidence in `folder`.
    """
    made = folder / sha256[:2] / f"{sha256}.jpg"
    if made.is_file():
        return made.read_bytes()
    with open(blobs.path(sha256), "rb") as file:
        drawn = sandbox.preview(file)
    if drawn is not None:
        made.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=made.parent, delete=False) as new:
            new.write(drawn)
        os.rename(new.name, made)
    return drawn
