"""A unit uploads file by file, is interrupted, comes back, and hands in."""

import tracemalloc
from pathlib import Path

import pytest

from duban.specimen_files import file_of
from office import drafts, review
from office.handed_in import File, Papers
from office.reads import read_evidence, reads_of
from office.receive import Receipt, submit
from office.screening import LARGEST
from responsibilities.words import Refused
from storage.blobs import Blobs
from storage.drafts import DraftFile
from tests.office.desk import Desk, at
from tests.uploads.conftest import CHECK, CONTACT, DRAWN

MONDAY = "2026-11-30 10:00"


def upload(
    desk: Desk, name: str, data: bytes, wall: str = MONDAY, key: str = CHECK, line: str = ""
) -> DraftFile:
    with drafts.uploading(desk.blobs, name, len(data)) as coming:
        coming.write(data[:10])
        coming.write(data[10:])
        return drafts.add_file(
            desk.db, coming, key, CONTACT, now=at(wall), requirement=line or None
        )


def hand_in(desk: Desk, wall: str = MONDAY, **figures: str) -> Receipt:
    return drafts.hand_in(
        desk.db, desk.blobs, CHECK, CONTACT, Papers(figures=figures), by="联络员", now=at(wall)
    )


def names(desk: Desk) -> list[str]:
    draft = drafts.draft_of(desk.db, CHECK, CONTACT)
    return [file.name for file in draft.files] if draft is not None else []


def files(desk: Desk) -> list[Path]:
    return [path for path in desk.blobs.folder.rglob("*") if path.is_file()]


def test_files_come_one_by_one_and_are_handed_in_together(desk: Desk) -> None:
    upload(desk, "检查记录.pdf", file_of("pdf", "record"))
    upload(desk, "1.jpg", file_of("jpg", "1"))
    upload(desk, "2.jpg", file_of("jpg", "2"), "2026-12-01 09:00")
    assert names(desk) == ["检查记录.pdf", "1.jpg", "2.jpg"]
    receipt = hand_in(desk, 隐患数="0")
    assert receipt.complete
    assert [name for _line, name, _sha, _size in receipt.files] == [
        "检查记录.pdf",
        "1.jpg",
        "2.jpg",
    ]
    assert drafts.draft_of(desk.db, CHECK, CONTACT) is None
    assert all(desk.blobs.get(sha) for _line, _name, sha, _size in receipt.files)


def test_the_same_file_sent_again_after_a_broken_line_is_there_once(desk: Desk) -> None:
    first = upload(desk, "1.jpg", file_of("jpg", "1"))
    again = upload(desk, "1.jpg", file_of("jpg", "1"), line=first.requirement)
    assert (again.sha256, names(desk), len(files(desk))) == (first.sha256, ["1.jpg"], 1)


def test_what_was_typed_and_uploaded_outlives_a_refused_hand_in(desk: Desk) -> None:
    upload(desk, "1.jpg", file_of("jpg", "1"))
    drafts.keep_words(desk.db, CHECK, CONTACT, {"隐患数": "三"}, now=at(MONDAY))
    with pytest.raises(Refused):
        hand_in(desk, 隐患数="三")
    draft = drafts.draft_of(desk.db, CHECK, CONTACT)
    assert draft is not None
    assert (dict(draft.words), names(desk)) == ({"隐患数": "三"}, ["1.jpg"])


def test_what_is_refused_or_breaks_off_leaves_nothing_behind(desk: Desk) -> None:
    for name, data in {
        "照片.jpg": b"<script>alert(1)</script>",
        "表.exe": b"MZ",
        "表.xlsx": file_of("xlsx", "no line of the checklist takes it"),
        "空.pdf": b"",
    }.items():
        with pytest.raises(Refused, match=f"“{name}”"):
            upload(desk, name, data)
    with drafts.uploading(desk.blobs, "1.jpg") as coming:
        coming.write(b"\xff\xd8")  # and then the line breaks
    assert (names(desk), files(desk)) == ([], [])


