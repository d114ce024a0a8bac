"""Privacy of presence: what people choose to show, the rule over it, and the last moments each audience saw.

`presence_sights` is app/presence/privacy.py in SQL: one row for each pair in which the person exists for the
viewer. Policies and reads ask it and nothing else, so that there is one rule.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = """
alter table presence_settings
    add column visibility varchar not null default 'contacts',
    add column show_activity boolean not null default true,
    add column show_current_page boolean not null default false,
    add column appear_offline boolean not null default false,
    add constraint ck_presence_settings_visibility_known
        check (visibility in ('everyone', 'team', 'contacts', 'nobody'));
create index ix_presence_settings_public on presence_settings (user_id) where visibility = 'everyone';
grant update (visibility, show_activity, show_current_page, appear_offline) on presence_settings to workhub_app;
alter table organizations add column heads_always_see_presence boolean not null default false;
grant update (heads_always_see_presence) on organizations to workhub_app;
alter table activity add column team_only boolean not null default false;
alter table board_presence add column team_seen_at timestamptz, add column contacts_seen_at timestamptz;
alter table user_last_seen
    add column public_seen_at timestamptz,
    add column team_seen_at timestamptz,
    add column contacts_seen_at timestamptz;
-- Until now everybody was visible to those they share a board with.
update board_presence set team_seen_at = last_seen, contacts_seen_at = last_seen;
update user_last_seen set contacts_seen_at = last_seen_at;
revoke select on board_presence, user_last_seen from workhub_app;
grant select (board_id, user_id, status, last_seen, updated_at) on board_presence to workhub_app;
grant select (user_id, last_seen_at, last_device, last_activity_type, session_duration_minutes)
    on user_last_seen to workhub_app;
"""

FUNCTIONS = """
-- Who is related to whom is looked up pair by pair: as "exists" PostgreSQL was free to build all pairs of all team
-- mates first (2 s for 60 of 1,000 people, now 3 ms). Its plan is made once for each connection: planning took 3.5 ms.
create function presence_sights(viewers uuid[], targets uuid[])
    returns table (
        viewer uuid, target uuid, sees_status boolean, sees_activity boolean, sees_page boolean,
        last_seen_at timestamptz, last_page varchar, last_device varchar
    )
    language sql stable security definer
    set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
    as $$
with pair as materialized (
    select distinct p.viewer, p.target from unnest(viewers, targets) as p (viewer, target)
    where p.viewer is not null
), related as materialized (
    select p.viewer, p.target,
        p.viewer = p.target as is_self,
        (
            select true from memberships mine join memberships theirs using (organization_id)
            where mine.user_id = p.viewer and theirs.user_id = p.target limit 1
        ) is not null as is_team,
        (
            select true from board_members mine join board_members theirs using (board_id)
            where mine.user_id = p.viewer and theirs.user_id = p.target limit 1
        ) is not null as is_contact,
        (
            select true from board_members mine join board_members theirs using (board_id)
            join boards b on b.id = mine.board_id join organizations o on o.id = b.organization_id
            where mine.user_id = p.viewer and mine.role = 'head' and theirs.user_id = p.target
              and o.heads_always_see_presence limit 1
        ) is not null as is_head,
        coalesce(s.visibility, 'contacts') as visibility,
        coalesce(s.show_activity, true) as show_activity,
        coalesce(s.show_current_page, false) as show_current_page,
        coalesce(s.appear_offline, false) as appear_offline,
        l.last_seen_at, l.public_seen_at, l.team_seen_at, l.contacts_seen_at, l.last_page, l.last_device
    from pair p
    join users u on u.id = p.target
    left join presence_settings s on s.user_id = p.target
    left join user_last_seen l on l.user_id = p.target
), judged as (
    select r.*,
        is_self or is_head or (
            not appear_offline
            and (visibility = 'everyone' or visibility = 'team' and is_team
                 or visibility = 'contacts' and is_contact)
        ) as sees_status
    from related r
    where is_self or is_team or is_contact or is_head or visibility = 'everyone'
), seen as (
    select j.*,
        is_self or is_head or sees_status and show_activity as sees_activity,
        is_self or sees_status and show_current_page as sees_page
    from judged j
)
select viewer, target, sees_status, sees_activity, sees_page,
    case
        when sees_activity then last_seen_at
        when not show_activity then null
        else greatest(
            public_seen_at,
            case when is_team then team_seen_at end,
            case when is_contact then contacts_seen_at end
        )
    end,
    case when sees_page then last_page end,
    case when sees_activity then last_device end
