"""Large organizations: deletions that go on behind their request, and people by their open logins.

A million sessions are marked bit by bit; the deletion says how far it is. `open_logins` is what sorting by them
needs: `member_activity` reads much more of everybody.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        alter table attendance_deletions
            add column state varchar not null default 'deleted',
            add column done integer not null default 0,
            add column reached_user_id uuid,
            add column selection jsonb,
            add constraint ck_attendance_deletions_state_known
                check (state in ('deleting', 'deleted', 'restoring', 'undone'));
        update attendance_deletions
            set done = sessions, state = case when undone_at is null then 'deleted' else 'undone' end;
        create unique index uq_attendance_deletions_unfinished on attendance_deletions (organization_id)
            where state in ('deleting', 'restoring');
        grant update (state, done, reached_user_id) on attendance_deletions to workhub_app, workhub_service;
        create function open_logins(organization uuid, moment timestamptz, idle interval)
            returns table (user_id uuid, open_sessions bigint)
            language sql stable security definer set search_path = public, pg_temp rows 1000
            as $$
        select s.user_id, count(*)
        from user_sessions s join memberships m on m.user_id = s.user_id
        where m.organization_id = organization and organization in (select my_managed_organization_ids())
            and s.is_active and s.expires_at > moment and s.last_activity > moment - idle
        group by s.user_id
        $$;
        revoke all on function open_logins(uuid, timestamptz, interval) from public;
        grant execute on function open_logins(uuid, timestamptz, interval) to workhub_app;
        """
    )


def downgrade() -> None:
    op.execute("drop function open_logins(uuid, timestamptz, interval)")
    op.execute("drop index uq_attendance_deletions_unfinished")
    op.execute(
        "alter table attendance_deletions"
        " drop column state, drop column done, drop column reached_user_id, drop column selection"
    )
