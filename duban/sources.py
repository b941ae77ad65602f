"""From a folder on disk to a compiled plan, with the lines that problems point at."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as packaged
from pathlib import Path

from responsibilities.calendars.workdays import WorkingDays
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.problem import Severity
from responsibilities.words import Refused, Words
from storage.calendars import national
from storage.plan_folder import read_folder

EXAMPLES = Path(str(packaged("responsibilities"))) / "plans"
WORKED_EXAMPLE = EXAMPLES / "anti-fraud"


@dataclass(frozen=True, slots=True)
class Source:
    """A plan folder as read: its files (name -> text), what it compiles to, and the calendar."""

    folder: Path
    files: Mapping[str, str]
    compiled: Compiled
    working: WorkingDays


def read_plan(folder: Path | None, calendars: Path | None = None) -> Source:
    """Compile `folder`; `calendars` holds a site's own years.

    None is the worked example; a plan that is shipped is found by its id (`flood-duty`) too.
    """
    where = folder or WORKED_EXAMPLE
    if not where.exists() and (EXAMPLES / where).is_dir():
        where = EXAMPLES / where
    files = read_folder(where)
    working = working_days(calendars)
    return Source(where, files, compile_plan(files, working), working)


def compile_files(files: Mapping[str, str], calendars: Path | None = None) -> Compiled:
    """Compile texts that do not stand on disk yet."""
    return compile_plan(files, working_days(calendars))


def working_days(calendars: Path | None) -> WorkingDays:
    """The national calendar, a site's own years over it. Refused when a year has an error."""
    years, problems = national("cn", calendars)
    for first in (problem for problem in problems if problem.severity is Severity.ERROR):
        raise Refused(Words(f"{first.place}：{first.what.zh}", f"{first.place}: {first.what.en}"))
    return WorkingDays(years)
