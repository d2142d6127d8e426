"""Signed links: who holds one speaks for that venue until it expires. HMAC-SHA256 (RFC 2104)."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from aggregator.errors import UsageError

LEAST = 16  # bytes of a secret
_PURPOSE = b"trek venue link 1"  # so that a signature made for something else never fits here


def sign_key(venue: str, until: datetime, secret: bytes) -> str:
    """`<expiry>.<signature>` for a venue; it holds until a moment (aware)."""
    if len(secret) < LEAST:
        raise UsageError(f"the secret is shorter than {LEAST} bytes", "secret", "let Trek make one")
    expiry = str(int(until.timestamp()))
    return f"{expiry}.{_mac(venue, expiry, secret)}"


def is_signed(key: str, venue: str, now: datetime, secret: bytes) -> bool:
    """Whether a key was made for this venue with this secret and has not expired."""
    expiry, _, mac = key.partition(".")
    if len(secret) < LEAST or not (expiry.isascii() and expiry.isdecimal() and len(expiry) <= 12):
        return False
    right = _mac(venue, expiry, secret)
    return hmac.compare_digest(mac.encode("utf-8", "replace"), right.encode()) and now.timestamp() < int(
        expiry
    )


def expiry_of(key: str) -> datetime:
    """When a key that `is_signed` expires."""
    return datetime.fromtimestamp(int(key.partition(".")[0]), UTC)


def _mac(venue: str, expiry: str, secret: bytes) -> str:
    text = b"\n".join((_PURPOSE, venue.encode("utf-8", "surrogatepass"), expiry.encode()))
    return hmac.new(secret, text, "sha256").hexdigest()
