"""`duban inbox`: the mails that wait for a person, and what the person says about them."""

import json
from datetime import UTC, datetime
from pathlib import Path

from office.inbox import settle, take_in
from office.settings import Inbox, Mail
from storage.blobs import Blobs
from storage.engine import open_engine
from tests.duban.test_commands import Run, run, term

__all__ = ["run", "term"]

MAIL = (
    "From: somebody@free.example\nTo: duban@school.example\nSubject: 回复 {number}\n"
    "Content-Type: text/plain; charset=utf-8\n\n已办，情况如下。\n"
)


def comes_in(folder: Path, number: str) -> None:
    """A mail from somebody whom the plan does not know."""
    db, blobs = open_engine(f"sqlite:///{folder / 'data' / 'duban.sqlite'}"), Blobs(
        folder / "data" / "evidence"
    )  # fmt: skip
    now = datetime(2026, 9, 2, 2, tzinfo=UTC)
    take_in(db, blobs, MAIL.format(number=number).encode(), now=now)
    settle(db, blobs, now, Mail(), Inbox())
    db.dispose()


def test_a_mail_that_waits_is_listed_shown_and_taken(term: Run, tmp_path: Path) -> None:
    [task, *_] = json.loads(term("tasks", "--json", "--now", "2026-09-02T10:00")[1])["tasks"]
    comes_in(tmp_path, task["number"])
    code, out, _ = term("inbox")
    assert code == 0
    assert "somebody@free.example" in out
    assert "待确认" in out
    assert "已办，情况如下。" in term("inbox", "1")[1]
    assert "From: somebody@free.example" in term("inbox", "1", "--raw")[1]
    assert json.loads(term("inbox", "1", "--json")[1])["mail"]["state"] == "held"
    code, out, _ = term("inbox", "1", "--accept", "--now", "2026-09-02T11:00")
    assert code == 0
    assert "没有待确认的来信" in term("inbox")[1]
    assert json.loads(term("inbox", "--all", "--json")[1])["mails"][0]["state"] == "settled"
    assert "来信" in term("show", task["number"], "--now", "2026-09-02T12:00")[1]


def test_a_mail_can_be_declined_and_is_kept(term: Run, tmp_path: Path) -> None:
    [task, *_] = json.loads(term("tasks", "--json", "--now", "2026-09-02T10:00")[1])["tasks"]
    comes_in(tmp_path, task["number"])
    assert "不予计入" in term("inbox", "1", "--decline")[1]
    assert "From: somebody@free.example" in term("inbox", "1", "--raw")[1]
    code, _, err = term("inbox", "1", "--accept")
    assert code == 1
    assert "没有待处理的来信 1" in err


def test_one_mail_and_one_act_at_a_time(term: Run) -> None:
    assert term("inbox", "--accept")[0] == 2
    assert term("inbox", "7")[0] == 1
