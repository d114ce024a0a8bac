"""The file of everything that is recorded about oneself, fetched as people do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.pages import Pages

    from .team import Team


def test_settings_page_offers_everything_recorded_as_a_file(pages: Pages, team: Team) -> None:
    page = pages.open("/settings", team.maya.email)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of it").click()
    assert download.value.suggested_filename.startswith("workhub-20")
    told = json.loads(download.value.path().read_text("utf-8"))
    assert told["person"]["email"] == team.maya.email
    assert [event["action"] for event in told["auditEvents"]] == ["presence.exported"]
