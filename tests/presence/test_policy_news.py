"""What an owner decides over everybody's settings is told at once to whom it concerns, and to nobody else."""

from tests.support.patience import within

PATH = "/api/presence/settings"


def test_members_and_guests_hear_all_of_their_settings_and_strangers_nothing(live):
    team = live.team()
    elsewhere = live.people.organization("Elsewhere")
    guest, stranger = live.people.user("Guest", elsewhere), live.people.user("Stranger", elsewhere)
    owner = live.people.user("Owner", team.organization, "owner")
    live.backstage.add_member(team.board, guest)
    maya, visiting, other = (live.sign_in(person) for person in (team.maya, guest, stranger))
    assert maya.put(PATH, {"visibility": "nobody", "customStatus": "Deep work"}).status == 200
    pages = {api: live.open_tab(api) for api in (maya, visiting, other)}
    change = live.sign_in(owner).put(
        f"/api/organizations/{team.organization.id}/presence-policy", {"headsAlwaysSeePresence": True}
    )
    assert change.status == 200
    for api in (maya, visiting):
        told = pages[api].wait_for("settings_changed", timeout=within(2))
        assert told == api.get(PATH).json
        ours = {p["organizationName"]: p["headsAlwaysSeePresence"] for p in told["policies"]}
        assert ours[team.organization.name] is True
    pages[other].emit("unheard_of", {})
    assert pages[other].events("settings_changed") == []
