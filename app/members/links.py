"""Secrets that travel in an address: 256 bits, shown once, kept as a hash."""

import secrets

from flask import url_for

from ..accounts.service import token_hash

__all__ = ["address_of", "new_token", "token_hash"]


def new_token() -> str:
    return secrets.token_urlsafe(32)


def address_of(endpoint: str, token: str) -> str:
    """The whole address, to be handed to somebody."""
    return url_for(endpoint, token=token, _external=True)
