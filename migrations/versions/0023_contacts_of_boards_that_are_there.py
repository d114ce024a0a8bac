"""People on one board know each other as long as the board is there, not while its deletion can be undone.

The function itself is read from the database: it says the same as before but for this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ARE_THERE = " join boards still on still.id = mine.board_id and still.deleted_at is null"
PAIRS = "board_members mine join board_members theirs using (board_id)"


def rewrite(before: str, after: str) -> None:
    asked = sa.text("select pg_get_functiondef('presence_sights(uuid[], uuid[])'::regprocedure)")
    definition = op.get_bind().scalar(asked)
    if before not in definition:
        raise RuntimeError("presence_sights is not as this migration knows it")
    op.execute(sa.text(definition.replace(before, after)))


def upgrade() -> None:
    rewrite(PAIRS, PAIRS + ARE_THERE)


def downgrade() -> None:
    rewrite(PAIRS + ARE_THERE, PAIRS)
