"""The audit trail: one chain of events for each organization, which can only grow.

Every way in is append_audit_event(). It locks the organization's tip, so that events stand in one order
without gaps, and each one's hash covers the hash before it: whoever changes, removes or inserts one breaks the
chain. Nobody has a right to write the tables themselves; a trigger refuses their owner as well.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
create table audit_events (
    organization_id uuid not null
        constraint fk_audit_events_organization_id_organizations references organizations,
    seq bigint not null,
    occurred_at timestamptz not null,
    actor_id uuid,
    actor_name varchar,
    action varchar not null,
    target_type varchar not null,
    target_id varchar not null,
    details jsonb not null,
    previous_hash bytea not null,
    hash bytea not null,
    constraint pk_audit_events primary key (organization_id, seq)
);
create index ix_audit_events_organization_id_actor_id_seq on audit_events (organization_id, actor_id, seq);
create index ix_audit_events_organization_id_occurred_at on audit_events (organization_id, occurred_at);
create index ix_audit_events_actor_id on audit_events (actor_id);
create table audit_tips (
    organization_id uuid constraint pk_audit_tips primary key
        constraint fk_audit_tips_organization_id_organizations references organizations,
    seq bigint not null,
    hash bytea not null
);
"""

# The hash is that of the hash before and of the event as JSON the way jsonb prints it; app/audit/core.py
# computes the same, on its own.
FUNCTIONS = """
create function append_audit_event(
    wanted_organizations uuid[], acting uuid, new_action varchar,
    new_target_type varchar, new_target_id varchar, new_details jsonb, moment timestamptz
) returns integer
    language plpgsql volatile security definer set search_path = public, pg_temp
    as $$
declare
    organizations uuid[] := coalesce(
        wanted_organizations, array(select organization_id from memberships where user_id = acting));
    acting_name varchar := (select name from users where id = acting);
    organization uuid;
    tip audit_tips;
    digest bytea;
    appended integer := 0;
begin
    -- Whoever serves a request writes in that person's name only, and only where they have something to do.
    if current_setting('role') = 'workhub_app' and (
        current_user_id() is null or acting is distinct from current_user_id()
        or exists (select unnest(organizations)
                   except (select my_organization_ids() union select my_board_organization_ids()))
    ) then
        raise insufficient_privilege using message = 'nobody writes another''s audit trail';
    end if;
    -- Two transactions that write to the same organizations take them in the same order: no deadlock.
    for organization in select distinct unnest(organizations) order by 1 loop
        insert into audit_tips values (organization, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
        select * into strict tip from audit_tips where organization_id = organization for update;
        digest := sha256(tip.hash || convert_to(jsonb_build_object(
            'organizationId', organization,
            'seq', tip.seq + 1,
            'occurredAt', extract(epoch from moment)::text,
            'actorId', acting,
            'actorName', acting_name,
            'action', new_action,
            'targetType', new_target_type,
            'targetId', new_target_id,
            'details', new_details
        )::text, 'UTF8'));
        insert into audit_events
            values (organization, tip.seq + 1, moment, acting, acting_name, new_action,
                    new_target_type, new_target_id, new_details, tip.hash, digest);
        update audit_tips set seq = tip.seq + 1, hash = digest where organization_id = organization;
        appended := appended + 1;
    end loop;
    return appended;
end $$;

create function refuse_audit_change() returns trigger
    language plpgsql set search_path = public, pg_temp
    as $$ begin
        raise insufficient_privilege using message = 'the audit trail only grows: ' || tg_op || ' is refused';
    end $$;
"""

GUARDS = """
create trigger only_grows before update or delete or truncate on audit_events
    for each statement execute function refuse_audit_change();
create trigger only_grows before delete or truncate on audit_tips
    for each statement execute function refuse_audit_change();
create trigger goes_forward before update on audit_tips
    for each row when (new.seq <> old.seq + 1 or new.organization_id <> old.organization_id)
    execute function refuse_audit_change();
alter table audit_events enable always trigger only_grows;
alter table audit_tips enable always trigger only_grows, enable always trigger goes_forward;
"""

APPEND = "append_audit_event(uuid[], uuid, varchar, varchar, varchar, jsonb, timestamptz)"
REFUSE = "refuse_audit_change()"

# Owners and admins read their organization's trail; everybody reads what they did themselves.
ROWS = """
alter table audit_events enable row level security, force row level security;
alter table audit_tips enable row level security, force row level security;
grant select on audit_events to workhub_app, workhub_service;
grant select on audit_tips to workhub_service;
create policy service on audit_events for select to workhub_service using (true);
create policy service on audit_tips for select to workhub_service using (true);
create policy owner on audit_events for insert to workhub_owner with check (true);
create policy owner on audit_tips to workhub_owner using (true) with check (true);
create policy app_select on audit_events for select to workhub_app using (
    organization_id in (select my_managed_organization_ids()) or actor_id = (select current_user_id())
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute(GUARDS)
    op.execute(ROWS)
    op.execute(f"revoke all on function {APPEND} from public")
    op.execute(f"revoke all on function {REFUSE} from public")
    op.execute(f"grant execute on function {APPEND} to workhub_app, workhub_service")


def downgrade() -> None:
    op.execute(f"drop function {APPEND}")
    op.execute("drop table audit_tips")
    op.execute("drop table audit_events")
    op.execute(f"drop function {REFUSE}")
