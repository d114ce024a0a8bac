"""One person and everybody they can be to somebody, on a real server: what each channel shows to each.

A viewer's knowledge is what came through their socket and what their requests answer; the tests compare it
with the rule.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from app.presence.privacy import Privacy, Relation
from tests.support.socket_client import BoardSocket

from .live import Live, on

TEAM, CONTACT = Relation.TEAM, Relation.CONTACT
# By name: what they are to Maya, whatever the policy says of heads.
VIEWERS = {
    "maya": Relation.SELF,
    "stranger": Relation.NONE,
    "owner elsewhere": Relation.NONE,
    "colleague": TEAM,
    "owner": TEAM,
    "admin": TEAM,
    "head elsewhere": TEAM,
    "removed": TEAM,
    "mate": TEAM | CONTACT,
    "former head": TEAM | CONTACT,
    "head": TEAM | CONTACT,
    "guest": CONTACT,
    "guest head": CONTACT,
}
HEADS = ("head", "guest head")
ON_BOARD = ("maya", "mate", "former head", "guest", *HEADS)
PLANS = ("free", "team", "enterprise")
PRIVACIES = [
    Privacy(visibility, activity, page, offline)
    for visibility, offline, activity, page in product(
        ("everyone", "team", "contacts", "nobody"), (False, True), (True, False), (False, True)
    )
]
_BECOME = "select set_config('role', 'workhub_app', true), set_config('app.user_id', :me, true)"


def relation(viewer: str, policy: bool) -> Relation:
    return VIEWERS[viewer] | (Relation.HEAD if policy and viewer in HEADS else Relation.NONE)


class Stage:
    """Maya is online on the board, typing, with words beside her status."""

    def __init__(self, live: Live) -> None:
        self.live = live
        make = live.people
        self.acme, birch = make.organization("Acme"), make.organization("Birch")
        self.users = {name: make.user(name, self.acme) for name, what in VIEWERS.items() if TEAM in what}
        self.users |= {"maya": make.user("Maya", self.acme), "stranger": make.user("Stranger")}
        self.users |= {name: make.user(name, birch) for name in ("guest", "guest head")}
        self.users["owner elsewhere"] = make.user("Owner elsewhere", birch, "owner")
        for role in ("owner", "admin"):
            change = "update memberships set role = :role where user_id = :user"
            live.backstage.run(change, role=role, user=self.users[role].id)
        members = [self.users[name] for name in ON_BOARD if name not in HEADS]
        self.board = make.board(self.acme, [self.users[name] for name in HEADS], members)
        make.board(self.acme, [self.users["head elsewhere"]], [self.users["colleague"]], name="Other")
        self.target = str(self.users["maya"].id)
        self.apis = {name: live.sign_in(user) for name, user in self.users.items()}
        self.sockets: dict[str, BoardSocket] = {name: live.open_tab(api) for name, api in self.apis.items()}
        self._login = create_engine(live.database.url, poolclass=NullPool).connect()
        self._come_in()

    def _come_in(self) -> None:
        page = f"/boards/{self.board.id}"
        assert self.apis["maya"].get(page).status == 200
        words = {"customStatus": "Deep work", "customEmoji": "!", "visibility": "everyone"}
        assert self.apis["maya"].put("/api/presence/settings", words).status == 200
        for name, socket in self.sockets.items():
            if name in ON_BOARD:
                said = on(self.board, device="desktop", page=page)
                assert socket.emit("join_board", said)["ok"]
            assert socket.emit("watch_users", {"userIds": [self.target]})["ok"]
        self.type()

    def close(self) -> None:
        self._login.close()
        self.live.hang_up()

    # What happens

    def show(self, privacy: Privacy) -> None:
        body = {
            "visibility": privacy.visibility,
            "showActivity": privacy.show_activity,
            "showCurrentPage": privacy.show_current_page,
            "appearOffline": privacy.appear_offline,
        }
        assert self.apis["maya"].put("/api/presence/settings", body).status == 200

    def set_policy(self, is_on: bool) -> None:
        path = f"/api/organizations/{self.acme.id}/presence-policy"
        assert self.apis["owner"].put(path, {"headsAlwaysSeePresence": is_on}).status == 200

    def set_plan(self, plan: str) -> None:
        change = "update organizations set plan = :plan where id = :id"
        self.live.backstage.run(change, plan=plan, id=self.acme.id)

    def type(self) -> None:
        assert self.sockets["maya"].emit("typing", on(self.board))["ok"]

    # What somebody gets

    def by_rest(self, viewer: str) -> dict[str, Any] | None:
        answer = self.apis[viewer].get(f"/api/presence/users?userIds[]={self.target}")
        assert answer.status == 200, answer.text
        return next(iter(answer.json["users"]), None)

    def all_by_rest(self) -> dict[str, dict[str, Any] | None]:
        """Everybody at once, as on a busy site."""
        with ThreadPoolExecutor(len(VIEWERS)) as pool:
            return dict(zip(VIEWERS, pool.map(self.by_rest, VIEWERS), strict=True))

    def by_watching(self, viewer: str) -> dict[str, Any] | None:
        """The newest that came; None for nothing ever."""
        told = self.sockets[viewer].events("presence_update")
        users = [user for payload in told for user in payload["users"] if user["userId"] == self.target]
        return users[-1] if users else None

    def by_dashboard(self, viewer: str) -> dict[str, Any] | None:
        told = self.sockets[viewer].events("presence_dashboard")
        members = [m for payload in told for m in payload["members"] if m["userId"] == self.target]
        return members[-1] if members else None

    def by_panel(self, viewer: str) -> dict[str, Any] | None:
        """What the panel loads by REST; None for a board that does not exist for the viewer."""
        answer = self.apis[viewer].get(f"/api/boards/{self.board.id}/presence")
        if answer.status == 404:
            return None
        return next(m for m in answer.json["members"] if m["userId"] == self.target)

    def by_sql(self, viewer: str) -> dict[str, Any]:
        """In the role that serves requests: the rule, and what the tables give without it."""
        columns = "sees_status, sees_activity, sees_page, last_seen_at"
        select = f"select {columns} from presence_seen(array[cast(:id as uuid)])"
        with self._login.begin():
            self._login.execute(text(_BECOME), {"me": str(self.users[viewer].id)})
            rule = self._login.execute(text(select), {"id": self.target}).one_or_none()
            rows = {
                table: bool(
                    self._login.scalar(
                        text(f"select count(*) from {table} where user_id = cast(:id as uuid)"),
                        {"id": self.target},
                    )
                )
                for table in ("user_last_seen", "board_presence", "presence_settings")
            }
        return {"rule": rule, **rows}
