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


def seen_at(moments: Moments, seen_by: Audience, moment: datetime | None) -> Moments:
    """`moment` was visible to `seen_by`; nobody's last sight steps back."""

    def later(known: datetime | None, who: Audience) -> datetime | None:
        return max(filter(None, (known, moment)), default=None) if who & seen_by else known

    return Moments(
        public=later(moments.public, Audience.STRANGERS),
        team=later(moments.team, Audience.TEAM),
        contacts=later(moments.contacts, Audience.CONTACTS),
    )
