"""What came in: mails, where they were found, and the tokens that say what they answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables of the inbox."""
    reply_tokens()
    messages()
    arrivals()


def text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=null)


def reply_tokens() -> None:
    op.create_table(
        "reply_tokens",
        sa.Column("hash", TEXT, primary_key=True),
        sa.Column("letter", sa.Integer, sa.ForeignKey("letters.id"), nullable=False),
        text("expires_at"),
    )


def messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", TEXT, nullable=False, unique=True),
        sa.Column("size", sa.Integer, nullable=False),
        *map(text, ("arrived_at", "envelope", "state", "verdict", "why")),
        *map(text, ("sender", "subject", "message_id")),
        sa.Column("task", sa.Integer, sa.ForeignKey("tasks.id")),
        text("settled_at", null=True),
        text("settled_by"),
    )
    for name, where in (
        ("messages_waiting", "state = 'stored'"),
        ("messages_held", "state = 'held'"),
    ):
        clause = sa.text(where)
        op.create_index(name, "messages", ["id"], sqlite_where=clause, postgresql_where=clause)
    op.create_index("messages_sender", "messages", ["sender", "arrived_at"])


def arrivals() -> None:
    op.create_table(
        "arrivals",
        text("mailbox"),
        sa.Column("uidvalidity", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
    )
