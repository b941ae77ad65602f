"""docs/security.md against the standard's own numbering and against the program."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from office import links, received, sessions
from office.screening import LARGEST, LARGEST_TOGETHER, MOST_FILES
from office.settings import TABLES, Robot, Settings
from portal import guard
from portal.desk import crosscheck
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
ROOMS = (
    "responsibilities", "inspections", "storage", "notifications", "office", "portal", "flows",
    "duban",
)  # fmt: skip
ROW = re.compile(r"^\| (V[0-9.]+) \| ([12]) \| (符合|不适用|偏离) \| ([^|]+) \|([^|]*)\|$", re.M)

LEVELS = """
V1.1 22 V1.2 1111122223 V1.3 112222222223 V1.4 222 V1.5 123 V2.1 122 V2.2 112 V2.3 12223 V2.4 23
V3.1 3 V3.2 113 V3.3 12223 V3.4 11222233 V3.5 11122333 V3.6 3 V3.7 22333 V4.1 12233 V4.2 23333
V4.3 22 V4.4 1222 V5.1 2 V5.2 112333 V5.3 113 V5.4 222 V6.1 122 V6.2 111111112222 V6.3 11223333
V6.4 112233 V6.5 22222333 V6.6 2223 V6.7 33 V6.8 2222 V7.1 222 V7.2 1111 V7.3 22 V7.4 11222
V7.5 223 V7.6 22 V8.1 1233 V8.2 1123 V8.3 133 V8.4 23 V9.1 111 V9.2 1222 V10.1 22 V10.2 223
V10.3 22223 V10.4 1111122222233333 V10.5 22222 V10.6 22 V10.7 222 V11.1 2233 V11.2 22233
V11.3 11233 V11.4 1222 V11.5 23 V11.6 23 V11.7 33 V12.1 12233 V12.2 11 V12.3 22223 V13.1 2333
V13.2 222223 V13.3 2233 V13.4 1222233 V14.1 22 V14.2 12223333 V14.3 122 V15.1 12233 V15.2 12233
V15.3 1222222 V15.4 3333 V16.1 2 V16.2 22222 V16.3 2222 V16.4 222 V16.5 2223 V17.1 23
V17.2 22223333 V17.3 22
"""
"""Of ASVS 5.0.0: the level of each requirement of a section, in order."""


def wanted() -> dict[str, str]:
    """Every requirement of level 1 and 2, with its level."""
    words = LEVELS.split()
    return {
        f"{section}.{place}": level
        for section, levels in zip(words[::2], words[1::2], strict=True)
        for place, level in enumerate(levels, 1)
        if level in "12"
    }


def passage(heading: str) -> str:
    """The text below a heading."""
    found: str = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert found, heading
    return found


def sources() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]


def test_every_requirement_of_both_levels_stands_there_once() -> None:
    rows = ROW.findall(PAGE)
    assert [(name, level) for name, level, *_ in rows] == list(wanted().items())
    assert len(rows) == 253


def test_whatever_is_met_names_tests_that_exist_and_all_else_says_why() -> None:
    for name, _, verdict, why, proofs in ROW.findall(PAGE):
        paths = re.findall(r"\]\(\.\./(tests/[\w/]+\.py)\)", proofs)
        assert bool(paths) is (verdict == "符合"), name
        assert all((ROOT / path).is_file() for path in paths), (name, paths)
        assert why.strip(), name


def test_the_counts_at_the_top_are_those_of_the_rows() -> None:
    verdicts = [row[2] for row in ROW.findall(PAGE)]
    top = PAGE.partition("\n## ")[0]
    for verdict in ("符合", "不适用", "偏离"):
        assert f"{verdict}{verdicts.count(verdict)}条" in top


def test_every_table_that_is_classified_is_there_and_classified_once() -> None:
    named = re.findall(r"`(\w+)`", passage("数据").split("未列出的表")[0])
    named = [name for name in named if name not in ("data",)]
    assert len(named) == len(set(named))
    assert set(named) <= set(metadata.tables)
    assert {"facts", "vault", "events", "sessions"} <= set(named)


def test_every_secret_setting_is_in_the_inventory_of_keys() -> None:
    kinds = {"": Settings, "robots": Robot, **TABLES}
    secret = [
        f"{table}.{field.name}".lstrip(".")
        for table, kind in kinds.items()
        for field in fields(kind)
        if not field.repr
    ]
    assert len(secret) >= 8
    assert [name for name in secret if f"`{name}`" not in passage("密钥")] == []


def test_the_modules_that_connect_to_somewhere_are_there() -> None:
    named = re.findall(r"`([\w/]+\.py)`", passage("外联"))
    assert len(named) >= 8
    assert all((ROOT / name).is_file() for name in named)


def test_the_limits_are_the_program_s() -> None:
    told = passage("限额")
    assert f"15分钟{sessions._BY_SOURCE}次、{sessions._BY_ADDRESS}次" in told
    assert f"15分钟{links._TRIES}次、每小时{links._ALL_TRIES}次" in told
    files = f"{LARGEST // 10**6} MB、{LARGEST_TOGETHER // 10**6} MB、{MOST_FILES}个"
    assert files in told
    assert f"一次请求 | {guard.LARGEST // 2**20} MB" in told
    assert f"{crosscheck.LARGEST // 1000} KB" in told
    assert f"一日答复{received.MOST_A_DAY}封" in told


def test_nothing_is_evaluated_unpickled_or_hashed_weakly() -> None:
    """V1.3.2, V1.5.2, V11.2.1, V11.4.1."""
    banned = {"eval", "exec", "pickle", "marshal", "shelve", "md5", "sha1"}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named: list[str] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                named = [node.func.id] if node.func.id in ("eval", "exec") else []
            elif isinstance(node, ast.Import):
                named = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                named = [node.module or ""]
                if node.module == "hashlib":
                    named += [one.name for one in node.names]
            assert banned.isdisjoint(named), (path.relative_to(ROOT), named)
