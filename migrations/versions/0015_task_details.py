"""What hangs on tasks: labels, people, checklists, links, watchers and a feed; and deleting that can be undone.

A deleted board, list or task stays for a while with `deleted_at` set. The request role sees nothing of it:
the site itself (workhub_service) sets the mark, takes it back and in the end drops the row. Assignees and
watchers hang on the membership of the board, so whoever leaves the board leaves its tasks.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLORS = "'teal', 'blue', 'indigo', 'purple', 'pink', 'red', 'orange', 'amber', 'green', 'slate'"
COLUMNS = f"""
alter table boards
    add column color varchar not null default 'teal',
    add column deleted_at timestamptz,
    add constraint ck_boards_color_known check (color in ({COLORS}));
alter table lists
    add column archived_at timestamptz,
    add column deleted_at timestamptz;
alter table tasks
    add column priority varchar not null default 'none',
    add column start_at timestamptz,
    add column time_zone varchar,
    add column completed_at timestamptz,
    add column archived_at timestamptz,
    add column deleted_at timestamptz,
    add constraint ck_tasks_priority_known check (priority in ('none', 'low', 'medium', 'high', 'urgent')),
    add constraint uq_tasks_id_board_id unique (id, board_id);
create index ix_boards_deleted_at on boards (deleted_at) where deleted_at is not null;
create index ix_lists_deleted_at on lists (deleted_at) where deleted_at is not null;
create index ix_tasks_deleted_at on tasks (deleted_at) where deleted_at is not null;
"""

_TASK = """constraint fk_{table}_task_id_tasks foreign key (task_id, board_id)
        references tasks (id, board_id) on delete cascade"""
_MEMBER = """constraint fk_{table}_board_id_board_members foreign key (board_id, user_id)
        references board_members (board_id, user_id) on delete cascade"""


def _table(name: str, columns: str) -> str:
    return (
        f"create table {name} ({columns});\n".replace("{task}", _TASK)
        .replace("{member}", _MEMBER)
        .replace("{table}", name)
    )


TABLES = (
    _table(
        "labels",
        f"""
    id uuid constraint pk_labels primary key,
    board_id uuid not null constraint fk_labels_board_id_boards references boards on delete cascade,
    name varchar not null,
    color varchar not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    constraint ck_labels_color_known check (color in ({COLORS})),
    constraint uq_labels_id_board_id unique (id, board_id)""",
    )
    + "create index ix_labels_board_id on labels (board_id);"
    + _table(
        "task_labels",
        """
    task_id uuid not null,
    label_id uuid not null,
    board_id uuid not null,
    constraint pk_task_labels primary key (task_id, label_id),
    {task},
    constraint fk_task_labels_label_id_labels foreign key (label_id, board_id)
        references labels (id, board_id) on delete cascade""",
    )
    + """create index ix_task_labels_board_id on task_labels (board_id);
    create index ix_task_labels_label_id on task_labels (label_id);"""
    + _table(
        "task_assignees",
        """
    task_id uuid not null,
    user_id uuid not null,
    board_id uuid not null,
    created_at timestamptz not null default now(),
    constraint pk_task_assignees primary key (task_id, user_id),
    {task},
    {member}""",
    )
    + """create index ix_task_assignees_board_id on task_assignees (board_id);
    create index ix_task_assignees_user_id on task_assignees (user_id);"""
    + _table(
        "task_watchers",
        """
    task_id uuid not null,
    user_id uuid not null,
    board_id uuid not null,
    created_at timestamptz not null default now(),
    constraint pk_task_watchers primary key (task_id, user_id),
    {task},
    {member}""",
    )
    + "create index ix_task_watchers_board_id_user_id on task_watchers (board_id, user_id);"
    + _table(
        "checklist_items",
        """
    id uuid constraint pk_checklist_items primary key,
    board_id uuid not null,
    task_id uuid not null,
    text varchar not null,
    done boolean not null default false,
    position text collate "C" not null,
    created_at timestamptz not null default now(),
    {task}""",
    )
    + """create index ix_checklist_items_board_id on checklist_items (board_id);
    create index ix_checklist_items_task_id_position on checklist_items (task_id, position);"""
    + _table(
        "task_links",
        """
    id uuid constraint pk_task_links primary key,
    board_id uuid not null,
    task_id uuid not null,
    url varchar not null,
    title varchar not null,
    created_by uuid constraint fk_task_links_created_by_users references users on delete set null,
    created_at timestamptz not null default now(),
    {task}""",
    )
    + """create index ix_task_links_board_id on task_links (board_id);
    create index ix_task_links_task_id on task_links (task_id);"""
    + _table(
        "task_events",
        """
    id uuid constraint pk_task_events primary key,
    board_id uuid not null,
    task_id uuid not null,
    kind varchar not null,
    actor_id uuid constraint fk_task_events_actor_id_users references users on delete set null,
    details jsonb not null default '{}',
    created_at timestamptz not null default now(),
    {task}""",
    )
    + """create index ix_task_events_task_id_created_at_id on task_events (task_id, created_at, id);
    create index ix_task_events_board_id on task_events (board_id);"""
)

MINE = "user_id = (select current_user_id())"
ON_MY_BOARDS = "board_id in (select my_board_ids())"
# The task's own policy decides: on a board of mine, and not deleted.
OF_A_TASK = f"{ON_MY_BOARDS} and exists (select from tasks where tasks.id = task_id)"
# table -> rights of workhub_app, rules by verb
NEW = {
    "labels": ("select, insert, update (name, color, version), delete", {"all": ON_MY_BOARDS}),
    "task_labels": ("select, insert, delete", {"all": OF_A_TASK}),
    "task_assignees": ("select, insert, delete", {"all": OF_A_TASK}),
    # Assigning somebody lets them watch; nobody stops another from watching.
    "task_watchers": (
        "select, insert, delete",
        {"select": OF_A_TASK, "insert": OF_A_TASK, "delete": f"{OF_A_TASK} and {MINE}"},
    ),
    "checklist_items": ("select, insert, update (text, done, position), delete", {"all": OF_A_TASK}),
    "task_links": ("select, insert, delete", {"all": OF_A_TASK}),
    "task_events": (
        "select, insert",
        {"select": OF_A_TASK, "insert": f"{OF_A_TASK} and actor_id = (select current_user_id())"},
    ),
}
OWN_COLUMNS = {
    "boards": "color",
    "lists": "archived_at",
    "tasks": "priority, start_at, time_zone, completed_at, archived_at",
}
DELETABLE = ("boards", "lists", "tasks")

BOARDS_THAT_ARE_THERE = """
create or replace function my_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select m.board_id from board_members m join boards b on b.id = m.board_id
          where m.user_id = current_user_id() and b.deleted_at is null $$;