from seen
$$;

create function presence_seen(ids uuid[])
    returns table (
        user_id uuid, sees_status boolean, sees_activity boolean, sees_page boolean,
        last_seen_at timestamptz, last_page varchar, last_device varchar
    )
    language sql stable security definer set search_path = public, pg_temp
    as $$
select target, sees_status, sees_activity, sees_page, last_seen_at, last_page, last_device
from presence_sights(array_fill(current_user_id(), array[cardinality(ids)]), ids)
$$;

create function my_teammate_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select user_id from memberships where organization_id in (select my_organization_ids()) $$;

create function my_owned_organization_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select organization_id from memberships where user_id = current_user_id() and role = 'owner' $$;

-- All people who may show something to the current person; what they show is for the rule to say.
create function presence_in_sight() returns table (user_id uuid, sees_status boolean, sees_activity boolean)
    language sql stable security definer set search_path = public, pg_temp
    as $$
select user_id, sees_status, sees_activity from presence_seen(array(
    select my_acquaintance_ids() union select user_id from presence_settings where visibility = 'everyone'
))
$$;
"""
FOR_APP = ("presence_seen(uuid[])", "my_teammate_ids()", "my_owned_organization_ids()", "presence_in_sight()")
FOR_SERVICE = "presence_sights(uuid[], uuid[])"
OWNER_READS = ("users", "organizations", "presence_settings", "user_last_seen")

MINE = "user_id = (select current_user_id())"
HEADED = "board_id in (select my_headed_board_ids())"
# What was shown stays shown: the policies on history go by the row, those on the present by the settings.
SELECT = {
    "activity": f"({HEADED} and visible and (not team_only or user_id in (select my_teammate_ids()))) or {MINE}",
    "board_presence": f"{MINE} or ({HEADED} and user_id in (select user_id from presence_in_sight() where sees_activity))",
    "user_last_seen": f"{MINE} or user_id in (select user_id from presence_in_sight() where sees_activity)",
}
BEFORE = {
    "activity": f"({HEADED} and visible) or {MINE}",
    "board_presence": f"{HEADED} or {MINE}",
    "user_last_seen": MINE,
}


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(FUNCTIONS)
    for function in (*FOR_APP, FOR_SERVICE):
        op.execute(f"revoke all on function {function} from public")
    for function in FOR_APP:
        op.execute(f"grant execute on function {function} to workhub_app")
    op.execute(f"grant execute on function {FOR_SERVICE} to workhub_service")
    for table in OWNER_READS:
        op.execute(f"create policy owner on {table} for select to workhub_owner using (true)")
    for table, rule in SELECT.items():
        op.execute(f"alter policy app_select on {table} using ({rule})")
    op.execute(
        "create policy app_update on organizations for update to workhub_app"
        " using (id in (select my_owned_organization_ids()))"
        " with check (id in (select my_owned_organization_ids()))"
    )


def downgrade() -> None:
    for table, rule in BEFORE.items():
        op.execute(f"alter policy app_select on {table} using ({rule})")
    op.execute("drop policy app_update on organizations")
    for table in OWNER_READS:
        op.execute(f"drop policy owner on {table}")
    for function in reversed((FOR_SERVICE, *FOR_APP)):
        op.execute(f"drop function {function}")
    op.execute(
        """
        revoke select on board_presence, user_last_seen from workhub_app;
        alter table user_last_seen drop column public_seen_at, drop column team_seen_at, drop column contacts_seen_at;
        alter table board_presence drop column team_seen_at, drop column contacts_seen_at;
        alter table activity drop column team_only;
        alter table organizations drop column heads_always_see_presence;
        alter table presence_settings drop column visibility, drop column show_activity,
            drop column show_current_page, drop column appear_offline;
        revoke select (board_id, user_id, status, last_seen, updated_at) on board_presence from workhub_app;
        revoke select (user_id, last_seen_at, last_device, last_activity_type, session_duration_minutes)
            on user_last_seen from workhub_app;
        grant select on board_presence, user_last_seen to workhub_app;
        """
    )
