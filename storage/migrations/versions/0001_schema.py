"""The first schema, and the triggers that keep facts append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER facts_no_{verb} BEFORE {verb.upper()} ON facts "
    "BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END"
    for verb in ("update", "delete")
)
POSTGRESQL_TRIGGERS = (
    "CREATE FUNCTION facts_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'facts are append-only'; END $$",
    "CREATE TRIGGER facts_no_change BEFORE UPDATE OR DELETE ON facts "
    "FOR EACH ROW EXECUTE FUNCTION facts_are_append_only()",
    "CREATE TRIGGER facts_no_truncate BEFORE TRUNCATE ON facts "
    "FOR EACH STATEMENT EXECUTE FUNCTION facts_are_append_only()",
)


def upgrade() -> None:
    """Create every table, index and trigger."""
    plans()
    tasks()
    facts()
    outbox()
    evidence()
    events()


def text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=null)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def identity(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def partial(name: str, table: str, column: str, where: str) -> None:
    clause = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=clause, postgresql_where=clause)


def plans() -> None:
    op.create_table(
        "plans",
        text("plan"),
        number("version"),
        *map(text, ("digest", "snapshot", "in_force_from", "adopted_at", "adopted_by")),
        sa.PrimaryKeyConstraint("plan", "version"),
    )
    op.create_table("promises", sa.Column("digest", TEXT, primary_key=True), text("body"))
    op.create_table(
        "cursors",
        *map(text, ("plan", "duty")),
        number("version"),
        *map(text, ("since", "through")),
        text("next_at", null=True),
        *map(text, ("stalled", "calendar")),
        sa.PrimaryKeyConstraint("plan", "duty"),
    )
    partial("cursors_next", "cursors", "next_at", "next_at IS NOT NULL")
    op.create_table(
        "calendars",
        text("country"),
        *map(number, ("year", "revision")),
        text("body"),
        sa.PrimaryKeyConstraint("country", "year", "revision"),
    )
    op.create_table("heartbeats", sa.Column("name", TEXT, primary_key=True), text("at"))


def tasks() -> None:
    op.create_table(
        "tasks",
        identity(),
        sa.Column("key", TEXT, nullable=False, unique=True),
        *map(text, ("plan", "period", "subject", "duty", "unit")),
        sa.Column("promise", TEXT, sa.ForeignKey("promises.digest"), nullable=False),
        text("event", null=True),
        *map(text, ("opens_at", "due_at", "original_due_at")),
        text("lapses_at", null=True),
        *map(text, ("opened_at", "state")),
        number("attempt"),
        text("submitted_at", null=True),
        *map(number, ("round", "step", "review_step")),
        text("wake_at", null=True),
        text("closed_at", null=True),
        text("outcome"),
        *map(flag, ("provisional", "late_by_system")),
    )
    partial("tasks_wake", "tasks", "wake_at", "wake_at IS NOT NULL")
    partial("tasks_open", "tasks", "due_at", "closed_at IS NULL")
    partial("tasks_event", "tasks", "event", "event IS NOT NULL")


def facts() -> None:
    op.create_table(
        "facts",
        identity("seq"),
        *map(text, ("task", "key", "kind", "at", "by_", "body")),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("task", "key", name="facts_key"),
    )
    triggers = {"sqlite": SQLITE_TRIGGERS, "postgresql": POSTGRESQL_TRIGGERS}
    for statement in triggers[op.get_context().dialect.name]:
        op.execute(statement)


def outbox() -> None:
    op.create_table(
        "notices",
        identity(),
        sa.Column("key", TEXT, nullable=False, unique=True),
        *map(text, ("plan", "kind", "unit", "role", "matters", "facts")),
        flag("urgent"),
        *map(text, ("created_at", "useful_until")),
        text("bound_at", null=True),
        text("cancelled_at", null=True),
    )
    waiting = "bound_at IS NULL AND cancelled_at IS NULL"
    partial("notices_waiting", "notices", "id", waiting)
    op.create_table(
        "letters",
        identity(),
        sa.Column("message_id", TEXT, nullable=False, unique=True),
        *map(text, ("plan", "sender", "recipient", "to_name", "kind", "subject")),
        text("state"),
        number("attempts"),
        *(text(name, null=True) for name in ("next_at", "lease_until", "lease_by")),
        flag("urgent"),
        *map(text, ("useful_until", "created_at")),
        text("accepted_at", null=True),
        text("outcome"),
    )
    partial("letters_next", "letters", "next_at", "next_at IS NOT NULL")
    op.create_table(
        "letter_bodies",
        sa.Column(
            "letter", sa.Integer, sa.ForeignKey("letters.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    pair("letter_notices", ("letter", "letters.id"), ("notice", "notices.id"))
    op.create_index("letter_notices_notice", "letter_notices", ["notice"])
    pair("letter_tasks", ("task", "tasks.id"), ("letter", "letters.id"))


def pair(name: str, left: tuple[str, str], right: tuple[str, str]) -> None:
    op.create_table(
        name,
        *(
            sa.Column(column, sa.Integer, sa.ForeignKey(target), nullable=False)
            for column, target in (left, right)
        ),
        sa.PrimaryKeyConstraint(left[0], right[0]),
    )


def evidence() -> None:
    op.create_table(
        "blobs", sa.Column("sha256", TEXT, primary_key=True), number("size"), text("at")
    )
    op.create_table(
        "evidence",
        sa.Column("task", sa.Integer, sa.ForeignKey("tasks.id"), nullable=False),
        number("attempt"),
        text("requirement"),
        sa.Column("sha256", TEXT, sa.ForeignKey("blobs.sha256"), nullable=False),
        text("name"),
        number("size"),
        *map(text, ("media_type", "at")),
        sa.PrimaryKeyConstraint("task", "attempt", "requirement", "sha256"),
    )


def events() -> None:
    op.create_table(
        "events",
        sa.Column("id", TEXT, primary_key=True),
        *map(text, ("plan", "type", "unit", "fields", "marks", "reported_at")),
        text("closed_at", null=True),
    )
