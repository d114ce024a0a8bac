"""What owners decide for their organization: they alone, and everybody concerned is told once."""

import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text

from app import db
from app.accounts import organizations

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def acme(people):
    return people.organization("Acme")


@pytest.fixture
def owner(people, acme):
    return people.user("Olivia", acme, "owner")


@pytest.fixture
def told():
    heard = []

    def hear(_sender, organization_id, heads_always_see_presence, **_news):
        heard.append((organization_id, heads_always_see_presence))

    organizations.policy_changed.connect(hear)
    yield heard
    organizations.policy_changed.disconnect(hear)


@pytest.fixture
def api(app, owner):
    from tests.support.api import LocalApi

    made = LocalApi(app)
    made.sign_in(owner.email)
    return made


def path(organization_id):
    return f"/api/organizations/{organization_id}/presence-policy"


def policies(api):
    listed = api.get("/api/presence/settings").json["policies"]
    return {policy["organizationName"]: policy["headsAlwaysSeePresence"] for policy in listed}


def decide(person, acme, is_on):
    with db.unit_of_work(person.id) as session:
        organizations.set_presence_policy(
            acme.id, heads_always_see_presence=is_on, session=session, actor_id=person.id, now=NOW
        )


def test_owner_turns_it_on_and_off_and_members_read_it(app, api, people, acme, told):
    from tests.support.api import LocalApi

    member = LocalApi(app)
    member.sign_in(people.user("Maya", acme).email)
    for is_on in (True, False):
        answer = api.put(path(acme.id), {"headsAlwaysSeePresence": is_on})
        assert (answer.status, answer.json) == (200, {"headsAlwaysSeePresence": is_on})
        assert policies(member) == policies(api) == {"Acme": is_on}
    assert told == [(acme.id, True), (acme.id, False)]


def test_what_changes_nothing_is_told_to_nobody(api, acme, told):
    for is_on in (False, True, True):
        assert api.put(path(acme.id), {"headsAlwaysSeePresence": is_on}).status == 200
    assert told == [(acme.id, True)]


def test_for_everybody_else_there_is_nothing_here(app, api, people, acme, told):
    from tests.support.api import LocalApi

    others = [people.user("Bruno", people.organization("Birch"), "owner"), people.user("Adam", acme, "admin")]
    others += [people.user("Maya", acme), people.user("Hanna", acme)]
    people.board(acme, [others[-1]])
    for person in others:
        other = LocalApi(app)
        other.sign_in(person.email)
        refused = other.put(path(acme.id), {"headsAlwaysSeePresence": True})
        unknown = other.put(path(uuid4()), {"headsAlwaysSeePresence": True})
        assert (refused.status, refused.text) == (404, unknown.text)
    assert told == [] and policies(api) == {"Acme": False}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"headsAlwaysSeePresence": None},
        {"headsAlwaysSeePresence": "yes"},
        {"headsAlwaysSeePresence": 1},
        {"headsAlwaysSeePresence": True, "plan": "enterprise"},
    ],
)
def test_what_makes_no_sense_is_refused(api, acme, told, body):
    assert api.put(path(acme.id), body).status == 422
    assert told == []


def test_the_database_lets_only_owners_change_it_and_nothing_else(app, people, acme, owner):
    change = text("update organizations set heads_always_see_presence = true where id = :id returning id")
    for person in (people.user("Adam", acme, "admin"), people.user("Maya", acme)):
        with db.unit_of_work(person.id) as session:
            assert session.execute(change, {"id": acme.id}).all() == []
    with db.unit_of_work(owner.id) as session:
        assert len(session.execute(change, {"id": acme.id}).all()) == 1
    with pytest.raises(Exception, match="permission denied"), db.unit_of_work(owner.id) as session:
        session.execute(text("update organizations set plan = 'free'"))


def test_of_two_owners_at_once_the_later_one_holds(app, people, acme, owner, told):
    second, first_has_changed, done = people.user("Oscar", acme, "owner"), threading.Event(), []

    def decide_later():
        first_has_changed.wait(5)
        decide(second, acme, False)
        done.append(True)

    thread = threading.Thread(target=decide_later)
    thread.start()
    with db.unit_of_work(owner.id) as session:
        organizations.set_presence_policy(
            acme.id, heads_always_see_presence=True, session=session, actor_id=owner.id, now=NOW
        )
        first_has_changed.set()
        thread.join(0.3)
        assert not done, "it waits"
    thread.join(5)
    assert told == [(acme.id, True), (acme.id, False)]


def test_each_change_is_in_the_trail_of_the_organization(app, acme, owner):
    for is_on in (True, True, False):
        decide(owner, acme, is_on)
    with db.unit_of_work(owner.id) as session:
        rows = session.execute(
            text("select actor_id, target_id, details from audit_events where action = :action order by seq"),
            {"action": "organization.policy_changed"},
        ).all()
    expected = [{"headsAlwaysSeePresence": is_on} for is_on in (True, False)]
    assert rows == [(owner.id, str(acme.id), details) for details in expected]