create or replace function my_headed_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select m.board_id from board_members m join boards b on b.id = m.board_id
          where m.user_id = current_user_id() and m.role = 'head' and b.deleted_at is null $$;

-- A board without any member exists only between its making and the making of its first head.
create or replace function my_manageable_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select my_headed_board_ids()
          union select id from boards
                where organization_id in (select my_managed_organization_ids()) and deleted_at is null
          union select id from boards b where created_by = current_user_id() and deleted_at is null
                and not exists (select from board_members m where m.board_id = b.id) $$;
"""
ALL_BOARDS = """
create or replace function my_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select board_id from board_members where user_id = current_user_id() $$;

create or replace function my_headed_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select board_id from board_members where user_id = current_user_id() and role = 'head' $$;

create or replace function my_manageable_board_ids() returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$ select my_headed_board_ids()
          union select id from boards where organization_id in (select my_managed_organization_ids())
          union select id from boards b where created_by = current_user_id()
                and not exists (select from board_members m where m.board_id = b.id) $$;
"""


def policy(table: str, verb: str, rule: str) -> str:
    using = "" if verb == "insert" else f" using ({rule})"
    check = f" with check ({rule})" if verb in ("insert", "update", "all") else ""
    return f"create policy app_{verb} on {table} for {verb} to workhub_app{using}{check}"


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(TABLES)
    op.execute(BOARDS_THAT_ARE_THERE)
    for table, columns in OWN_COLUMNS.items():
        op.execute(f"grant update ({columns}) on {table} to workhub_app")
    for table in DELETABLE:
        op.execute(f"grant update (deleted_at), delete on {table} to workhub_service")
    for table in ("lists", "tasks"):
        rule = f"{ON_MY_BOARDS} and deleted_at is null"
        op.execute(f"alter policy app_all on {table} using ({rule}) with check ({rule})")
    for table, (rights, rules) in NEW.items():
        op.execute(f"alter table {table} enable row level security, force row level security")
        op.execute(f"grant {rights} on {table} to workhub_app")
        op.execute(f"grant select, insert on {table} to workhub_service")
        op.execute(f"create policy service on {table} to workhub_service using (true) with check (true)")
        for verb, rule in rules.items():
            op.execute(policy(table, verb, rule))


def downgrade() -> None:
    for table in reversed(NEW):
        op.execute(f"drop table {table}")
    # What waits to be dropped would come back to life.
    for table in reversed(DELETABLE):
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"delete from {table} where deleted_at is not null")
        op.execute(f"alter table {table} force row level security")
    op.execute(ALL_BOARDS)
    for table in ("lists", "tasks"):
        op.execute(f"alter policy app_all on {table} using ({ON_MY_BOARDS}) with check ({ON_MY_BOARDS})")
    for table in DELETABLE:
        op.execute(f"revoke update (deleted_at), delete on {table} from workhub_service")
    op.execute(
        """
        alter table tasks
            drop column priority, drop column start_at, drop column time_zone, drop column completed_at,
            drop column archived_at, drop column deleted_at, drop constraint uq_tasks_id_board_id;
        alter table lists drop column archived_at, drop column deleted_at;
        alter table boards drop column color, drop column deleted_at;
        """
    )
