"""Guests invited to one board; and what the site itself does to boards when people come and go."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table board_invitations (
            id uuid constraint pk_board_invitations primary key,
            board_id uuid not null
                constraint fk_board_invitations_board_id_boards references boards on delete cascade,
            email varchar not null,
            token_hash bytea not null constraint uq_board_invitations_token_hash unique,
            invited_by uuid not null
                constraint fk_board_invitations_invited_by_users references users on delete cascade,
            created_at timestamptz not null,
            expires_at timestamptz not null,
            accepted_at timestamptz,
            revoked_at timestamptz,
            constraint ck_board_invitations_one_end check (accepted_at is null or revoked_at is null)
        );
        create unique index uq_board_invitations_waiting on board_invitations (board_id, lower(email))
            where accepted_at is null and revoked_at is null;
        create index ix_board_invitations_invited_by on board_invitations (invited_by);
        alter table board_invitations enable row level security, force row level security;
        grant select (id, board_id, email, invited_by, created_at, expires_at, accepted_at, revoked_at)
            on board_invitations to workhub_app;
        grant select, insert, update, delete on board_invitations to workhub_service;
        create policy service on board_invitations to workhub_service using (true) with check (true);
        create policy app_select on board_invitations for select to workhub_app
            using (board_id in (select my_manageable_board_ids()));
        grant update (seq, updated_at) on boards to workhub_service;
        grant delete on board_members to workhub_service;
        """
    )


def downgrade() -> None:
    op.execute("revoke delete on board_members from workhub_service")
    op.execute("revoke update (seq, updated_at) on boards from workhub_service")
    op.execute("drop table board_invitations")
