"""Dates as an office writes them in YAML, and a form that notes what is wrong while it is read."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from responsibilities.language.reading import read
from responsibilities.problem import Place, Problem, Severity, did_you_mean
from responsibilities.words import Words

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a document down to one value."""
PlaceOf = Callable[[Path], Place]
ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Whole days from `first` to `last`, both included."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Every day of the span in order."""
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(ordinal)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def read_day(value: object) -> date | None:
    """`2026-09-05` as text or as a YAML date; None when it is neither."""
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def read_span(value: object) -> Span | None:
    """`2026-09-05` or `2026-09-05..2026-09-06`; None when unreadable, or when it runs backwards."""
    if isinstance(value, str) and ".." in value:
        start, _, end = value.partition("..")
        first, last = read_day(start.strip()), read_day(end.strip())
    else:
        first = last = read_day(value)
    if first is None or last is None or last < first:
        return None
    return Span(first, last)


class Form:
    """A section being read: gives values, and notes a Problem for each that cannot be used."""

    def __init__(self, place: PlaceOf) -> None:
        self.place = place
        self.problems: list[Problem] = []

    def note(
        self, path: Path, code: str, what: Words, right: Words | None = None, *, warn: bool = False
    ) -> None:
        """One more thing that is wrong at `path`."""
        severity = Severity.WARNING if warn else Severity.ERROR
        self.problems.append(Problem(self.place(path), code, what, right, severity))

    @property
    def errors(self) -> int:
        """How many errors (not mere warnings) have been noted."""
        return sum(p.severity is Severity.ERROR for p in self.problems)

    def mapping(
        self, path: Path, value: object, known: Collection[str] | None = None
    ) -> Mapping[str, object]:
        """`value` with text keys; other shapes and keys outside `known` are noted."""
        if not isinstance(value, Mapping):
            self.note(path, "not-a-mapping", Words("此处应为“项目: 内容”", "expected `key: value`"))
            return {}
        for key in value if known is not None else ():
            if known is not None and str(key) not in known:
                right = did_you_mean(str(key), known) or Words(
                    f"可用的项目：{'、'.join(known)}", f"known keys: {', '.join(known)}"
                )
                what = Words(f"不认识的项目“{key}”", f"unknown key “{key}”")
                self.note((*path, str(key)), "unknown-key", what, right)
        return {str(key): item for key, item in value.items()}

    def sequence(self, path: Path, value: object) -> Sequence[object]:
        """`value` as a list; an absent one is empty, another shape is noted."""
        if value is None:
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str):
            return value
        self.note(path, "not-a-list", Words("此处应为列表", "expected a list"))
        return ()

    def text(self, path: Path, value: object, default: str | None = None) -> str:
        """A text; an absent one is `default`, or noted where there is none."""
        if value is None and default is not None:
            return default
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return str(value)
        self._missing(path)
        return ""

    def whole(self, path: Path, value: object, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`."""
        text = "" if isinstance(value, bool) else str(value)
        if text.isdecimal() and low <= int(text) <= high:
            return int(text)
        what = Words(
            f"“{value}”应为 {low}–{high} 之间的整数", f"“{value}”: expected {low} to {high}"
        )
        self.note(path, "not-a-number", what)
        return None

    def truth(self, path: Path, value: object) -> bool | None:
        """`true` or `false`; None when absent."""
        if value is None or isinstance(value, bool):
            return value
        if str(value) in ("true", "false"):
            return str(value) == "true"
        what = Words(f"“{value}”应为 true 或 false", f"“{value}”: expected true or false")
        self.note(path, "not-a-truth", what)
        return None

    def day(self, path: Path, value: object) -> date | None:
        """One date; None (and noted, unless absent) when it is not."""
        day = read_day(value)
        if day is None and value is not None:
            self._bad_date(path, value, "2026-09-05")
        return day

    def span(self, path: Path, value: object) -> Span | None:
        """A date or a span of dates; None (and noted, unless absent) when it is not."""
        span = read_span(value)
        if span is None and value is not None:
            self._bad_date(path, value, "2026-09-05 或 2026-09-05..2026-09-06")
        return span

    def _missing(self, path: Path) -> None:
        name = path[-1] if path else ""
        self.note(path, "missing", Words(f"缺少“{name}”", f"“{name}” is missing"))

    def _bad_date(self, path: Path, value: object, shape: str) -> None:
        what = Words(f"“{value}”不是有效日期", f"“{value}” is not a valid date")
        english = shape.replace("或", "or")
        self.note(path, "bad-date", what, Words(f"应写作 {shape}", f"write {english}"))


def read_yaml(text: str, file: str) -> tuple[object, Form]:
    """Plain data (mappings, lists, texts, None) of a small YAML file, and a form with its places.

    Read as a plan's files are. A file with an error gives a form that already holds the Problem.
    """
    document, problems = read({file: text})
    form = Form(document.key_place)
    form.problems.extend(problems)
    return document.sections, form
