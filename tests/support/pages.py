"""Pages in a real browser: opens them signed in, notes every error, asks axe about accessibility."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from .people import PASSWORD

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


class Pages:
    """All pages of one test.

    `problems` is what a person would see in the console: scripts that failed, files not found, violations of
    the content security policy. A test that provokes one clears it.
    """

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.base_url = base_url
        self.problems: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open(self, path: str, email: str | None = None, **options: Any) -> Page:
        """A page in a browser of its own, signed in when `email` is given.

        Options are those of browser.new_context: viewport, color_scheme, locale, timezone_id, reduced_motion.
        """
        page = self.visitor(email, **options).new_page()
        page.goto(path)
        return page

    def visitor(self, email: str | None = None, password: str = PASSWORD, **options: Any) -> BrowserContext:
        """Somebody's browser: several pages of it share the session."""
        options.setdefault("locale", "en-US")  # not the developer's own
        context = self._browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(10_000)
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.problems.append(f"error: {error.error}"))
        self._contexts.append(context)
        if email is not None:
            sign_in(context, email, password)
        return context

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")


def sign_in(context: BrowserContext, email: str, password: str = PASSWORD) -> None:
    """Past the form, which has tests of its own."""
    token = context.request.get("/api/session").json()["csrfToken"]
    answer = context.request.post(
        "/api/session", data={"email": email, "password": password}, headers={"X-CSRF-Token": token}
    )
    assert answer.ok, answer.text()


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds by all its rules (WCAG 2.2 A and AA, good practice), each with the first places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes'][:3]]}"
        for violation in found["violations"]
    ]
