"""The API's description for people: Markdown made from its OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """# 接口 / API

程序以 JSON 办理与网页相同的事项。令牌由 `duban token new` 签发，只显示一次，放在请求头中：
`Authorization: Bearer duban_…`。`--role read` 只能查看；`--role office` 可以报结、转交、
申请延期、报告事件，未限于一个单位的还可以审核、延期、免办、重新办理、催办、更正事件。
重复同一请求不改变结果。时间一律带时区（RFC 3339）。

被拒绝的请求以 `application/problem+json`（RFC 9457）回答，`zh` 和 `en` 各有一句说明，
`errors` 指出格式不对之处。本页由 `/api/v1/openapi.json` 生成：`python -m tests.portal.api_page`。

Every address below stands under `/api/v1`. A repeated request changes nothing.
"""


def page(openapi: Mapping[str, Any]) -> str:
    """Every operation with what it takes and what it answers."""
    parts = [_HEAD]
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            parts.append("\n".join(_operation(method, path, operation, openapi)))
    return "\n".join(parts)


def _operation(
    method: str, path: str, operation: Mapping[str, Any], openapi: Mapping[str, Any]
) -> Iterator[str]:
    yield f"## {method.upper()} {path}\n"
    yield operation["description"] + "\n"
    rows = [
        (one["name"], one["in"], one["schema"], one.get("required", False))
        for one in operation.get("parameters", ())
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        body = _resolved(content["schema"], openapi)
        needed = body.get("required", ())
        rows += [(n, kind, s, n in needed) for n, s in body.get("properties", {}).items()]
    if rows:
        yield "| 名称 | 位置 | 类型 | 必填 |\n|---|---|---|---|"
        for name, place, schema, needed in rows:
            yield f"| `{name}` | {place} | {_type(schema)} | {'是' if needed else ''} |"
        yield ""
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    keys = ", ".join(f"`{name}`" for name in _resolved(answer, openapi)["properties"])
    yield f"200: {keys}\n"


def _resolved(schema: Mapping[str, Any], openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = openapi["components"]["schemas"][name] if name else schema
    return found


def _type(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " / ".join(_type(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"{_type(schema['items'])} …"
    return str(schema.get("format") or schema.get("type", ""))
