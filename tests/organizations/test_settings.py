"""Making an organization, its settings, and handing it on."""

import pytest

from app.organizations.service import MOST_OWNED


def actions(acme, by=None):
    trail = acme.api(by or acme.owner).get(f"{acme.path}/audit").json["items"]
    return [(each["action"], each["details"]) for each in trail]


def test_whoever_makes_an_organization_owns_it_and_belongs_to_both(acme):
    maya = acme.api(acme.maya)
    made = maya.post("/api/organizations", {"name": " Cedar ", "timeZone": "Asia/Tokyo"})
    assert made.status == 201
    assert {"name": "Cedar", "role": "owner", "memberCount": 1, "timeZone": "Asia/Tokyo"}.items() <= (
        made.json.items()
    )
    mine = maya.get("/api/organizations").json["items"]
    assert [(each["name"], each["role"]) for each in mine] == [("Acme", "member"), ("Cedar", "owner")]
    trail = maya.get(f"/api/organizations/{made.json['id']}/audit").json["items"]
    assert trail[0]["action"] == "organization.created"
    assert acme.api(acme.omar).get(f"/api/organizations/{made.json['id']}").status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Cedar", "timeZone": "Mars/Olympus"}, "timeZone"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Cedar", "plan": "enterprise"}, "plan"),
    ],
)
def test_wrong_words_are_named(acme, body, field):
    answer = acme.api(acme.maya).post("/api/organizations", body)
    assert answer.status == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]


def test_nobody_owns_more_than_so_many(acme, people):
    for number in range(MOST_OWNED):
        people.membership(acme.maya, people.organization(f"Number {number}"), "owner")
    answer = acme.api(acme.maya).post("/api/organizations", {"name": "One more"})
    assert (answer.status, answer.json["code"]) == (409, "too_many_organizations")


def test_owner_changes_name_and_time_zone_and_nothing_is_written_twice(acme):
    owner = acme.api(acme.owner)
    for _ in range(2):
        changed = owner.patch(acme.path, {"name": "Acme Studio", "timeZone": "Europe/Berlin"})
        assert (changed.json["name"], changed.json["timeZone"]) == ("Acme Studio", "Europe/Berlin")
    assert owner.patch(acme.path, {"timeZone": "UTC"}).json["name"] == "Acme Studio"
    assert actions(acme) == [
        ("organization.changed", {"timeZone": "UTC"}),
        ("organization.changed", {"name": "Acme Studio", "timeZone": "Europe/Berlin"}),
    ]
    assert owner.patch(acme.path, {}).status == 422


def test_members_read_and_only_owners_write(acme, people):
    stranger = people.user("Stranger", people.organization("Birch"), "owner")
    for person, reads in ((acme.admin, 200), (acme.maya, 200), (stranger, 404)):
        api = acme.api(person)
        assert api.get(acme.path).status == reads
        assert api.get(f"/organizations/{acme.organization.id}").status == reads
        assert api.patch(acme.path, {"name": "Mine"}).status == 404
    page = acme.api(acme.maya).get(f"/organizations/{acme.organization.id}").text
    assert 'id="organization-form"' not in page
    assert "Olivia Owner" in page


def test_handing_on_makes_an_owner_and_an_admin(acme):
    owner, maya = acme.api(acme.owner), acme.api(acme.maya)
    body = {"email": acme.maya.email.upper(), "confirmation": "Acme"}
    assert owner.post(f"{acme.path}/transfer", body).json == {"newOwner": "Maya", "role": "admin"}
    assert owner.get(acme.path).json["role"] == "admin", "stays signed in: there is only less to do"
    assert maya.get(acme.path).status == 401, "signs in anew with what may be done now"
    assert acme.api(acme.maya).get(acme.path).json["role"] == "owner"
    assert [action for action, _ in actions(acme)] == ["organization.handed_on", "member.role_changed"]
    again = owner.post(f"{acme.path}/transfer", {"email": acme.omar.email, "confirmation": "Acme"})
    assert again.status == 403, "an admin now"


@pytest.mark.parametrize(
    ("email", "confirmation", "field"),
    [("maya", "acme", "confirmation"), ("owner", "Acme", "email"), ("nobody@test.example", "Acme", "email")],
)
def test_handing_on_says_what_is_wrong(acme, email, confirmation, field):
    address = getattr(acme, email).email if hasattr(acme, email) else email
    answer = acme.api(acme.owner).post(
        f"{acme.path}/transfer", {"email": address, "confirmation": confirmation}
    )
    assert answer.status == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]
    assert actions(acme) == []


def test_nobody_disabled_is_handed_anything(acme):
    owner = acme.api(acme.owner)
    assert acme.change(owner, acme.maya, disabled=True).status == 200
    answer = owner.post(f"{acme.path}/transfer", {"email": acme.maya.email, "confirmation": "Acme"})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "email")
