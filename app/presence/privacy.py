"""The rule of privacy: what of a person's presence somebody else may see. Pure; the same rule stands in SQL.

`sight` answers for one viewer; `audience` says to whom a moment was visible, so that whoever hides is shown
as last seen then (`Moments`), which cannot be told from having left. The function presence_sights of the
database is its twin for reads by SQL; a test compares them cell by cell.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Flag, auto
from functools import cache
from typing import Literal, NamedTuple

from . import core

Visibility = Literal["everyone", "team", "contacts", "nobody"]


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a person has set; these defaults hold for whoever has set nothing."""

    visibility: Visibility = "contacts"
    show_activity: bool = True
    show_current_page: bool = False
    appear_offline: bool = False


class Relation(Flag):
    """What a viewer is to a person. HEAD only counts where an organization lets heads always see presence."""

    NONE = 0
    SELF = auto()
    TEAM = auto()  # members of one organization
    CONTACT = auto()  # on one board, also across organizations
    HEAD = auto()  # heads a board the person is on, of an organization with that policy


class Sight(NamedTuple):
    """`exists` false: the person is not to be told from one there has never been."""

    exists: bool
    status: bool
    activity: bool  # typing, last seen, device
    page: bool


class Audience(Flag):
    """Those to whom a moment was visible; EVERYBODY is TEAM and CONTACTS and strangers."""

    NOBODY = 0
    STRANGERS = auto()
    TEAM = auto()
    CONTACTS = auto()
    EVERYBODY = STRANGERS | TEAM | CONTACTS


class Trace(NamedTuple):
    """What the record of one change of status on a board may show, to its heads and in "last seen"."""

    visible: bool
    team_only: bool  # to heads of the person's organizations, not to those from elsewhere
    shows_activity: bool
    seen_by: Audience


@dataclass(frozen=True, slots=True)
class Moments:
    """The last moment of life that each audience could see."""

    public: datetime | None = None
    team: datetime | None = None
    contacts: datetime | None = None


_AUDIENCES: dict[Visibility, Audience] = {
    "everyone": Audience.EVERYBODY,
    "team": Audience.TEAM,
    "contacts": Audience.CONTACTS,
    "nobody": Audience.NOBODY,
}


@cache
def sight(privacy: Privacy, relation: Relation) -> Sight:
    if Relation.SELF in relation:
        return Sight(True, True, True, True)
    overrides = Relation.HEAD in relation
    status = overrides or bool(audience(privacy) & audiences_of(relation))
    return Sight(
        exists=relation != Relation.NONE or privacy.visibility == "everyone",
        status=status,
        activity=overrides or (status and privacy.show_activity),
        page=status and privacy.show_current_page,
    )


@cache
def audience(privacy: Privacy) -> Audience:
    return Audience.NOBODY if privacy.appear_offline else _AUDIENCES[privacy.visibility]


def trace(privacy: Privacy, heads_always_see: bool) -> Trace:
    """`heads_always_see`: the policy of the board's organization."""
    seen_by = audience(privacy)
    visible = heads_always_see or bool(seen_by & (Audience.TEAM | Audience.CONTACTS))
    return Trace(
        visible=visible,
        team_only=visible and not heads_always_see and not seen_by & Audience.CONTACTS,
        shows_activity=heads_always_see or privacy.show_activity,
        seen_by=seen_by,
    )


def masked(view: core.View, seen: Sight, last_visible: datetime | None) -> core.View:
    """The view as somebody with this sight may have it: a hidden person is one who has left."""
    if not seen.status:
        return core.absent(last_visible)
    if not seen.activity:
        view = view._replace(last_seen=None, typing=False, task_id=None, device=None, connections=0)
    return view if seen.page else view._replace(page=None)


def audiences_of(relation: Relation) -> Audience:
    """Those a viewer belongs to."""
    belongs = Audience.STRANGERS
    if Relation.TEAM in relation:
        belongs |= Audience.TEAM
    if Relation.CONTACT in relation:
        belongs |= Audience.CONTACTS
    return belongs


def last_visible(privacy: Privacy, relation: Relation, moments: Moments) -> datetime | None:
    """The "last seen" of somebody hidden from this viewer; none where activity is not shown."""
    if not privacy.show_activity:
        return None
    belongs = audiences_of(relation)
    seen = [moments.public]
    seen += [moments.team] if Audience.TEAM in belongs else []
    seen += [moments.contacts] if Audience.CONTACTS in belongs else []
    return max((moment for moment in seen if moment), default=None)


def seen_on_board(moments: Moments, shown: Trace, moment: datetime | None) -> Moments:
    """Heads have seen `moment`; nobody's last sight steps back."""

    def later(known: datetime | None) -> datetime | None:
        return max(filter(None, (known, moment)), default=None)

    if not shown.visible:
        return moments
    contacts = moments.contacts if shown.team_only else later(moments.contacts)
    return Moments(team=later(moments.team), contacts=contacts)
