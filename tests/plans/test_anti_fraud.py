"""The worked plan accounts for every row of the list of obligations, and its page says so.

`obligations/anti-fraud.csv` is the list as the mission received it: 76 rows read out of the plan's
text by somebody else than the authors of the YAML (its last two columns, unit and rhythm, say whom
and how often the text itself names). `docs/explanation/worked-plan.md` shows the result.
"""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent
PLAN = ROOT / "responsibilities" / "plans" / "anti-fraud"
PAGE = ROOT / "docs" / "explanation" / "worked-plan.md"
Entry = dict[str, Any]

KINDS = {
    "every": "周期性",
    "standing": "常态化",
    "on": "事件触发",
    "once": "一次性",
    "policy": "原则",
    "metric": "指标",
}
SHOWN_ONLY = ("原则", "指标")
CHOSEN = (
    "with", "inform", "every", "checkpoint", "about", "opens", "due", "lapses",
    "once", "when", "stages", "no_workday", "roll", "cover", "zero_report", "review",
)  # fmt: skip
"""What a plan would have to state; materials, weights and ladders are the office's by nature."""
SILENT_ABOUT_OWNER = frozenset(
    {"T01", "T02", "M01", "M02", "M05", "M06", "M07", "M08", "M09", "A06", "A07"}
)
STATED = {
    "bwc-bulletin": {"every", "inform"},  # 每月向二级学院和相关职能部门通报
    "xsc-class-meeting": {"cover"},  # “全覆盖”反诈主题班会
    "xsc-test": {"every", "cover"},  # 每学期组织学生开展一次“全覆盖”反诈测试
    "xsc-assessment": {"every"},  # “年考核”
    "xsc-league-day": {"every"},  # 每年开展一次
    "ejxy-self-assessment": {"every"},  # “年考核”
    "ldxz-accountability": {"when"},  # 因工作失职…损失金额巨大、影响恶劣及引发次生风险
    "rsc-care": {"when"},  # 被骗教职工
    "xsc-care": {"when"},  # 被骗学生
}
"""The few values that the text itself gives."""


def load(name: str) -> Entry:
    return dict(YAML(typ="safe").load((PLAN / name).read_text("utf-8")))


def plain(text: str) -> str:
    """The text without white space and Markdown marks, as quotes are compared."""
    return re.sub(r"[\s#*]|^-+$", "", text, flags=re.M)


OBLIGATIONS = {
    row["id"]: row
    for row in csv.DictReader(
        (Path(__file__).parent / "obligations" / "anti-fraud.csv").read_text("utf-8").splitlines()
    )
}
CLAUSES: dict[str, Entry] = {clause["id"]: clause for clause in load("clauses.yaml")["clauses"]}
FILES = sorted(PLAN.rglob("*.yaml"))
DUTIES: dict[str, Entry] = {
    duty["id"]: duty
    for file in sorted((PLAN / "duties").glob("*.yaml"))
    for duty in load(f"duties/{file.name}")["duties"]
}


def sources(duty: Entry) -> list[str]:
    return [duty["source"]] if isinstance(duty["source"], str) else list(duty["source"])


def kind(duty: Entry) -> str:
    (found,) = [word for key, word in KINDS.items() if key in duty]
    return found


def duties_of(clause: str) -> list[str]:
    return [one for one, duty in DUTIES.items() if clause in sources(duty)]


def state(clause: Entry) -> str:
    """Exactly one of: 并入…, 编为职责, 原则, 指标, 退请核定 (and 表述 outside the 76)."""
    if "merged_into" in clause:
        return f"并入{clause['merged_into']}"
    words = {
        "duty": "编为职责",
        "policy": "原则",
        "metric": "指标",
        "question": "退请核定",
        "rhetoric": "表述",
    }
    return words[clause["as"]]


def page_row(clause: str) -> str:
    """The row of the page's table that is true of a clause."""
    entry = CLAUSES[clause]
    shown = "<br>".join(f"`{one}`（{kind(DUTIES[one])}）" for one in duties_of(clause)) or "—"
    what = f"{entry['section']} | {entry['quote']} | {state(entry)}"
    return f"| {clause} | {what} | {shown} | {entry.get('note') or '—'} |"


def test_all_76_rows_stand_in_the_plan_with_their_quotes() -> None:
    assert len(OBLIGATIONS) == 76
    wanted = {one: row["quote"] for one, row in OBLIGATIONS.items()}
    assert {one: CLAUSES[one]["quote"] for one in wanted} == wanted


def test_every_quote_is_verbatim_in_the_text() -> None:
    text = plain((PLAN / "text.md").read_text("utf-8"))
    assert [one for one, c in CLAUSES.items() if plain(c["quote"]) not in text] == []


def test_clauses_stand_in_the_order_of_the_text() -> None:
    """A sentence that occurs twice (L03 = A03) is therefore found at its own place."""
    text, at = plain((PLAN / "text.md").read_text("utf-8")), 0
    for one, clause in CLAUSES.items():
        inside = text.find(plain(clause["quote"]), at)
        assert inside >= 0, one
        at = inside


