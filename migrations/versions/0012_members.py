"""Managing the people of an organization: invitations, links to set a password, and who is active by the
organization's own rule.

`member_activity` is all that owners and admins learn of logins: how many are open, and when the person was
last active, which says of those who hide no more than was visible before they did.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
create table invitations (
    id uuid constraint pk_invitations primary key,
    organization_id uuid not null
        constraint fk_invitations_organization_id_organizations references organizations on delete cascade,
    email varchar not null,
    role varchar not null,
    token_hash bytea not null constraint uq_invitations_token_hash unique,
    invited_by uuid not null constraint fk_invitations_invited_by_users references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz,
    constraint ck_invitations_role_known check (role in ('owner', 'admin', 'member')),
    constraint ck_invitations_one_end check (accepted_at is null or revoked_at is null)
);
create unique index uq_invitations_waiting on invitations (organization_id, lower(email))
    where accepted_at is null and revoked_at is null;
create index ix_invitations_invited_by on invitations (invited_by);
create table password_resets (
    user_id uuid constraint pk_password_resets primary key
        constraint fk_password_resets_user_id_users references users on delete cascade,
    token_hash bytea not null constraint uq_password_resets_token_hash unique,
    created_by uuid not null constraint fk_password_resets_created_by_users references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index ix_password_resets_created_by on password_resets (created_by);
alter table organizations add column active_seconds jsonb not null default '{}',
    add constraint ck_organizations_active_seconds_is_object check (jsonb_typeof(active_seconds) = 'object');
grant update (active_seconds) on organizations to workhub_app;
alter table invitations enable row level security, force row level security;
alter table password_resets enable row level security, force row level security;
grant select (id, organization_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at)
    on invitations to workhub_app;
grant select, insert, update, delete on invitations, password_resets to workhub_service;
create policy service on invitations to workhub_service using (true) with check (true);
create policy service on password_resets to workhub_service using (true) with check (true);
create policy app_select on invitations for select to workhub_app
    using (organization_id in (select my_managed_organization_ids()));
create policy owner on user_sessions for select to workhub_owner using (true);
"""

# Who hides from everybody hides here too: the moment is then the last that anybody could see.
FUNCTION = """
create function member_activity(
    organization uuid, people uuid[], moment timestamptz, idle interval, default_seconds integer
) returns table (user_id uuid, open_sessions integer, last_activity timestamptz, is_active boolean)
    language sql stable security definer set search_path = public, pg_temp
    as $$
with member as (
    select m.user_id, u.disabled_at,
        make_interval(secs => coalesce(
            (o.active_seconds->>m.role)::integer, (o.active_seconds->>'everybody')::integer, default_seconds
        )) as active_for,
        (s.appear_offline or s.visibility = 'nobody') is true and m.user_id <> current_user_id() as hides,
        s.show_activity is not false or m.user_id = current_user_id() as shows_activity,
        l.last_seen_at, greatest(l.public_seen_at, l.team_seen_at, l.contacts_seen_at) as shown_at
    from memberships m
    join organizations o on o.id = m.organization_id
    join users u on u.id = m.user_id
    left join presence_settings s on s.user_id = m.user_id
    left join user_last_seen l on l.user_id = m.user_id
    where m.organization_id = organization
      and organization in (select my_managed_organization_ids())
      and (people is null or m.user_id = any(people))
), login as (
    select s.user_id,
        count(*) filter (where s.is_active and s.expires_at > moment and s.last_activity > moment - idle) as open,
        max(s.last_activity) filter (where s.is_active and s.expires_at > moment) as active_at,
        max(s.last_activity) as latest
    from user_sessions s
    where people is null or s.user_id = any(people)
    group by s.user_id
)
select m.user_id,
    case when m.disabled_at is null then coalesce(login.open, 0) else 0 end::integer,
    case
        when not m.shows_activity then null
        when m.hides then m.shown_at
        else greatest(login.latest, m.last_seen_at)
    end,
    m.disabled_at is null and not m.hides and coalesce(login.active_at > moment - m.active_for, false)
from member m left join login using (user_id)
$$;
"""
SIGNATURE = "member_activity(uuid, uuid[], timestamptz, interval, integer)"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTION)
    op.execute(f"revoke all on function {SIGNATURE} from public")
    op.execute(f"grant execute on function {SIGNATURE} to workhub_app")


def downgrade() -> None:
    op.execute(f"drop function {SIGNATURE}")
    op.execute("drop policy owner on user_sessions")
    op.execute("drop table password_resets")
    op.execute("drop table invitations")
    op.execute("alter table organizations drop column active_seconds")
