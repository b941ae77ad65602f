"""The education bureau witnesses a school's record, by files carried between them."""

from pathlib import Path

import pytest

from inspections.verify import verify
from tests.duban.test_commands import BEGAN, Run, run
from tests.duban.test_record_command import site

__all__ = ["run", "site"]
LATER, LATEST = "2026-09-08T08:00", "2026-09-09T08:00"


@pytest.fixture
def bureau(site: Run, tmp_path: Path) -> tuple[Run, Path, str]:
    """The bureau has a key, and knows the school's from the plan as printed."""
    folder = tmp_path / "bureau"
    _, out, _ = site("witness", "key", "--name", "bureau.example/duban", "--folder", str(folder))
    vkey = out.strip()
    site("record", "--seal", "--now", BEGAN)
    printed = site("record")[1].split("公钥 ")[1].split("\n")[0]
    assert site("witness", "trust", printed, "--folder", str(folder))[0] == 0
    with (tmp_path / "duban.toml").open("a") as settings:
        settings.write(f'\n[record]\nwitnesses = "{vkey}"\n')
    return site, folder, vkey


def witnessed(bureau: tuple[Run, Path, str], now: str, file: Path) -> tuple[int, str, str]:
    """The school asks, the bureau cosigns."""
    run, folder, _ = bureau
    assert run("witness", "ask", str(file))[0] == 0
    return run("witness", "sign", str(file), "--folder", str(folder), "--now", now)


def test_the_bureau_cosigns_and_the_pack_says_so(
    bureau: tuple[Run, Path, str], tmp_path: Path
) -> None:
    run, _, vkey = bureau
    request = tmp_path / "head.txt"
    code, out, _ = witnessed(bureau, BEGAN, request)
    assert (code, "已副署" in out) == (0, True)
    code, out, _ = run("witness", "take", f"{request}.cosigned")
    assert (code, "“bureau.example/duban”于 2026-09-01 00:00Z" in out) == (0, True), out
    run("tick", "--now", LATER)
    run("record", "--seal", "--now", LATER)
    assert witnessed(bureau, LATER, request)[0] == 0  # with the proof from where the bureau stood
    assert b"old 0" not in request.read_bytes()
    run("witness", "take", f"{request}.cosigned")
    run("tick", "--now", LATEST)
    pack = tmp_path / "pack.zip"
    assert run("pack", str(pack), "--now", LATEST)[0] == 0
    for key in ("", vkey):
        said = [one.words[0] for one in verify(str(pack), witness=key)]
        assert [one for one in said if "副署至第" in one and "与记录相符" in one], said
    assert run("verify", str(pack), "--witness", vkey)[0] == 0
    other = run("witness", "key", "--name", "x.example/y", "--folder", str(tmp_path / "x"))[1]
    code, out, _ = run("verify", str(pack), "--witness", other.strip())
    assert (code, "没有见证单位的有效副署" in out) == (1, True)


def test_a_restored_backup_that_goes_on_silently_is_refused_by_the_bureau(
    bureau: tuple[Run, Path, str], tmp_path: Path
) -> None:
    """The school's administrator has put everything back, the copy outside the database too."""
    run, _, _ = bureau
    database, request = tmp_path / "data", tmp_path / "head.txt"
    before = {one: one.read_bytes() for one in database.iterdir() if one.is_file()}
    run("tick", "--now", LATER)
    run("record", "--seal", "--now", LATER)
    assert witnessed(bureau, LATER, request)[0] == 0
    for one in database.iterdir():
        if one.is_file():
            one.unlink()
    for one, data in before.items():
        one.write_bytes(data)
    code, _, err = witnessed(bureau, LATEST, request)
    assert (code, "记录不应变短" in err) == (1, True)
    run("tick", "--now", LATEST)
    run("tick", "--now", "2026-12-09T08:00")
    run("record", "--seal", "--now", "2026-12-09T08:00")
    code, _, err = witnessed(bureau, "2026-12-09T08:00", request)
    assert (code, "未副署" in err) == (1, True)


def test_what_is_not_cosigned_by_a_known_witness_is_not_kept(
    bureau: tuple[Run, Path, str], tmp_path: Path
) -> None:
    run, _, _ = bureau
    request = tmp_path / "head.txt"
    run("witness", "ask", str(request))
    code, _, err = run("witness", "take", str(request))
    assert (code, "不是 record.witnesses 所列见证单位的有效副署" in err) == (1, True)
    code, _, err = run("witness", "sign", str(request), "--folder", str(tmp_path / "nobody"))
    assert (code, "还没有见证密钥" in err) == (1, True)
