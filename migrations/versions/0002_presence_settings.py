"""What people say of themselves: a chosen status and a few words, each with an expiry."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table presence_settings (
            user_id uuid constraint pk_presence_settings primary key
                constraint fk_presence_settings_user_id_users references users on delete cascade,
            status varchar,
            status_until timestamptz,
            custom_status varchar(100),
            custom_emoji varchar(10),
            custom_status_until timestamptz,
            updated_at timestamptz not null,
            constraint ck_presence_settings_status_chosen check (status in ('away', 'busy')),
            constraint ck_presence_settings_status_ends check (status_until is null or status is not null),
            constraint ck_presence_settings_words_end check (
                custom_status_until is null or custom_status is not null or custom_emoji is not null
            )
        );
        create index ix_presence_settings_status_until on presence_settings (status_until)
            where status_until is not null;
        create index ix_presence_settings_custom_status_until on presence_settings (custom_status_until)
            where custom_status_until is not null;
        alter table presence_settings enable row level security, force row level security;
        grant select, insert, update (
            status, status_until, custom_status, custom_emoji, custom_status_until, updated_at
        ) on presence_settings to workhub_app;
        grant select, insert, update on presence_settings to workhub_service;
        create policy service on presence_settings to workhub_service using (true) with check (true);
        create policy app_all on presence_settings to workhub_app
            using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
        """
    )


def downgrade() -> None:
    op.execute("drop table presence_settings")
