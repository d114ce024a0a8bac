"""Notifications, what people want to be told of, and messages that wait to be sent.

A notification is its person's, and only as long as they are on its board and its task is there: whoever loses
a board loses what was said about it. The site itself writes them; the person marks them as read.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
create table notifications (
    id uuid constraint pk_notifications primary key,
    user_id uuid not null constraint fk_notifications_user_id_users references users on delete cascade,
    kind varchar not null,
    board_id uuid not null constraint fk_notifications_board_id_boards references boards on delete cascade,
    task_id uuid constraint fk_notifications_task_id_tasks references tasks on delete cascade,
    comment_id uuid constraint fk_notifications_comment_id_comments references comments on delete cascade,
    actor_id uuid constraint fk_notifications_actor_id_users references users on delete set null,
    details jsonb not null default '{}',
    in_app boolean not null default true,
    mail_at timestamptz,
    created_at timestamptz not null,
    read_at timestamptz,
    constraint ck_notifications_kind_known
        check (kind in ('mention', 'assigned', 'due_soon', 'comment', 'board_added'))
);
create index ix_notifications_user_id_created_at_id on notifications (user_id, created_at, id);
create index ix_notifications_unread on notifications (user_id) where read_at is null and in_app;
create index ix_notifications_mail_at on notifications (mail_at) where mail_at is not null;
create index ix_notifications_created_at on notifications (created_at);
create index ix_notifications_board_id on notifications (board_id);
create index ix_notifications_task_id on notifications (task_id);
create index ix_notifications_comment_id on notifications (comment_id);
create index ix_notifications_actor_id on notifications (actor_id);
create unique index uq_notifications_due_soon on notifications (user_id, task_id) where kind = 'due_soon';
create table notification_preferences (
    user_id uuid constraint pk_notification_preferences primary key
        constraint fk_notification_preferences_user_id_users references users on delete cascade,
    kinds jsonb not null,
    digest_minutes integer not null,
    updated_at timestamptz not null,
    constraint ck_notification_preferences_kinds_is_object check (jsonb_typeof(kinds) = 'object'),
    constraint ck_notification_preferences_digest_minutes_possible check (digest_minutes between 0 and 1440)
);
create table outgoing_mails (
    id uuid constraint pk_outgoing_mails primary key,
    recipient varchar not null,
    subject varchar not null,
    body_text varchar not null,
    body_html varchar not null,
    attempts integer not null default 0,
    next_at timestamptz not null,
    created_at timestamptz not null
);
create index ix_outgoing_mails_next_at on outgoing_mails (next_at);
"""
SEEN = """user_id = (select current_user_id()) and board_id in (select my_board_ids())
    and (task_id is null or exists (select from tasks where tasks.id = notifications.task_id))"""
MINE = "user_id = (select current_user_id())"
RIGHTS = f"""
grant select, update (read_at) on notifications to workhub_app;
create policy app_select on notifications for select to workhub_app using ({SEEN});
create policy app_update on notifications for update to workhub_app using ({SEEN}) with check ({SEEN});
grant select, insert, update (kinds, digest_minutes, updated_at) on notification_preferences to workhub_app;
create policy app_select on notification_preferences for select to workhub_app using ({MINE});
create policy app_insert on notification_preferences for insert to workhub_app with check ({MINE});
create policy app_update on notification_preferences for update to workhub_app
    using ({MINE}) with check ({MINE});
grant select, insert, update, delete on notifications, outgoing_mails to workhub_service;
grant select, insert on notification_preferences to workhub_service;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("notifications", "notification_preferences", "outgoing_mails"):
        op.execute(f"alter table {table} enable row level security, force row level security")
        op.execute(f"create policy service on {table} to workhub_service using (true) with check (true)")
    op.execute(RIGHTS)


def downgrade() -> None:
    for table in ("outgoing_mails", "notification_preferences", "notifications"):
        op.execute(f"drop table {table}")
