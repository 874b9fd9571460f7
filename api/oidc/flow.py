"""One sign-in by a provider under way, and which addresses a provider may have."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in under way: random values that bind the answer to this browser, kept in its cookie alone."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> "Flow":
        """A new one."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @classmethod
    def read(cls, cookie: str) -> "Flow | None":
        """Out of a cookie's value; None for one that is none."""
        parts = cookie.split(".")
        return cls(*parts) if len(parts) == 3 and all(parts) else None

    def write(self) -> str:
        """As a cookie's value."""
        return f"{self.state}.{self.nonce}.{self.verifier}"


def is_safe(address: object) -> bool:
    """Whether an address is https; on this machine http will do."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})
