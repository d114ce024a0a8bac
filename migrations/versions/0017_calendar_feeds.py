"""Calendar feeds: the secret address, one for each person, from which calendar programs read dates."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table calendar_feeds (
            user_id uuid constraint pk_calendar_feeds primary key
                constraint fk_calendar_feeds_user_id_users references users on delete cascade,
            token_hash bytea not null constraint uq_calendar_feeds_token_hash unique,
            created_at timestamptz not null,
            last_read_at timestamptz
        );
        alter table calendar_feeds enable row level security, force row level security;
        -- A person sees whether they have one; making it, ending it and asking whose it is are the site's work.
        grant select (user_id, created_at, last_read_at) on calendar_feeds to workhub_app;
        grant select, insert, update, delete on calendar_feeds to workhub_service;
        create policy service on calendar_feeds to workhub_service using (true) with check (true);
        create policy app_select on calendar_feeds for select to workhub_app
            using (user_id = (select current_user_id()));
        """
    )


def downgrade() -> None:
    op.execute("drop table calendar_feeds")
