"""Passwords (argon2id) and random values of which only a digest is kept."""

import base64
import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from gridsvc.errors import InvalidInput

MIN_LENGTH = 10
MAX_LENGTH = 200
"""More costs time before it is hashed and protects nobody."""

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """A hash that carries its own salt and cost. Raises InvalidInput for a password that is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        msg = f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters"
        raise InvalidInput(msg, zh=f"密码须为 {MIN_LENGTH} 至 {MAX_LENGTH} 个字符。")
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether a password fits; takes as long where there is no account, so that nobody learns which logins exist."""
    try:
        return _hasher.verify(_nobody() if stored is None else stored, password[:MAX_LENGTH]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """256 random bits, safe in a cookie and a header."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a secret: no salt is needed for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _nobody() -> str:
    """A hash that nothing fits and that takes as long as a real one; writing it down takes no hashing itself."""
    salt, tag = secrets.token_bytes(_hasher.salt_len), secrets.token_bytes(_hasher.hash_len)
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${_packed(salt)}${_packed(tag)}"


def _packed(value: bytes) -> str:
    return base64.b64encode(value).decode().rstrip("=")
