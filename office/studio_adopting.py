"""From a draft to a plan in force: proposed, approved by a second person, adopted.

Each act names the revision that was looked at; what has changed meanwhile is looked at again.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from office.adopt_plan import Adopted, put_in_force, usable
from office.reconcile import reconcile_plan
from office.studio import changed, compile_files, source_of
from responsibilities import snapshot
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, plan_drafts, plans
from storage.engine import reading, writing
from storage.instants import text as instant_text
from storage.instants import whole as whole_second
from storage.plan_drafts import Draft


def renew_base(db: Engine, plan: str, revision: int, by: str, now: datetime) -> Draft:
    """Keep a draft that an older version was the base of, its difference from today's seen."""
    now = whole_second(now)
    with writing(db) as connection:
        draft = _as_looked_at(connection, plan, revision)
        version, digest, _ = source_of(connection, plan)
        after = changed(replace(draft, base=version, base_digest=digest), by, now)
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
        made = compile_files(connection, draft.files)
        done = put_in_force(connection, usable(made), made, now, by, now)
        plan_drafts.remove(connection, plan)
        return done


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
    found = usable(compile_files(connection, draft.files))
    if found.id != plan:
        raise Refused(
            Words(f"方案代号不能由“{plan}”改为“{found.id}”。", f"The plan's id must stay “{plan}”.")
        )
    return draft


def _record(connection: Connection, draft: Draft, kind: FactKind, by: str, now: datetime) -> None:
    plan = usable(compile_files(connection, draft.files))
    body = {
        "base": draft.base,
        "digest": snapshot.digest(snapshot.dump(plan)),
        "plan": draft.plan,
        "revision": draft.revision,
    }
    key = f"{draft.plan}/{kind.value}/{draft.revision}/{instant_text(now)}"
    facts.append(connection, [Fact(None, key, kind, now, by, body)])
