"""Who may come in: links, grants, one-time sign-ins and sessions; and how often they try."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def _key(name: str) -> "sa.Column[str]":
    return sa.Column(name, TEXT, primary_key=True)


def upgrade() -> None:
    """Five tables."""
    _links()
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("plan", "address", "name", "role", "units", "duties", "since", "until"),
        *_texts("granted_by", "granted_at"),
        sa.Column("ended_at", TEXT),
    )
    op.create_index("grants_address", "grants", ["address"])
    op.create_table(
        "sign_ins",
        _key("hash"),
        *_texts("code", "address", "at", "expires_at"),
        sa.Column("used_at", TEXT),
    )
    op.create_index("sign_ins_address", "sign_ins", ["address"])
    op.create_table(
        "sessions",
        _key("hash"),
        *_texts("address", "plan", "how", "at", "seen_at"),
        sa.Column("ended_at", TEXT),
    )
    op.create_index("sessions_address", "sessions", ["address"])
    op.create_table(
        "throttles", _key("name"), *_texts("since"), sa.Column("tries", sa.Integer, nullable=False)
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", TEXT, nullable=False, unique=True),
        sa.Column("code", TEXT),
        *_texts("plan", "unit"),
        sa.Column("task", sa.Integer, sa.ForeignKey("tasks.id")),
        *_texts("recipient", "role", "to_name"),
        sa.Column("acts", sa.Boolean, nullable=False),
        sa.Column("letter", sa.Integer, sa.ForeignKey("letters.id")),
        *_texts("issued_at", "expires_at"),
        sa.Column("revoked_at", TEXT),
        *_texts("revoked_by"),
    )
    coded = sa.text("code IS NOT NULL")
    op.create_index(
        "links_code", "links", ["code"], sqlite_where=coded, postgresql_where=coded
    )  # fmt: skip
    op.create_index("links_recipient", "links", ["plan", "recipient"])
    op.create_index("links_unit", "links", ["plan", "unit"])
