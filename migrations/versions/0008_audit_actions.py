"""An index for looking up one kind of event in a long audit trail."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "create index ix_audit_events_organization_id_action_seq on audit_events (organization_id, action, seq)"
    )


def downgrade() -> None:
    op.execute("drop index ix_audit_events_organization_id_action_seq")
