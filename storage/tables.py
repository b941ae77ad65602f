"""Every table, once, for SQLite and PostgreSQL. The schema itself is made by `migrations`.

Instants are ISO text (see `instants`), lists and maps are JSON text. Text compares by code point
on both databases, so that keys and instants sort alike.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy import Text as _Text

Text = _Text().with_variant(_Text(collation="C"), "postgresql")

metadata = MetaData()


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


plans = Table(
    "plans",
    metadata,
    Column("plan", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("in_force_from", Text, nullable=False),
    Column("adopted_at", Text, nullable=False),
    Column("adopted_by", Text, nullable=False),
    PrimaryKeyConstraint("plan", "version"),
)

plan_sources = Table(
    "plan_sources",
    metadata,
    Column("plan", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("files", Text, nullable=False),
    PrimaryKeyConstraint("plan", "version"),
)
"""The files that a version was compiled from, text by name, with their comments."""

plan_drafts = Table(
    "plan_drafts",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("base", Integer, nullable=False),
    Column("base_digest", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("authors", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("proposed_at", Text),
    Column("proposed_by", Text, nullable=False),
    Column("approved_at", Text),
    Column("approved_by", Text, nullable=False),
)
"""What the office is about to make of a plan in force; one draft a plan."""

plan_books = Table(
    "plan_books",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Column("by_", Text, nullable=False),
)
"""The workbook that was uploaded last, until its changes are taken into the draft."""

promises = Table(
    "promises",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("plan", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("through", Text, nullable=False),
    Column("next_at", Text),
    Column("stalled", Text, nullable=False),
    Column("calendar", Text, nullable=False),
    PrimaryKeyConstraint("plan", "duty"),
    _partial("cursors_next", "next_at", where="next_at IS NOT NULL"),
)

calendars = Table(
    "calendars",
    metadata,
    Column("country", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("country", "year", "revision"),
)

draw_seeds = Table(
    "draw_seeds",
    metadata,
    Column("label", Text, primary_key=True),
    Column("seed", Text, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("plan", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("promise", Text, ForeignKey("promises.digest"), nullable=False),
    Column("event", Text),
    Column("opens_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("original_due_at", Text, nullable=False),
    Column("lapses_at", Text),
    Column("opened_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("submitted_at", Text),
    Column("round", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("review_step", Integer, nullable=False),
    Column("wake_at", Text),
    Column("closed_at", Text),
    Column("outcome", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("late_by_system", Boolean, nullable=False),
    _partial("tasks_wake", "wake_at", where="wake_at IS NOT NULL"),
    _partial("tasks_open", "due_at", where="closed_at IS NULL"),
    _partial("tasks_event", "event", where="event IS NOT NULL"),
    Index("tasks_unit", "unit", "id"),
    Index("tasks_duty", "duty", "id"),
)

facts = Table(
    "facts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("task", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by_", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("task", "key", name="facts_key"),
)
"""`task` is empty for facts about no task; their key then begins with the plan."""

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("case_", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
"""The key of each case (a task, an incident, a fact), wrapped by the master key in its file."""

vault = Table(
    "vault",
    metadata,
    Column("commitment", Text, primary_key=True),
    Column("case_", Text, ForeignKey("vault_keys.case_"), nullable=False),
    Column("box", LargeBinary, nullable=False),
    Index("vault_case", "case_"),
)
"""The values behind the record's commitments; the only place where they stand (see `vault`)."""

tiles = Table(
    "tiles",
    metadata,
    Column("level", Integer, nullable=False),
    Column("index_", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "index_"),
)
"""Hashes over 256 leaves of the record, and over 256 such hashes (see `tree`)."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("origin", "size", name="checkpoints_size"),
)
"""The heads that were signed; a record never has two of one size."""

attestations = Table(
    "attestations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("by_", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("origin", "size", "kind", "by_", name="attestations_once"),
)
"""What others have said of a head (see `attestations`)."""

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("plan", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("matters", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("useful_until", Text, nullable=False),
    Column("bound_at", Text),
    Column("cancelled_at", Text),
    Column("wait_until", Text),
    _partial("notices_waiting", "id", where="bound_at IS NULL AND cancelled_at IS NULL"),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("plan", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("to_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Text),
    Column("lease_until", Text),
    Column("lease_by", Text),
    Column("urgent", Boolean, nullable=False),
    Column("useful_until", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("accepted_at", Text),
    Column("outcome", Text, nullable=False),
    _partial("letters_next", "next_at", where="next_at IS NOT NULL"),
    _partial("letters_accepted", "accepted_at", where="accepted_at IS NOT NULL"),
    _partial("letters_daily", "recipient", "created_at", where="NOT urgent"),
)
"""`next_at` is set while something is still to be tried; a lease moves it to the lease's end."""

