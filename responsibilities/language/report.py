"""Problems as text for a terminal, as JSON, and as annotations of a code review."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from responsibilities.problem import Place, Problem, Severity
from responsibilities.words import Language, Words

SCHEMA: Final = "duban-problems-1"
"""The version of the JSON form."""
CONSEQUENCE: Final = "broken-reference"
"""The code of what is wrong only because something else is."""
_FEW: Final = 3
"""Places that a folded line names."""
_SEVERITY: Final[Mapping[Severity, Words]] = {
    Severity.ERROR: Words("错误", "error"),
    Severity.WARNING: Words("提示", "warning"),
}


def render(problem: Problem, source_line: str, language: Language) -> str:
    """`file:line:col: 错误[code] …`, the offending line, a caret under the column, what is right.

    `source_line` is the line as it stands in the file; empty where there is none.
    """
    head = f"{problem.place}: {_SEVERITY[problem.severity].in_(language)}[{problem.code}] "
    lines = [head + problem.what.in_(language)]
    if source_line.strip():
        number = str(problem.place.line)
        lines.append(f"  {number} | {_untabbed(source_line)}")
        lines.append(f"  {' ' * len(number)} | {_caret(source_line, problem.place.column)}")
    if problem.right is not None:
        lines.append(f"  → {problem.right.in_(language)}")
    return "\n".join(lines)


def in_reading_order(problems: Sequence[Problem]) -> list[Problem]:
    """Errors before warnings: what has to be mended is read first."""
    return sorted(problems, key=lambda problem: problem.severity is Severity.WARNING)


def held_back(problems: Sequence[Problem], language: Language) -> list[str]:
    """What something broken holds back, a line for each cause: its sentence, how many, where."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        where = f"{problem.place.file}:{problem.place.line}"
        places.setdefault(problem.what.in_(language), []).append(where)
    return [_folded(sentence, found, language) for sentence, found in places.items()]


def _folded(sentence: str, found: Sequence[str], language: Language) -> str:
    few = found[:_FEW]
    more = Words("等", " …") if len(found) > len(few) else Words("", "")
    listed = ("、" if language == "zh" else ", ").join(few) + more.in_(language)
    return Words(
        f"{sentence}：{len(found)} 处（{listed}）", f"{sentence}: {len(found)} ({listed})"
    ).in_(language)


def source_line(files: Mapping[str, str], place: Place) -> str:
    """The line a place points into; empty where there is none."""
    lines = files.get(place.file, "").split("\n")
    return lines[place.line - 1].rstrip("\r") if 0 < place.line <= len(lines) else ""


def as_json(problems: Sequence[Problem]) -> dict[str, Any]:
    """All problems as plain data; both languages, so that the reader may choose."""
    return {
        "schema": SCHEMA,
        "errors": sum(p.severity is Severity.ERROR for p in problems),
        "warnings": sum(p.severity is Severity.WARNING for p in problems),
        "problems": [
            {
                "file": p.place.file,
                "line": p.place.line,
                "column": p.place.column,
                "severity": p.severity.value,
                "code": p.code,
                "what": p.what._asdict(),
                "right": p.right._asdict() if p.right else None,
            }
            for p in problems
        ],
    }


def as_annotations(problems: Sequence[Problem], language: Language = "zh") -> list[str]:
    """One GitHub workflow command for each problem, e.g. `::error file=a.yaml,line=3,col=5,…`."""
    return [_annotation(problem, language) for problem in problems]


def _annotation(problem: Problem, language: Language) -> str:
    place = problem.place
    text = problem.what.in_(language)
    if problem.right is not None:
        text += f"\n{problem.right.in_(language)}"
    where = f"file={_property(place.file)},line={place.line},col={place.column}"
    return f"::{problem.severity.value} {where},title={_property(problem.code)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def width(text: str) -> int:
    """Columns a terminal needs: full-width characters take two, combining marks none."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _untabbed(line: str) -> str:
    return "".join(char if char.isprintable() or char == " " else " " for char in line.rstrip())


def _caret(line: str, column: int) -> str:
    return " " * width(_untabbed(line[: column - 1] + "|")[:-1]) + "^"
