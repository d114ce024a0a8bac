"""What others see of me: byte for byte what real viewers of each kind are told, whatever one has set."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest

from app import ratelimit

PATH, SETTINGS, TRACK = "/api/presence/preview", "/api/presence/settings", "/api/presence/track"


@pytest.fixture(autouse=True)
def unlimited(app, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ratelimit, "spend", lambda limit, *_key: ratelimit.Allowance(True, 1, 1, 0))
        yield patch


@pytest.fixture
def house(people):
    """Maya and one viewer of each kind: of these no two are alike to her."""
    acme, birch = people.organization("Acme"), people.organization("Birch")
    owner, maya = people.user("Olivia", acme, "owner"), people.user("Maya", acme)
    viewers = {
        "teammate": people.user("Lena", acme),
        "collaborator": people.user("Omar", birch),
        "stranger": people.user("Zoe"),
        "head": people.user("Hanna", birch),
    }
    board = people.board(acme, [viewers["head"]], [maya, viewers["collaborator"]], name="Secret plan")
    return SimpleNamespace(acme=acme, owner=owner, maya=maya, viewers=viewers, board=board)


@pytest.fixture
def maya(client, house):
    return client(house.maya.email)


@pytest.fixture
def viewers(client, house):
    return {kind: client(user.email) for kind, user in house.viewers.items()}


@pytest.fixture
def decide(client, house):
    owner = client(house.owner.email)
    path = f"/api/organizations/{house.acme.id}/presence-policy"

    def decide(is_on):
        assert owner.put(path, {"headsAlwaysSeePresence": is_on}).status == 200

    return decide


@pytest.fixture
def settle(app):
    """What the loops of a server do by themselves: what each audience could see last is written."""
    return app.extensions["presence_runtime"].people.write


def put(api, **said):
    assert api.put(SETTINGS, said).status == 200


def preview(api):
    answer = api.get(PATH)
    assert answer.status == 200, answer.text
    return answer.json


def told(viewer, user):
    """What the viewer is told of the person; None when there is nobody."""
    users = viewer.get(f"/api/presence/users?userIds[]={user.id}").json["users"]
    return users[0] if users else None


LEVELS = ("everyone", "team", "contacts", "nobody")
YES_AND_NO = (True, False)


@pytest.mark.parametrize("heads_always_see", YES_AND_NO)
def test_it_is_what_real_viewers_are_told_with_every_setting(
    house, maya, viewers, decide, settle, heads_always_see
):
    decide(heads_always_see)
    cells = 0
    busy = {"customStatus": "Deep work", "customEmoji": "\N{HEADPHONE}", "isTyping": True}
    page = {"currentPage": f"/boards/{house.board.id}?secret=1", "device": "tablet"}
    for visibility, activity, its_page, hides in product(LEVELS, YES_AND_NO, YES_AND_NO, YES_AND_NO):
        assert maya.post(TRACK, {"status": "busy", **busy, **page}).status == 200
        privacy = {"visibility": visibility, "showActivity": activity, "showCurrentPage": its_page}
        put(maya, **privacy, appearOffline=hides)
        settle()
        shown = preview(maya)
        assert ("head" in shown) is heads_always_see
        for kind, view in shown.items():
            assert view == told(viewers[kind], house.maya), (kind, privacy, hides)
            cells += 1
    assert cells == 32 * len(shown)


def test_an_idle_person_and_one_who_has_said_nothing_are_shown_as_others_see_them(house, maya, viewers):
    def compare():
        for kind, view in preview(maya).items():
            assert view == told(viewers[kind], house.maya), kind

    compare()
    put(maya, visibility="everyone")
    compare()
    assert maya.post("/api/session/heartbeat", {"active": False, "visible": False}).status == 204
    compare()
    assert preview(maya)["collaborator"]["status"] == "idle", "to look is no sign of life"


def test_who_hides_was_last_seen_then_and_stays_so(house, maya, viewers, settle):
    put(maya, visibility="contacts")
    put(maya, appearOffline=True)
    settle()
    hidden = preview(maya)["collaborator"]
    assert hidden["status"] == "offline" and hidden["lastSeen"]
    assert maya.get("/boards").status == 200
    settle()
    assert preview(maya)["collaborator"] == hidden == told(viewers["collaborator"], house.maya)


def test_who_is_both_sees_what_either_sees(house, people, client, maya):
    """As the note below the preview says."""
    both = people.user("Nina", house.acme)
    people.board(house.acme, [both], [house.maya])
    nina = client(both.email)
    for visibility in LEVELS:
        put(maya, visibility=visibility)
        views = preview(maya)
        either = {views[kind]["status"] for kind in ("teammate", "collaborator")}
        assert told(nina, house.maya)["status"] == ("online" if "online" in either else "offline")


def test_levels_in_words(maya):
    """The same cells as on the page about privacy."""
    hidden, shown = "offline", "online"
    for visibility, *expected in (
        ("everyone", shown, shown, shown),
        ("team", shown, hidden, None),
        ("contacts", hidden, shown, None),
        ("nobody", hidden, hidden, None),
    ):
        put(maya, visibility=visibility)
        views = preview(maya)
        kinds = ("teammate", "collaborator", "stranger")
        assert [views[kind] and views[kind]["status"] for kind in kinds] == expected, visibility


def test_name_of_a_board_is_for_people_on_it(house, maya):
    put(maya, visibility="everyone", showCurrentPage=True)
    assert maya.get(f"/boards/{house.board.id}").status == 200
    pages = {kind: view["currentPage"] for kind, view in preview(maya).items()}
    assert pages == {"teammate": "A board", "collaborator": "Board: Secret plan", "stranger": "A board"}


def test_head_is_listed_only_where_somebody_sees_more(house, people, client, maya, decide):
    alone = client(people.user("Tom", house.acme).email)
    decide(True)
    assert "head" in preview(maya)
    assert "head" not in preview(alone), "on no board"
    decide(False)
    assert "head" not in preview(maya)
