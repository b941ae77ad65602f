"""The office packs for the inspectors; they verify on their own computer."""

import json
from pathlib import Path

from tests.duban.test_commands import BEGAN, Run, run, term

__all__ = ["run", "term"]


def test_a_pack_is_made_and_verified(term: Run, tmp_path: Path) -> None:
    code, out, _ = term("pack", "证据.zip", "--now", BEGAN)
    assert (code, "SHA-256" in out) == (0, True)
    key = json.loads(term("record", "--json")[1])["record"]["key"]
    mail = next((tmp_path / "data" / "Maildir" / "new").iterdir())
    code, out, _ = term("verify", "证据.zip", "--key", key, "--mail", str(mail))
    assert (code, "核验通过" in out) == (0, True)
    assert f"{mail}" in out
    code, out, _ = term("verify", "证据.zip", "--key", key.replace("school", "other"), "--json")
    assert code == 1
    assert [f["property"] for f in json.loads(out)["findings"] if not f["good"]] == ["真实"]


def test_a_pack_of_one_unit_holds_its_tasks_only(term: Run) -> None:
    code, out, _ = term("pack", "护理.zip", "--unit", "护理学院", "--json", "--now", BEGAN)
    made = json.loads(out)["pack"]
    assert code == 0
    whole = json.loads(term("pack", "全部.zip", "--json", "--now", BEGAN)[1])["pack"]
    assert 0 < made["tasks"] < whole["tasks"]
    assert made["facts"] == whole["facts"]
    assert term("pack", "x.zip", "--unit", "nobody", "--now", BEGAN)[0] == 1


def test_a_dossier_is_of_an_incident_or_a_unit_as_of_a_day(term: Run) -> None:
    assert term("dossier", "卷宗.zip", "--now", BEGAN)[0] == 2  # of what?
    code, out, _ = term("dossier", "卷宗.zip", "--unit", "护理学院", "--now", BEGAN)
    assert (code, "已写入" in out) == (0, True)
    assert term("verify", "卷宗.zip")[0] == 0
    early = term(
        "dossier", "卷宗.zip", "--unit", "护理学院", "--as-of", "2026-01-05", "--now", BEGAN
    )
    assert (early[0], "没有签名的检查点" in early[2]) == (1, True)
