"""The organization chosen at a browser: what pages show then, and that it opens nothing."""

import pytest


@pytest.fixture
def acme(people):
    return people.organization("Acme")


@pytest.fixture
def birch(people):
    return people.organization("Birch")


@pytest.fixture
def maya(people, acme, birch):
    """A member of Acme who owns Birch."""
    maya = people.user("Maya", acme)
    people.membership(maya, birch, "owner")
    return maya


def choose(api, wanted, **form):
    form |= {"csrf_token": api.csrf_token, "organization": wanted}
    return api.http.post("/organization", data=form)


def test_pages_of_who_runs_organizations_begin_with_the_chosen_one(client, people, maya, acme, birch):
    cedar = people.organization("Cedar")
    people.membership(maya, cedar, "owner")
    api = client(maya.email)
    assert "in Birch" in api.get("/admin/audit").text, "the first that she runs"
    assert choose(api, cedar.id).status_code == 303
    assert "in Cedar" in api.get("/admin/audit").text
    assert "in Birch" in api.get(f"/admin/audit?organization={birch.id}").text, "the address says it"
    for path in ("/attendance", "/my-attendance", "/admin/users"):
        chosen = f'<option value="{cedar.id}" selected>'
        assert chosen in api.get(path).text, path
    choose(api, "")
    assert "in Birch" in api.get("/admin/audit").text


def test_navigation_leads_only_to_what_is_run_in_the_chosen_one(client, maya, acme, birch):
    api = client(maya.email)
    assert ">Audit</a>" in api.get("/boards").text
    choose(api, acme.id)
    assert ">Audit</a>" not in api.get("/boards").text
    assert api.get("/admin/audit").status == 200, "by its address still"


def test_choice_leads_back_to_a_page_of_this_site_only(client, maya, acme):
    api = client(maya.email)
    assert choose(api, acme.id, next="/admin/users").location == "/admin/users"
    assert choose(api, acme.id, next="//evil.example").location == "/boards"


def test_only_own_organizations_can_be_chosen(client, people, maya, acme):
    api, cedar = client(maya.email), people.organization("Cedar")
    for wanted in (cedar.id, "nonsense"):
        assert choose(api, wanted).status_code == 404


def test_who_belongs_to_one_organization_has_nothing_to_choose(client, people, acme):
    omar = client(people.user("Omar", acme).email)
    assert 'id="place-menu"' not in omar.get("/boards").text
    assert choose(omar, acme.id).status_code == 303
