"""P35: what was erased is nowhere any more, and everything that was proved is proved still."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from duban.specimen_files import file_of
from inspections.notes import Signer
from inspections.verify import verify
from office import drafts, inbox, report_incident, review
from office.erase import Places, Wanted, erase, finish, look_for
from office.handed_in import File
from office.ledger import list_mails
from office.pack import Scope, make_pack
from office.passing_on import say_not_ours
from office.reads import read_incident
from office.receive import submit
from office.seal import check_record, prove, seal
from office.settings import Inbox
from responsibilities.plan import Role
from responsibilities.words import Refused
from storage import facts
from storage.engine import copy_into, open_engine, reading
from storage.erasure import ENCODINGS, PLAIN, WHOLE
from storage.tables import metadata
from tests.office.desk import Desk, at

KEY = Signer("school.example/duban", bytes(range(32)))
PLAN = """\
duties:
  - {id: account, title: 说明火情, responsible: 事发单位, on: 火情, due: 知悉后3日内,
     review: 办公室, ladder: 常规, evidence: [{file: 情况说明, kinds: [pdf]}]}
"""
MORNING, EVENING = at("2026-11-23 09:00"), at("2026-11-27 19:00")
WHY = "本人申请，收文12号"


def name(number: int) -> str:
    """An invented name that stands in no other text."""
    return f"郑{chr(0x4E00 + 7 * number)}{chr(0x5E00 + 3 * number)}"


def phone(number: int) -> str:
    return f"13900{number:06d}"


def address(number: int) -> str:
    return f"zheng{number:04d}@mail.example"


def texts(number: int) -> tuple[str, ...]:
    return name(number), phone(number), address(number)


def live(desk: Desk, persons: int) -> None:
    """Each is named in an incident, in evidence, in reasons, drafts, mails, letters; all ends."""
    desk.adopt(PLAN, "2026-11-23 08:00")
    for number in range(persons):
        who, now = name(number), MORNING + timedelta(minutes=number)
        found = report_incident.report(
            desk.db, "fire", "火情", "护理学院",
            {"过火面积": "1", "地点": f"{who}的宿舍", "发现人": f"{who}，{phone(number)}"},
            None, now, now, "办公室",
        )  # fmt: skip
        (task,) = found.tasks
        doer = f"护理学院（{who}，凭发至{address(number)}的链接）"
        say_not_ours(desk.db, task.key, f"{who}不是我单位学生", by=doer, role=Role.CONTACT, now=now)
        drafts.keep_words(desk.db, task.id, "contact", {"text": f"{who}说"}, now=now)
        paper = File(f"{who}的说明.pdf", file_of("pdf", phone(number)))
        submit(desk.db, desk.blobs, task.key, by=doer, now=now, files=[paper])
        review.return_(desk.db, task.key, f"缺{who}签字", by="办公室", now=now)
        inbox.take_in(desk.db, desk.blobs, mail(number), now=now)
        again = File("补充.pdf", file_of("pdf", f"{address(number)}"))
        submit(desk.db, desk.blobs, task.key, by=doer, now=now, files=[again])
        review.accept(desk.db, task.key, by="办公室", now=now)
        report_incident.mark(desk.db, found.event.id, "结案", now, "办公室", now)
    while inbox.settle(desk.db, desk.blobs, EVENING, desk.mail, Inbox()):
        pass
    for waiting in list_mails(desk.db, held_only=True, limit=persons):
        inbox.decline(desk.db, waiting.id, by="办公室", now=EVENING)
    desk.post("2026-11-27 19:00")
    desk.post("2026-11-27 19:30")


def mail(number: int) -> bytes:
    made = EmailMessage()
    made["From"] = f"{name(number)} <{address(number)}>"
    made["To"], made["Subject"] = "duban@school.example", f"{name(number)}的情况"
    made.set_content(f"我是{name(number)}，电话{phone(number)}。", charset="gb18030")
    return made.as_bytes()


def places(desk: Desk) -> Places:
    return Places(desk.blobs, desk.folder / "previews", desk.mail.maildir)


def rows(desk: Desk) -> bytes:
    """Every value of every row; mails decoded."""
    with reading(desk.db) as connection:
        found = [row for t in metadata.sorted_tables for row in connection.execute(select(t))]
    values = [value for row in found for value in row]
    mails = [bytes(value) for value in values if isinstance(value, bytes)]
    texts = [value.encode() for value in values if isinstance(value, str)]
    return b"\n".join([*texts, *mails, *map(decoded, mails)])


def on_disk(desk: Desk) -> bytes:
    """Every byte of the database's files, the evidence, the outbox, the previews, decoded too."""
    found = [path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()]
    return b"\n".join([*found, *map(decoded, found), rows(desk)])


def decoded(data: bytes) -> bytes:
    """The parts of a mail."""
    parts = message_from_bytes(data, policy=default).walk() if b"Subject:" in data else ()
    return b"".join(part.get_payload(decode=True) or b"" for part in parts)  # type: ignore[misc]


def hits(data: bytes, numbers: range) -> list[str]:
    return [
        text
        for number in numbers
        for text in texts(number)
        if any(text.encode(code) in data for code in ENCODINGS)
    ]


