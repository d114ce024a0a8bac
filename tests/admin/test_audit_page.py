"""The page of the trail, as it comes without any script: filters, pages, organizations, and who gets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.support.api import LocalApi

from .conftest import NOON, Office

if TYPE_CHECKING:
    from tests.support.people import People

HTML = {"Accept": "text/html"}


def page(api: LocalApi, query: str = "") -> str:
    answer = api.http.get(f"/admin/audit{query}", headers=HTML)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def events(html: str) -> list[str]:
    found = re.findall(r'audit-words"><strong>(.*?)</strong> (.*?)</p>', html)
    return [f"{who} {what}" for who, what in found]


def test_page_tells_the_events_newest_first(as_adam: LocalApi) -> None:
    told = events(page(as_adam))
    assert len(told) == 10
    assert told[0] == "Omar created an access token"
    assert told[-1] == "Maya changed their presence settings (visibility)"


def test_times_are_those_of_the_viewers_zone(people: People, client: Callable[[str], LocalApi]) -> None:
    acme = people.organization()
    adam = people.user("Adam", acme, "admin", time_zone="Europe/Berlin")
    people.record(adam, "token.created", NOON)
    api = client(adam.email)
    assert "2026-03-04 13:00 CET" in page(api)
    assert "2026-03-04 21:00 JST" in page(api, "?zone=Asia/Tokyo")
    for nonsense in ("No/Where", "../../etc/passwd", "Europe", "/etc"):
        assert "2026-03-04 13:00 CET" in page(api, f"?zone={nonsense}"), nonsense


def test_days_are_those_of_the_viewers_zone(
    people: People, client: Callable[[str], LocalApi], office: Office
) -> None:
    """Events are at 12:00 UTC, which is 1:00 of the next day at Auckland."""
    api = client(office.adam.email)
    assert len(events(page(api, "?from=2026-03-04&to=2026-03-04"))) == 1
    auckland = page(api, "?from=2026-03-04&to=2026-03-04&zone=Pacific/Auckland")
    assert len(events(auckland)) == 1
    assert 'datetime="2026-03-03T12:00:00' in auckland
    assert events(page(api, "?from=2026-03-05&zone=UTC")) == []


def test_filters_stay_in_the_form_and_in_the_address_of_the_export(as_adam: LocalApi, office: Office) -> None:
    html = page(as_adam, f"?action=token.created&person={office.maya.id}&from=2026-03-01&to=&zone=UTC")
    assert events(html) == ["Maya created an access token"]
    assert '<option value="token.created" selected>' in html
    assert f'<option value="{office.maya.id}" selected>Maya' in html
    assert 'name="from" value="2026-03-01"' in html
    (export,) = re.findall(r'href="(/api/organizations/[^"]+)"', html)
    answer = as_adam.get(export)
    assert answer.status == 200
    assert answer.text.count("\n") == 2, "the header and one event"


def test_nothing_that_matches_is_said_so(as_adam: LocalApi) -> None:
    html = page(as_adam, "?action=board.deleted")
    assert "Nothing matches" in html
    assert "Show everything" in html


def test_new_organization_has_an_empty_trail(people: People, client: Callable[[str], LocalApi]) -> None:
    owner = people.user("Nora", people.organization("New"), "owner")
    assert "Nothing has happened yet" in page(client(owner.email))


def test_older_events_are_a_link_away_and_so_are_the_newest(
    as_adam: LocalApi, people: People, office: Office
) -> None:
    for number in range(60):
        people.record(office.maya, "token.revoked", NOON + timedelta(minutes=number))
    first = page(as_adam, "?action=token.revoked")
    assert len(events(first)) == 50
    (older,) = re.findall(r'rel="next" href="(/admin/audit[^"]*)"', first)
    second = unescape(as_adam.http.get(older, headers=HTML).text)
    assert len(events(second)) == 10
    assert 'rel="next"' not in second
    assert "action=token.revoked" in older, "the filter goes along"
    (newest,) = re.findall(r'href="(/admin/audit[^"]*)">Newest', second)
    assert events(unescape(as_adam.http.get(newest, headers=HTML).text)) == events(first)


def test_who_runs_several_organizations_chooses_one(as_olivia: LocalApi, office: Office) -> None:
    assert len(events(page(as_olivia))) == 10
    html = page(as_olivia, f"?organization={office.birch.id}")
    assert events(html) == ["Bruno revoked an access token"]
    assert f'<option value="{office.birch.id}" selected>Birch' in html


def test_who_runs_one_has_nothing_to_choose_and_gets_no_other(as_adam: LocalApi, office: Office) -> None:
    assert 'id="audit-organization"' not in page(as_adam)
    for path in (f"?organization={office.birch.id}", "?organization=x", "?from=yesterday", "?to=2200-12-31"):
        assert as_adam.http.get(f"/admin/audit{path}", headers=HTML).status_code in (404, 422), path


def test_for_others_there_is_nothing_here(client: Callable[[str], LocalApi], office: Office) -> None:
    maya = client(office.maya.email)
    refused = maya.http.get("/admin/audit", headers=HTML)
    nowhere = maya.http.get("/admin/nowhere", headers=HTML)
    assert refused.status_code == nowhere.status_code == 404
    without_nonce = [
        re.sub(r'(nonce|content)="[^"]*"|value="[^"]*"', "", page.text) for page in (refused, nowhere)
    ]
    assert without_nonce[0] == without_nonce[1]


@pytest.mark.parametrize(("who", "is_shown"), [("olivia", True), ("adam", True), ("maya", False)])
def test_navigation_leads_there_who_may_go(
    client: Callable[[str], LocalApi], office: Office, who: str, is_shown: bool
) -> None:
    api = client(getattr(office, who).email)
    assert ('href="/admin/audit"' in api.http.get("/boards", headers=HTML).text) is is_shown


def test_link_goes_with_the_role(client: Callable[[str], LocalApi], office: Office, people: People) -> None:
    """At the next page, without signing in anew."""
    api = client(office.maya.email)
    people.membership(office.maya, office.birch, "admin")
    assert 'href="/admin/audit"' in api.http.get("/boards", headers=HTML).text
    assert events(page(api)) == ["Bruno revoked an access token"]