def test_every_sentence_of_sections_two_to_six_belongs_to_a_clause() -> None:
    """Headings and the departments' names aside, only connecting words are left over."""
    text = (PLAN / "text.md").read_text("utf-8")
    body = re.sub(r"^#.*$|\*\*[^*\n]+：\*\*", "", text[text.index("## 二、") :], flags=re.M)
    left = plain(body)
    for clause in sorted(CLAUSES.values(), key=lambda clause: -len(clause["quote"])):
        left = left.replace(plain(clause["quote"]), "")
    assert set(re.split("[，。；、]", left)) == {"", "并", "要", "既要", "又要"}


def test_every_row_is_in_exactly_one_of_the_four_states() -> None:
    counted = Counter(state(CLAUSES[one])[:2] for one in OBLIGATIONS)
    assert counted == {"编为": 59, "并入": 4, "原则": 7, "指标": 5, "退请": 1}
    assert sum(counted.values()) == 76


def test_a_clause_has_duties_of_its_kind_or_none_at_all() -> None:
    wanted = {"duty": {"周期性", "常态化", "事件触发", "一次性"}, "policy": {"原则"}}
    wanted["metric"] = {"指标"}
    for one, clause in CLAUSES.items():
        kinds = {kind(DUTIES[duty]) for duty in duties_of(one)}
        if clause["as"] in wanted:
            assert kinds, one
            assert kinds <= wanted[clause["as"]], one
        else:
            assert not kinds, one


def test_a_merged_row_goes_into_a_row_that_has_duties() -> None:
    for one, clause in CLAUSES.items():
        if "merged_into" in clause:
            into = clause["merged_into"]
            assert "merged_into" not in CLAUSES[into], one
            assert set(duties_of(into)) & set(duties_of(one)), one


def test_the_duties_by_kind() -> None:
    assert Counter(map(kind, DUTIES.values())) == {
        "周期性": 19,
        "常态化": 15,
        "事件触发": 19,
        "一次性": 13,
        "原则": 8,
        "指标": 5,
    }


def test_every_value_that_the_text_does_not_state_is_marked_and_explained() -> None:
    silent = {
        (one, key)
        for one, duty in DUTIES.items()
        if kind(duty) not in SHOWN_ONLY
        for key in CHOSEN
        if key in duty and key not in duty.get("assumed", {}) and key not in STATED.get(one, set())
    }
    assert silent == set()
    for one, duty in DUTIES.items():
        for key, reason in duty.get("assumed", {}).items():
            assert key in duty, (one, key)
            assert key not in STATED.get(one, set()), (one, key)
            assert len(reason) >= 10, (one, key)


def test_an_owner_that_the_text_does_not_name_is_marked_as_chosen() -> None:
    for one, duty in DUTIES.items():
        if set(sources(duty)) <= SILENT_ABOUT_OWNER:
            assert "responsible" in duty["assumed"], one


def test_the_office_and_its_host_do_not_review_their_own_duties() -> None:
    for one, duty in DUTIES.items():
        if duty["responsible"] in ("保卫处", "领导小组办公室") and kind(duty) not in SHOWN_ONLY:
            assert duty["review"] == "常务副组长", one


def test_records_of_care_ask_for_counts_and_nothing_else() -> None:
    for one in ("rsc-care", "xsc-care"):
        assert [set(item) - {"min"} for item in DUTIES[one]["evidence"]] == [{"number"}]


def test_units_are_roles_at_invented_addresses() -> None:
    found = load("units.yaml")
    posts = {p["id"].replace("-", "."): p["mail"] for p in found["posts"]}
    wanted = {"空缺", *(f"{post}@ccyz.example" for post in posts)}
    wanted |= {
        f"{role}.{unit['id']}@ccyz.example"
        for role in ("contact", "deputy", "head", "mishu")
        for unit in found["units"]
    }
    given = {*posts.values()}
    given |= {unit[role] for unit in found["units"] for role in ("contact", "deputy", "head")}
    assert given <= wanted
    assert "空缺" in posts.values()
    everything = "".join(file.read_text("utf-8") for file in FILES)
    assert set(re.findall(r"@[\w.-]+", everything)) == {"@ccyz.example"}


def test_the_ten_departments_stand_in_the_order_of_the_plan() -> None:
    groups = {group["name"]: group["units"] for group in load("units.yaml")["groups"]}
    listed = CLAUSES["N06"]["quote"].removeprefix("主要成员单位：").removesuffix("及各二级学院")
    assert groups["职能部门"] == listed.split("、")
    assert len(groups["职能部门"]) == 10
    assert len(groups["二级学院"]) == 5


def test_the_nursing_college_has_25_classes_and_branches_are_another_roster() -> None:
    rosters = {roster["name"]: roster for roster in load("rosters.yaml")["rosters"]}
    assert len(rosters["班级"]["members"]["护理学院"]) == 25
    sizes = {len(classes) for classes in rosters["班级"]["members"].values()}
    assert sizes - {25} <= set(range(8, 16))
    assert len(rosters["团支部"]["members"]["护理学院"]) != 25


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_editor_finds_the_schema_of_every_file(file: Path) -> None:
    up = "../" * len(file.relative_to(ROOT / "responsibilities").parent.parts)
    first = file.read_text("utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={up}plan.schema.json"


def test_the_page_shows_every_row_as_it_is() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    shown = [line for line in lines if re.match(r"\| [A-Z]\d\d \|", line)]
    assert shown == [page_row(one) for one in OBLIGATIONS]
