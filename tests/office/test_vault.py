"""The record commits to names and to what people typed; the values lie in the vault."""

import hmac
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from duban.specimen_files import file_of
from inspections.notes import Signer
from inspections.record import Private
from inspections.sealing import commitments
from inspections.verify import verify
from office import review
from office.handed_in import File
from office.pack import Scope, make_pack
from office.receive import submit
from office.seal import check_record, seal
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused
from storage import facts, vault
from storage.engine import open_engine, reading, writing
from tests.office.desk import WEEKLY, Desk, at

KEY = Signer("school.example/duban", bytes(range(32)))
TASK = "fire/2026-W48/check/nursing"
DOER, WHY, FILE = "护理学院（郑七）", "缺少郑七的签字", "郑七检查记录.pdf"


@pytest.fixture
def returned(desk: Desk) -> Desk:
    """郑七 has handed in a record; the office has sent it back with a reason that names 郑七."""
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    desk.reconcile("2026-11-23 08:30")
    submit(
        desk.db, desk.blobs, TASK, by=DOER, now=at("2026-11-26 10:00"),
        files=[File(FILE, file_of("pdf", "nothing was found"))],
    )  # fmt: skip
    review.return_(desk.db, TASK, WHY, by="办公室王五", now=at("2026-11-26 11:00"))
    return desk


def held(desk: Desk) -> str:
    """All that the record itself holds, as text."""
    with reading(desk.db) as connection:
        return "\n".join(f"{fact.by} {fact.body}" for fact in facts.as_held(connection, 0, 99))


def test_the_record_holds_neither_names_nor_reasons_and_reading_opens_them(returned: Desk) -> None:
    for said in ("郑七", "王五", WHY, FILE):
        assert said not in held(returned)
    with reading(returned.db) as connection:
        submitted, sent_back = facts.of_task(connection, TASK)[-2:]
    assert (submitted.by, submitted.body["files"][0]["name"]) == (DOER, FILE)
    assert (sent_back.by, sent_back.body["reason"]) == ("办公室王五", WHY)


def test_a_commitment_cannot_be_guessed_without_its_salt(returned: Desk) -> None:
    with reading(returned.db) as connection:
        given = [c for fact in facts.as_held(connection, 0, 99) for c in commitments(fact)]
        known = vault.openings(connection, given)
    assert len({one.salt for one in known.values()}) == len(known) == len(set(given))
    for commitment, value in known.items():
        assert hmac.digest(value.salt, value.encode(), "sha256").hex() == commitment


