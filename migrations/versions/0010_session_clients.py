"""Logins say in words what signed in, so that people recognise their own."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table user_sessions add column client varchar")
    op.execute("grant select (client) on user_sessions to workhub_app")


def downgrade() -> None:
    op.execute("alter table user_sessions drop column client")
