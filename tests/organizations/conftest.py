"""Acme with its people, as for members; each signed in to the application in this process."""

from tests.members.conftest import acme, sql

__all__ = ["acme", "sql"]