def test_what_the_system_does_costs_no_row_of_the_vault(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    with reading(desk.db) as connection:
        before = len(vault.of_case(connection, "fire/adopted/1"))
    desk.reconcile("2026-11-23 08:30")
    desk.reconcile("2026-12-01 08:30")
    with reading(desk.db) as connection:
        given = [c for fact in facts.as_held(connection, 0, 99) for c in commitments(fact)]
    assert len(given) == before == 1  # who adopted the plan


def test_a_text_that_looks_like_a_commitment_opens_nothing(desk: Desk) -> None:
    """Commitments are seen in packs; typing one must not show what lies behind it."""
    with writing(desk.db) as connection:
        facts.append(connection, [Fact(None, "fire/a", FactKind.RELEASED, at("2026-11-23 09:00"),
                                       "办公室", {"reason": "秘密"})])  # fmt: skip
        (secret,) = facts.as_held(connection, 0, 1)
        seen = secret.body["reason"]["sealed"]
        facts.append(connection, [Fact(None, "fire/b", FactKind.RELEASED, at("2026-11-23 09:00"),
                                       f"sealed:{seen}", {"note": f'{{"sealed":"{seen}"}}',
                                                          "what": f"sealed:{seen}"})])  # fmt: skip
        (_, mine) = facts.since(connection)
    assert mine.by == mine.body["what"] == f"sealed:{seen}"
    assert "秘密" not in str(mine)


def test_private_texts_deep_in_a_body_are_sealed_under_their_own_case(desk: Desk) -> None:
    body = {"told": [{"to": Private("钱六", "person/6")}], "n": 3}
    with writing(desk.db) as connection:
        facts.append(connection, [Fact(None, "fire/a", FactKind.ALARMED, at("2026-11-23 09:00"),
                                       "system", body)])  # fmt: skip
        (read,) = facts.since(connection)
        assert [str(one) for one in vault.of_case(connection, "person/6").values()] == ["钱六"]
    assert read.body == body
    assert "钱六" not in held(desk)


def test_nothing_private_is_in_the_file_and_no_key_is_in_the_database(
    returned: Desk, database_url: str, tmp_path: Path
) -> None:
    master = (tmp_path / "vault.key").read_text().strip()
    assert (tmp_path / "vault.key").stat().st_mode & 0o077 == 0
    if not database_url.startswith("sqlite"):
        return
    data = b"".join(path.read_bytes() for path in tmp_path.glob("duban.sqlite*"))
    assert DOER.encode() not in data
    assert bytes.fromhex(master) not in data


def test_without_the_key_the_office_says_so_and_nothing_is_written(
    returned: Desk, database_url: str, tmp_path: Path
) -> None:
    other = open_engine(database_url, tmp_path / "elsewhere" / "vault.key")
    with pytest.raises(Refused, match="密钥"):
        review.waive(other, TASK, "停课", by="办公室王五", now=at("2026-11-26 12:00"))
    with reading(other) as connection:
        assert "无法打开" in facts.of_task(connection, TASK)[-1].by
    other.dispose()


@pytest.fixture
def packed(returned: Desk, tmp_path: Path) -> Path:
    seal(returned.db, KEY, at("2026-11-27 09:00"))
    make_pack(returned.db, returned.blobs, Scope(unit="nursing"), tmp_path / "pack.zip")
    return tmp_path / "pack.zip"


def lines(path: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        text = archive.read("pack/data/log/openings.jsonl").decode()
    return [json.loads(line) for line in text.splitlines()]


def wrong(path: Path) -> list[str]:
    return [one.words[0] for one in verify(str(path)) if not one.good]


def test_a_pack_opens_what_its_scope_is_about_and_no_more(returned: Desk, tmp_path: Path) -> None:
    other = "fire/2026-W48/check/pharmacy"
    review.waive(returned.db, other, "停课", by="办公室", now=at("2026-11-26 12:00"))
    seal(returned.db, KEY, at("2026-11-27 09:00"))
    make_pack(returned.db, returned.blobs, Scope(unit="nursing"), tmp_path / "pack.zip")
    values = [line["value"] for line in lines(tmp_path / "pack.zip")]
    assert {DOER, WHY, FILE} <= set(values)
    assert "停课" not in values
    assert wrong(tmp_path / "pack.zip") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [(WHY, "材料完整", "开封的内容与封存的不符"), ('"salt":"', '"salt":"00', "与封存的不符")],
)
def test_an_opening_that_was_changed_is_found(packed: Path, old: str, new: str, said: str) -> None:
    assert any(said in words for words in wrong(changed(packed, lambda t: t.replace(old, new))))


def test_an_opening_left_out_is_found(packed: Path) -> None:
    other = changed(packed, lambda text: "\n".join(text.splitlines()[:-1]) + "\n")
    assert "1 项内容既未开封，也未记载删除" in wrong(other)


def changed(path: Path, change: Callable[[str], str]) -> Path:
    """The same pack with its openings changed."""
    other, name = path.with_name("other.zip"), "pack/data/log/openings.jsonl"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, change(data.decode()) if entry.filename == name else data)
    return other


def test_the_record_is_whole_whatever_lies_in_the_vault(returned: Desk) -> None:
    signed = seal(returned.db, KEY, at("2026-11-27 09:00"))
    assert check_record(returned.db, signed.checkpoint).wrong == ()
