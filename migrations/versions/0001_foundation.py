"""Organizations, people, sessions, boards and presence, under row level security from the first day.

`workhub_app` sees what the person in app.user_id may see: relations come from SECURITY DEFINER functions
(owned by workhub_owner, which has a policy on exactly the tables they read) so that policies do not
recurse. They are called as `(select f())`: once per statement, not once per row.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
create table organizations (
    id uuid constraint pk_organizations primary key,
    name varchar not null,
    plan varchar not null default 'team',
    time_zone varchar not null default 'UTC',
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint ck_organizations_plan_known check (plan in ('free', 'team', 'enterprise'))
);
create table users (
    id uuid constraint pk_users primary key,
    email varchar not null,
    name varchar not null,
    password_hash varchar not null,
    avatar_url varchar,
    time_zone varchar not null default 'UTC',
    disabled_at timestamptz,
    created_at timestamptz not null default now()
);
create unique index uq_users_email_lower on users (lower(email));
create table memberships (
    id uuid constraint pk_memberships primary key,
    organization_id uuid not null
        constraint fk_memberships_organization_id_organizations references organizations on delete cascade,
    user_id uuid not null constraint fk_memberships_user_id_users references users on delete cascade,
    role varchar not null default 'member',
    created_at timestamptz not null default now(),
    constraint uq_memberships_organization_id_user_id unique (organization_id, user_id),
    constraint ck_memberships_role_known check (role in ('owner', 'admin', 'member'))
);
create index ix_memberships_user_id on memberships (user_id);
create table user_sessions (
    id uuid constraint pk_user_sessions primary key,
    user_id uuid not null constraint fk_user_sessions_user_id_users references users on delete cascade,
    session_token bytea not null constraint uq_user_sessions_session_token unique,
    is_active boolean not null default true,
    last_activity timestamptz not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    device varchar not null default 'desktop',
    address varchar
);
create index ix_user_sessions_user_id on user_sessions (user_id);
create table boards (
    id uuid constraint pk_boards primary key,
    organization_id uuid not null
        constraint fk_boards_organization_id_organizations references organizations on delete cascade,
    name varchar not null,
    created_by uuid constraint fk_boards_created_by_users references users on delete set null,
    seq bigint not null default 0,
    version integer not null default 1,
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index ix_boards_organization_id on boards (organization_id);
create table board_members (
    board_id uuid constraint fk_board_members_board_id_boards references boards on delete cascade,
    user_id uuid constraint fk_board_members_user_id_users references users on delete cascade,
    role varchar not null default 'member',
    created_at timestamptz not null default now(),
    constraint pk_board_members primary key (board_id, user_id),
    constraint ck_board_members_role_known check (role in ('head', 'member'))
);
create index ix_board_members_user_id on board_members (user_id);
create table lists (
    id uuid constraint pk_lists primary key,
    board_id uuid not null constraint fk_lists_board_id_boards references boards on delete cascade,
    name varchar not null,
    position text collate "C" not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint uq_lists_id_board_id unique (id, board_id)
);
create index ix_lists_board_id_position on lists (board_id, position);
create table tasks (
    id uuid constraint pk_tasks primary key,
    board_id uuid not null constraint fk_tasks_board_id_boards references boards on delete cascade,
    list_id uuid not null,
    title varchar not null,
    description varchar not null default '',
    position text collate "C" not null,
    due_at timestamptz,
    version integer not null default 1,
    created_by uuid constraint fk_tasks_created_by_users references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint fk_tasks_list_id_lists foreign key (list_id, board_id)
        references lists (id, board_id) on delete cascade
);
create index ix_tasks_board_id on tasks (board_id);
create index ix_tasks_list_id_position on tasks (list_id, position);
create table activity (
    id uuid not null,
    updated_at timestamptz not null,
    board_id uuid not null constraint fk_activity_board_id_boards references boards on delete cascade,
    user_id uuid not null constraint fk_activity_user_id_users references users on delete cascade,
    status varchar not null,
    last_seen timestamptz not null,
    device varchar,
    visible boolean not null default true,
    constraint pk_activity primary key (id, updated_at),
    constraint ck_activity_status_known check (status in ('online', 'idle', 'away', 'busy', 'offline'))
) partition by range (updated_at);
create index ix_activity_board_id_updated_at on activity (board_id, updated_at desc, id desc);
create index ix_activity_user_id_updated_at on activity (user_id, updated_at desc);
create table activity_default partition of activity default;
create table board_presence (
    board_id uuid constraint fk_board_presence_board_id_boards references boards on delete cascade,
    user_id uuid constraint fk_board_presence_user_id_users references users on delete cascade,
    status varchar not null,
    last_seen timestamptz not null,
    updated_at timestamptz not null,
    constraint pk_board_presence primary key (board_id, user_id),
    constraint ck_board_presence_status_known check (status in ('online', 'idle', 'away', 'busy', 'offline'))
);
create index ix_board_presence_user_id on board_presence (user_id);
create index ix_board_presence_present on board_presence (board_id) where status <> 'offline';
create table user_last_seen (
    user_id uuid constraint pk_user_last_seen primary key
        constraint fk_user_last_seen_user_id_users references users on delete cascade,
    last_seen_at timestamptz not null,
    last_page varchar,
    last_device varchar,
    last_activity_type varchar,
    session_duration_minutes integer
);
create table server_processes (
    id uuid constraint pk_server_processes primary key,
    started_at timestamptz not null,
    seen_at timestamptz not null
);
"""

