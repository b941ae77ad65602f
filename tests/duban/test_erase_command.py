"""`duban erase`: first what would go, then what went."""

import json
from pathlib import Path

from duban.desk import desk
from office import review
from responsibilities.tasks import FactKind
from storage import facts
from storage.engine import reading
from tests.duban.test_commands import BEGAN, Run, run
from tests.office.desk import at as wall

__all__ = ["run"]


def test_it_shows_first_and_erases_when_told_so(run: Run, tmp_path: Path) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    assert run("tick", "--now", BEGAN)[0] == 0
    with desk(tmp_path) as at:
        review.waive(at.db, 1, "郑七病假", by="办公室", now=wall("2026-09-01 12:00"))
    asked = ("erase", "--person", "郑七", "--now", BEGAN)
    assert "1 项内容" in run(*asked)[1]
    assert reason(tmp_path) == "郑七病假"
    done = json.loads(run(*asked, "--reason", "本人申请", "--yes", "--json")[1])["erased"]
    assert (done["values"], done["scoured"]) == (1, True)
    assert reason(tmp_path) == "（已删除）"
    assert run("record", "--check")[0] == 0


def reason(home: Path) -> str:
    """Why the first task was waived, as the record is read."""
    with desk(home) as at, reading(at.db) as connection:
        waived = [fact for fact in facts.since(connection) if fact.kind is FactKind.WAIVED]
    return str(waived[0].body["reason"])


def test_it_refuses_both_and_neither_and_the_name_in_the_reason(run: Run) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    for asked in ((), ("E2026-0001", "--person", "郑七"), ("E2026-0001",)):
        assert run("erase", *asked)[0] == 1
    code, _, err = run("erase", "--person", "郑七", "--reason", "郑七申请", "--yes")
    assert code == 1
    assert "不要写出" in err
