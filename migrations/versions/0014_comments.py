"""Comments on tasks, with what they said before each edit, and how many a task has.

A trigger counts: whoever adds or deletes comments, the number on the task is right. Comments are there as
long as their task is: its own policy decides who sees it.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
create table comments (
    id uuid constraint pk_comments primary key,
    board_id uuid not null constraint fk_comments_board_id_boards references boards on delete cascade,
    task_id uuid not null constraint fk_comments_task_id_tasks references tasks on delete cascade,
    author_id uuid constraint fk_comments_author_id_users references users on delete set null,
    body varchar not null,
    mention_ids uuid[] not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    edited_at timestamptz
);
create index ix_comments_task_id_created_at_id on comments (task_id, created_at, id);
create index ix_comments_board_id on comments (board_id);
create index ix_comments_author_id on comments (author_id);
create table comment_versions (
    comment_id uuid constraint fk_comment_versions_comment_id_comments references comments on delete cascade,
    version integer,
    board_id uuid not null constraint fk_comment_versions_board_id_boards references boards on delete cascade,
    body varchar not null,
    written_at timestamptz not null,
    constraint pk_comment_versions primary key (comment_id, version)
);
create index ix_comment_versions_board_id on comment_versions (board_id);
alter table tasks add column comment_count integer not null default 0;
grant update (comment_count) on tasks to workhub_app, workhub_service;

create function count_comments() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update tasks set comment_count = comment_count + 1 where id = new.task_id;
    else
        update tasks set comment_count = comment_count - 1 where id = old.task_id;
    end if;
    return null;
end $$;
revoke all on function count_comments() from public;
create trigger comments_counted after insert or delete on comments
    for each row execute function count_comments();
"""
GRANTS = """
grant select, insert, update (body, mention_ids, version, edited_at), delete on comments to workhub_app;
grant select, insert on comment_versions to workhub_app;
grant select, insert on comments, comment_versions to workhub_service;
"""
ON_MY_BOARDS = "board_id in (select my_board_ids())"
MINE = "author_id = (select current_user_id())"
ON_A_TASK = (
    f"{ON_MY_BOARDS} and exists"
    " (select from tasks where tasks.id = comments.task_id and tasks.board_id = comments.board_id)"
)
OF_A_COMMENT = (
    f"{ON_MY_BOARDS} and exists (select from comments c where c.id = comment_id and c.board_id"
    " = comment_versions.board_id"
)
POLICIES = f"""
create policy app_select on comments for select to workhub_app using ({ON_A_TASK});
create policy app_insert on comments for insert to workhub_app with check ({ON_A_TASK} and {MINE});
create policy app_update on comments for update to workhub_app
    using ({ON_A_TASK} and {MINE}) with check ({ON_A_TASK} and {MINE});
create policy app_delete on comments for delete to workhub_app
    using ({ON_A_TASK} and ({MINE} or board_id in (select my_headed_board_ids())));
create policy app_select on comment_versions for select to workhub_app using ({OF_A_COMMENT}));
create policy app_insert on comment_versions for insert to workhub_app
    with check ({OF_A_COMMENT} and c.{MINE}));
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("comments", "comment_versions"):
        op.execute(f"alter table {table} enable row level security, force row level security")
        op.execute(f"create policy service on {table} to workhub_service using (true) with check (true)")
    op.execute(GRANTS)
    op.execute(POLICIES)


def downgrade() -> None:
    op.execute("drop table comment_versions")
    op.execute("drop table comments")
    op.execute("drop function count_comments()")
    op.execute("alter table tasks drop column comment_count")
    op.execute("revoke update on tasks from workhub_service")
