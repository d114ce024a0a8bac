"""Everybody who matters to access, around one board: who is on it, who runs it, who was, and strangers.

Acme    owner, admin (not on the board), head, member, ex-head (still a member), colleague (heads a board
        of their own), removed (was on the board)
Birch   birch owner (heads a board there), guest (also a member of the Acme board)
nobody  signed in, and belongs nowhere
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.accounts.models import AccessToken, User, UserSession
from app.attendance.models import (
    AttendanceCorrection,
    AttendanceDeletion,
    AttendanceLock,
    AttendanceLog,
    AttendancePerson,
)
from app.boards.models import (
    Board,
    ChecklistItem,
    CommentVersion,
    Label,
    Task,
    TaskAssignee,
    TaskEvent,
    TaskLabel,
    TaskLink,
    TaskWatcher,
)
from app.db import new_id
from app.deadlines.models import CalendarFeed
from app.mail.models import OutgoingMail
from app.members.models import BoardInvitation, Invitation, PasswordReset
from app.notifications.models import Notification, NotificationPreference
from app.presence.models import (
    Activity,
    BoardPresence,
    PresenceActivityLog,
    PresenceSettings,
    ServerProcess,
    UserLastSeen,
)

from .people import People

ACME = ("owner", "admin", "head", "member", "ex-head", "colleague", "removed")
BIRCH = ("birch owner", "guest")
EVERYBODY = (*ACME, *BIRCH, "nobody")
UNDECIDED = "colleague"  # has said nothing of themselves yet
ON_BOARD = ("head", "member", "ex-head", "guest")


class World:
    """`world.users["ex-head"]`; `board` is the one that matters, `private` and `foreign` are the others'."""

    def __init__(self, people: People) -> None:
        self.people, self._days = people, 0
        self.acme, self.birch = people.organization("Acme"), people.organization("Birch")
        self.users: dict[str, User] = {}
        self.tasks: dict[UUID, list[Task]] = {}  # of each board: one to hang things on, one without any
        for name in ACME:
            self.users[name] = people.user(name, self.acme, name if name in ("owner", "admin") else "member")
        for name in BIRCH:
            self.users[name] = people.user(name, self.birch, "owner" if name == "birch owner" else "member")
        self.users["nobody"] = people.user("nobody")
        self.board = self._board("launch", "head", *ON_BOARD[1:])
        self.private = self._board("private", "colleague")
        self.foreign = self._board("birch", "birch owner")

    def _board(self, name: str, head: str, *members: str) -> Board:
        maker = self.users[head]
        organization = self.birch if name == "birch" else self.acme
        on_it = [self.users[member] for member in members]
        board = self.people.board(organization, [maker], on_it, name=name, created_by=maker.id)
        row = self.people.list_on(board)
        self.tasks[board.id] = [
            self.people.task_on(row, title, created_by=maker.id) for title in ("One", "Two")
        ]
        return board

    def _hang(self, task: Task, user: User) -> None:
        """One of everything that tasks can have."""
        whose = {"board_id": task.board_id, "task_id": task.id}
        label = Label(id=new_id(), board_id=task.board_id, name="Urgent", color="red")
        self.people.add(label)
        self.people.add(
            TaskLabel(**whose, label_id=label.id),
            TaskAssignee(**whose, user_id=user.id),
            TaskWatcher(**whose, user_id=user.id),
            ChecklistItem(**whose, text="Ask", position="a0"),
            TaskLink(**whose, url="https://test.example", title="Test", created_by=user.id),
            TaskEvent(**whose, kind="created", actor_id=user.id),
        )

    def _fill_boards(self, now: datetime) -> None:
        """With what hangs on tasks, also on one that was deleted, in a list that was."""
        for board, name in ((self.board, "head"), (self.private, "colleague"), (self.foreign, "birch owner")):
            user = self.users[name]
            self._hang(self.tasks[board.id][0], user)
            row = self.people.list_on(board, "Gone", deleted_at=now)
            self._hang(self.people.task_on(row, "Gone", deleted_at=now), user)

    def attended(self, name: str, *, is_deleted: bool = False) -> AttendanceLog:
        """A session, on a day of its own, of somebody at Acme who has clocked in there before."""
        self._days += 1
        now, user = datetime.now(UTC), self.users[name]
        begin = datetime(2026, 3, 4, 9, tzinfo=UTC) - timedelta(days=self._days)
        deletion = _deletion(self.acme.id, user.id, now)
        log = AttendanceLog(
            id=new_id(),
            organization_id=self.acme.id,
            user_id=user.id,
            clock_in_at=begin,
            clock_out_at=begin + timedelta(hours=1),
            deletion_id=deletion.id if is_deleted else None,
        )
        self.people.add(deletion)
        self.people.add(log)
        return log

    def _attend(self, organization_id: UUID, user: User, now: datetime) -> None:
        """One session that somebody corrected and deleted."""
        whose = {"organization_id": organization_id, "user_id": user.id}
        times = {"clock_in_at": now - timedelta(hours=8), "clock_out_at": now}
        deletion = _deletion(organization_id, user.id, now)
        log = AttendanceLog(id=new_id(), **whose, **times, deletion_id=deletion.id)
        self.people.add(AttendancePerson(**whose, name=user.name, email=user.email), deletion)
        self.people.add(log)
        self.people.add(
            AttendanceCorrection(
                attendance_id=log.id,
                **whose,
                clock_in_before=now,
                automatic_before=False,
                reason="Forgot the phone",
                corrected_by=user.id,
                corrected_by_name=user.name,
                corrected_at=now,
            )
        )

    def _invite_and_reset(self, now: datetime) -> None:
        times = {"created_at": now, "expires_at": now + timedelta(days=1)}
        for organization, by in ((self.acme, "owner"), (self.birch, "birch owner")):
            self.people.add(
                Invitation(
                    organization_id=organization.id,
                    email="new@test.example",
                    role="member",
                    token_hash=by.encode(),
                    invited_by=self.users[by].id,
                    **times,
                )
            )
        for board in (self.board, self.private, self.foreign):
            self.people.add(
                BoardInvitation(
                    board_id=board.id,
                    email="guest@test.example",
                    token_hash=board.id.bytes,
                    invited_by=board.created_by,
                    **times,
                )
            )
        for name, user in self.users.items():
            hashed = name.encode()
            self.people.add(PasswordReset(user_id=user.id, token_hash=hashed, created_by=user.id, **times))

    def _comment(self, now: datetime) -> None:
        """One of everybody on a board; of each board one was edited."""
        by = {self.board: ON_BOARD, self.private: ("colleague",), self.foreign: ("birch owner",)}
        for board, names in by.items():
            for name in names:
                comment = self.people.comment_on(self.tasks[board.id][0], self.users[name], version=2)
            version = CommentVersion(comment_id=comment.id, version=1, body="Before", written_at=now)
            version.board_id = board.id
            self.people.add(version)

    def _notify(self, now: datetime) -> None:
        """Of everybody's board, and of one that somebody has lost; and a mail that waits."""
        about = {**dict.fromkeys((*ON_BOARD, "removed"), self.board)}
        about |= {"colleague": self.private, "birch owner": self.foreign}
        for name, board in about.items():
            self.people.add(
                Notification(
                    user_id=self.users[name].id,
                    kind="due_soon",
                    board_id=board.id,
                    task_id=self.tasks[board.id][0].id,
                    created_at=now,
                )
            )
        mail = {"recipient": "a@test.example", "subject": "Hello", "body_text": "Hello", "body_html": "Hello"}
        self.people.add(OutgoingMail(**mail, next_at=now, created_at=now))

    def furnish(self) -> None:
        """Rows of every table that sign-in and presence would have written."""
        now = datetime.now(UTC)
        self.people.add(ServerProcess(started_at=now, seen_at=now))
        self.people.add(AttendanceLock(organization_id=self.acme.id, changed_at=now))
        self._invite_and_reset(now)
        self._fill_boards(now)
        for name, user in self.users.items():
            token, tomorrow = name.encode(), now + timedelta(days=1)
            self.people.add(
                UserSession(user_id=user.id, session_token=token, last_activity=now, expires_at=tomorrow),
                AccessToken(
                    user_id=user.id,
                    name="Script",
                    token_hash=token,
                    prefix="whp_",
                    scopes=["boards:read"],
                    created_at=now,
                    expires_at=tomorrow,
                ),
                CalendarFeed(user_id=user.id, token_hash=token, created_at=now),
                UserLastSeen(user_id=user.id, last_seen_at=now),
            )
            own = {**dict.fromkeys(ACME, self.acme), **dict.fromkeys(BIRCH, self.birch)}
            if name in own:
                self.people.add(
                    PresenceActivityLog(
                        organization_id=own[name].id,
                        user_id=user.id,
                        activity_type="page_view",
                        page_viewed="/boards",
                        created_at=now,
                    )
                )
                self._attend(own[name].id, user, now)
            if name != UNDECIDED:
                wants = {"kinds": {}, "digest_minutes": 5, "updated_at": now}
                self.people.add(PresenceSettings(user_id=user.id, status="busy", updated_at=now))
                self.people.add(NotificationPreference(user_id=user.id, **wants))
            self.people.record(user, "presence.settings_changed", now)
        self._comment(now)
        self._notify(now)
        self._be_present(now)

    def _be_present(self, now: datetime) -> None:
        present = {self.board: (*ON_BOARD, "removed"), self.private: ("colleague",), self.foreign: BIRCH[:1]}
        for board, names in present.items():
            for name in names:
                whose = {"board_id": board.id, "user_id": self.users[name].id}
                state = {"status": "online", "last_seen": now, "updated_at": now}
                self.people.add(
                    BoardPresence(**whose, **state),
                    Activity(**whose, **state, visible=True),
                    Activity(**whose, **state, visible=False),
                )


def _deletion(organization_id: UUID, user_id: UUID, now: datetime) -> AttendanceDeletion:
    return AttendanceDeletion(
        id=new_id(),
        organization_id=organization_id,
        deleted_by=user_id,
        filters={},
        sessions=1,
        deleted_at=now,
    )
