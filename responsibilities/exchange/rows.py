"""The duties of a plan as rows of a table, and an edited table as changes of the plan's files."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import basename, dirname
from typing import Any, Final

from responsibilities.exchange.cells import say, tidy, understand
from responsibilities.exchange.columns import KIND, Column, columns, titles
from responsibilities.exchange.revising import SECTION, Revision
from responsibilities.language.reading import Document, read
from responsibilities.matrix import KIND_WORDS
from responsibilities.plan import Kind
from responsibilities.problem import Problem
from responsibilities.words import Refused, Words

KINDS_BY_KEY: Final[Mapping[str, Kind]] = {
    "every": Kind.RECURRING,
    "draw": Kind.RECURRING,
    "renew": Kind.RECURRING,
    "standing": Kind.STANDING,
    "on": Kind.EVENT,
    "once": Kind.ONCE,
    "policy": Kind.POLICY,
    "metric": Kind.METRIC,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the duties' sheet."""

    number: int
    """As the spreadsheet counts, from 1."""
    cells: Mapping[str, str]
    """Key -> text; a key whose column the sheet lacks is absent."""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a cell; key "" for the row as a whole, `KIND.en` for its kind."""

    row: int
    key: str
    what: Words


@dataclass(slots=True)
class Changes:
    """What an edited table does to the plan's files."""

    revisions: dict[str, Revision] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Duties of the plan that the table no longer lists."""
    rows: dict[str, int] = field(default_factory=dict)
    """Id -> the row that it stands in."""


def kind_of(entry: Mapping[str, Any]) -> Words | None:
    """What sort of duty an entry is, by the first key that says so."""
    found = next((kind for key, kind in KINDS_BY_KEY.items() if entry.get(key)), None)
    return KIND_WORDS[found] if found else None


def table(files: Mapping[str, str]) -> list[dict[str, str]]:
    """Every duty as texts by key, in the order of the files. Refused: the files cannot be read."""
    return [_texts(entry) for _, entry in _duties(_readable(files))]


def _texts(entry: Mapping[str, Any]) -> dict[str, str]:
    return {column.key: _said(column, entry) for column in columns()}


def _said(column: Column, entry: Mapping[str, Any]) -> str:
    return tidy(say(column.shape, entry.get(column.key), titles()))


def _readable(files: Mapping[str, str]) -> Document:
    document, problems = read(files)
    ids = Counter(str(entry["id"]) for _, entry in _duties(document))
    twice = [id_ for id_, count in ids.items() if count > 1]
    if problems or twice:
        where = str(problems[0].place) if problems else twice[0]
        raise Refused(
            Words(
                f"方案文件本身有错误（{where}），请先运行 duban check 并改正。",
                f"The plan's own files have errors ({where}); run duban check and mend them first.",
            )
        )
    return document


def _duties(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """File and entry of each duty that has an id."""
    listed = document.sections.get(SECTION)
    for place, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and entry.get("id"):
            yield document.values[(SECTION, place)].file, entry


def changes(files: Mapping[str, str], rows: Sequence[Row], *, delete: bool) -> Changes:
    """What the rows change; a value counts as changed only when its text does.

    `delete`: duties that no row lists are removed; otherwise they are only named.
    """
    document = _readable(files)
    found, held = Changes(), {str(entry["id"]): (file, entry) for file, entry in _duties(document)}
    edits: dict[str, dict[str, Mapping[str, Any]]] = {}
    new: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        id_ = row.cells.get("id", "")
        if id_ in held:
            _edit(found, row, *held[id_], edits)
        else:
            _add(found, row, document, new)
    found.missing = [id_ for id_ in held if id_ not in found.rows]
    gone = set(found.missing) if delete else set()
    for file in files:
        removed = frozenset(id_ for id_ in gone if held[id_][0] == file)
        if removed or file in edits or file in new:
            found.revisions[file] = Revision(edits.get(file, {}), new.pop(file, ()), removed)
    for file, entries in new.items():
        found.revisions[file] = Revision(new=entries)
    return found


def _edit(
    found: Changes, row: Row, file: str, entry: Mapping[str, Any],
    edits: dict[str, dict[str, Mapping[str, Any]]],
) -> None:  # fmt: skip
    id_ = str(entry["id"])
    if not _listed(found, row, id_):
        return
    after = dict(entry)
    for column in columns():
        text = row.cells.get(column.key)
        if text is None or text == _said(column, entry):
            continue
        if text == "":
            after.pop(column.key, None)
        else:
            _understood(found, row, column, text, after)
    _kind_agrees(found, row, after)
    if after != entry:
        found.edited.append(id_)
        edits.setdefault(file, {})[id_] = after


def _add(
    found: Changes, row: Row, document: Document, new: dict[str, list[Mapping[str, Any]]]
) -> None:
    entry: dict[str, Any] = {"id": row.cells.get("id", "")}
    for column in columns()[1:]:
        if text := row.cells.get(column.key, ""):
            _understood(found, row, column, text, entry)
    file, unit = _home(document, entry.get("responsible"))
    taken = {str(e["id"]) for _, e in _duties(document)} | set(found.added)
    if not entry["id"]:
        entry["id"] = _fresh(unit, taken)
        _not_there_yet(found, row, document, entry)
    if not _listed(found, row, entry["id"]):
        return
    _kind_agrees(found, row, entry)
    found.added.append(entry["id"])
    new.setdefault(file, []).append(entry)


def _not_there_yet(found: Changes, row: Row, document: Document, entry: Mapping[str, Any]) -> None:
    """A row without an id that is imported a second time would be added a second time."""
    who = _as_list(entry.get("responsible"))
    for _, held in _duties(document):
        same = held.get("title") == entry.get("title")
        if same and _as_list(held.get("responsible")) == who:
            what = Words(
                f"责任单位已有同名职责“{held['id']}”；要改它请填写这一代号，另立一项请改事项名称",
                f"the unit has this duty already, “{held['id']}”; give that id, or another title",
            )
            found.faults.append(Fault(row.number, "title", what))


def _listed(found: Changes, row: Row, id_: str) -> bool:
    first = found.rows.setdefault(id_, row.number)
    if first == row.number:
        return True
    what = Words(
        f"代号“{id_}”已在第{first}行使用；新增职责请改用另一个代号，或留空由系统编号",
        f"id “{id_}” is already used in row {first}; choose another, or leave it empty",
    )
    found.faults.append(Fault(row.number, "id", what))
    return False


def _understood(found: Changes, row: Row, column: Column, text: str, entry: dict[str, Any]) -> None:
    value = understand(column.shape, text, titles())
    if isinstance(value, Words):
        found.faults.append(Fault(row.number, column.key, value))
    else:
        entry[column.key] = value


def _kind_agrees(found: Changes, row: Row, entry: Mapping[str, Any]) -> None:
    kind = kind_of(entry)
    if not row.kind or kind is None or row.kind.casefold() in kind:
        return
    key = next(key for key in KINDS_BY_KEY if entry.get(key))
    what = Words(
        f"类别写的是“{row.kind}”，而“{titles()[key]}”一栏已填写，应为“{kind.zh}”；请改其一",
        f"the kind says “{row.kind}”, but `{key}` is filled in, which means “{kind.en}”",
    )
    found.faults.append(Fault(row.number, KIND.en, what))


def _home(document: Document, responsible: Any) -> tuple[str, str]:
    """The file a new duty belongs to, and the id of its first responsible unit.

    The file named after the unit; else the file that already holds most of the unit's duties;
    else a new file where the plan keeps one for each department; else the file of the last duty.
    """
    name = responsible[0] if isinstance(responsible, list) and responsible else responsible
    unit = _unit_id(document, name) if isinstance(name, str) else ""
    files = [file for file, _ in _duties(document)]
    named = next(
        (file for file in files if unit and basename(file).rpartition(".")[0] == unit), None
    )
    if named:
        return named, unit
    theirs = Counter(
        file for file, entry in _duties(document) if name in _as_list(entry.get("responsible"))
    )
    if theirs:
        return theirs.most_common(1)[0][0], unit
    folders = {dirname(file) for file in files} - {""}
    if len(folders) == 1 and unit:
        return f"{folders.pop()}/{unit}.yaml", unit
    main = document.place(("plan",)).file
    return (files[-1] if files else main), unit


def _unit_id(document: Document, name: str) -> str:
    for section in ("units", "groups"):
        for entry in document.sections.get(section) or ():
            if isinstance(entry, dict) and name in (entry.get("name"), entry.get("id")):
                return str(entry.get("id") or "")
    return ""


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fresh(unit: str, taken: set[str]) -> str:
    number = 1
    while f"{unit or 'duty'}-{number}" in taken:
        number += 1
    return f"{unit or 'duty'}-{number}"


def located(
    files: Mapping[str, str], problems: Sequence[Problem]
) -> Iterator[tuple[str, str, Problem]]:
    """Id, key and problem for each problem that stands in a duty; both empty for the others."""
    document, _ = read(files)
    paths = {place: path for path, place in document.values.items() if path[0] == SECTION}
    paths |= {place: path for path, place in document.keys.items() if path[0] == SECTION}
    for problem in problems:
        path = paths.get(problem.place, ())
        if len(path) < 2:
            yield "", "", problem
            continue
        entry = document.sections[SECTION][path[1]]
        id_ = entry.get("id", "") if isinstance(entry, dict) else ""
        yield str(id_), str(path[2]) if len(path) > 2 else "", problem