def test_what_was_erased_is_nowhere_and_every_proof_still_holds(desk: Desk, full: bool) -> None:
    """P35: a byte search of database, log, evidence, outbox and indexes finds nobody."""
    gone, kept = (range(200), range(200, 210)) if full else (range(4), range(4, 6))
    persons = len(gone) + len(kept)
    live(desk, persons)
    head = seal(desk.db, KEY, EVENING)
    with reading(desk.db) as connection:
        size = facts.last_seq(connection)
    before = [prove(desk.db, seq).text() for seq in range(1, size + 1)]
    assert len(hits(on_disk(desk), range(persons))) >= persons
    for number in gone:
        done = erase(
            desk.db, places(desk), Wanted(texts(number), files=True), WHY, by="办公室", now=EVENING
        )
        assert (done.waiting, done.scoured) == (0, True)
        assert done.values >= 5
    assert hits(on_disk(desk), gone) == []
    assert len(hits(on_disk(desk), kept)) >= len(kept)
    assert [prove(desk.db, seq).text() for seq in range(1, size + 1)] == before
    assert check_record(desk.db, head.checkpoint).wrong == ()


def test_a_pack_says_what_was_erased_and_verifies(desk: Desk, tmp_path: Path) -> None:
    live(desk, 2)
    erase(desk.db, places(desk), Wanted(texts(0), files=True), WHY, by="办公室", now=EVENING)
    seal(desk.db, KEY, EVENING)
    make_pack(desk.db, desk.blobs, Scope(), tmp_path / "out.zip")
    found = verify(str(tmp_path / "out.zip"))
    assert [one.words[0] for one in found if not one.good] == []
    (said,) = (one.words[0] for one in found if "依规定删除的" in one.words[0])
    assert not said.endswith("依规定删除的 0 项")


def test_an_incident_goes_with_its_tasks_and_only_once_it_is_closed(desk: Desk) -> None:
    live(desk, 2)
    now = EVENING + timedelta(minutes=5)
    fields = {"过火面积": "1", "地点": "西门", "发现人": "保安"}
    report_incident.report(desk.db, "fire", "火情", "护理学院", fields, None, now, now, "办公室")
    with pytest.raises(Refused, match="尚未办结"):
        look_for(desk.db, desk.blobs, Wanted(case="E2026-0003"))
    wanted = Wanted(case="E2026-0001", files=True)
    assert len(look_for(desk.db, desk.blobs, wanted).files) == 2
    erase(desk.db, places(desk), wanted, WHY, by="办公室", now=now)
    shown = read_incident(desk.db, "E2026-0001", by="办公室", now=now)
    assert set(shown.values()) == {"（已删除）"}
    assert phone(1) in str(read_incident(desk.db, "E2026-0002", by="办公室", now=now))
    erased = desk.facts("fire/E2026-0001/account/nursing")
    assert {fact.by for fact in erased} <= {"（已删除）", "system"}


def test_a_restored_backup_loses_again_what_was_erased_since(desk: Desk, tmp_path: Path) -> None:
    if desk.db.dialect.name != "sqlite":
        return  # a file to copy
    live(desk, 1)
    other = open_engine(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    copy_into(desk.db, other)
    erase(desk.db, places(desk), Wanted(texts(0)), WHY, by="办公室", now=EVENING)
    restored = replace(desk, db=other)
    assert name(0) in restored.facts("fire/E2026-0001/account/nursing")[-2].by
    finish(other, places(desk))
    assert restored.facts("fire/E2026-0001/account/nursing")[-2].by == "（已删除）"
    other.dispose()


def test_erasing_asks_for_a_reason_that_names_nobody(desk: Desk) -> None:
    live(desk, 1)
    for reason, said in (("", "理由"), (f"{name(0)}申请", "不要写出")):
        with pytest.raises(Refused, match=said):
            erase(desk.db, places(desk), Wanted(texts(0)), reason, by="办公室", now=EVENING)
    with pytest.raises(Refused, match="至少两个字"):
        look_for(desk.db, desk.blobs, Wanted(("郑",)))


def test_the_fact_of_erasure_holds_no_name(desk: Desk) -> None:
    live(desk, 1)
    erase(desk.db, places(desk), Wanted(texts(0)), WHY, by="办公室", now=EVENING)
    with reading(desk.db) as connection:
        fact = facts.as_held(connection, 0, 999)[-1]
    assert fact.kind.value == "erased"
    assert hits(repr(fact).encode(), range(1)) == []
    assert len(fact.body["commitments"]) >= 5


def test_every_column_that_can_name_a_person_is_looked_at() -> None:
    """A new table with text in it is a decision: where a person is named, or why nobody is."""
    looked_at = {(table.name, column) for places in (PLAIN, WHOLE) for table in places
                 for column in places[table]}  # fmt: skip
    texts = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if str(column.type) == "TEXT"
    }
    assert looked_at <= texts
    assert {table for table, _ in texts - looked_at} <= NOBODY | {table for table, _ in looked_at}


NOBODY = {
    "facts", "vault", "vault_keys", "events",  # the record and the vault, see `sealing`
    "plan_sources", "promises", "cursors", "calendars", "draw_seeds", "tasks", "checkpoints",
    "attestations",
    "reply_tokens", "arrivals", "blobs", "heartbeats", "feeds", "scans", "imprints",
}  # fmt: skip
"""Tables that name nobody: the plan's own, hashes, dates and numbers."""
