"""Signing in, events and their acknowledgements, rooms and eviction, over real sockets."""

import json
from contextlib import suppress
from uuid import uuid4

import pytest

from .client import Client
from .conftest import Server, StartServer


@pytest.fixture
def client(server: Server) -> Client:
    return server.client().connect()


def error_of(answer: dict[str, dict[str, str]]) -> str:
    assert answer["ok"] is False
    assert {"type", "code", "title", "status", "detail"} <= set(answer["error"])
    return answer["error"]["code"]


# --- signing in ------------------------------------------------------------------------------------------


def test_the_handshake_tells_the_limits(client: Client) -> None:
    assert client.opened["pingInterval"] == 10_000
    assert client.opened["pingTimeout"] == 8_000
    assert client.opened["maxPayload"] == 65536
    assert client.opened["upgrades"] == []


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        ({}, "not_signed_in"),
        ({"fail": "refuse"}, "not_signed_in"),
        ({"fail": "type"}, "internal_error"),
        ({"user": "not a uuid"}, "internal_error"),
    ],
)
def test_a_refusal_carries_its_problem_and_ends_the_socket(
    server: Server, auth: dict[str, str], code: str
) -> None:
    client = server.client()
    with pytest.raises(PermissionError) as refusal:
        client.connect(auth)
    answer = refusal.value.args[0]
    assert answer["data"]["code"] == code
    assert answer["message"] == answer["data"]["title"]
    assert "handler with a mistake" not in json.dumps(answer)
    assert client.until_closed() == [] and client.close_code == 1008


def test_a_mistake_in_authenticate_does_not_call_it_again_without_auth(server: Server) -> None:
    def failures() -> int:
        return server.log.read_text().count("TypeError: as a handler with a mistake would")

    before = failures()
    with pytest.raises(PermissionError):
        server.client().connect({"fail": "type", "user": str(uuid4())})
    assert failures() == before + 1


@pytest.mark.parametrize("packet", ["40", "40/other,{}", '40/board,"text"', "40/board,[1]"])
def test_other_namespaces_and_other_auth_are_refused(server: Server, packet: str) -> None:
    client = server.client()
    client.read()
    client.send(packet)
    assert not [answer for answer in client.until_closed() if answer.startswith("40")]


def test_a_second_sign_in_on_the_same_socket_ends_it(client: Client) -> None:
    client.send("40/board," + json.dumps({"user": client.user}))
    assert client.until_closed() == []


def test_events_before_signing_in_end_the_socket(server: Server) -> None:
    client = server.client()
    client.read()
    client.emit("echo", {"text": "x"})
    assert client.until_closed() == [] and client.close_code == 1002


def test_a_person_has_a_bounded_number_of_sockets(start_server: StartServer) -> None:
    server = start_server(socket_max_per_user=3)
    user = {"user": str(uuid4())}
    mine = [server.client().connect(user) for _ in range(3)]
    with pytest.raises(PermissionError) as refusal:
        server.client().connect(user)
    assert refusal.value.args[0]["data"]["code"] == "too_many_requests"
    assert refusal.value.args[0]["data"]["retryAfter"] == 10
    assert server.client().connect().ask("echo", {"text": "others are not concerned"})["ok"]
    mine[0].close()
    server.departures(user["user"])
    assert server.client().connect(user).ask("echo", {"text": "x"})["ok"]


def test_at_the_cap_a_socket_that_seems_lost_gives_way(start_server: StartServer) -> None:
    """A laptop wakes up: ten old sockets are still believed in, ten new ones knock."""
    server = start_server(
        socket_max_per_user=1, socket_ping_interval_seconds=0.2, socket_ping_timeout_seconds=20
    )
    asleep = server.client().connect()
    awake = None
    while awake is None:
        with suppress(PermissionError):
            awake = server.client().connect({"user": asleep.user})
    (gone,) = server.departures(asleep.user)
    assert (gone["clean"], gone["reason"]) == (False, "ping timeout")


# --- events ----------------------------------------------------------------------------------------------


def test_an_answer_comes_back(client: Client) -> None:
    assert client.ask("echo", {"text": "Grüße 👋"}) == {"ok": True, "text": "Grüße 👋", "userId": client.user}


def test_an_event_without_acknowledgement_is_handled_too(client: Client) -> None:
    board = str(uuid4())
    client.emit("enter", {"boardId": board}, ack=False)
    assert client.event() == ("snapshot", {"boardId": board})


def test_what_follows_an_acknowledgement_follows_it(client: Client) -> None:
    board = str(uuid4())
    assert client.ask("enter", {"boardId": board}) == {"ok": True}
    assert client.events == []
    assert client.event() == ("snapshot", {"boardId": board})


