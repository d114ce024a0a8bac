"""Activity logs: what people do, for the owners and admins of organizations whose plan has them.

A month is a partition, so that old ones can be detached, kept elsewhere and dropped as a whole.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = """
create table presence_activity_logs (
    id uuid not null,
    organization_id uuid not null
        constraint fk_presence_activity_logs_organization_id_organizations references organizations on delete cascade,
    user_id uuid not null
        constraint fk_presence_activity_logs_user_id_users references users on delete cascade,
    activity_type varchar not null,
    page_viewed varchar,
    device_type varchar,
    session_id uuid,
    metadata jsonb not null default '{}',
    created_at timestamptz not null,
    constraint pk_presence_activity_logs primary key (id, created_at),
    constraint ck_presence_activity_logs_activity_type_known
        check (activity_type in ('page_view', 'interaction', 'session_start', 'session_end')),
    constraint ck_presence_activity_logs_device_type_known check (device_type in ('desktop', 'mobile', 'tablet')),
    constraint ck_presence_activity_logs_metadata_is_object check (jsonb_typeof(metadata) = 'object')
) partition by range (created_at);
create index ix_presence_activity_logs_organization_id_created_at
    on presence_activity_logs (organization_id, created_at desc, id desc);
create index ix_presence_activity_logs_user_id_created_at
    on presence_activity_logs (user_id, created_at desc, id desc);
create table presence_activity_logs_default partition of presence_activity_logs default;
alter table presence_activity_logs enable row level security, force row level security;
alter table presence_activity_logs_default enable row level security, force row level security;
grant select on presence_activity_logs to workhub_app;
grant select, insert, delete on presence_activity_logs to workhub_service;
create policy service on presence_activity_logs to workhub_service using (true) with check (true);
create policy app_select on presence_activity_logs for select to workhub_app using (
    organization_id in (select my_managed_organization_ids()) or user_id = (select current_user_id())
);
"""

FUNCTION = """
create function ensure_activity_log_partitions(first_month date, months integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    made integer := 0;
    month date;
    partition text;
begin
    for offset_months in 0 .. months - 1 loop
        month := date_trunc('month', first_month)::date + make_interval(months => offset_months);
        partition := 'presence_activity_logs_' || to_char(month, 'YYYY_MM');
        continue when to_regclass(partition) is not null;
        begin
            execute format('create table %I partition of presence_activity_logs for values from (%L) to (%L)',
                           partition, month::timestamptz, (month + interval '1 month')::timestamptz);
            execute format('alter table %I enable row level security, force row level security', partition);
            made := made + 1;
        exception when check_violation or duplicate_table then
            null;  -- the default partition already holds rows of that month, or another process was faster
        end;
    end loop;
    return made;
end $$;
"""
PARTITIONS = "ensure_activity_log_partitions(date, integer)"


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(FUNCTION)
    op.execute(f"revoke all on function {PARTITIONS} from public")
    op.execute(f"grant execute on function {PARTITIONS} to workhub_service")
    op.execute("select ensure_activity_log_partitions((now() - interval '2 months')::date, 6)")


def downgrade() -> None:
    op.execute("drop table presence_activity_logs")
    op.execute(f"drop function {PARTITIONS}")
