"""The plan's next version in the making: one draft a plan, changed, proposed, approved, adopted.

A draft is the plan folder itself, text by name. Whoever saves says what was shown to them (its
digest); where that is no longer what the draft says, nothing is written and both texts are shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Engine

from office.adopt_plan import Adopted, put_in_force, usable
from office.calendars import site_days
from office.reconcile import reconcile_plan
from responsibilities import snapshot
from responsibilities.exchange.passages import Passage, passage, replaced, whole
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, plan_drafts, plans
from storage.engine import reading, writing
from storage.instants import text as instant_text
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
    return draft.files if draft else _source(connection, plan)[2]


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
        after = _changed(replace(draft, files=made), by, now)
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


def renew_base(db: Engine, plan: str, revision: int, by: str, now: datetime) -> Draft:
    """Keep a draft that an older version was the base of, its difference from today's seen."""
    now = whole_second(now)
    with writing(db) as connection:
        draft = _as_looked_at(connection, plan, revision)
        version, digest, _ = _source(connection, plan)
        after = _changed(replace(draft, base=version, base_digest=digest), by, now)
        plan_drafts.change(connection, after)
        return after


def propose(db: Engine, plan: str, revision: int, by: str, now: datetime) -> Draft:
    """Lay the draft, as it was looked at, before a second person. Refused while it has errors."""
    now = whole_second(now)
    with writing(db) as connection:
        draft = _ready(connection, plan, revision)
        after = replace(draft, proposed_by=by, proposed_at=now, approved_by="", approved_at=None)
        plan_drafts.change(connection, after)
        _record(connection, after, FactKind.PLAN_PROPOSED, by, now)
        return after


def approve(db: Engine, plan: str, revision: int, by: str, now: datetime) -> Draft:
    """The second person's word. Refused for whoever changed or proposed the draft."""
    now = whole_second(now)
    with writing(db) as connection:
        draft = _ready(connection, plan, revision)
        if not draft.proposed_by:
            raise Refused(Words("草稿尚未提请批准。", "The draft has not been proposed."))
        if by in (*draft.authors, draft.proposed_by):
            raise Refused(
                Words(
                    "起草、修改或提请的人不能批准，请由另一人批准。",
                    "Whoever wrote, changed or proposed the draft cannot approve it.",
                )
            )
        after = replace(draft, approved_by=by, approved_at=now)
        plan_drafts.change(connection, after)
        _record(connection, after, FactKind.PLAN_APPROVED, by, now)
        return after


def adopt_draft(
    db: Engine, plan: str, revision: int, by: str, now: datetime, *, second: bool
) -> Adopted:
    """Put the draft in force as it was looked at; it is then no draft any more.

    `second`: a second person must have approved it. Refused also while it has errors, and where
    another version took force meanwhile.
    """
    now = whole_second(now)
    with reading(db) as connection:
        _ready(connection, plan, revision)
    reconcile_plan(db, plan, now)
    with writing(db) as connection:
        draft = _ready(connection, plan, revision)
        if second and not draft.approved_by:
            raise Refused(
                Words("须由另一人批准后方可施行。", "A second person has to approve it first.")
            )
        compiled = compile_plan(draft.files, site_days(connection))
        done = put_in_force(connection, usable(compiled), compiled, now, by, now)
        plan_drafts.remove(connection, plan)
        return done


def _source(connection: Connection, plan: str) -> tuple[int, str, dict[str, str]]:
    """Version in force, its digest, its files."""
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
        version, digest, files = _source(connection, plan)
        found = Draft(plan, version, digest, files, 1, (), now, now, by)
        plan_drafts.begin(connection, found)
    return found


def _changed(draft: Draft, by: str, now: datetime) -> Draft:
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


def _as_looked_at(connection: Connection, plan: str, revision: int) -> Draft:
    draft = plan_drafts.find(connection, plan)
    if draft is None:
        raise Refused(Words("没有草稿。", "There is no draft."))
    if draft.revision != revision:
        raise Refused(
            Words(
                f"草稿已由{draft.changed_by}改动，请重新查看改动后再办理。",
                f"{draft.changed_by} has changed the draft; look at it again first.",
            )
        )
    return draft


def _ready(connection: Connection, plan: str, revision: int) -> Draft:
    """The draft, as looked at, without errors, on the version in force."""
    draft = _as_looked_at(connection, plan, revision)
    held = plans.current_version(connection, plan)
    if held != (draft.base, draft.base_digest):
        raise Refused(
            Words(
                "草稿之后另有新版本施行；请先对照现行版本，确认以其为基础。",
                "Another version took force after this draft was begun; compare with it first.",
            )
        )
    compiled = compile_plan(draft.files, site_days(connection))
    found = usable(compiled)
    if found.id != plan:
        raise Refused(
            Words(f"方案代号不能由“{plan}”改为“{found.id}”。", f"The plan's id must stay “{plan}”.")
        )
    return draft


def _record(connection: Connection, draft: Draft, kind: FactKind, by: str, now: datetime) -> None:
    compiled = _compiled(connection, draft)
    assert compiled.plan is not None  # it is ready
    body = {
        "base": draft.base,
        "digest": snapshot.digest(snapshot.dump(compiled.plan)),
        "plan": draft.plan,
        "revision": draft.revision,
    }
    key = f"{draft.plan}/{kind.value}/{draft.revision}/{instant_text(now)}"
    facts.append(connection, [Fact(None, key, kind, now, by, body)])


def _compiled(connection: Connection, draft: Draft) -> Compiled:
    return compile_plan(draft.files, site_days(connection))
