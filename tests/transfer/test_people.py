"""Names in files meet people of an organization only when it is sure who is meant."""

from uuid import uuid4

from app.transfer.people import Known, match

MAYA, OMAR, OTHER = (
    Known(uuid4(), "Maya Lindt", "maya@acme.test"),
    Known(uuid4(), "Omar Haddad", "omar@acme.test"),
    Known(uuid4(), "Omar  HADDAD", "o.haddad@acme.test"),
)


def test_email_counts_before_the_name():
    assert match("Omar Haddad", "MAYA@acme.test", [MAYA, OMAR]) == MAYA.id


def test_name_counts_without_case_and_spaces_when_the_email_is_unknown():
    assert match(" maya  LINDT", "maya@elsewhere.test", [MAYA, OMAR]) == MAYA.id


def test_name_of_several_people_is_nobody():
    assert match("omar haddad", None, [OMAR, OTHER]) is None
    assert match("Nobody", None, [MAYA]) is None