letter_bodies = Table(
    "letter_bodies",
    metadata,
    Column("letter", Integer, ForeignKey("letters.id"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
"""The bytes stand apart: SQLite writes a whole row anew for every attempt that it marks."""

letter_notices = Table(
    "letter_notices",
    metadata,
    Column("letter", Integer, ForeignKey("letters.id"), nullable=False),
    Column("notice", Integer, ForeignKey("notices.id"), nullable=False),
    PrimaryKeyConstraint("letter", "notice"),
    Index("letter_notices_notice", "notice"),
)

letter_tasks = Table(
    "letter_tasks",
    metadata,
    Column("task", Integer, ForeignKey("tasks.id"), nullable=False),
    Column("letter", Integer, ForeignKey("letters.id"), nullable=False),
    PrimaryKeyConstraint("task", "letter"),
)

reply_tokens = Table(
    "reply_tokens",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("letter", Integer, ForeignKey("letters.id"), nullable=False),
    Column("expires_at", Text, nullable=False),
)
"""Who holds the token may answer the letter; only its SHA-256 is kept."""

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("arrived_at", Text, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("task", Integer, ForeignKey("tasks.id")),
    Column("settled_at", Text),
    Column("settled_by", Text, nullable=False),
    _partial("messages_waiting", "id", where="state = 'stored'"),
    _partial("messages_held", "id", where="state = 'held'"),
    Index("messages_sender", "sender", "arrived_at"),
)
"""Every mail that came in, once by its bytes; the bytes themselves are a blob."""

arrivals = Table(
    "arrivals",
    metadata,
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("message", Integer, ForeignKey("messages.id"), nullable=False),
    PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
)
"""Where in which mailbox a mail was found; a mail may be found in several places."""

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("at", Text, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("task", Integer, ForeignKey("tasks.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("requirement", Text, nullable=False),
    Column("sha256", Text, ForeignKey("blobs.sha256"), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("task", "attempt", "requirement", "sha256"),
    Index("evidence_sha256", "sha256"),
)

events = Table(
    "events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("marks", Text, nullable=False),
    Column("reported_at", Text, nullable=False),
    Column("closed_at", Text),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""What the machinery remembers about itself until somebody or something ends it (see `holds`)."""

feeds = Table(
    "feeds",
    metadata,
    Column("plan", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("plan", "unit"),
)
"""Whose calendar a secret address shows; of the token only the SHA-256 is kept."""

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("code", Text),
    Column("plan", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("task", Integer, ForeignKey("tasks.id")),
    Column("recipient", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("to_name", Text, nullable=False),
    Column("acts", Boolean, nullable=False),
    Column("letter", Integer, ForeignKey("letters.id")),
    Column("issued_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("revoked_by", Text, nullable=False),
    _partial("links_code", "code", where="code IS NOT NULL"),
    Index("links_recipient", "plan", "recipient"),
    Index("links_unit", "plan", "unit"),
)
"""What a letter's link opens: a task, or a unit. Of the token and of the short code only hashes."""

grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("plan", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("duties", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Text, nullable=False),
    Column("ended_at", Text),
    Index("grants_address", "address"),
)
"""Who may sign in without holding a post of the plan: inspectors for a time, administrators."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Index("sign_ins_address", "address"),
)
"""One-time ways in; only hashes of the token and of the code."""

sessions = Table(
    "sessions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("ended_at", Text),
    Index("sessions_address", "address"),
)

throttles = Table(
    "throttles",
    metadata,
    Column("name", Text, primary_key=True),
    Column("since", Text, nullable=False),
    Column("tries", Integer, nullable=False),
)
"""How often something was tried since then: sign-ins, codes, fresh links."""

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("name", Text, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("last_used", Text),
)
"""Which programs may ask the API; `last_used` is a day."""

drafts = Table(
    "drafts",
    metadata,
    Column("task", Integer, ForeignKey("tasks.id"), nullable=False),
    Column("owner", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("touched_at", Text, nullable=False),
    PrimaryKeyConstraint("task", "owner"),
    Index("drafts_touched", "touched_at"),
)
"""What a unit has typed for a task and not yet handed in; `owner` is the post it was typed by."""

draft_files = Table(
    "draft_files",
    metadata,
    Column("task", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("requirement", Text, nullable=False),
    Column("sha256", Text, ForeignKey("blobs.sha256"), nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("remarks", Text, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("task", "owner", "requirement", "sha256"),
    ForeignKeyConstraint(["task", "owner"], ["drafts.task", "drafts.owner"], ondelete="CASCADE"),
)
"""Files uploaded for a draft: durable and screened, not yet evidence of anything."""

scans = Table(
    "scans",
    metadata,
    Column("sha256", Text, ForeignKey("blobs.sha256"), primary_key=True),
    Column("signature", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What the virus scanner said of a file; an empty signature is a clean one."""

imprints = Table(
    "imprints",
    metadata,
    Column("sha256", Text, ForeignKey("blobs.sha256"), primary_key=True),
    Column("likeness", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
)
"""What was read off a file for the signals (see `imprints`); days are dates."""
