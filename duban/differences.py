"""A comparison of two versions as a clerk reads it in a terminal, and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from responsibilities.difference import Change, Difference
from responsibilities.duty_words import Aspect
from responsibilities.occurrences import Dated
from responsibilities.simulation.comparison import Comparison, UnitLoad
from responsibilities.words import Language, Words

ASPECTS = {
    Aspect.DATES: Words("时间", "dates"),
    Aspect.UNITS: Words("单位", "units"),
    Aspect.LADDER: Words("升级", "ladder"),
    Aspect.EVIDENCE: Words("材料", "evidence"),
    Aspect.WORDING: Words("文字", "wording"),
}
Told = tuple[str, tuple[str, ...], tuple[Change, ...]]
"""A heading, the ids of the duties it stands for where there are several, and what changes."""
FIGURES = (
    Words("任务", "tasks"),
    Words("信件", "letters"),
    Words("升级", "escalations"),
    Words("填报分钟", "minutes"),
)


def as_text(found: Comparison, zone: str, language: Language) -> str:
    """What is added, moved and retired; each moved duty in words; dates; the year by unit."""
    parts = (
        _heads(found, language),
        _words(found, language),
        _date_lines(found, zone, language),
        _load_lines(found, language),
    )
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part)


def _heads(found: Comparison, language: Language) -> Iterator[str]:
    for words, ids in kinds(found.difference):
        head = f"{words.in_(language)}　{len(ids)}"
        yield head + (f"：{'、'.join(ids)}" if ids else "")
    same, left = len(found.difference.unchanged), found.difference.open_tasks
    yield Words(
        f"不变　{same}；未办结的 {left} 个事项沿用原版本。",
        f"unchanged {same}; {left} open tasks keep the version they opened under.",
    ).in_(language)
    touched = set(found.difference.moves) | set(found.difference.retires)
    for duty, number in found.difference.left_alone.items():
        if duty in touched:
            title = found.titles.get(duty, duty)
            yield Words(
                f"  {title}（{duty}）：{number} 个未办结事项不受影响",
                f"  {title} ({duty}): {number} open tasks are left alone",
            ).in_(language)


def kinds(difference: Difference) -> tuple[tuple[Words, tuple[str, ...]], ...]:
    """What happens to duties, and to which."""
    return (
        (Words("增加", "adds"), difference.adds),
        (Words("改动", "moves"), difference.moves),
        (Words("停止", "retires"), difference.retires),
    )


def _words(found: Comparison, language: Language) -> Iterator[str]:
    if found.difference.institution:
        yield Words("方案总体", "The plan as a whole").in_(language)
        yield from _change_lines(found.difference.institution, language)
    for named, duties, changes in alike(found, language):
        yield f"{named}：{'、'.join(duties)}" if duties else named
        yield from _change_lines(changes, language)


def alike(found: Comparison, language: Language) -> Iterator[Told]:
    """Duties that change alike (one ladder for forty of them) are told together, once."""
    groups: dict[tuple[Change, ...], list[str]] = {}
    for duty, changes in found.difference.changes.items():
        groups.setdefault(changes, []).append(duty)
    for changes, duties in groups.items():
        if len(duties) == 1:
            yield f"{found.titles[duties[0]]}（{duties[0]}）", (), changes
            continue
        head = Words(f"{len(duties)} 项职责同样改动", f"{len(duties)} duties alike")
        yield head.in_(language), tuple(duties), changes


def _change_lines(changes: Iterable[Change], language: Language) -> Iterator[str]:
    for one in changes:
        yield f"  {heading(one, language)}"
        yield from (f"    - {words.in_(language)}" for words in one.before)
        yield from (f"    + {words.in_(language)}" for words in one.after)


def heading(change: Change, language: Language) -> str:
    """What a change is about, e.g. 时间·时限."""
    return f"{ASPECTS[change.aspect].in_(language)}·{change.name.in_(language)}"


def _date_lines(found: Comparison, zone: str, language: Language) -> Iterator[str]:
    if found.dates:
        yield Words("此后几期（下达至时限）", "Next dates (opens to due)").in_(language)
    for one in found.dates:
        yield f"{one.title}（{one.duty}）"
        yield from (f"    - {window(dated, zone, language)}" for dated in one.before)
        yield from (f"    + {window(dated, zone, language)}" for dated in one.after)


def window(dated: Dated, zone: str, language: Language) -> str:
    """Period, opening and due date with their weekdays, local time."""
    hazy = Words("（暂定）", " (provisional)").in_(language) if dated.provisional else ""
    opens, due = (_when(at, zone, language) for at in (dated.opens_at, dated.due_at))
    return f"{dated.period}  {opens} → {due}{hazy}"


def _when(instant: datetime, zone: str, language: Language) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    day = "一二三四五六日"[local.weekday()] if language == "zh" else f"{local:%a}"
    head = "周" if language == "zh" else " "
    return f"{local:%Y-%m-%d}{head}{day} {local:%H:%M}"


def _load_lines(found: Comparison, language: Language) -> Iterator[str]:
    from duban.console import table as columns

    if found.load:
        yield Words("同一年模拟（原 → 新）", "The same year simulated (old → new)").in_(language)
        heads = [Words("单位", "unit").in_(language), *(w.in_(language) for w in FIGURES)]
        yield columns(heads, load_rows(found.load, language))


def load_rows(load: Sequence[UnitLoad], language: Language) -> Iterator[list[str]]:
    """A row for each unit, and one for all: tasks, letters, escalations, minutes."""
    for one in load:
        yield [one.name, *(_moved(a, b) for a, b in zip(one.before, one.after, strict=True))]
    before = map(sum, zip(*(one.before for one in load), strict=True))
    after = map(sum, zip(*(one.after for one in load), strict=True))
    total = Words("合计", "all").in_(language)
    yield [total, *(_moved(a, b) for a, b in zip(before, after, strict=True))]


def _moved(before: int, after: int) -> str:
    return f"{before}" if before == after else f"{before} → {after} ({after - before:+d})"


def as_data(found: Comparison) -> dict[str, Any]:
    """For `--json`; sentences in both languages, instants in UTC."""
    one = found.difference
    return {
        "title": found.title,
        "adds": list(one.adds),
        "moves": list(one.moves),
        "retires": list(one.retires),
        "unchanged": list(one.unchanged),
        "open_tasks": one.open_tasks,
        "left_alone": dict(one.left_alone),
        "titles": dict(found.titles),
        "institution": [_change_data(change) for change in one.institution],
        "changes": {duty: list(map(_change_data, some)) for duty, some in one.changes.items()},
        "dates": [
            {
                "duty": dates.duty,
                "before": [_dated_data(dated) for dated in dates.before],
                "after": [_dated_data(dated) for dated in dates.after],
            }
            for dates in found.dates
        ],
        "load": [
            {
                "unit": load.unit,
                "name": load.name,
                "before": load.before._asdict(),
                "after": load.after._asdict(),
            }
            for load in found.load
        ],
    }


def _change_data(change: Change) -> dict[str, Any]:
    return {
        "aspect": change.aspect.value,
        "name": change.name._asdict(),
        "before": [words._asdict() for words in change.before],
        "after": [words._asdict() for words in change.after],
    }


def _dated_data(dated: Dated) -> dict[str, Any]:
    return {
        "period": dated.period,
        "opens_at": dated.opens_at.isoformat(),
        "due_at": dated.due_at.isoformat(),
        "provisional": dated.provisional,
    }
