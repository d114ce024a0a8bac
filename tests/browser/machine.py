"""A browser in processes of its own that can stop without a goodbye: killed, or frozen as by a power cut."""

import psutil
from playwright.sync_api import BrowserType

from tests.support import chromium
from tests.support.pages import Pages


class Machine:
    def __init__(self, chrome: BrowserType, url: str) -> None:
        browser = chrome.launch(**chromium.find().launch_options())
        listed = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        (root,) = [process["id"] for process in listed if process["type"] == "browser"]
        self._root = psutil.Process(root)
        self.pages = Pages(browser, url)

    def freeze(self) -> None:
        """Connections stay open, and nothing comes any more."""
        for process in self._processes():
            process.suspend()

    def kill(self) -> None:
        if self._root.is_running():
            for process in self._processes():
                process.kill()

    def _processes(self) -> list[psutil.Process]:
        return [self._root, *self._root.children(recursive=True)]
