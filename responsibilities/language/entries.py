"""The entries of a plan's sections, one by one: what can be used, and what is wrong with the rest.

An entry with a wrong key is used without that key, so that everything else that is wrong with it
and with its neighbours is reported at once; what rests on it is left out of the plan in the end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from responsibilities.language.duty_language import SECTIONS, known_sections
from responsibilities.language.faults import explain, known_keys
from responsibilities.language.institution_language import CalendarText, PlanText, Section
from responsibilities.language.reading import Document, Path
from responsibilities.problem import Place, Problem, Severity, did_you_mean
from responsibilities.words import Words

T = TypeVar("T", bound=Section)


class Finding(NamedTuple):
    """A problem, and the entry (`duties/monthly-bulletin`) that it leaves out of the plan."""

    owner: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One entry of a section: who it is, where it stands, what it says."""

    owner: str
    path: Path
    text: T


@dataclass(slots=True)
class Draft:
    """A plan being compiled: its entries by section, and what was found wrong so far."""

    document: Document
    entries: dict[str, list[Entry[Any]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)
    """Where each owner stands in the document."""
    plan: PlanText | None = None
    calendar: CalendarText = field(default_factory=lambda: CalendarText.model_validate({}))
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    _unusable: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, model: type[T]) -> list[Entry[T]]:
        """The entries of the section that holds `model`."""
        section = next(name for name, held in SECTIONS.items() if held is model)
        return self.entries.get(section, [])

    def place(self, owner: str, *keys: str | int) -> Place:
        """Where a value of an entry stands; the entry itself where the key is not written."""
        return self.document.place((*self.paths.get(owner, ()), *keys))

    def note(
        self,
        at: tuple[str | int, ...],
        code: str,
        what: Words,
        right: Words | None = None,
        *,
        warn: bool = False,
    ) -> None:
        """One more finding; `at` is the owner and the keys down to the value."""
        self.findings.append(self.finding(at, code, what, right, warn=warn))

    def finding(
        self,
        at: tuple[str | int, ...],
        code: str,
        what: Words,
        right: Words | None = None,
        *,
        warn: bool = False,
    ) -> Finding:
        """A finding at an owner's value, not noted yet."""
        owner, *keys = at
        severity = Severity.WARNING if warn else Severity.ERROR
        problem = Problem(self.place(str(owner), *keys), code, what, right, severity)
        return Finding(str(owner), problem)

    def names(self, section: str) -> Mapping[str, str]:
        """Names and ids of a section's entries, each with its id; asked once all are gathered."""
        if section not in self._names:
            self._names[section] = self._named(section)
        return self._names[section]

    def _named(self, section: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for entry in self.entries.get(section, []):
            found.setdefault(getattr(entry.text, "name", entry.text.id), entry.text.id)
        for entry in self.entries.get(section, []):
            found.setdefault(entry.text.id, entry.text.id)
        return found

    def unusable(self, section: str) -> frozenset[str]:
        """Names and ids that entries claim which could not be read at all."""
        if section not in self._unusable:
            self._unusable[section] = self._unread(section)
        return self._unusable[section]

    def _unread(self, section: str) -> frozenset[str]:
        listed = self.document.sections.get(section)
        raw = [item for item in listed if isinstance(item, dict)] if listed else []
        claimed = {item[key] for item in raw for key in ("id", "name") if _is_text(item.get(key))}
        return frozenset(claimed - self.names(section).keys())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def gather(document: Document) -> Draft:
    """Every entry of every section, each checked against its model."""
    draft = Draft(document)
    for name in document.sections:
        if name not in known_sections():
            _unknown_section(draft, name)
    for section, model in SECTIONS.items():
        draft.entries[section] = list(_entries(draft, section, model))
    draft.plan = _single(draft, "plan", PlanText)
    calendar = _single(draft, "calendar", CalendarText)
    if calendar is not None:
        draft.calendar = calendar
    return draft


def _unknown_section(draft: Draft, name: str) -> None:
    known = known_sections()
    right = did_you_mean(name, known) or Words(
        f"可用的项目：{'、'.join(known)}", f"known keys: {', '.join(known)}"
    )
    what = Words(f"不认识的项目“{name}”", f"unknown key “{name}”")
    place = draft.document.key_place((name,))
    draft.findings.append(Finding(name, Problem(place, "unknown-key", what, right)))


def _single(draft: Draft, section: str, model: type[T]) -> T | None:
    data = draft.document.sections.get(section)
    if data is None:
        return None
    draft.paths[section] = (section,)
    return _validated(draft, section, (section,), data, model)


def _entries(draft: Draft, section: str, model: type[T]) -> Iterator[Entry[T]]:
    listed = draft.document.sections.get(section) or []
    if not isinstance(listed, list):
        what = Words(f"“{section}”应为列表（每项以“- ”开头）", f"“{section}” must be a list")
        place = draft.document.place((section,))
        draft.findings.append(Finding(section, Problem(place, "not-a-list", what)))
        return
    seen: dict[str, str] = {}
    for index, item in enumerate(listed):
        path: Path = (section, index)
        owner = _owner(section, index, item, seen)
        draft.paths[owner] = path
        text = _validated(draft, owner, path, item, model)
        if text is None or not _new(draft, owner, item, seen):
            continue
        yield Entry(owner, path, text)


def _owner(section: str, index: int, item: object, seen: Mapping[str, str]) -> str:
    id_ = item.get("id") if isinstance(item, dict) else None
    return f"{section}/{id_}" if isinstance(id_, str) and id_ not in seen else f"{section}/#{index}"


def _new(draft: Draft, owner: str, item: Mapping[str, Any], seen: dict[str, str]) -> bool:
    """Whether neither id nor name was used before; an entry that comes twice is not used."""
    fresh = True
    for key in ("id", "name"):
        word = item.get(key)
        if not isinstance(word, str) or word == (item.get("id") if key == "name" else None):
            continue
        if word in seen:
            first = draft.place(seen[word])
            what = Words(f"“{word}”已在 {first} 使用", f"“{word}” is already used at {first}")
            right = Words("请换一个名称或代号", "choose another")
            draft.note((owner, key), "duplicate-id", what, right)
            fresh = False
        else:
            seen[word] = owner
    return fresh


def _validated(draft: Draft, owner: str, path: Path, data: object, model: type[T]) -> T | None:
    """The entry, if need be without the keys that are wrong; None when it cannot be used at all."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for problem in explain(error, model, path, data, draft.document):
            draft.findings.append(Finding(owner, problem))
        wrong = {fault["loc"][0] for fault in error.errors() if fault["loc"]}
    if not isinstance(data, dict):
        return None
    known = known_keys(model)
    kept = {key: value for key, value in data.items() if key in known and key not in wrong}
    try:
        return model.model_validate({**PLACEHOLDERS.get(model, {}), **kept})
    except ValidationError:
        return None


PLACEHOLDERS: Mapping[type[Section], Mapping[str, Any]] = {
    PlanText: {
        "id": "plan",
        "title": "-",
        "issued": "2000-01-01",
        "office": "-",
        "leadership": {"group_leader": "-", "deputy_group_leader": "-"},
    }
}
"""What stands in for the keys of a plan that cannot be used; such a plan is not compiled."""
