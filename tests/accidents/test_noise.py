"""Twenty thousand senseless events from people who may be there: nothing breaks, nobody stays as a ghost."""

import random
from uuid import uuid4

import pytest

from tests.presence.live import Live, join, member_in, on
from tests.support.patience import within
from tests.support.waiting import wait_until

from .crowd import present

EVENTS, BATCH, SEED = 20_000, 50, 20260302
NAMES = ("join_board", "leave_board", "activity", "typing", "stop_typing")
KEYS = ("boardId", "taskId", "active", "visible", "page", "device", "userId", "__proto__")
# Each ends its socket: broken JSON, unknown packets, another namespace, a forged end of another.
LAST_WORDS = (
    "42/board,[",
    "42/board,{}",
    "9",
    "4",
    "42[]",
    "42/admin,[]",
    '42/board,["disconnect"]',
    "41/board,",
)


@pytest.fixture(scope="module")
def live(postgres, tmp_path_factory):
    live = Live(
        postgres,
        tmp_path_factory.mktemp("noise"),
        PRESENCE_LEAVE_GRACE_SECONDS=0.2,
        PRESENCE_DISCONNECT_GRACE_SECONDS=0.5,
        SOCKET_MESSAGES_PER_SECOND=1_000_000,
        SOCKET_MESSAGE_BURST=1_000_000,
    )
    yield live
    live.end()


def value(dice, boards):
    return dice.choice(
        (
            lambda: str(dice.choice(boards)),
            lambda: str(uuid4()),
            lambda: dice.random() < 0.5,
            lambda: None,
            lambda: dice.randint(-(2**63), 2**63 - 1),
            lambda: dice.random() * 10**300,
            lambda: "".join(dice.choices("\0\tA\u202e\uffff\U0001f600", k=dice.randint(0, 300))),
            lambda: [value(dice, boards) for _ in range(dice.randint(0, 3))],
            lambda: {dice.choice(KEYS): value(dice, boards)},
        )
    )()  # fmt: skip


def event(dice, boards):
    """Half of them make sense, so that there is a presence to disturb."""
    name = dice.choice(NAMES)
    if dice.random() < 0.5:
        payload = {"boardId": str(dice.choice(boards))}
        if name == "activity":
            payload |= {"active": dice.random() < 0.7, "visible": True}
        return name, payload
    if dice.random() < 0.1:
        name = dice.choice(("message", "presence_dashboard", "", "a" * 500, "ev\u0000il", "__init__"))
    payload = {dice.choice(KEYS): value(dice, boards) for _ in range(dice.randint(0, 4))}
    return name, payload if dice.random() < 0.9 else value(dice, boards)


def test_noise_leaves_the_server_well_and_no_ghost(live):
    team, other = live.team(members=3), live.team()
    head = live.enter(team.head, team.board)
    boards = [
        team.board.id,
        other.board.id,
        live.people.board(team.organization, [team.head], [team.maya]).id,
    ]
    api, dice = live.sign_in(team.maya), random.Random(SEED)
    pages, understood = [live.open_tab(api) for _ in range(4)], 0
    for sent in range(0, EVENTS, BATCH):
        place = dice.randrange(len(pages))
        page = pages[place]
        numbers = [page.send(*event(dice, boards)) for _ in range(BATCH)]
        page._wait(
            lambda page=page, last=numbers[-1]: last in page._acks, 10, f"the answers after {sent} events"
        )
        answers = [page._acks.pop(number) for number in numbers]
        understood += sum(answer["ok"] for answer in answers)
        assert all(answer["ok"] or answer["error"]["code"] != "internal_error" for answer in answers)
        if sent % (BATCH * 5) == 0:
            dice.choice(
                (
                    page.close,
                    page.vanish,
                    page.reset,
                    lambda page=page: page.send_raw(dice.choice(LAST_WORDS)),
                )
            )()
            page.wait_closed()
            pages[place] = live.open_tab(api)
    for page in pages:
        page.vanish()
    assert EVENTS / 10 < understood < EVENTS * 9 / 10
    assert_nobody_stays(live, team, head)


def assert_nobody_stays(live, team, head):
    def maya():
        snapshot = live.sign_in(team.head).get(f"/api/boards/{team.board.id}/presence").json
        return member_in(snapshot, team.maya)

    wait_until(lambda: maya()["status"] == "offline", within(5), "the end of the noise")
    assert (maya()["connections"], maya()["typing"]) == (0, False)
    wait_until(lambda: present(live) == {team.head.id}, within(5), "the end of all recorded presence")
    told = [p["seq"] for p in head.events("presence_dashboard") if p["kind"] == "delta"]
    assert told == list(range(told[0], told[0] + len(told)))
    assert head.emit("activity", on(team.board, active=True, visible=True))["ok"]
    join(live.connect(team.maya), team.board)
    assert "Traceback" not in live.server.log
