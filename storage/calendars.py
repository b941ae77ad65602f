"""Reads the working-day calendars: the packaged ones, and those an office has added."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from responsibilities.calendars.workdays import CalendarYear, read_year
from responsibilities.problem import Place, Problem
from responsibilities.words import Words


def national(
    country: str = "cn", folder: Path | None = None
) -> tuple[tuple[CalendarYear, ...], tuple[Problem, ...]]:
    """The years of `country` in order, with what is wrong in their files.

    `folder` is the site's own `*.yaml`: a year given there replaces the packaged one unless the
    packaged one has a higher revision. A file with errors is left out and reported.
    """
    packaged = files("responsibilities").joinpath("calendars", country)
    chosen: dict[int, CalendarYear] = {}
    problems: list[Problem] = []
    if not packaged.is_dir():
        problems.append(_no_such(f"calendars/{country}", packaged.name))
    else:
        _gather(packaged, f"calendars/{country}", chosen, problems)
    if folder is not None:
        if folder.is_dir():
            _gather(folder, folder.name, chosen, problems)
        else:
            problems.append(_no_such(folder.name, folder.name))
    return tuple(chosen[year] for year in sorted(chosen)), tuple(problems)


def _gather(
    folder: Traversable, shown: str, chosen: dict[int, CalendarYear], problems: list[Problem]
) -> None:
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".yaml"):
            continue
        found, wrong = _read(file, f"{shown}/{file.name}")
        problems.extend(wrong)
        if found is None:
            continue
        held = chosen.get(found.year)
        if held is None or found.revision >= held.revision:
            chosen[found.year] = found


def _read(file: Traversable, shown: str) -> tuple[CalendarYear | None, tuple[Problem, ...]]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        what = Words("文件不是 UTF-8 编码", "the file is not UTF-8")
        right = Words("请另存为 UTF-8 后再试", "save it as UTF-8 and try again")
        return None, (Problem(Place(shown, 1, 1), "not-utf8", what, right),)
    return read_year(text, shown)


def _no_such(shown: str, name: str) -> Problem:
    what = Words(f"找不到工作日安排文件夹“{name}”", f"there is no calendar folder “{name}”")
    return Problem(Place(shown, 1, 1), "no-calendar-folder", what)
