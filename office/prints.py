"""Checkpoints on paper: the newest one to print, and whether a print is of this record."""

from dataclasses import dataclass
from unicodedata import normalize

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Signed, codes_in
from inspections.checkpoint_print import CheckpointPrint, Printed, read_line
from office.seal import forked
from responsibilities.words import Refused, Words
from storage import checkpoints
from storage.checkpoints import Kept
from storage.engine import reading

_SLIPS = 2
"""So few wrong digits are more likely misread than forged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a print is a checkpoint of this record."""

    good: bool
    words: Words
    kept: Kept | None
    """The checkpoint that it is."""


def checkpoint_print(connection: Connection, within: int | None = None) -> CheckpointPrint | None:
    """What to print on paper: the newest signed head, or the newest that covers no more than the
    first `within` facts (so that a document made again shows what it showed); None before the
    first one."""
    kept = checkpoints.last(connection) if within is None else checkpoints.last_within(
        connection, within
    )  # fmt: skip
    return None if kept is None else CheckpointPrint(kept.signed)


def check_print(db: Engine, text: str) -> Answer:
    """`text`: the line as printed, or what a camera read from the QR code. Refused if neither.

    The record vouches for itself here: an inspector asks the verifier in a pack instead.
    """
    text = normalize("NFKC", text)
    with reading(db) as connection:
        if "DUBAN1" in text:
            found = _by_code(connection, text)
        elif (read := read_line(text)) is not None:
            found = _by_line(connection, read)
        else:
            raise Refused(
                Words(
                    "没有读出检查点：请照纸上所印填写条数和四组短码，"
                    "例如“第1024条 9f2c 11ab 03de 77aa”，或粘贴二维码的内容。",
                    "This is no checkpoint: type the count and the four groups as printed, such as "
                    "“1024 9f2c 11ab 03de 77aa”, or paste what the QR code holds.",
                )
            )
    if found.kept is None:
        return found
    wrong = forked(db, found.kept.signed.checkpoint) if _is_current(db, found.kept) else None
    return found if wrong is None else Answer(False, wrong, None)


def _by_line(connection: Connection, read: Printed) -> Answer:
    heads = checkpoints.at_size(connection, read.size)
    for kept in heads:
        if _digits(kept) == read.short:
            return _same(kept)
    if not heads:
        return Answer(False, _unknown(read.size), None)
    if min(_unlike(_digits(kept), read.short) for kept in heads) <= _SLIPS:
        words = Words(
            f"与第{read.size}条处的检查点只差一两个字符，可能抄错；请再核对纸上所印。",
            f"Only a character or two differ from the checkpoint at {read.size}: look at the "
            "paper again.",
        )
        return Answer(False, words, None)
    return Answer(False, _other(read.size), None)


def _by_code(connection: Connection, text: str) -> Answer:
    """A code is of this record if the record holds it; one that its key signed and it does not
    hold shows two histories."""
    signers = dict.fromkeys(kept.signed.by for kept in checkpoints.every(connection))
    codes: list[Signed] = [one for by in signers for one in codes_in(text, by, by.name)]
    if not codes:
        return Answer(
            False,
            Words("校验码不是本记录的密钥所签。", "No key of this record signed this code."),
            None,
        )
    newest = codes[-1]
    heads = checkpoints.at_size(connection, newest.checkpoint.size)
    held = next((kept for kept in heads if kept.signed == newest), None)
    return _same(held) if held else Answer(False, _other(newest.checkpoint.size), None)


def _is_current(db: Engine, kept: Kept) -> bool:
    """Whether the head is of the epoch that the record is in: an earlier one may be lost."""
    with reading(db) as connection:
        last = checkpoints.last(connection)
    return last is not None and last.signed.checkpoint.origin == kept.signed.checkpoint.origin


def _same(kept: Kept) -> Answer:
    return Answer(
        True,
        Words("这是本记录的检查点，记录至今与它相符。",
              "This is a checkpoint of this record, which still agrees with it."),
        kept,
    )  # fmt: skip


def _unknown(size: int) -> Words:
    return Words(
        f"本记录没有在第{size}条处签名的检查点。", f"This record has no checkpoint at {size}."
    )


def _other(size: int) -> Words:
    return Words(
        f"本记录第{size}条处的检查点与此不同：纸上所印不是本记录的，或记录已被改写。"
        "请保存原件，交督查人员。",
        f"The checkpoint of this record at {size} is another one: the print is of another record, "
        "or this one was rewritten. Keep the paper and give it to the inspectors.",
    )


def _digits(kept: Kept) -> str:
    return kept.signed.checkpoint.root[:8].hex()


def _unlike(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
