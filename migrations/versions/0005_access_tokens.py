"""Personal access tokens: the keys of programs that act for a person."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table access_tokens (
            id uuid constraint pk_access_tokens primary key,
            user_id uuid not null constraint fk_access_tokens_user_id_users references users on delete cascade,
            name varchar not null,
            token_hash bytea not null constraint uq_access_tokens_token_hash unique,
            prefix varchar not null,
            scopes text[] not null,
            created_at timestamptz not null,
            expires_at timestamptz not null,
            last_used_at timestamptz,
            revoked_at timestamptz,
            constraint ck_access_tokens_ends_within_a_year check (
                expires_at > created_at and expires_at <= created_at + interval '366 days'
            ),
            constraint ck_access_tokens_scopes_named check (cardinality(scopes) > 0)
        );
        create index ix_access_tokens_user_id on access_tokens (user_id);
        alter table access_tokens enable row level security, force row level security;
        -- A person sees and revokes their own; making one, and asking whose it is, is the site's work.
        grant select (id, user_id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at),
            update (revoked_at) on access_tokens to workhub_app;
        grant select, insert, update, delete on access_tokens to workhub_service;
        create policy service on access_tokens to workhub_service using (true) with check (true);
        create policy app_select on access_tokens for select to workhub_app
            using (user_id = (select current_user_id()));
        create policy app_update on access_tokens for update to workhub_app
            using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
        """
    )


def downgrade() -> None:
    op.execute("drop table access_tokens")