FUNCTIONS = """
create function current_user_id() returns uuid language sql stable
    as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

create function my_organization_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select organization_id from memberships where user_id = current_user_id() $$;

create function my_managed_organization_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select organization_id from memberships
          where user_id = current_user_id() and role in ('owner', 'admin') $$;

create function my_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select board_id from board_members where user_id = current_user_id() $$;

create function my_headed_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select board_id from board_members where user_id = current_user_id() and role = 'head' $$;

create function my_board_organization_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select organization_id from boards where id in (select my_board_ids()) $$;

-- A board without any member exists only between its making and the making of its first head.
create function my_manageable_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select my_headed_board_ids()
          union select id from boards where organization_id in (select my_managed_organization_ids())
          union select id from boards b where created_by = current_user_id()
                and not exists (select from board_members m where m.board_id = b.id) $$;

create function my_acquaintance_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select current_user_id()
          union select user_id from memberships where organization_id in (select my_organization_ids())
          union select user_id from board_members
                where board_id in (select my_board_ids() union select my_manageable_board_ids()) $$;

-- Members number changes of the board without the right to change the board itself.
create function next_board_seq(changed_board uuid) returns bigint
    language sql volatile security definer set search_path = public, pg_temp
    as $$ update boards set seq = seq + 1, updated_at = now()
          where id = changed_board
            and id in (select my_board_ids() union select my_manageable_board_ids())
          returning seq $$;

-- The site's login cannot read Alembic's table; at start it asks whether the shape is the one it knows.
create function workhub_revision() returns text
    language sql stable security definer set search_path = public, pg_temp
    as $$ select version_num from alembic_version $$;

create function ensure_activity_partitions(first_month date, months integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    made integer := 0;
    month date;
    partition text;
begin
    for offset_months in 0 .. months - 1 loop
        month := date_trunc('month', first_month)::date + make_interval(months => offset_months);
        partition := 'activity_' || to_char(month, 'YYYY_MM');
        continue when to_regclass(partition) is not null;
        begin
            execute format('create table %I partition of activity for values from (%L) to (%L)',
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

CALLABLE = (
    "current_user_id()",
    "my_organization_ids()",
    "my_managed_organization_ids()",
    "my_board_ids()",
    "my_headed_board_ids()",
    "my_board_organization_ids()",
    "my_manageable_board_ids()",
    "my_acquaintance_ids()",
    "next_board_seq(uuid)",
)
REVISION = "workhub_revision()"
PARTITIONS = "ensure_activity_partitions(date, integer)"

# table -> (rights of workhub_app, rights of workhub_service). Nobody moves a row to another board or
# organization: policies alone would let somebody who may write in both.
GRANTS = {
    "organizations": ("select", "select, insert, update"),
    "users": (
        "select (id, email, name, avatar_url, time_zone, disabled_at, created_at)",
        "select, insert, update",
    ),
    "memberships": ("select", "select, insert, update, delete"),
    "user_sessions": (
        "select (id, user_id, is_active, last_activity, created_at, expires_at, device, address)",
        "select, insert, update, delete",
    ),
    "boards": (
        "select, insert, update (name, archived_at, version, updated_at), delete",
        "select, insert",
    ),
    "board_members": ("select, insert, update (role), delete", "select, insert"),
    "lists": ("select, insert, update (name, position, version, updated_at), delete", "select, insert"),
    "tasks": (
        "select, insert, update (list_id, title, description, position, due_at, version, updated_at), delete",
        "select, insert",
    ),
    "activity": ("select", "select, insert, delete"),
    "board_presence": ("select", "select, insert, update, delete"),
    "user_last_seen": ("select", "select, insert, update, delete"),
    "server_processes": (None, "select, insert, update, delete"),
}
OWNER_READS = ("memberships", "boards", "board_members", "alembic_version")

ON_MY_BOARDS = "board_id in (select my_board_ids())"
HEADED = "board_id in (select my_headed_board_ids())"
MANAGED = "board_id in (select my_manageable_board_ids())"
MINE = "user_id = (select current_user_id())"
POLICIES = (
    (
        "organizations",
        "select",
        "id in (select my_organization_ids()) or id in (select my_board_organization_ids())",
    ),
    ("users", "select", "id in (select my_acquaintance_ids())"),
    (
        "memberships",
        "select",
        "organization_id in (select my_organization_ids()) or"
        " (organization_id in (select my_board_organization_ids()) and user_id in (select my_acquaintance_ids()))",
    ),
    ("user_sessions", "select", MINE),
    ("boards", "select", "id in (select my_board_ids()) or id in (select my_manageable_board_ids())"),
    (
        "boards",
        "insert",
        "organization_id in (select my_organization_ids()) and created_by = (select current_user_id())",
    ),
    ("boards", "update", "id in (select my_headed_board_ids())"),
    ("boards", "delete", "id in (select my_headed_board_ids())"),
    ("board_members", "select", f"{ON_MY_BOARDS} or {MANAGED}"),
    ("board_members", "insert", f"{MANAGED} and user_id in (select my_acquaintance_ids())"),
    ("board_members", "update", MANAGED),
    ("board_members", "delete", f"{MANAGED} or {MINE}"),
    ("lists", "all", ON_MY_BOARDS),
    ("tasks", "all", ON_MY_BOARDS),
    ("activity", "select", f"({HEADED} and visible) or {MINE}"),
    ("board_presence", "select", f"{HEADED} or {MINE}"),
    ("user_last_seen", "select", MINE),
)


def policy(table: str, command: str, rule: str) -> str:
    using = "" if command == "insert" else f" using ({rule})"
    check = f" with check ({rule})" if command in ("insert", "update", "all") else ""
    return f"create policy app_{command} on {table} for {command} to workhub_app{using}{check}"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for function in (*CALLABLE, REVISION, PARTITIONS):
        op.execute(f"revoke all on function {function} from public")
    op.execute("grant execute on function workhub_revision() to public")
    for function in CALLABLE:
        op.execute(f"grant execute on function {function} to workhub_app, workhub_service")
    op.execute(f"grant execute on function {PARTITIONS} to workhub_service")
    for table in (*GRANTS, "activity_default", "alembic_version"):
        op.execute(f"alter table {table} enable row level security, force row level security")
    for table, (app_rights, service_rights) in GRANTS.items():
        if app_rights:
            op.execute(f"grant {app_rights} on {table} to workhub_app")
        op.execute(f"grant {service_rights} on {table} to workhub_service")
        op.execute(f"create policy service on {table} to workhub_service using (true) with check (true)")
    for table in OWNER_READS:
        op.execute(f"create policy owner on {table} to workhub_owner using (true) with check (true)")
    for table, command, rule in POLICIES:
        op.execute(policy(table, command, rule))
    op.execute("select ensure_activity_partitions((now() - interval '2 months')::date, 6)")


def downgrade() -> None:
    for table in reversed(GRANTS):
        op.execute(f"drop table {table} cascade")
    for function in reversed((*CALLABLE, REVISION, PARTITIONS)):
        op.execute(f"drop function {function}")
    op.execute("drop policy owner on alembic_version")
    op.execute("alter table alembic_version no force row level security, disable row level security")
