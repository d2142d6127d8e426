"""What a store does, and who calls it. Implementations live beside this file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from aggregator.model import Decision, Event, ListingRef, Reject, Run, StoredListing


class EventReader(Protocol):
    """The read side: all that publishing, the app and `trek explain` need."""

    def revision(self) -> int:
        """A number that rises whenever any event changes; equal numbers mean equal events."""
        ...

    def events(self, *, hidden: bool = False) -> Iterator[Event]:
        """Events in order of UID; the hidden ones too when asked."""
        ...

    def event(self, uid: str) -> Event | None:
        """One event by its UID or by the UID of one that was merged into it."""
        ...

    def listings(self, source_id: str | None = None) -> Iterator[StoredListing]:
        """Listings in order of identity, in every state; of one source when named."""
        ...

    def last_runs(self) -> Mapping[str, Run]:
        """The newest applied run of each source."""
        ...

    def rejects(self, source_id: str | None = None) -> Iterator[Reject]:
        """What the newest run of each source could not use, with reasons."""
        ...


class Store(EventReader, Protocol):
    """The write side: called by `aggregator.jobs` alone. Each method is one transaction."""

    def is_applied(self, run_id: str) -> bool:
        """Whether this run's listings are in the store already."""
        ...

    def apply_run(self, run: Run, decision: Decision, rejects: Iterable[Reject], now: datetime) -> None:
        """Carry out a run's intents and remember the run; all or nothing, and twice is once."""
        ...

    def memberships(self) -> Mapping[ListingRef, str]:
        """Which event each listing belongs to (UID); never forgotten, so UIDs are permanent."""
        ...

    def save_events(
        self, changed: Iterable[Event], members: Mapping[ListingRef, str], aliases: Mapping[str, str]
    ) -> None:
        """Write changed events with their listings' membership and retired UIDs (old -> kept)."""
        ...

    def unclustered(self) -> bool:
        """Whether listings changed since `save_events` last ran, so clustering has work to do."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...
