"""Hidden and gone are the same to everybody else: whatever a viewer asks, hears or counts.

Two people do the same things at the same time; then one hides and goes on, the other signs out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.waiting import wait_until

from .live import Live, join, on

NAMES = ("hider", "leaver")
SHOWN_AS = "Anna Ann"  # both
VIEWERS = ("head", "mate", "colleague", "owner")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z| \d\d:\d\d UTC)")
CARD = r'(?s)<(li|article)[^>]* data-user-id="{id}".*?</\1>'


class Twins:
    def __init__(self, live: Live) -> None:
        self.live = live
        self.acme = live.people.organization("Acme")
        make = live.people.user
        self.people = {name: make(SHOWN_AS, self.acme) for name in NAMES}
        self.people |= {name: make(name, self.acme) for name in ("head", "mate", "colleague")}
        self.people["owner"] = make("owner", self.acme, "owner")
        members = [self.people[name] for name in (*NAMES, "mate")]
        self.board = live.people.board(self.acme, [self.people["head"]], members)
        self.apis = {name: live.sign_in(user) for name, user in self.people.items()}
        self.sockets = {name: live.open_tab(api) for name, api in self.apis.items()}
        for name in (*NAMES, "head", "mate"):
            join(self.sockets[name], self.board, device="desktop")
        for viewer in VIEWERS:
            ids = [str(self.people[name].id) for name in NAMES]
            assert self.sockets[viewer].emit("watch_users", {"userIds": ids})["ok"]
            self.sockets[viewer].wait_for("presence_update")
        self.sockets["head"].wait_for("presence_dashboard")

    def part(self) -> None:
        """One hides and goes on, the other signs out."""
        self.marks = {viewer: self.sockets[viewer].mark() for viewer in VIEWERS}
        hidden, gone = NAMES
        assert self.apis[hidden].put("/api/presence/settings", {"appearOffline": True}).status == 200
        assert self.apis[gone].delete("/api/session").status == 204
        for name in NAMES:
            self.wait_until_offline(name)
        self.go_on(self.sockets[hidden])

    def go_on(self, socket: Any) -> None:
        for event in ("typing", "stop_typing", "leave_board", "join_board", "typing"):
            assert socket.emit(event, on(self.board))["ok"]
        assert socket.emit("activity", on(self.board, active=False, visible=False))["ok"]
        assert socket.emit("activity", on(self.board, active=True, visible=True))["ok"]
        for path in ("/boards", f"/boards/{self.board.id}", "/people", "/settings"):
            assert self.apis[NAMES[0]].get(path).status == 200

    def wait_until_offline(self, name: str) -> None:
        user_id = str(self.people[name].id)
        for viewer, what, kind in (
            ("head", "presence_dashboard", "members"),
            ("mate", "presence_update", "users"),
        ):
            self.sockets[viewer].wait_for(
                what,
                lambda told, kind=kind: any(
                    one["userId"] == user_id and one["status"] == "offline" for one in told[kind]
                ),
                since=self.marks[viewer],
            )

    def anonymous(self, name: str, said: str) -> str:
        """Without what tells the two apart by rights: who they are, and the moment within a minute."""
        user = self.people[name]
        said = said.replace(str(user.id), "ID").replace(user.email, "E-MAIL")
        return MOMENT.sub("MOMENT", re.sub(r"disc-\d", "disc", said))


@pytest.fixture(scope="module")
def twins(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    live = Live(postgres, tmp_path_factory.mktemp("leaks"))
    made = Twins(live)
    made.part()
    yield made
    live.hang_up()
    live.end()


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize(
    "path",
    [
        "/api/presence/users?userIds[]={id}",
        "/api/people?search={name}",
        "/people?q={name}",
        "/people/{id}",
        "/api/boards/{board}/presence",
        "/api/boards/{board}/activity?userId={id}",
        "/api/boards/{board}/activity?userId={id}&status=online",
        "/api/boards/{board}/members",
        "/api/boards/{board}",
        "/admin/audit?actorId={id}",
    ],
)
def test_answers_are_the_same(twins: Twins, viewer: str, path: str) -> None:
    answers = []
    for name in NAMES:
        user = twins.people[name]
        asked = path.format(id=user.id, name=SHOWN_AS.replace(" ", "%20"), board=twins.board.id)
        answer = twins.apis[viewer].get(asked)
        answers.append((answer.status, twins.anonymous(name, about(user, answer))))
    assert answers[0] == answers[1]


def about(user: Any, answer: Any) -> str:
    """Of an answer about many, what concerns the person; the size of the whole is that of its parts."""
    if not isinstance(answer.json, dict):
        cards = re.finditer(CARD.format(id=user.id), answer.text)
        return "\n".join(card[0] for card in cards)
    for key in ("members", "items", "users"):
        if isinstance(answer.json.get(key), list):
            items = [{k: v for k, v in one.items() if k != "id"} for one in answer.json[key]]
            return str([one for one in items if str(user.id) in str(one)])
    return str(answer.text)


def test_what_is_sent_is_the_same(twins: Twins) -> None:
    """As many messages, with the same words, and none after the farewell."""
    for viewer in VIEWERS:
        twins.sockets[viewer].emit("activity", {})  # whatever was sent to it before has arrived
        told = twins.sockets[viewer].received[twins.marks[viewer] :]
        heard = {
            name: sorted(  # dashboards and updates go their own ways
                twins.anonymous(name, str(one))
                for _, payload in told
                for one in payload.get("users", payload.get("members", [payload]))
                if str(twins.people[name].id) in str(one)
            )
            for name in NAMES
        }
        assert heard[NAMES[0]] == heard[NAMES[1]], viewer
        assert len(heard[NAMES[0]]) <= 2, viewer


def test_hidden_person_sees_themselves_and_what_is_recorded(twins: Twins) -> None:
    hidden, path = NAMES[0], f"/api/presence/users?userIds[]={twins.people[NAMES[0]].id}"
    (me,) = twins.apis[hidden].get(path).json["users"]
    assert me["status"] == "online"
    read = "select count(*) from activity where user_id = :user and not visible"
    wait_until(
        lambda: twins.live.backstage.run(read, user=twins.people[hidden].id)[0][0] > 0, 5, "hidden rows"
    )


def test_nobody_else_reads_hidden_rows(twins: Twins) -> None:
    path = f"/api/boards/{twins.board.id}/activity?userId={twins.people[NAMES[0]].id}"
    statuses = [item["status"] for item in twins.apis["head"].get(path).json["items"]]
    assert statuses == ["offline", "online"]
