"""The settings page and the page about privacy: who gets them, what leads there, what they say."""

from urllib.parse import unquote


def test_settings_are_for_who_is_signed_in_and_lead_back_after_signing_in(client, people):
    answer = client().http.get("/settings")
    assert (answer.status_code, unquote(answer.location)) == (302, "/login?next=/settings")
    page = client(people.user("Maya").email).get("/settings")
    assert page.status == 200
    assert "Presence and privacy" in page.text


def test_settings_are_in_the_account_menu_of_every_page(client, people):
    maya = client(people.user("Maya").email)
    for path in ("/boards", "/settings", "/privacy", "/nothing"):
        assert 'href="/settings"' in maya.http.get(path, headers={"Accept": "text/html"}).text, path


def test_what_privacy_means_can_be_read_by_everybody(client, people):
    assert 'href="/privacy"' in client().get("/login").text
    for api in (client(), client(people.user("Maya").email)):
        page = api.get("/privacy").text
        for level in ("Everyone", "My organization", "People I share a board with", "Nobody"):
            assert level in page
        assert "are not hidden" in page, "attendance"
