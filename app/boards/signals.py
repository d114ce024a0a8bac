"""News of boards for the rooms above (presence evicts whoever lost a board or the head role).

Sent inside the transaction that makes the change, with `session` and `board_id`: a receiver may still
write or refuse. What must only follow a committed change goes through `after_commit(session, ...)`.
"""

from blinker import signal

# At every change: its event and seq, the board's name, actor_id.
board_changed = signal("boards.board_changed")
board_deleted = signal("boards.board_deleted")  # user_id and role are None
member_added = signal("boards.member_added")  # user_id, role: the one they got; actor_id, now
board_restored = signal("boards.board_restored")  # a deletion was undone; user_id and role are None
member_removed = signal("boards.member_removed")  # user_id, role: the one they had
role_changed = signal("boards.role_changed")  # user_id, role: the new one
# task_id, comment_id, actor_id, now; mentioned: whom it did not mention before; is_new: added, not edited
commented = signal("boards.commented")
# Every entry of a task's feed: task_id, kind, actor_id, details, now. `assigned` has details {userId, name}.
task_changed = signal("boards.task_changed")
