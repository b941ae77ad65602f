"""Small pictures of evidence, drawn anew in the sandbox; the folder can be deleted at any time."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from storage import sandbox
from storage.blobs import Blobs
from storage.structure import IMAGES, ending_of

_DRAWN = IMAGES | {"pdf"}


def is_drawn(name: str) -> bool:
    """Whether a file called so has a preview, unless it is damaged or locked."""
    return ending_of(name) in _DRAWN


def preview_of(blobs: Blobs, folder: Path, sha256: str) -> bytes | None:
    """A JPEG of at most 1280 pixels a side; None where the file is no picture and no PDF.

    Kept under the SHA-256 of the evidence in `folder`.
    """
    made = folder / sha256[:2] / f"{sha256}.jpg"
    if made.is_file():
        return made.read_bytes() or None
    with open(blobs.path(sha256), "rb") as file:
        drawn = sandbox.preview(file)
    made.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=made.parent, delete=False) as new:
        new.write(drawn or b"")  # so that a bomb goes off once only
    os.rename(new.name, made)
    return drawn
