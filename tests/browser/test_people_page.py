"""The directory in a browser: found, read and opened by mouse, by keyboard, and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.api import Api
from tests.support.pages import accessibility_problems

from .test_accessibility import ALL_LOOKS, LONG, SCROLLS, axe_page, check
from .test_inert_text import PAYLOADS, as_shown, open_page
from .test_keyboard import tab_to

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

    from .team import Team

BERLIN = {"timezone_id": "Europe/Berlin", "locale": "en-GB"}


def cards(page: Page) -> Locator:
    return page.get_by_role("list", name="People", exact=True).get_by_role("listitem").locator("visible=true")


def card(page: Page, name: str) -> Locator:
    return cards(page).filter(has=page.get_by_role("link", name=name, exact=True))


def search(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search people")


def profile(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


@pytest.fixture
def guest(people: People, team: Team) -> None:
    birch = people.organization("Birch")
    guest = people.user("Piotr Dudek", birch, time_zone="Asia/Kathmandu")
    people.user("Somebody Else", birch)
    people.board(team.organization, [team.head], [guest], name="Fair")


def test_list_is_there_without_scripts_with_search_and_pages(pages: Pages, people: People) -> None:
    acme = people.organization()
    maya = people.user("Maya Brandt", acme)
    others = people.users(70, acme)
    page = pages.visitor(maya.email, java_script_enabled=False).new_page()
    page.goto("/people")
    links = page.get_by_role("list", name="People", exact=True).get_by_role("link")
    expect(links).to_have_count(60)
    expect(page.get_by_role("button", name="Online")).to_be_hidden()
    page.get_by_role("link", name="Show more").click()
    expect(links).to_have_count(11)
    search(page).fill(others[-1].name)
    page.get_by_role("button", name="Search").click()
    links.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(others[-1].name)
    expect(page.get_by_role("link", name=others[-1].email)).to_be_visible()


def test_navigation_leads_here_and_says_where_one_is(pages: Pages, people: People, team: Team) -> None:
    owner = people.user("Olivia Owner", team.organization, "owner")  # who has most to navigate to
    page = axe_page(pages, owner.email)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/boards")
    menu, navigation = page.get_by_role("button", name="Menu"), page.get_by_role("navigation", name="Main")
    expect(navigation).to_be_hidden()
    menu.press("Enter")
    page.keyboard.press("Tab")
    expect(navigation.get_by_role("link", name="Boards")).to_be_focused()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    assert accessibility_problems(page) == []
    navigation.get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
    menu.click()
    expect(navigation.locator("[aria-current=page]")).to_have_text("People")
    assert not page.evaluate(SCROLLS)


def test_cards_tell_team_mates_from_guests_and_oneself(pages: Pages, team: Team, guest: None) -> None:
    page = pages.open("/people", team.head.email)
    expect(cards(page)).to_have_count(4)
    expect(card(page, "Piotr Dudek")).to_contain_text("guest")
    expect(card(page, "Piotr Dudek")).to_contain_text("on Fair")
    expect(card(page, "Lena Head")).to_contain_text("you")
    expect(card(page, "Maya Brandt")).to_contain_text(team.maya.email)
    expect(page.get_by_text("Somebody Else")).to_have_count(0)


def test_search_follows_the_typing_and_stays_in_the_address(pages: Pages, team: Team) -> None:
    page = pages.open("/people", team.head.email)
    search(page).press_sequentially("brandt ma", delay=20)
    expect(cards(page)).to_have_count(1)
    expect(search(page)).to_be_focused()
    expect(page.get_by_text("1 person found.")).to_be_attached()
    expect(page).to_have_url(re.compile(r"/people\?q=brandt\+ma$"))
    page.reload()
    expect(cards(page)).to_have_count(1)
    expect(search(page)).to_have_value("brandt ma")
    search(page).fill("nobody of this name")
    expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()
    page.get_by_role("link", name="Show everybody").click()
    expect(cards(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/people$"))


def test_several_organizations_can_be_told_apart(pages: Pages, people: People, team: Team) -> None:
    birch = people.organization("Birch")
    people.membership(team.head, birch)
    people.user("Bruno Birch", birch)
    page = pages.open("/people", team.head.email)
    expect(cards(page)).to_have_count(4)
    page.get_by_role("combobox", name="Organization").select_option("Birch")
    expect(page.get_by_role("link", name="Maya Brandt")).to_have_count(0)
    expect(cards(page)).to_have_count(2)
    page.reload()
    expect(cards(page)).to_have_count(2)


def test_profile_opens_beside_the_list_and_gives_the_focus_back(
    pages: Pages, team: Team, guest: None
) -> None:
    page = pages.open("/people", team.head.email, **BERLIN)
    tab_to(page, "Maya Brandt")
    page.keyboard.press("Enter")
    opened = profile(page, "Maya Brandt")
    expect(opened).to_contain_text("Member of Acme")
    expect(opened.get_by_role("link", name=team.maya.email)).to_have_attribute(
        "href", f"mailto:{team.maya.email}"
    )
    expect(opened.get_by_role("link", name="Launch")).to_have_attribute("href", f"/boards/{team.board.id}")
    expect(page).to_have_url(re.compile(f"/people/{team.maya.id}$"))
    expect(page).to_have_title("Maya Brandt · People · WorkHub")
    page.get_by_role("link", name="Piotr Dudek").click()
    expect(profile(page, "Piotr Dudek")).to_contain_text(re.compile(r"for them, [34] h 45 min ahead of you"))
    expect(profile(page, "Piotr Dudek").get_by_text("E-mail")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(profile(page, "Piotr Dudek")).to_be_hidden()
    expect(page.get_by_role("link", name="Piotr Dudek")).to_be_focused()
    expect(page).to_have_url(re.compile("/people$"))


def test_back_and_forward_close_and_open_a_profile(pages: Pages, team: Team) -> None:
    page = pages.open("/people?q=brandt", team.head.email, viewport={"width": 360, "height": 740})
    page.get_by_role("link", name="Maya Brandt").click()
    expect(profile(page, "Maya Brandt")).to_be_visible()
    page.go_back()
    expect(profile(page, "Maya Brandt")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/people\?q=brandt$"))
    page.go_forward()
    expect(profile(page, "Maya Brandt")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Maya Brandt", level=1)).to_be_visible()
    page.get_by_role("link", name="People").last.click()
    expect(cards(page)).to_have_count(3)


def test_search_beside_an_open_profile_is_kept_when_it_closes(pages: Pages, team: Team) -> None:
    page = pages.open("/people", team.head.email)
    page.get_by_role("link", name="Maya Brandt").click()
    search(page).fill("omar")
    expect(cards(page)).to_have_count(1)
    expect(profile(page, "Maya Brandt")).to_be_visible()
    page.get_by_role("button", name="Close the profile").click()
    expect(page).to_have_url(re.compile(r"/people\?q=omar$"))
    expect(cards(page)).to_have_count(1)


def test_somebody_alone_reads_how_people_come_here(pages: Pages, people: People) -> None:
    page = pages.open("/people", people.user("Nadia New", people.organization()).email)
    expect(cards(page)).to_have_count(1)
    expect(page.get_by_role("heading", name="It is only you so far")).to_be_visible()
    expect(page.get_by_role("link", name="Go to your boards")).to_be_visible()


def test_page_of_somebody_who_does_not_exist_for_the_viewer(pages: Pages, people: People, team: Team) -> None:
    stranger = people.user("Somebody Else", people.organization("Birch"))
    page = pages.open(f"/people/{stranger.id}", team.head.email)
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    expect(page.get_by_text("Somebody Else")).to_have_count(0)
    pages.problems.clear()  # the 404


def test_axe_finds_nothing_on_the_list_and_on_profiles(
    pages: Pages, people: People, team: Team, guest: None
) -> None:
    long = people.user(LONG, team.organization, email=f"{'long' * 15}@{'test' * 15}.example")
    people.board(team.organization, [team.head], [long], name=LONG)
    page = axe_page(pages, team.head.email)
    page.goto("/people")
    expect(cards(page)).to_have_count(5)
    check(page)
    page.get_by_role("link", name=LONG).click()
    check(page, lambda: expect(profile(page, LONG)).to_be_visible(), ALL_LOOKS)
    page.goto(f"/people/{long.id}")
    check(page)
    page.goto("/people?q=nobody+of+this+name")
    check(page)


def test_hostile_names_and_words_are_shown_as_they_are_and_do_nothing(
    pages: Pages, people: People, server: Server
) -> None:
    organization = people.organization(PAYLOADS[1])
    everybody = [
        people.user(payload, organization, email=f"p{number}@test.example", time_zone=payload)
        for number, payload in enumerate(PAYLOADS)
    ]
    for payload in PAYLOADS:
        people.board(organization, everybody[:2], everybody[2:], name=payload)
    for number, payload in enumerate(PAYLOADS):
        api = Api(server.url)
        api.sign_in(f"p{number}@test.example")
        said = {"customStatus": payload, "customEmoji": "<img src=x"}
        assert api.put("/api/presence/settings", said).status == 200
    hits: list[str] = []
    page = open_page(pages, "p0@test.example", hits)
    page.goto("/people")
    names = page.get_by_role("list", name="People", exact=True).get_by_role("link")
    expect(names).to_have_count(len(PAYLOADS))
    assert set(map(as_shown, names.all_inner_texts())) == set(map(as_shown, PAYLOADS))
    for payload in PAYLOADS:
        expect(page.get_by_text(f"<img src=x {payload}", exact=True)).to_be_visible()
    names.filter(has_text=PAYLOADS[1]).first.click()
    expect(page.get_by_role("dialog").get_by_role("heading").first).to_be_focused()
    for payload in PAYLOADS[:4]:
        search(page).fill(payload)
        expect(names.filter(has_text=payload).first).to_be_visible()
    page.goto(f"/people/{everybody[1].id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(PAYLOADS[1])
    expect(page.get_by_text(f"<img src=x {PAYLOADS[1]}")).to_be_visible()
    assert page.locator("main, dialog").locator("script, iframe, img, style, math").count() == 0
    assert hits == []
