"""What a clerk may write, and every problem there may be, stands in the reference."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from responsibilities import problem
from responsibilities.calendars.terms import ANCHORS
from responsibilities.language.clause_language import EVIDENCE_MODELS
from responsibilities.language.compile import compile_plan
from responsibilities.language.duty_language import PlanFile
from responsibilities.language.institution_language import Section
from responsibilities.language.phrases import moment, rhythm, step_time
from responsibilities.language.schema import json_schema
from responsibilities.plan import ROLE_WORDS
from responsibilities.words import Words
from tests.responsibilities import duty_page
from tests.responsibilities.school_year import nation

HOUSE = Path(problem.__file__).parent
DOCS = HOUSE.parent / "docs" / "reference"
TELLS = {"Problem", "note", "error", "warning", "finding", "unknown", "_typed", "_unreadable"}
"""What a problem is made by; the code stands among its arguments."""
EXAMPLES = {"anti-fraud", "monthly-bulletin", "new-year", "spring-festival", "labour-day"}
EXAMPLES |= {"dragon-boat", "mid-autumn", "national-day"}


def codes(source: str) -> Iterator[str]:
    """The problem codes of a module: kebab-case words, and single words that `TELLS` are given."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        word = str(node.value) if isinstance(node, ast.Constant) else ""
        if re.fullmatch(r"[a-z]+(-[a-z]+)+", word):
            yield word
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for given in node.args[1:2] if name in TELLS else ():
                if isinstance(given, ast.Constant) and re.fullmatch("[a-z]+", str(given.value)):
                    yield str(given.value)


def test_every_problem_code_is_explained() -> None:
    page = (DOCS / "problems.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", page, re.M))
    told = {
        code
        for path in HOUSE.rglob("*.py")
        if re.search(r"\bnote\(|Problem\(|context\.|finding\(", source := path.read_text("utf-8"))
        for code in codes(source)
    }
    told -= EXAMPLES
    assert told - explained == set()
    assert explained - told <= {"missing", "empty", "vacant"}, "explained, but never told"
    assert len(told) > 60


def models() -> Iterator[tuple[str, type[Section]]]:
    waiting: list[type[Section]] = [PlanFile, *EVIDENCE_MODELS.values()]
    seen: set[type[Section]] = set()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield model.__name__, model
        for field in model.model_fields.values():
            waiting.extend(_inside(field.annotation))


def _inside(annotation: object) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _inside(part)


def test_every_key_of_the_language_is_explained() -> None:
    page = (DOCS / "plan-language.md").read_text("utf-8")
    keys = {
        field.alias or name for _, model in models() for name, field in model.model_fields.items()
    }
    assert len(keys) > 60
    assert {key for key in keys if f"`{key}`" not in page and f"`{key}:" not in page} == set()


def test_the_page_of_a_duty_is_what_the_schema_says() -> None:
    assert duty_page.PAGE.read_text("utf-8") == duty_page.page(), (
        "python -m tests.responsibilities.duty_page"
    )


def test_no_english_is_left_of_a_key_that_is_gone() -> None:
    defs = json_schema()["$defs"]
    held: dict[str, set[str]] = {}
    for name in duty_page.nested(defs):
        group = "Evidence" if name.endswith("Evidence") else name
        held.setdefault(group, set()).update(defs[name]["properties"])
    assert {name: set(keys) for name, keys in duty_page.ENGLISH.items()} == held


def test_every_role_anchor_and_cadence_group_is_explained() -> None:
    page = (DOCS / "plan-language.md").read_text("utf-8")
    assert [word for word in (*ROLE_WORDS, *ANCHORS) if word not in page] == []
    rows = re.findall(r"^\| (\d+) \|", page, re.M)
    assert rows == [str(number) for number in range(1, 47)]


PAGE = (DOCS / "plan-language.md").read_text("utf-8")
SAID = re.findall(r"`(every|checkpoint|due|opens|once): ([^`]+)`", PAGE)


@pytest.mark.parametrize(("key", "phrase"), SAID)
def test_every_phrase_of_the_page_is_understood(key: str, phrase: str) -> None:
    found = rhythm(phrase) if key in ("every", "checkpoint") else moment(phrase)
    assert not isinstance(found, Words), found


def table(heading: str) -> list[str]:
    """The phrases in the first column of the table under a heading."""
    section = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \|", section, re.M)
    return [phrase for row in rows for phrase in re.findall(r"`([^`]+)`", row)]


def test_every_phrase_of_the_tables_is_understood() -> None:
    for heading, read, least in (
        ("频次的写法", rhythm, 20),
        ("时间的写法", moment, 25),
        ("步骤", step_time, 8),
    ):
        phrases = table(heading)
        assert len(phrases) >= least
        assert [p for p in phrases if isinstance(read(p), Words)] == []


def test_the_small_plan_of_the_page_compiles_without_a_problem() -> None:
    text = PAGE.partition("```yaml\n")[2].partition("```")[0]
    result = compile_plan({"plan.yaml": text}, nation())
    assert result.problems == ()
    assert result.plan is not None
    assert len(result.plan.duties) == 1
