"""Comments from a file keep the name that the file gives, apart from people: a file may say anything."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table comments add column author_name varchar")


def downgrade() -> None:
    op.execute("alter table comments drop column author_name")
