"""The words of tasks and their comments, for search across all boards.

They stand in a table of their own, so that moving a card touches no index of words; triggers keep them, whoever
writes a task or a comment. Row level security would keep the indexes from being used (`@@` is not leakproof), so nobody may
read the table: search_tasks() looks into it, on the boards of the person who asks and nowhere else.

Words are what stands between anything that is no letter and no digit, in lower case: no language's grammar, so
that all of them work. Title and everything are two vectors: whoever looks for a title finds it first.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = """
create table task_words (
    task_id uuid constraint pk_task_words primary key
        constraint fk_task_words_task_id_tasks references tasks on delete cascade,
    board_id uuid not null constraint fk_task_words_board_id_boards references boards on delete cascade,
    changed_at timestamptz not null,
    title tsvector not null,
    everything tsvector not null
);
create index ix_task_words_board_id_changed_at_task_id on task_words (board_id, changed_at, task_id);
create index ix_task_words_changed_at_task_id on task_words (changed_at, task_id);
-- Not gathered for later: the one whose words filled the list of what is pending would wait for all.
create index ix_task_words_title on task_words using gin (title) with (fastupdate = off);
create index ix_task_words_everything on task_words using gin (everything) with (fastupdate = off);
"""

FUNCTIONS = """
create function words_of(said text) returns tsvector
    language sql immutable
    as $$ select strip(to_tsvector('simple', regexp_replace(normalize(said, nfc), '[^[:alnum:]]+', ' ', 'g'))) $$;

-- All that is said about a task: comments only as far as an index entry and a moment's work go.
create function words_about(task tasks) returns tsvector
    language sql stable
    as $$ select words_of(task.title || ' ' || task.description || ' ' || coalesce(left(
              (select string_agg(body, ' ' order by created_at desc) from comments where task_id = task.id),
              100000), '')) $$;

create function keep_task_words() returns trigger
    language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    insert into task_words (task_id, board_id, changed_at, title, everything)
    values (new.id, new.board_id, new.updated_at, words_of(new.title), words_about(new))
    on conflict (task_id) do update set changed_at = excluded.changed_at, title = excluded.title,
        everything = excluded.everything;
    return null;
end $$;

-- A new comment only adds words: the others need not be read again. Of a deleted task nothing is found here.
create function keep_comment_words() returns trigger
    language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if tg_op = 'INSERT' then
        update task_words set everything = everything || words_of(new.body), changed_at = new.created_at
        where task_id = new.task_id and pg_column_size(everything) < 200000;
    else
        update task_words w set everything = words_about(t) from tasks t
        where w.task_id = old.task_id and t.id = old.task_id;
    end if;
    return null;
end $$;

-- All words, the last one also as the beginning of a longer one; in titles first, then those written last.
-- `after_...` are the place where the page before ended. Plans are made anew for the words asked for: some are in
-- every other task, most in hardly any.
create function search_tasks(
    asked text, most integer, after_tier integer, after_changed_at timestamptz, after_task_id uuid
)
    returns table (task_id uuid, tier integer, changed_at timestamptz)
    language plpgsql stable security definer
    set search_path = public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    words text[] := array_remove(regexp_split_to_array(lower(normalize(asked, nfc)), '[^[:alnum:]]+'), '');
    wanted tsquery := (select string_agg(quote_literal(word) || case when place = cardinality(words)
        then ':*' else '' end, ' & ')::tsquery from unnest(words) with ordinality as w (word, place));
    boards uuid[] := array(select my_board_ids());
    found integer := 0;
begin
    if wanted is null then
        return;
    end if;
    if after_tier is null or after_tier = 1 then
        return query
            select w.task_id, 1, w.changed_at from task_words w
            where w.board_id = any (boards) and w.title @@ wanted
              and (after_tier is null or (w.changed_at, w.task_id) < (after_changed_at, after_task_id))
            order by w.changed_at desc, w.task_id desc limit most;
        get diagnostics found = row_count;
    end if;
    if found < most then
        return query
            select w.task_id, 2, w.changed_at from task_words w
            where w.board_id = any (boards) and w.everything @@ wanted and not w.title @@ wanted
              and (after_tier is distinct from 2 or (w.changed_at, w.task_id) < (after_changed_at, after_task_id))
            order by w.changed_at desc, w.task_id desc limit most - found;
    end if;
end $$;
"""

CLOSED = ("words_of(text)", "words_about(tasks)", "keep_task_words()", "keep_comment_words()")
SEARCH = "search_tasks(text, integer, integer, timestamptz, uuid)"
READ = ("tasks", "comments")  # by the triggers, which work for everybody

TRIGGERS = """
create trigger keep_words after insert or update of title, description on tasks
    for each row execute function keep_task_words();
create trigger keep_words after insert or update of body or delete on comments
    for each row execute function keep_comment_words();
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("alter table task_words enable row level security, force row level security")
    op.execute("create policy owner on task_words to workhub_owner using (true) with check (true)")
    for table in READ:
        op.execute(f"create policy words on {table} for select to workhub_owner using (true)")
    op.execute(FUNCTIONS)
    for function in (*CLOSED, SEARCH):
        op.execute(f"revoke all on function {function} from public")
    op.execute(f"grant execute on function {SEARCH} to workhub_app")
    op.execute(
        "insert into task_words select id, board_id, updated_at, words_of(title), words_about(tasks) from tasks"
    )
    op.execute(TRIGGERS)


def downgrade() -> None:
    for table in READ:
        op.execute(f"drop trigger keep_words on {table}")
        op.execute(f"drop policy words on {table}")
    op.execute("drop table task_words")
    for function in (SEARCH, *reversed(CLOSED)):
        op.execute(f"drop function {function}")
