"""A person's own last moments: what each audience could see last, for "what others see of me"."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create function my_last_moments()
            returns table (
                last_seen_at timestamptz, public_seen_at timestamptz, team_seen_at timestamptz,
                contacts_seen_at timestamptz, last_page varchar, last_device varchar
            )
            language sql stable security definer set search_path = public, pg_temp
            as $$
        select last_seen_at, public_seen_at, team_seen_at, contacts_seen_at, last_page, last_device
        from user_last_seen where user_id = current_user_id()
        $$;
        revoke all on function my_last_moments() from public;
        grant execute on function my_last_moments() to workhub_app;
        """
    )


def downgrade() -> None:
    op.execute("drop function my_last_moments()")
