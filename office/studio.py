"""The plan's next version in the making: one draft a plan, changed, proposed, approved, adopted.

A draft is the plan folder itself, text by name. Whoever saves says what was shown to them (its
digest); where that is no longer what the draft says, nothing is written and both texts are shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Engine

from office.calendars import site_days
from responsibilities.exchange.passages import Passage, passage, replaced, whole
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.words import Refused, Words
from storage import plan_drafts, plans
from storage.engine import reading, writing
from storage.instants import whole as whole_second
from storage.plan_drafts import Draft

Files = Mapping[str, str]


class Stale(Refused):
    """Somebody else has changed what is being saved; `held` is what it says now."""

    def __init__(self, held: str, by: str) -> None:
        super().__init__(
            Words(
                f"此处已由{by}另行改动，未保存；请对照下面的现有内容，改好后再保存。",
                f"{by} has changed this meanwhile; nothing was saved. Compare, then save again.",
            )
        )
        self.held = held


@dataclass(frozen=True, slots=True)
class Target:
    """What is edited: a whole file, or one entry of a section."""

    file: str = ""
    section: str = ""
    id: str = ""


def seen(text: str) -> str:
    """Names a text that was shown, 16 hex digits."""
    return sha256(text.encode()).hexdigest()[:16]


def find_passage(files: Files, target: Target) -> Passage:
    """The lines that a target takes up. Refused where there are none."""
    found = whole(files, target.file) if target.file else passage(files, target.section, target.id)
    if found is None:
        name = target.file or target.id
        raise Refused(
            Words(
                f"草稿中找不到“{name}”，或其所在文件暂时无法读取；请在“方案文件”中查看。",
                f"“{name}” is not in the draft, or its file cannot be read; see the plan's files.",
            )
        )
    return found


def files_of(connection: Connection, plan: str) -> Files:
    """The files of the draft, else those of the version in force; Refused where none are kept."""
    draft = plan_drafts.find(connection, plan)
    return draft.files if draft else source_of(connection, plan)[2]


def compile_files(connection: Connection, files: Files) -> Compiled:
    """What the files compile to, as `duban check` does, by the site's working days.

    The last few are kept: a page, the check after a pause and the save ask about the same text.
    """
    working = site_days(connection)
    key = sha256(repr((sorted(files.items()), working.revision)).encode()).hexdigest()
    found = _compiled.get(key)
    if found is None:
        found = compile_plan(files, working)
        if len(_compiled) >= _KEPT:
            _compiled.clear()
        _compiled[key] = found
    return found


_KEPT = 16
_compiled: dict[str, Compiled] = {}


def draft_of(db: Engine, plan: str) -> Draft | None:
    """The draft of a plan."""
    with reading(db) as connection:
        return plan_drafts.find(connection, plan)


def begin(db: Engine, plan: str, by: str, now: datetime) -> Draft:
    """The plan's draft; begun from the version in force where there is none."""
    with writing(db) as connection:
        return _draft(connection, plan, by, whole_second(now))


def change(
    db: Engine, plan: str, by: str, now: datetime,
    make: Callable[[Connection, Files], Files | None],
) -> Draft:  # fmt: skip
    """Change the draft (begun where there is none) to the files that `make` returns.

    None changes nothing. What was proposed or approved is so no longer.
    """
    now = whole_second(now)
    with writing(db) as connection:
        draft = _draft(connection, plan, by, now)
        made = make(connection, draft.files)
        if made is None or made == draft.files:
            return draft
        after = changed(replace(draft, files=made), by, now)
        plan_drafts.change(connection, after)
        return after


def save_text(
    db: Engine, plan: str, target: Target, typed: str, shown: str, by: str, now: datetime
) -> Draft:
    """What somebody typed in the place of a file or an entry that `shown` names by its digest.

    A file may be saved with errors: they hold up the proposal, not the work. Refused, as Stale,
    where it says something else by now; and for an entry, where it would be one no more.
    """

    def make(connection: Connection, files: Files) -> Files:
        old = find_passage(files, target)
        fresh(connection, plan, old.text, shown)
        made = replaced(files, old, typed)
        if target.id:
            find_passage(made, target)
        return made

    return change(db, plan, by, now, make)


def fresh(connection: Connection, plan: str, text: str, shown: str) -> None:
    """Stale where `text` is not what was shown."""
    if seen(text) != shown:
        draft = plan_drafts.find(connection, plan)
        raise Stale(text, draft.changed_by if draft else "")


def discard(db: Engine, plan: str) -> None:
    """Throw the draft away; the plan in force is untouched."""
    with writing(db) as connection:
        plan_drafts.remove(connection, plan)


def source_of(connection: Connection, plan: str) -> tuple[int, str, dict[str, str]]:
    """Version in force, its digest, its files; Refused where none are kept."""
    held = plans.current_version(connection, plan)
    if held is None:
        raise Refused(Words(f"方案“{plan}”尚未施行。", f"The plan “{plan}” is not adopted."))
    files = plans.source(connection, plan, held[0])
    if files is None:
        raise Refused(
            Words(
                f"第{held[0]}版施行时没有留存方案文件；请再运行一次 duban adopt 文件夹，"
                "内容相同的只留存文件，版本不变。",
                f"Version {held[0]} was adopted without its files; run duban adopt FOLDER once "
                "more: the same content only keeps the files, the version stays.",
            )
        )
    return *held, files


def _draft(connection: Connection, plan: str, by: str, now: datetime) -> Draft:
    found = plan_drafts.find(connection, plan)
    if found is None:
        version, digest, files = source_of(connection, plan)
        found = Draft(plan, version, digest, files, 1, (), now, now, by)
        plan_drafts.begin(connection, found)
    return found


def changed(draft: Draft, by: str, now: datetime) -> Draft:
    """The draft's next revision, neither proposed nor approved."""
    return replace(
        draft,
        revision=draft.revision + 1,
        authors=tuple(dict.fromkeys((*draft.authors, by))),
        changed_at=now,
        changed_by=by,
        proposed_by="",
        proposed_at=None,
        approved_by="",
        approved_at=None,
    )
