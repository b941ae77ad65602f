"""Every plan that is shipped: nothing of its text is lost, nothing in it is silently made up."""

import re

import pytest

from responsibilities.coverage import Outcome, coverage
from responsibilities.quotes import normalise, plain
from tests.plans.worked import (
    OBLIGATIONS,
    PLANS,
    compiled,
    entries,
    plan_of,
    rows,
    sources,
)

NAMES = sorted(folder.name for folder in PLANS.iterdir() if folder.is_dir())
KINDS = ("every", "draw", "standing", "on", "once", "renew", "policy", "metric")

pytestmark = pytest.mark.parametrize("name", NAMES)


def test_it_compiles_without_a_single_problem(name: str) -> None:
    assert compiled(name).problems == ()


def test_every_sentence_of_its_text_has_come_to_something(name: str) -> None:
    found = coverage(plan_of(name))
    lost = [one.text for one in found.sentences if one.outcome is Outcome.UNCOVERED]
    assert lost == []
    assert found.complete


def test_every_row_of_its_obligations_stands_in_it_with_its_quote(name: str) -> None:
    table, clauses = rows(name), entries(name, "clauses")
    assert {p.stem for p in OBLIGATIONS.glob("*.csv")} == set(NAMES)
    assert {one: clauses[one]["quote"] for one in table} == {
        one: row["quote"] for one, row in table.items()
    }


def test_every_quote_is_verbatim_and_stands_in_the_order_of_the_text(name: str) -> None:
    text, at = normalise((PLANS / name / "text.md").read_text("utf-8")).text, 0
    for one, clause in entries(name, "clauses").items():
        at = text.find(plain(clause["quote"]), at)
        assert at >= 0, one


def test_it_holds_at_least_25_obligations_and_ten_units(name: str) -> None:
    asked = [row for row in rows(name).values() if row["type"] in "RSEO"]
    assert len(asked) >= 25
    assert len(plan_of(name).units) >= 10


def test_no_row_was_taken_for_rhetoric_and_a_duty_cites_what_it_rests_on(name: str) -> None:
    clauses, duties = entries(name, "clauses"), entries(name, "duties")
    cited = {clause for duty in duties.values() for clause in sources(duty)}
    for one in rows(name):
        assert clauses[one]["as"] != "rhetoric", one
        if clauses[one]["as"] == "duty" and "merged_into" not in clauses[one]:
            assert one in cited, one


def test_each_duty_is_of_exactly_one_kind(name: str) -> None:
    for one, duty in entries(name, "duties").items():
        assert sum(kind in duty for kind in KINDS) == 1, one


def test_what_the_office_chose_is_written_and_says_why(name: str) -> None:
    for one, duty in entries(name, "duties").items():
        for key, reason in duty.get("assumed", {}).items():
            assert key in duty, (one, key)
            assert len(reason) >= 8, (one, key)


def test_people_are_posts_at_invented_addresses(name: str) -> None:
    everything = "".join(
        path.read_text("utf-8") for path in (PLANS / name).rglob("*") if path.is_file()
    )
    hosts = set(re.findall(r"@([\w.-]+)", everything))
    assert hosts
    assert all(host.endswith(".example") for host in hosts)
    assert "空缺" in {unit["deputy"] for unit in entries(name, "units").values()} | {
        post["mail"] for post in entries(name, "posts").values()
    }


def test_an_editor_finds_the_schema_of_every_file(name: str) -> None:
    for file in (PLANS / name).rglob("*.yaml"):
        up = "../" * len(file.relative_to(PLANS).parts)
        assert file.read_text("utf-8").startswith(
            f"# yaml-language-server: $schema={up}plan.schema.json\n"
        ), file.name
