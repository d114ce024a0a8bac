"""Argon2id, away from the event loop. Unknown people cost as much time as known ones."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .. import offload

# OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = _hasher.hash("no password has this hash")
MIN_LENGTH, MAX_LENGTH = 10, 128


def hash_password(password: str) -> str:
    return offload.run(_hasher.hash, password)


def matches(password_hash: str | None, password: str) -> bool:
    """None stands for an unknown person: verified against a hash that fits no password."""
    return offload.run(_verify, password_hash or _NOBODYS_HASH, password) and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