def test_events_of_one_socket_are_handled_and_acknowledged_in_order(client: Client) -> None:
    client.emit("nap")
    for number in range(20):
        client.emit("echo", {"text": str(number)})
    answers = [client.read() for _ in range(21)]
    assert answers[0] == '43/board,1[{"ok":true}]'
    assert [json.loads(answer[answer.index("[") :])[0]["text"] for answer in answers[1:]] == list(
        map(str, range(20))
    )


def test_a_napping_handler_holds_up_nobody_else(server: Server, client: Client) -> None:
    client.emit("nap")
    other = server.client().connect()
    assert other.ask("echo", {"text": "awake"})["ok"]
    client.sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        client.sock.recv(1)


@pytest.mark.parametrize(
    ("event", "payload", "code"),
    [
        ("nonsense", [{}], "unknown_event"),
        ("", [{}], "unknown_event"),
        ("on_disconnect", [{}], "unknown_event"),
        ("trigger_event", [{}], "unknown_event"),
        ("x" * 10_000, [{}], "unknown_event"),
        ("echo", [], "invalid_input"),
        ("echo", [None], "invalid_input"),
        ("echo", ["text"], "invalid_input"),
        ("echo", [["text"]], "invalid_input"),
        ("echo", [{"text": 5}], "invalid_input"),
        ("echo", [{"text": None}], "invalid_input"),
        ("echo", [{"text": "x"}, {"text": "y"}], "invalid_input"),
        ("enter", [{"boardId": "not a uuid"}], "invalid_input"),
        ("echo", [{"text": "x" * 16_400}], "payload_too_large"),
        ("clash", [], "conflict"),
        ("crash", [], "internal_error"),
        ("unspeakable", [], "internal_error"),
    ],
)
def test_a_mistake_is_acknowledged_and_the_socket_lives(
    client: Client, event: str, payload: list[object], code: str
) -> None:
    assert error_of(client.ask(event, *payload)) == code
    assert client.ask("echo", {"text": "still here"})["ok"]
    assert client.events == [], "what follows an acknowledgement does not follow a failure"


def test_an_invalid_field_is_named_as_the_client_calls_it(client: Client) -> None:
    answer = client.ask("enter", {"boardId": 5})
    assert [problem["field"] for problem in answer["error"]["errors"]] == ["boardId"]


def test_an_accident_is_logged_under_the_reference_the_client_is_told(server: Server, client: Client) -> None:
    error = client.ask("crash")["error"]
    assert "secret" not in json.dumps(error)
    log = server.log.read_text()
    assert error["reference"] in log and "a secret of the server" in log


def test_an_error_carries_its_extras(client: Client) -> None:
    assert client.ask("clash")["error"]["current"] == {"version": 2}


def test_unknown_fields_are_ignored(client: Client) -> None:
    assert client.ask("echo", {"text": "x", "isAdmin": True})["ok"]


# --- rooms -----------------------------------------------------------------------------------------------


def test_a_board_hears_it_and_its_speaker_does_not(server: Server) -> None:
    board = str(uuid4())
    speaker, *listeners = (server.client().connect() for _ in range(4))
    outsider = server.client().connect()
    for client in (speaker, *listeners):
        client.ask("enter", {"boardId": board})
        client.event()
    assert speaker.ask("say", {"boardId": board, "text": "hello"})["ok"]
    assert [listener.event() for listener in listeners] == [("said", {"text": "hello"})] * 3
    for silent in (speaker, outsider):
        silent.ask("echo", {"text": "anything before this?"})
        assert silent.events == []


def test_after_leaving_a_board_nothing_comes_also_as_a_head(client: Client) -> None:
    board = str(uuid4())
    client.ask("enter", {"boardId": board})
    client.event()
    client.ask("leave", {"boardId": board})
    client.ask("echo", {"text": "x"})
    assert client.events == []


def test_evicted_sockets_hear_why_and_nothing_after(server: Server, client: Client) -> None:
    tabs = [server.client().connect() for _ in range(2)]
    other_tab = server.client().connect({"user": tabs[0].user})
    assert client.ask("evict", {"user": tabs[0].user, "reason": "signed_out"}) == {"ok": True}
    for tab in (tabs[0], other_tab):
        assert tab.until_closed() == ['42/board,["session_ended",{"reason":"signed_out"}]', "41/board,"]
        assert tab.close_code == 1000
    for gone in server.departures(tabs[0].user, 2):
        assert (gone["clean"], gone["reason"]) == (True, "server disconnect")
    assert tabs[1].ask("echo", {"text": "others stay"})["ok"]


def test_evicting_oneself_is_acknowledged_by_nothing_and_breaks_nothing(
    server: Server, client: Client
) -> None:
    client.emit("evict", {"user": client.user})
    assert [packet[:2] for packet in client.until_closed()] == ["42", "41"]
    assert server.departures(client.user)[0]["reason"] == "server disconnect"
