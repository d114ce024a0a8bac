"""Attendance: segments from clocking in to clocking out, corrections beside them, deletions that can be undone.

People read their own rows, owners and admins those of their organization. Clocking is the site's own work;
the rights of workhub_app are those that corrections, the lock of a period and deletions need.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
create table attendance_people (
    organization_id uuid
        constraint fk_attendance_people_organization_id_organizations references organizations on delete cascade,
    user_id uuid constraint fk_attendance_people_user_id_users references users on delete cascade,
    name varchar not null,
    email varchar not null,
    avatar_url varchar,
    constraint pk_attendance_people primary key (organization_id, user_id)
);
create index ix_attendance_people_organization_id_lower_name
    on attendance_people (organization_id, lower(name), user_id);
create index ix_attendance_people_user_id on attendance_people (user_id);
create table attendance_deletions (
    id uuid constraint pk_attendance_deletions primary key,
    organization_id uuid not null
        constraint fk_attendance_deletions_organization_id_organizations references organizations on delete cascade,
    deleted_by uuid constraint fk_attendance_deletions_deleted_by_users references users on delete set null,
    filters jsonb not null,
    sessions integer not null,
    deleted_at timestamptz not null,
    undone_at timestamptz
);
create index ix_attendance_deletions_organization_id_deleted_at on attendance_deletions (organization_id, deleted_at);
create index ix_attendance_deletions_deleted_by on attendance_deletions (deleted_by);
create table attendance_logs (
    id uuid constraint pk_attendance_logs primary key,
    organization_id uuid not null,
    user_id uuid not null,
    clock_in_at timestamptz not null,
    clock_out_at timestamptz,
    closed_automatically boolean not null default false,
    corrected_at timestamptz,
    version integer not null default 1,
    deletion_id uuid
        constraint fk_attendance_logs_deletion_id_attendance_deletions references attendance_deletions,
    constraint fk_attendance_logs_organization_id_user_id_attendance_people
        foreign key (organization_id, user_id) references attendance_people on delete cascade,
    constraint ck_attendance_logs_ends_after_it_begins check (clock_out_at >= clock_in_at),
    constraint ck_attendance_logs_closed_to_be_deleted check (deletion_id is null or clock_out_at is not null)
);
create unique index uq_attendance_logs_open on attendance_logs (organization_id, user_id)
    where clock_out_at is null;
create index ix_attendance_logs_organization_id_user_id_clock_in_at
    on attendance_logs (organization_id, user_id, clock_in_at);
create index ix_attendance_logs_user_id on attendance_logs (user_id);
create index ix_attendance_logs_deletion_id on attendance_logs (deletion_id) where deletion_id is not null;
create table attendance_corrections (
    id uuid constraint pk_attendance_corrections primary key,
    attendance_id uuid not null
        constraint fk_attendance_corrections_attendance_id_attendance_logs
        references attendance_logs on delete cascade,
    organization_id uuid not null
        constraint fk_attendance_corrections_organization_id_organizations
        references organizations on delete cascade,
    user_id uuid not null constraint fk_attendance_corrections_user_id_users references users on delete cascade,
    clock_in_before timestamptz not null,
    clock_out_before timestamptz,
    automatic_before boolean not null,
    reason varchar not null,
    corrected_by uuid constraint fk_attendance_corrections_corrected_by_users references users on delete set null,
    corrected_by_name varchar not null,
    corrected_at timestamptz not null,
    constraint ck_attendance_corrections_reason_given check (length(trim(reason)) > 0)
);
create index ix_attendance_corrections_attendance_id_corrected_at on attendance_corrections (attendance_id, corrected_at);
create index ix_attendance_corrections_organization_id on attendance_corrections (organization_id);
create index ix_attendance_corrections_user_id on attendance_corrections (user_id);
create index ix_attendance_corrections_corrected_by on attendance_corrections (corrected_by);
create table attendance_locks (
    organization_id uuid constraint pk_attendance_locks primary key
        constraint fk_attendance_locks_organization_id_organizations references organizations on delete cascade,
    locked_before date,
    changed_at timestamptz not null
);
"""

# Reads as who asks: it shows no more than its tables.
VIEW = """
create view attendance_summary with (security_invoker = true) as
select l.id, l.organization_id, l.user_id, p.name as agent_name, p.email as agent_email,
    l.clock_in_at, l.clock_out_at, l.closed_automatically, l.corrected_at,
    case when l.clock_out_at is null then 'ACTIVE' else 'COMPLETED' end as status,
    greatest(0, floor(extract(epoch from coalesce(l.clock_out_at, now()) - l.clock_in_at)))::bigint as seconds_worked,
    round(greatest(0, floor(extract(epoch from coalesce(l.clock_out_at, now()) - l.clock_in_at))) / 3600, 2)
        as hours_worked
from attendance_logs l join attendance_people p using (organization_id, user_id)
where l.deletion_id is null;
"""

MANAGED = "organization_id in (select my_managed_organization_ids())"
MINE = "user_id = (select current_user_id())"
# Nobody corrects what is not there: the row must be that person's, in that organization.
OF_ITS_ROW = """exists (select from attendance_logs l where l.id = attendance_id
    and l.organization_id = attendance_corrections.organization_id and l.user_id = attendance_corrections.user_id)"""
# table -> (rights of workhub_app, rights of workhub_service, command -> rule of workhub_app)
RIGHTS = {
    "attendance_people": (
        "select",
        "select, insert, update",
        {"select": f"{MANAGED} or {MINE}"},
    ),
    "attendance_logs": (
        "select, update (clock_in_at, clock_out_at, closed_automatically, corrected_at, version, deletion_id)",
        "select, insert, update, delete",
        {"select": f"{MANAGED} or {MINE}", "update": MANAGED},
    ),
    "attendance_corrections": (
        "select, insert",
        "select, insert",
        {
            "select": f"{MANAGED} or {MINE}",
            "insert": f"{MANAGED} and corrected_by = (select current_user_id()) and {OF_ITS_ROW}",
        },
    ),
    "attendance_deletions": (
        "select, insert, update (undone_at)",
        "select, insert, delete",
        {
            "select": MANAGED,
            "insert": f"{MANAGED} and deleted_by = (select current_user_id())",
            "update": MANAGED,
        },
    ),
    "attendance_locks": (
        "select, insert, update (locked_before, changed_at)",
        "select, insert",
        {
            "select": "organization_id in (select my_organization_ids())",
            "insert": MANAGED,
            "update": MANAGED,
        },
    ),
}


def policy(table: str, command: str, rule: str) -> str:
    using = "" if command == "insert" else f" using ({rule})"
    check = f" with check ({rule})" if command in ("insert", "update") else ""
    return f"create policy app_{command} on {table} for {command} to workhub_app{using}{check}"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(VIEW)
    op.execute("grant select on attendance_summary to workhub_app, workhub_service")
    for table, (app_rights, service_rights, rules) in RIGHTS.items():
        op.execute(f"alter table {table} enable row level security, force row level security")
        op.execute(f"grant {app_rights} on {table} to workhub_app")
        op.execute(f"grant {service_rights} on {table} to workhub_service")
        op.execute(f"create policy service on {table} to workhub_service using (true) with check (true)")
        for command, rule in rules.items():
            op.execute(policy(table, command, rule))


def downgrade() -> None:
    op.execute("drop view attendance_summary")
    for table in (
        "attendance_locks", "attendance_corrections", "attendance_logs", "attendance_deletions", "attendance_people",
    ):  # fmt: skip
        op.execute(f"drop table {table}")
