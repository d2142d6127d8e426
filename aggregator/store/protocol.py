"""What a store does, and who calls it. Implementations live beside this file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.model import (
    Cluster,
    Decision,
    Edit,
    Event,
    Intent,
    Kin,
    ListingRef,
    Outline,
    Reject,
    Run,
    StoredListing,
)


class EventReader(Protocol):
    """The read side: all that publishing, the app and `trek explain` need."""

    def revision(self) -> int:
        """A number that rises whenever any event changes; equal numbers mean equal events."""
        ...

    def events(self, *, hidden: bool = False) -> Iterator[Event]:
        """Events in order of UID; the hidden ones too when asked."""
        ...

    def digests(self) -> Mapping[str, str]:
        """Per event (UID), hidden ones too, a hash that changes with anything that is stored of it."""
        ...

    def event(self, uid: str) -> Event | None:
        """One event by its UID or by the UID of one that was merged into it."""
        ...

    def listings(self, source_id: str | None = None) -> Iterator[StoredListing]:
        """Listings in order of identity, in every state; of one source when named."""
        ...

    def some_listings(self, refs: Collection[ListingRef]) -> Iterator[StoredListing]:
        """These listings, as far as they are known, in order of identity."""
        ...

    def last_runs(self) -> Mapping[str, Run]:
        """The newest applied run of each source."""
        ...

    def runs(self, source_id: str | None = None, *, most: int = 60) -> Iterator[Run]:
        """The newest `most` applied runs of each source, by source, oldest first; of one when named."""
        ...

    def rejects(self, source_id: str | None = None) -> Iterator[Reject]:
        """What the newest run of each source could not use, with reasons."""
        ...

    def held(self) -> Mapping[str, str]:
        """The sources that wait for a person, each with the reason, until a complete run is not held."""
        ...

    def edits(self, since: datetime | None = None, uid: str | None = None) -> Iterator[Edit]:
        """The journal in order of time: what changed, from a moment on, on one event when named."""
        ...


class Store(EventReader, Protocol):
    """The write side: called by `aggregator.jobs` alone. Each method is one transaction."""

    def is_applied(self, run_id: str, source_id: str | None = None) -> bool:
        """Whether this run's listings are in the store already; of any source unless named."""
        ...

    def applied_runs(self, source_id: str) -> Mapping[str, bool]:
        """The runs of a source that are in the store, oldest first; False: its manifest never came."""
        ...

    def is_settled(self, source_id: str) -> bool:
        """Whether a complete run of this source was ever applied, so that its size is known."""
        ...

    def apply_run(self, run: Run, decision: Decision, rejects: Iterable[Reject], now: datetime) -> None:
        """Carry out a run's intents and remember the run; all or nothing, and twice is once.

        A run that was applied without a manifest (`finished` None) is carried out once more when
        it comes with one.
        """
        ...

    def revise_listings(
        self, source_id: str, intents: Iterable[Intent], rejects: Iterable[Reject], now: datetime
    ) -> None:
        """Write a source's listings that new rules made differ, and its rejects, without a run."""
        ...

    def memberships(
        self,
        *,
        active: bool = False,
        refs: Collection[ListingRef] | None = None,
        uids: Collection[str] | None = None,
    ) -> Mapping[ListingRef, str]:
        """Which event each listing belongs to (UID); never forgotten, so UIDs are permanent.

        With `active` only the listings that their event is made of since it was last saved; of these
        listings alone, or of these events, when named.
        """
        ...

    def sizes(self) -> Mapping[int, int]:
        """How many events are made of one listing now, how many of two, and so on."""
        ...

    def bases(self, uids: Collection[str] | None = None) -> Mapping[str, str]:
        """Per event (UID) the hash of what it was made from, as given to `save_events`; of these if named."""
        ...

    def aliases(self, uids: Collection[str]) -> Mapping[str, str]:
        """Of these UIDs those of events that were merged into another, and into which."""
        ...

    def some_events(self, uids: Collection[str]) -> Mapping[str, Event]:
        """These events by their own UIDs, as far as they are known."""
        ...

    def outlines(self, refs: Collection[ListingRef] | None = None) -> Mapping[ListingRef, Outline]:
        """Every listing's state, age and hash, without what it says; of these when named."""
        ...

    def marked(self) -> set[ListingRef]:
        """The listings that changed since the events that they may concern were saved.

        Marked by `apply_run` and `revise_listings` and, with what hangs together with them, by `save_kin`.
        """
        ...

    def compared(self, code: str) -> int:
        """How many listings were compared, as given to `save_kin`.

        0 when it was given with another `code`, the fingerprint of the rules of comparison.
        """
        ...

    def kin(self, refs: Collection[ListingRef]) -> Mapping[ListingRef, Kin]:
        """By listing, of these, what it was found to hang together with, as given to `save_kin`."""
        ...

    def held_by(self, parts: Collection[str]) -> Mapping[ListingRef, Kin]:
        """The listings of these parts."""
        ...

    def parts(self, names: Collection[str] | None = None) -> Iterator[Sequence[Cluster]]:
        """What the comparison found, as given to `save_kin`, part by part; of these parts when named."""
        ...

    def filed(self, blocks: Collection[int]) -> set[ListingRef]:
        """The listings that lie in any of these blocks, as given to `save_kin`."""
        ...

    def save_kin(
        self,
        parts: Iterable[Sequence[Cluster]],
        hashes: Mapping[ListingRef, str],
        blocks: Mapping[ListingRef, Sequence[int]],
        code: str,
        *,
        dropped: Collection[str] | None = None,
    ) -> None:
        """Remember what the comparison found in place of the `dropped` parts, or of all.

        `hashes` and `blocks` are of every listing in `parts`. The listings of dropped parts are marked.
        """
        ...

    def save_events(
        self,
        changed: Iterable[Event],
        members: Mapping[ListingRef, str],
        aliases: Mapping[str, str],
        *,
        now: datetime,
        bases: Mapping[str, str] | None = None,
        rules: str = "",
        settled: Collection[ListingRef] = (),
    ) -> int:
        """Write changed events with their listings' membership and retired UIDs (old -> kept).

        Returns how many events differ from what was stored. An event's `listings` become its active
        members. A retired UID's event is removed and found under the kept one from then on; a UID
        that is saved again is no alias any more. Writes the journal, and takes the marks of the `settled`
        listings away; `rules` is the fingerprint of what the events were made with.
        """
        ...

    def forget_edits(self, before: datetime) -> int:
        """Remove the journal's lines from before a moment; how many. Called by `aggregator.retention`."""
        ...

    def unclustered(self, rules: str = "") -> bool:
        """Whether clustering has work to do: listings or the rules changed since `save_events`."""
        ...

    def rules(self) -> str:
        """The fingerprint that `save_events` was last given."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...
