"""Pages in a real browser: opens them signed in, notes every error, asks axe about accessibility."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, WebError, expect

from .patience import GENEROUS
from .people import PASSWORD

expect.set_options(timeout=GENEROUS * 1000)
AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


class Kept:
    """Browsers of tests that have ended, emptied, for the tests to come.

    One that has been on the site before has its scripts read and compiled: a page costs half of the processor
    time. Each belongs to one server and to one set of options.
    """

    def __init__(self) -> None:
        self._base_url = ""
        self._contexts: dict[str, list[BrowserContext]] = {}

    def take(self, base_url: str, options: dict[str, Any]) -> BrowserContext | None:
        if base_url != self._base_url:
            self._forget()
            self._base_url = base_url
        contexts = self._contexts.get(repr(options))
        return contexts.pop() if contexts else None

    def give(self, base_url: str, options: dict[str, Any], context: BrowserContext) -> None:
        if base_url == self._base_url and _emptied(context, base_url):
            self._contexts.setdefault(repr(options), []).append(context)
        else:
            context.close()

    def _forget(self) -> None:
        for contexts in self._contexts.values():
            for context in contexts:
                context.close()
        self._contexts.clear()


class Pages:
    """All pages of one test.

    `problems` is what a person would see in the console: scripts that failed, files not found, violations of
    the content security policy. A test that provokes one clears it.
    """

    def __init__(self, browser: Browser, base_url: str, kept: Kept | None = None) -> None:
        self.base_url = base_url
        self.problems: list[str] = []
        self._browser = browser
        self._kept = kept or Kept()
        self._opened: list[tuple[BrowserContext, dict[str, Any], bool]] = []

    def open(self, path: str, email: str | None = None, **options: Any) -> Page:
        """A page in a browser of its own, signed in when `email` is given.

        Options are those of browser.new_context: viewport, color_scheme, locale, timezone_id, reduced_motion.
        """
        page = self.visitor(email, **options).new_page()
        page.goto(path)
        return page

    def visitor(
        self, email: str | None = None, password: str = PASSWORD, for_once: bool = False, **options: Any
    ) -> BrowserContext:
        """Somebody's browser: several pages of it share the session.

        `for_once`: nobody had it before or gets it afterwards, because it is changed for good (its clock).
        """
        options.setdefault("locale", "en-US")  # not the developer's own
        context = None if for_once else self._kept.take(self.base_url, options)
        context = context or self._browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(GENEROUS * 1000)
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        self._opened.append((context, options, for_once))
        if email is not None:
            sign_in(context, email, password)
        return context

    def close(self) -> None:
        for context, options, for_once in self._opened:
            context.remove_listener("console", self._note_console)
            context.remove_listener("weberror", self._note_error)
            if for_once:
                context.close()
            else:
                self._kept.give(self.base_url, options, context)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def _note_error(self, error: WebError) -> None:
        self.problems.append(f"error: {error.error}")


def _emptied(context: BrowserContext, base_url: str) -> bool:
    """Nothing of the last person is left, or nobody can tell."""
    ours = [page for page in context.pages if page.url.startswith(base_url)]
    if not ours:
        return False  # no page from which the site's storage could be emptied
    try:
        ours[0].evaluate("localStorage.clear()")
        for page in context.pages:
            page.close()
        context.unroute_all()
        context.clear_cookies()
    except Error:
        return False
    return True


def sign_in(context: BrowserContext, email: str, password: str = PASSWORD) -> None:
    """Past the form, which has tests of its own."""
    token = context.request.get("/api/session").json()["csrfToken"]
    answer = context.request.post(
        "/api/session", data={"email": email, "password": password}, headers={"X-CSRF-Token": token}
    )
    assert answer.ok, answer.text()


def accessibility_problems(page: Page, only: Sequence[str] = ()) -> list[str]:
    """What axe finds by all its rules (WCAG 2.2 A and AA, good practice), each with the first places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    # preload: it would ask for every style sheet once more, for rules about media files that no page has.
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": list(only)} if only else {})
    found = page.evaluate("options => axe.run(options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes'][:3]]}"
        for violation in found["violations"]
    ]
