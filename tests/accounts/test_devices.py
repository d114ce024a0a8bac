"""Kinds of devices, by what real browsers, apps and bots send (user_agents.txt)."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from app.accounts.devices import device_of, device_of_request

LINES = Path(__file__).with_name("user_agents.txt").read_text("utf-8").splitlines()
AGENTS = [line.split(maxsplit=1) for line in LINES]
WINDOWS, OLD_IPAD, ANDROID_TABLET = (
    next(agent for _, agent in AGENTS if word in agent)
    for word in ("Windows NT 10.0", "iPad; CPU OS 12", "Pixel Tablet")
)


@pytest.mark.parametrize(("device", "agent"), AGENTS)
def test_user_agent_tells_the_device(device, agent):
    assert device_of(agent) == device


def test_whoever_says_nothing_sits_at_a_desk():
    assert device_of("") == device_of_request(Headers()) == "desktop"


@pytest.mark.parametrize(
    ("mobile", "platform", "device"),
    [
        ("?1", '"Android"', "mobile"),
        ("?1", '"Linux"', "mobile"),
        ("?1", None, "mobile"),
        ("?0", '"Android"', "tablet"),
        ("?0", '"Windows"', "desktop"),
        ("?0", '"macOS"', "desktop"),
        ("?0", '"Chrome OS"', "desktop"),
        ("?0", '"Linux"', "desktop"),
    ],
)
@pytest.mark.parametrize("agent", [WINDOWS, ANDROID_TABLET, ""])
def test_hints_are_believed_before_the_user_agent(agent, mobile, platform, device):
    assert device_of(agent, mobile, platform) == device


@pytest.mark.parametrize(
    "hints", [("?0", None), ("?0", '"Unknown"'), ("1", '"Android"'), (None, '"Android"'), ("", "")]
)
def test_hints_that_say_nothing_leave_it_to_the_user_agent(hints):
    assert device_of(WINDOWS, *hints) == "desktop"
    assert device_of(OLD_IPAD, *hints) == "tablet"


def test_request_is_read_by_its_headers():
    said = {"User-Agent": WINDOWS, "Sec-CH-UA-Mobile": "?0", "Sec-CH-UA-Platform": '"Android"'}
    assert device_of_request(Headers(said)) == "tablet"
    assert device_of_request(Headers({"User-Agent": OLD_IPAD})) == "tablet"


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_whatever_a_client_says_it_is_one_of_three(agent, mobile, platform):
    assert device_of(agent, mobile, platform) in ("desktop", "mobile", "tablet")


@pytest.mark.parametrize("piece", ["a", " ", ";", "Android ", "(", "iPhone ", "x Build/", "A1B2;", "Mobile;"])
def test_long_user_agents_cost_little(piece):
    """Hundreds of patterns are tried on what anybody may send before signing in."""
    began = time.thread_time()
    device_of(piece * 20_000)
    assert time.thread_time() - began < 0.1
