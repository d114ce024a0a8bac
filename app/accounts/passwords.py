"""Argon2id, away from the event loop. Unknown people cost as much time as known ones."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .. import offload

# OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = _hasher.hash("no password has this hash")
MIN_LENGTH, MAX_LENGTH = 10, 128
LEAST_DIFFERENT = 4  # characters; fewer are a key held down
# Those of the lists of stolen passwords that are long enough, and those of our own demo data and tests.
_COMMON_WORDS = """
1234567890 12345678910 123456789a 0123456789 0987654321 1234512345 qwertyuiop qwerty1234 qwerty12345
1234qwerty password12 password123 password1234 passw0rd123 iloveyou12 iloveyou123 letmein123 welcome123
welcome1234 administrator admin12345 abcdefghij abcd123456 superman123 football123 baseball123
sunshine123 princess123 1q2w3e4r5t 1qaz2wsx3edc zaq12wsxcde changeme123 workhub-demo workhub-test
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def weakness_of(password: str, *known: str) -> str | None:
    """Why this must not become a password, in a sentence; `known` are words others know of its person."""
    if len(password) < MIN_LENGTH:
        return f"Use at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"Use at most {MAX_LENGTH} characters."
    words = _COMMON | {word.lower() for word in known}
    if password.lower() in words or len(set(password)) < LEAST_DIFFERENT:
        return "This one is too easy to guess."
    return None


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
