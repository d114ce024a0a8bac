"""When a login ended: it is deleted a day later, whatever its last activity was."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table user_sessions add column ended_at timestamptz")
    op.execute("update user_sessions set ended_at = last_activity where not is_active")


def downgrade() -> None:
    op.execute("alter table user_sessions drop column ended_at")
