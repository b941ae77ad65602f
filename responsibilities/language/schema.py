"""The JSON Schema of the plan language, for editors: titles, descriptions, examples in Chinese."""

from functools import cache
from typing import Any, Final

from responsibilities.language.duty_language import PlanFile
from responsibilities.language.school_language import AcademicYearText
from responsibilities.plan import ROLE_WORDS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def _schema() -> dict[str, Any]:
    schema = PlanFile.model_json_schema(by_alias=True)
    _school_years(schema)
    _tell_who(schema)
    _members(schema)
    _surges(schema)
    _draw(schema)
    _one_kind(schema)
    _optional(schema)
    return {"$schema": DIALECT, **schema, "title": "督办工作方案", "description": _ABOUT}


_ABOUT: Final = "工作方案文件夹中的一个文件；各节可分写在多个文件中，列表自动合并。"


def json_schema() -> dict[str, Any]:
    """The schema of one file of a plan, JSON Schema 2020-12."""
    return dict(_schema())


def _school_years(schema: dict[str, Any]) -> None:
    """A school calendar is held by academic years, which are read on their own (see `school`)."""
    year = AcademicYearText.model_json_schema(by_alias=True, ref_template=_REFERENCE)
    schema["$defs"].update(year.pop("$defs"))
    schema["$defs"]["AcademicYearText"] = year
    school = schema["$defs"]["CalendarText"]["properties"]["school"]
    del school["anyOf"]
    school["type"] = "object"
    school["patternProperties"] = {_YEAR: {"$ref": _REFERENCE.format(model="AcademicYearText")}}
    school["additionalProperties"] = False


_REFERENCE: Final = "#/$defs/{model}"
_YEAR: Final = "^[0-9]{4}-([0-9]{4}|[0-9]{2})(学年)?$"


def _tell_who(schema: dict[str, Any]) -> None:
    """A ladder step tells roles that exist."""
    roles = {"type": "string", "enum": list(ROLE_WORDS)}
    tell = schema["$defs"]["StepText"]["properties"]["tell"]
    tell["anyOf"] = [roles, {"type": "array", "items": roles, "minItems": 1}]


def _members(schema: dict[str, Any]) -> None:
    """A single member may stand without a list."""
    members = schema["$defs"]["RosterText"]["properties"]["members"]
    listed = members["additionalProperties"]
    members["additionalProperties"] = {"anyOf": [listed["items"], listed]}


def _surges(schema: dict[str, Any]) -> None:
    """A single season may stand without a list."""
    surge = schema["$defs"]["DutyText"]["properties"]["surge"]
    listed = next(choice for choice in surge["anyOf"] if choice.get("type") == "array")
    surge["anyOf"] = [listed["items"], listed, {"type": "null"}]


def _draw(schema: dict[str, Any]) -> None:
    """A draw of days alone may stand as one phrase."""
    draw = schema["$defs"]["DutyText"]["properties"]["draw"]
    draw["anyOf"].insert(0, {"type": "string", "minLength": 1})


def _one_kind(schema: dict[str, Any]) -> None:
    """Exactly one key says what sort of duty it is."""
    kinds = ("every", "renew", "draw", "standing", "on", "once", "policy", "metric")
    duty = schema["$defs"]["DutyText"]
    duty["oneOf"] = [{"required": [kind]} for kind in kinds]
    duty["dependentRequired"] = {"standing": ["checkpoint"], "target": ["cover"]}


def _optional(node: Any) -> None:
    """`anyOf: [x, null]` becomes plain `x`: an editor should offer what can be written.

    A key without a value is written as nothing at all, and the compiler takes that too.
    """
    if isinstance(node, list):
        for item in node:
            _optional(item)
    if not isinstance(node, dict):
        return
    choices = node.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        if len(rest) == 1:
            del node["anyOf"]
            node.update({**rest[0], **node})
        else:
            node["anyOf"] = rest
        if node.get("default", "") is None:
            del node["default"]
    for value in node.values():
        _optional(value)
