"""What the completion log is read by: the tasks of a unit or duty, the other uses of a file."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three indexes; nothing is changed."""
    op.create_index("tasks_unit", "tasks", ["unit", "id"])
    op.create_index("tasks_duty", "tasks", ["duty", "id"])
    op.create_index("evidence_sha256", "evidence", ["sha256"])
