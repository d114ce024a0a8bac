"""Guests of a single board: invited by a link, listed, sent again, revoked, and what they see then."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.support.api import LocalApi


@pytest.fixture
def board(acme):
    return acme.people.board(acme.organization, [acme.maya], [acme.omar], name="Launch")


@pytest.fixture
def path(board):
    return f"/api/boards/{board.id}/invitations"


def link_of(made):
    assert made.status == 201, made.text
    return re.sub(r"^https?://[^/]+", "", made.json["url"])


def accept(api, link, **form):
    return api.http.post(link, data={"csrf_token": api.csrf_token, **form})


def register(app, link, name="Nadia New"):
    api = LocalApi(app)
    api.csrf_token = api.get("/api/session").json["csrfToken"]
    assert accept(api, link, name=name, password="nine lives of cats").status_code == 303
    return api


def test_stranger_becomes_a_guest_of_one_board_and_of_nothing_else(acme, board, path, app, people):
    people.board(acme.organization, [acme.maya], name="Other")
    maya = acme.api(acme.maya)
    link = link_of(maya.post(path, {"email": "Nadia@test.example"}))
    page = LocalApi(app).get(link).text
    assert "Join Launch" in page
    assert "guest to this board of Acme" in page
    nadia = register(app, link)
    assert [each["name"] for each in nadia.get("/api/boards").json["items"]] == ["Launch"]
    assert nadia.get("/api/session").json["organizations"] == []
    assert nadia.get(f"/api/organizations/{acme.organization.id}").status == 404
    members = {each["name"]: each for each in maya.get(f"/api/boards/{board.id}/members").json["items"]}
    assert (members["Nadia New"]["role"], members["Nadia New"]["isGuest"]) == ("member", True)
    assert maya.get(path).json["items"] == []
    assert LocalApi(app).get(link).status == 404, "used"
    trail = acme.api(acme.owner).get(f"{acme.path}/audit").json["items"]
    assert [each["action"] for each in trail[:2]] == ["board.guest_joined", "board.guest_invited"]
    assert trail[0]["actorName"] == "Nadia New"


def test_somebody_with_an_account_joins_with_the_invited_address_only(acme, board, path, people, app):
    birch = people.organization("Birch")
    piotr, bruno = people.user("Piotr", birch), people.user("Bruno", birch)
    link = link_of(acme.api(acme.maya).post(path, {"email": piotr.email.upper()}))
    assert accept(acme.api(bruno), link).status_code == 409
    guest = acme.api(piotr)
    assert accept(guest, link).location == f"/boards/{board.id}"
    assert guest.get(f"/api/boards/{board.id}").json["role"] == "member"
    seq = guest.get(f"/api/boards/{board.id}").json["seq"]
    assert seq == 1, "pages on the board hear of it"


def test_links_end_when_sent_again_revoked_or_late(acme, path, app, sql):
    maya = acme.api(acme.maya)
    first = link_of(maya.post(path, {"email": "nadia@test.example"}))
    (waiting,) = maya.get(path).json["items"]
    assert (waiting["email"], waiting["invitedByName"]) == ("nadia@test.example", "Maya")
    again = maya.post(f"{path}/{waiting['id']}/resend")
    second = again.json["url"].partition("localhost")[2]
    assert LocalApi(app).get(first).status == 404
    assert LocalApi(app).get(second).status == 200
    sql("update board_invitations set expires_at = now() - interval '1 second'")
    assert LocalApi(app).get(second).status == 404
    assert len(maya.get(path).json["items"]) == 1, "waits to be sent again"
    assert maya.delete(f"{path}/{waiting['id']}").status == 204
    assert maya.get(path).json["items"] == []
    assert maya.post(f"{path}/{waiting['id']}/resend").status == 404


@pytest.mark.parametrize(
    "end",
    [
        "update board_members set role = 'member' where user_id = :inviter",
        "update users set disabled_at = now() where id = :inviter",
        "update boards set archived_at = now()",
        "update boards set deleted_at = now()",
    ],
)
def test_link_is_worth_what_its_maker_may_do_now(acme, board, path, app, sql, end):
    link = link_of(acme.api(acme.maya).post(path, {"email": "nadia@test.example"}))
    assert LocalApi(app).get(link).status == 200
    sql(end, **({"inviter": acme.maya.id} if ":inviter" in end else {}))
    assert LocalApi(app).get(link).status == 404


def test_wrong_addresses_are_told_why(acme, path):
    maya = acme.api(acme.maya)
    for email, words in (
        (acme.omar.email.upper(), "already on the board"),
        ("not an address", "match"),
        ("twice@test.example", None),
        ("Twice@test.example", "an invitation for this address already"),
    ):
        answer = maya.post(path, {"email": email})
        assert answer.status == (422 if words else 201), email
        if words:
            (error,) = answer.json["errors"]
            assert error["field"] == "email"
            assert words in error["message"]


def test_list_and_ids_belong_to_one_board(acme, people, path):
    other = people.board(acme.organization, [acme.omar], name="Other")
    acme.api(acme.maya).post(path, {"email": "nadia@test.example"})
    (waiting,) = acme.api(acme.admin).get(path).json["items"]
    omar = acme.api(acme.omar)
    assert omar.get(path).status == 403, "a plain member"
    assert omar.get(f"/api/boards/{other.id}/invitations").json["items"] == []
    assert omar.delete(f"/api/boards/{other.id}/invitations/{waiting['id']}").status == 404


def test_secret_is_kept_as_a_hash_and_old_ones_are_deleted(acme, path, database, sql):
    from app.clock import clock
    from app.db import service_work
    from app.members.cleanup import KEPT_AFTER_END, delete_old_links

    secret = link_of(acme.api(acme.maya).post(path, {"email": "nadia@test.example"})).rpartition("/")[2]
    (row,) = sql("select cast(b as text) from board_invitations b")
    assert secret not in row[0]
    with service_work() as session:
        assert delete_old_links(session, clock.now()) == 0
        assert delete_old_links(session, clock.now() + KEPT_AFTER_END + timedelta(days=8)) == 1
        assert session.scalar(text("select count(*) from board_invitations")) == 0
