"""The published schema: true to the worked files, Chinese throughout, refusing nonsense."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from responsibilities.language import schema as module
from responsibilities.language.schema import json_schema
from tests.responsibilities.compiling import INSTITUTION
from tests.responsibilities.test_compile import MONTHLY

HOUSE = Path(module.__file__).parents[1]
FILES = sorted((HOUSE / "plans").rglob("*.yaml"))


def parsed(text: str) -> Any:
    """The file as an editor sees it: dates and numbers are what YAML makes of them."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def complaints(text: str) -> list[str]:
    validator = Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(parsed(text))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_worked_file_is_valid_and_carries_the_modeline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert complaints(text) == []
    first = text.splitlines()[0]
    target = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / target).resolve() == HOUSE / "plan.schema.json"


def test_the_published_file_is_the_schema() -> None:
    published = json.loads((HOUSE / "plan.schema.json").read_text("utf-8"))
    assert published == json_schema(), "run: duban schema > responsibilities/plan.schema.json"


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_small_plan_of_the_tests_is_valid() -> None:
    assert complaints(INSTITUTION + MONTHLY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "dutys: []",
        "duties: [{id: a, title: 甲, responsible: 乙}]",
        "duties: [{id: a, title: 甲, responsible: 乙, every: 每月, once: 5日前}]",
        "duties: [{id: a, title: 甲, responsible: 乙, standing: 常态化}]",
        "duties: [{id: a, title: 甲, responsible: 乙, every: 每月, roll: 顺沿}]",
        "duties: [{id: a, title: 甲, responsible: 乙, every: 每月, evidence: [{photo: 照片}]}]",
        "ladders: [{id: a, name: 甲, steps: []}]",
        "ladders: [{id: a, name: 甲, steps: [{when: 下达时, tell: 处长, notice: 下达}]}]",
        "units: [{id: a, name: 甲, contact: 张老师}]",
        "units: [{id: 甲, name: 甲}]",
        "calendar: {school: {第一学年: {terms: []}}}",
        "calendar: {school: {'2026-2027': {terms: [{teaching: {week1: 九月七日, weeks: 18}}]}}}",
        "calendar: {school: {'2026-2027': {trems: []}}}",
        "rosters: [{id: a, name: 甲, as_of: 2026-09-20, counts: {甲: -1}}]",
    ],
)
def test_what_the_compiler_refuses_an_editor_underlines(wrong: str) -> None:
    assert complaints(wrong)


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, model in [("", schema), *schema["$defs"].items()]:
        for key, field in model.get("properties", {}).items():
            yield f"{name}.{key}", field


def test_every_key_has_a_chinese_title_a_description_and_an_example() -> None:
    listed = list(fields(json_schema()))
    assert len(listed) > 80
    sections = {f".{key}" for key in json_schema()["properties"]}
    for name, field in listed:
        assert any("一" <= char <= "鿿" for char in field["title"]), name
        assert field["description"], name
        assert field.get("examples") or name in sections | {
            "LadderText.steps", "PlanText.leadership", "EventText.fields", "DutyText.stages",
            "AcademicYearText.terms", "AcademicYearText.overrides", "AssessmentText.indicators",
            "IndicatorGroupText.indicators",
        }, name  # fmt: skip
