"""How often one visitor may ask for what costs much: counted in memory, forgotten with time, never stored."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

MOST_KEYS = 10_000  # visitors remembered at once


class Limit:
    """At most `most` turns per key within `span`; safe to use from several threads."""

    def __init__(self, most: int, span: timedelta) -> None:
        self.most, self.span = most, span
        self._turns: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, now: datetime) -> bool:
        """Whether this key has a turn left at this moment; it is used up when it has."""
        with self._lock:
            if key not in self._turns and len(self._turns) >= MOST_KEYS:
                self._forget(now)
            turns = self._turns.setdefault(key, deque())
            while turns and now - turns[0] >= self.span:
                turns.popleft()
            if len(turns) >= self.most:
                return False
            turns.append(now)
            return True

    def _forget(self, now: datetime) -> None:
        """Drop whose turns are over; where that is nobody, the one who has been there longest."""
        over = [key for key, turns in self._turns.items() if not turns or now - turns[-1] >= self.span]
        for key in over or list(self._turns)[:1]:
            del self._turns[key]


def visitor(peer: str | None, headers: Mapping[str, str]) -> str:
    """Whom to count a request for: the peer, or behind a proxy of our own whom that names last.

    Only a peer that is not public may speak for others (`X-Forwarded-For`). Of IPv6 the network counts
    (/64), as one household has as many addresses as it likes.
    """
    named = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    own = _network(peer or "")
    if named and (own == "" or not ip_network(own).is_global):
        return _network(named) or own
    return own


def _network(text: str) -> str:
    try:
        ip = ip_address(text.strip("[]"))
    except ValueError:
        return ""
    return str(ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)
