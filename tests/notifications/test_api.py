"""Notifications over HTTP: one's own, wrong input explained, what one wants kept."""

import pytest

from .test_notify import KINDS, comment, mention


@pytest.fixture
def maya(client, acme, heard):
    comment(acme, acme.head, mention(acme.member))
    return client(acme.member.email)


def test_list_and_count_and_reading(maya):
    page = maya.get("/api/notifications?limit=1").json
    assert (len(page["items"]), page["nextCursor"], page["unreadCount"]) == (1, None, 1)
    ids = [page["items"][0]["id"]]
    assert maya.post("/api/notifications/read", {"ids": ids}).json == {"unreadCount": 0}
    assert maya.get("/api/notifications/count").json == {"unreadCount": 0}
    assert maya.get("/api/notifications?unread=true").json["items"] == []


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": [], "all": False}, {"all": 1}, {"ids": ["x"]}])
def test_reading_names_something(maya, body):
    assert maya.post("/api/notifications/read", body).status == 422
    assert maya.get("/api/notifications/count").json == {"unreadCount": 1}


def test_preferences_are_kept_and_every_kind_is_named(maya):
    path = "/api/notifications/preferences"
    wanted = maya.get(path).json
    assert wanted.pop("emailWorks") is True  # a development site writes mail into its log
    assert wanted["kinds"]["mention"] == {"inApp": True, "email": True}
    wanted["kinds"]["comment"] = {"inApp": False, "email": True}
    wanted["digestMinutes"] = 60
    assert maya.put(path, wanted).json == {**wanted, "emailWorks": True}
    assert maya.get(path).json == {**wanted, "emailWorks": True}
    for wrong in (
        {"kinds": {kind: {"inApp": True, "email": True} for kind in KINDS[1:]}, "digestMinutes": 5},
        {**wanted, "digestMinutes": 1441},
        {**wanted, "digestMinutes": "5"},
        {**wanted, "kinds": {**wanted["kinds"], "unheard": {"inApp": True, "email": True}}},
        {**wanted, "kinds": {**wanted["kinds"], "mention": {"inApp": True}}},
    ):
        assert maya.put(path, wrong).status == 422
    assert maya.get(path).json["digestMinutes"] == 60


def test_cursor_of_somewhere_else_is_explained(maya):
    refused = maya.get("/api/notifications?cursor=nonsense")
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "cursor")
