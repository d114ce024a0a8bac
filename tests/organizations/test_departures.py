"""Leaving an organization and being removed from it: memberships, boards, heads, attendance and the trail."""

import threading

import pytest

from app.accounts.organizations import membership_ended


@pytest.fixture
def ended():
    heard = []

    def hear(_sender, *, session, organization_id, user_id, actor_id, now):
        heard.append((organization_id, user_id, actor_id))

    with membership_ended.connected_to(hear):
        yield heard


def board(acme, heads, members=(), name="Launch", **columns):
    return acme.people.board(acme.organization, heads, members, name=name, **columns)


def on(acme, where, sql):
    rows = sql("select user_id, role from board_members where board_id = :board", board=where.id)
    names = {person.id: name for name, person in vars(acme).items() if hasattr(person, "email")}
    return {names[row.user_id]: row.role for row in rows}


def actions(acme):
    trail = acme.api(acme.owner).get(f"{acme.path}/audit").json["items"]
    return [each["action"] for each in trail]


def test_whoever_leaves_leaves_the_boards_too(acme, sql, ended, people):
    launch = board(acme, [acme.omar], [acme.maya])
    archived = board(acme, [acme.omar], [acme.maya], "Old", archived_at="2026-01-01T00:00:00Z")
    elsewhere = people.board(people.organization("Birch"), [acme.omar], [acme.maya], name="Guest there")
    maya = acme.api(acme.maya)
    assert maya.delete(f"{acme.path}/membership").status == 204
    assert on(acme, launch, sql) == on(acme, archived, sql) == {"omar": "head"}
    assert [each["name"] for each in maya.get("/api/boards").json["items"]] == ["Guest there"]
    assert on(acme, elsewhere, sql) == {"omar": "head", "maya": "member"}
    assert maya.get(acme.path).status == 404
    assert ended == [(acme.organization.id, acme.maya.id, acme.maya.id)]
    assert actions(acme) == ["member.left", "board.member_removed", "board.member_removed"]
    assert maya.delete(f"{acme.path}/membership").status == 404


def test_only_head_of_a_board_hands_it_over_before_leaving(acme, sql):
    launch = board(acme, [acme.maya], [acme.omar])
    maya = acme.api(acme.maya)
    refused = maya.delete(f"{acme.path}/membership")
    assert (refused.status, refused.json["code"]) == (409, "last_head")
    assert "Launch" in refused.json["detail"]
    assert on(acme, launch, sql) == {"maya": "head", "omar": "member"}
    maya.patch(f"/api/boards/{launch.id}/members/{acme.omar.id}", {"role": "head"})
    assert maya.delete(f"{acme.path}/membership").status == 204
    assert on(acme, launch, sql) == {"omar": "head"}


def test_last_owner_stays(acme):
    refused = acme.api(acme.owner).delete(f"{acme.path}/membership")
    assert (refused.status, refused.json["code"]) == (409, "last_owner")


def test_admin_removes_a_member_and_becomes_head_where_there_is_none(acme, sql, ended):
    alone, led = board(acme, [acme.maya], [acme.admin], "Alone"), board(acme, [acme.maya, acme.omar])
    far = board(acme, [acme.maya], name="Far")
    admin, maya = acme.api(acme.admin), acme.api(acme.maya)
    assert admin.delete(f"{acme.path}/members/{acme.maya.id}").status == 204
    assert on(acme, alone, sql) == on(acme, far, sql) == {"admin": "head"}
    assert on(acme, led, sql) == {"omar": "head"}
    assert maya.get("/api/boards").json["items"] == []
    assert ended == [(acme.organization.id, acme.maya.id, acme.admin.id)]
    assert actions(acme)[0] == "member.removed"
    assert {"board.role_changed", "board.member_added"} <= set(actions(acme))
    assert admin.delete(f"{acme.path}/members/{acme.maya.id}").status == 404


def test_who_may_remove_whom(acme):
    owner, admin, maya = (acme.api(each) for each in (acme.owner, acme.admin, acme.maya))
    assert maya.delete(f"{acme.path}/members/{acme.omar.id}").status == 404
    assert admin.delete(f"{acme.path}/members/{acme.owner.id}").status == 403
    assert admin.delete(f"{acme.path}/members/{acme.admin.id}").json["code"] == "yourself"
    assert owner.delete(f"{acme.path}/members/{acme.admin.id}").status == 204


def test_board_that_comes_back_comes_without_whoever_left(acme, sql):
    gone = board(acme, [acme.omar, acme.maya], name="Gone", deleted_at="2026-01-01T00:00:00Z")
    assert acme.api(acme.maya).delete(f"{acme.path}/membership").status == 204
    assert on(acme, gone, sql) == {"omar": "head"}


def test_attendance_of_who_leaves_ends_there_and_then(acme, sql):
    maya = acme.api(acme.maya)
    is_open = "select 1 from attendance_logs where user_id = :user and clock_out_at is null"
    assert sql(is_open, user=acme.maya.id)
    maya.delete(f"{acme.path}/membership")
    assert not sql(is_open, user=acme.maya.id)


def test_two_who_go_at_the_same_moment_leave_no_board_without_a_head(acme, sql):
    boards = [board(acme, [acme.maya, acme.omar], name=f"Board {number}") for number in range(3)]
    answers = []

    def leave(person):
        answers.append(acme.api(person).delete(f"{acme.path}/membership").status)

    both = [threading.Thread(target=leave, args=[person]) for person in (acme.maya, acme.omar)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) == [204, 409]
    assert all(list(on(acme, each, sql).values()) == ["head"] for each in boards)
