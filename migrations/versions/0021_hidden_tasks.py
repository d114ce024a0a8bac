"""What hangs on tasks asks which few tasks are deleted, not of each row whether its task is there.

A board of 2,000 tasks has some 14,000 rows of labels, people and items: a look-up for each took longer than
everything else on the way to the page. Deleted tasks are those of the last minutes, found by their own index.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MINE = "user_id = (select current_user_id())"
AS_ME = "actor_id = (select current_user_id())"
ON_MY_BOARDS = "board_id in (select my_board_ids())"
FAST = f"{ON_MY_BOARDS} and task_id not in (select my_deleted_task_ids())"
SLOW = f"{ON_MY_BOARDS} and exists (select from tasks where tasks.id = task_id)"
# table -> what its policies ask beside that, by verb
ASKED = {
    "task_labels": {"all": ""},
    "task_assignees": {"all": ""},
    "checklist_items": {"all": ""},
    "task_links": {"all": ""},
    "task_watchers": {"select": "", "insert": "", "delete": f" and {MINE}"},
    "task_events": {"select": "", "insert": f" and {AS_ME}"},
}


def alter(rule: str) -> None:
    for table, verbs in ASKED.items():
        for verb, more in verbs.items():
            using = "" if verb == "insert" else f" using ({rule}{more})"
            check = f" with check ({rule}{more})" if verb in ("all", "insert") else ""
            op.execute(f"alter policy app_{verb} on {table}{using}{check}")


def upgrade() -> None:
    op.execute("create policy hidden on tasks for select to workhub_owner using (deleted_at is not null)")
    op.execute(
        """
        create function my_deleted_task_ids() returns setof uuid
            language sql stable security definer set search_path = public, pg_temp rows 10
            as $$ select id from tasks
                  where deleted_at is not null and board_id in (select my_board_ids()) $$;
        revoke all on function my_deleted_task_ids() from public;
        grant execute on function my_deleted_task_ids() to workhub_app;
        """
    )
    alter(FAST)


def downgrade() -> None:
    alter(SLOW)
    op.execute("drop function my_deleted_task_ids()")
    op.execute("drop policy hidden on tasks")
