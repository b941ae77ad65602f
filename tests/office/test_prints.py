"""A checkpoint on paper, and whether a paper is of this record."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import zxingcpp
from PIL import Image

from inspections.checkpoint import Checkpoint, codes_in, sign
from inspections.checkpoint_print import CheckpointPrint, read_line
from inspections.document import Document
from inspections.notes import Signer
from office.prints import Answer, check_print, checkpoint_print
from office.seal import rotate, seal
from office.word_draft import write_draft
from responsibilities.words import Refused
from storage.engine import reading
from tests.office.desk import WEEKLY, Desk, at

KEY = Signer("school.example/duban", bytes(range(32)))


@pytest.fixture
def printed(desk: Desk) -> tuple[Desk, CheckpointPrint]:
    """The bulletin of the last month was printed; the record has grown since."""
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    seal(desk.db, KEY, at("2026-11-23 09:00"))
    with reading(desk.db) as connection:
        found = checkpoint_print(connection)
    assert found is not None
    desk.reconcile("2026-11-30 09:00")
    seal(desk.db, KEY, at("2026-11-30 09:00"))
    return desk, found


def said(desk: Desk, text: str) -> tuple[bool, str]:
    found: Answer = check_print(desk.db, text)
    return found.good, found.words.zh


def test_a_camera_reads_the_code_that_letters_carry(printed: tuple[Desk, CheckpointPrint]) -> None:
    paper = printed[1]
    picture = Image.open(BytesIO(paper.png()))
    read = zxingcpp.read_barcodes(picture)[0].text
    assert codes_in(read, KEY.verifier, KEY.name) == [paper.signed]
    assert 20 < paper.millimetres < 30
    assert paper.svg().startswith("<svg")
    assert "style" not in paper.svg()


def test_a_clerk_finds_the_printed_line_in_the_record(
    printed: tuple[Desk, CheckpointPrint],
) -> None:
    desk, paper = printed
    head = paper.signed.checkpoint
    plain = head.short.replace(" ", "")
    for text in (
        paper.line.zh, paper.line.en, f"{head.size} {head.short}", f"{head.size} {plain.upper()}",
        f"第{head.size}条 {head.short.replace(' ', '-')}", paper.signed.code(),
    ):  # fmt: skip
        assert said(desk, text)[0], text


def test_a_slip_of_the_pen_is_told_from_another_record(
    printed: tuple[Desk, CheckpointPrint],
) -> None:
    desk, paper = printed
    head = paper.signed.checkpoint
    slip = f"{head.size} {'0' if head.short[0] != '0' else '1'}{head.short[1:]}"
    assert said(desk, slip)[1].endswith("请再核对纸上所印。")
    other = f"{head.size} {bytes(255 - byte for byte in head.root[:8]).hex()}"
    assert "不是本记录的，或记录已被改写" in said(desk, other)[1]
    assert "没有在第999999条" in said(desk, f"999999 {head.short}")[1]


def test_a_code_that_the_key_signed_for_another_history_is_kept_for_the_inspectors(
    printed: tuple[Desk, CheckpointPrint],
) -> None:
    desk, paper = printed
    size = paper.signed.checkpoint.size
    forked = sign(Checkpoint(KEY.name, size, bytes(32)), KEY)
    good, words = said(desk, forked.code())
    assert (good, "请保存原件" in words) == (False, True)
    stranger = sign(paper.signed.checkpoint, Signer(KEY.name, bytes(32)))
    assert said(desk, stranger.code()) == (False, "校验码不是本记录的密钥所签。")


def test_a_print_from_before_a_change_of_keys_is_still_good(
    printed: tuple[Desk, CheckpointPrint],
) -> None:
    desk, paper = printed
    rotate(desk.db, KEY, Signer(KEY.name, bytes(range(1, 33))), at("2026-12-01 09:00"), "办公室")
    assert said(desk, paper.signed.code())[0]
    assert said(desk, paper.line.zh)[0]


@pytest.mark.parametrize("text", ["1024", "1024 9f2c 11ab 03de", "第一千条", "9f2c 11ab 03de 77aa"])
def test_what_is_no_print_is_refused_with_an_example(desk: Desk, text: str) -> None:
    assert read_line(text) is None
    with pytest.raises(Refused, match="9f2c 11ab"):
        check_print(desk.db, text)


def test_the_document_made_again_shows_the_checkpoint_it_showed(
    printed: tuple[Desk, CheckpointPrint],
) -> None:
    desk, paper = printed
    with reading(desk.db) as connection:
        assert checkpoint_print(connection, paper.signed.checkpoint.size) == paper
        assert checkpoint_print(connection) != paper
        assert checkpoint_print(connection, 0) is None


def test_a_word_draft_ends_with_the_print(printed: tuple[Desk, CheckpointPrint]) -> None:
    paper = printed[1]
    draft = write_draft(Document("通报", (), mark=paper))
    with ZipFile(BytesIO(draft)) as parts:
        picture = next(name for name in parts.namelist() if name.startswith("word/media/"))
        assert zxingcpp.read_barcodes(Image.open(BytesIO(parts.read(picture))))
        assert paper.line.zh in parts.read("word/document.xml").decode()
