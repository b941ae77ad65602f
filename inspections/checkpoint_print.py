"""A checkpoint on paper: a line that can be read out on the telephone, and a QR code.

A sealed bulletin in a drawer is a holder that no administrator can reach. The line says how many
facts there were and sixteen digits of their root; the QR code holds the code that letters carry
(`checkpoint.Signed.code`), signature and all, so that a photograph of the paper is enough for the
verifier, offline.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import segno

from inspections.checkpoint import Signed
from responsibilities.words import Words

_LINE: Final = re.compile(
    r"[^0-9]*([0-9]{1,15})[^0-9]*?[^0-9a-f]((?:[0-9a-f]{4}[\s-]*){4})$"
)  # as verify.py reads it
_MODULE: Final = 0.45
"""Millimetres: what a telephone's camera still reads from a photocopy."""


@dataclass(frozen=True, slots=True)
class CheckpointPrint:
    """What is printed of one signed head."""

    signed: Signed

    @property
    def line(self) -> Words:
        """`检查点：第1024条 9f2c 11ab 03de 77aa`."""
        head = self.signed.checkpoint
        return Words(
            f"检查点：第{head.size}条 {head.short}", f"Checkpoint: {head.size} facts {head.short}"
        )

    def svg(self) -> str:
        """The QR code to stand in a page as it is: some 26 mm wide, black on white in the dark too,
        without style or script."""
        return self._qr().svg_inline(
            scale=_MODULE, unit="mm", light="#fff", svgclass=None, lineclass=None,
            title=self.line.zh,
        )  # fmt: skip

    def png(self) -> bytes:
        """The QR code as a picture for Word and for a PDF; 456 dots wide."""
        written = BytesIO()
        self._qr().save(written, kind="png", scale=8)
        return written.getvalue()

    @property
    def millimetres(self) -> float:
        """How wide the picture is to be on paper."""
        return self._qr().symbol_size(scale=1)[0] * _MODULE

    def _qr(self) -> segno.QRCode:
        return segno.make_qr(self.signed.code(), error="m", boost_error=False)


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as somebody read it from the paper."""

    size: int
    short: str
    """Sixteen hexadecimal digits."""


def read_line(text: str) -> Printed | None:
    """`第1024条 9f2c 11ab 03de 77aa`, with or without the words, dashes or blanks; None where it
    is none."""
    match = _LINE.match(text.strip().lower())
    return Printed(int(match[1]), re.sub(r"[\s-]", "", match[2])) if match else None