def test_too_large_is_refused_before_and_while_it_comes(desk: Desk) -> None:
    with pytest.raises(Refused, match="超过50 MB"), drafts.uploading(desk.blobs, "a.zip", 10**9):
        pass
    with drafts.uploading(desk.blobs, "a.zip") as coming:
        coming.write(bytes(LARGEST))
        with pytest.raises(Refused, match="超过50 MB"):
            coming.write(b"1")
    assert files(desk) == []


def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    blobs, peaks = Blobs(tmp_path), []
    for pieces in (4, 400):
        tracemalloc.start()
        with blobs.arriving() as coming:
            for number in range(pieces):
                coming.write(number.to_bytes(2) * 50_000)
            coming.keep()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_a_file_taken_out_is_not_handed_in(desk: Desk) -> None:
    kept, other = (upload(desk, f"{n}.jpg", file_of("jpg", n)) for n in ("1", "2"))
    drafts.remove_file(desk.db, CHECK, CONTACT, other.requirement, other.sha256, now=at(MONDAY))
    assert [name for _, name, _, _ in hand_in(desk).files] == [kept.name]


def test_a_file_handed_in_before_can_be_used_again_and_is_seen_as_such(desk: Desk) -> None:
    upload(desk, "1.jpg", file_of("jpg", "1"))
    hand_in(desk)
    desk.reconcile("2026-12-07 08:00")
    later = "fire/2026-W50/check/nursing"
    [(number, before)] = drafts.reusable(desk.db, later)
    assert before.name == "1.jpg"
    assert number.endswith("号")
    again = drafts.reuse(desk.db, later, CONTACT, before.sha256, now=at("2026-12-07 09:00"))
    assert (again.name, len(files(desk))) == ("1.jpg", 1)
    with pytest.raises(Refused, match="没有交过"):
        drafts.reuse(desk.db, DRAWN, CONTACT, before.sha256, now=at("2026-12-07 09:00"))


def test_nothing_can_be_uploaded_for_a_closed_task(desk: Desk) -> None:
    review.waive(desk.db, CHECK, "停课", by="办公室", now=at(MONDAY))
    with pytest.raises(Refused, match="已经办结或终止"):
        upload(desk, "1.jpg", file_of("jpg", "1"))


def test_a_draft_that_nobody_touches_for_a_month_is_dropped(desk: Desk) -> None:
    upload(desk, "1.jpg", file_of("jpg", "1"))
    assert drafts.drop_old(desk.db, at("2026-12-30 09:00")) == 0
    assert drafts.drop_old(desk.db, at("2026-12-30 11:00")) == 1
    assert drafts.draft_of(desk.db, CHECK, CONTACT) is None


def test_two_posts_of_a_unit_do_not_see_each_others_drafts(desk: Desk) -> None:
    upload(desk, "1.jpg", file_of("jpg", "1"))
    assert drafts.draft_of(desk.db, CHECK, "nursing-b@school.example") is None


def test_the_same_bytes_are_handed_in_by_mail_command_or_page_alike(desk: Desk) -> None:
    data = file_of("jpg", "1")
    upload(desk, "1.jpg", data)
    by_page = hand_in(desk)
    by_command = submit(
        desk.db, desk.blobs, CHECK, by="联络员", now=at(MONDAY), files=[File("1.jpg", data)]
    )
    assert by_command.repeated
    assert by_command.files == by_page.files


def test_each_reading_of_a_file_is_a_fact(desk: Desk) -> None:
    upload(desk, "1.jpg", file_of("jpg", "1"))
    [(_, _, digest, _)] = hand_in(desk).files
    for _ in range(3):
        read = read_evidence(desk.db, CHECK, digest, by="督查组", now=at("2026-12-01 09:00"))
        assert read.name == "1.jpg"
    with pytest.raises(Refused, match="没有这份材料"):
        read_evidence(desk.db, DRAWN, digest, by="督查组", now=at("2026-12-01 09:00"))
    seen = reads_of(desk.db, "fire", "督查组")
    assert [fact.body for fact in seen] == [{"evidence": digest, "task": CHECK}] * 3
