"""What the store knows of one venue: its events, shown or not, the listings behind them, what was refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aggregator.clock import AMSTERDAM
from aggregator.model import Edit, Event, ListingRef, Reject, Run, StoredListing
from aggregator.store.protocol import EventReader
from feeds.info import SiteInfo
from feeds.scopes import is_public
from feeds.select import days

JOURNAL = timedelta(days=30)  # of changes that are told


@dataclass(frozen=True)
class Claims:
    """One venue on one day; `shown` and `hidden` are events that are not over, by their first date."""

    venue: str
    today: date
    shown: tuple[Event, ...]
    hidden: tuple[Event, ...]
    listings: Mapping[ListingRef, StoredListing]
    rejects: tuple[Reject, ...]
    runs: Mapping[str, Run | None]  # of the venue's own sources
    edits: tuple[Edit, ...]  # of its events, the newest first

    @property
    def since(self) -> datetime:
        """From when on changes are told."""
        return datetime.combine(self.today - JOURNAL, time(), AMSTERDAM)


class Archive:
    """Finds a venue's claims; reads the events once for each state of the store. For several threads."""

    def __init__(self, open_reader: Callable[[], EventReader], info: SiteInfo) -> None:
        self._open, self._info = open_reader, info
        self._reader: EventReader | None = None
        self._revision: int | None = None
        self._events: dict[str, list[Event]] = {}
        self._lock = threading.Lock()

    def find(self, venue: str, today: date) -> Claims:
        """The claims about a venue of the region."""
        with self._lock:
            reader = self._reader = self._reader or self._open()
            if self._revision != (revision := reader.revision()):
                self._events, self._revision = _by_venue(reader), revision
            return self._claims(reader, venue, today)

    def _claims(self, reader: EventReader, venue: str, today: date) -> Claims:
        alive = [e for e in self._events.get(venue, []) if _last(e) >= today]
        alive.sort(key=lambda e: (_first(e, today), e.uid))
        shown = tuple(e for e in alive if is_public(e, self._info))
        refs = {ref for event in alive for ref in event.listings}
        own = [name for name, source in self._info.sources.items() if source.venue == venue]
        runs, since = reader.last_runs(), datetime.combine(today - JOURNAL, time(), AMSTERDAM)
        uids = {event.uid for event in self._events.get(venue, [])}
        edits = [edit for edit in reader.edits(since) if edit.uid in uids]
        return Claims(
            venue,
            today,
            shown,
            tuple(e for e in alive if e not in shown),
            {stored.listing.ref: stored for stored in reader.some_listings(refs)},
            tuple(reject for name in own for reject in reader.rejects(name)),
            {name: runs.get(name) for name in own},
            tuple(sorted(edits, key=lambda e: e.at, reverse=True)),
        )


def _by_venue(reader: EventReader) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in reader.events(hidden=True):
        if event.place.venue:
            found.setdefault(event.place.venue, []).append(event)
    return found


def _last(event: Event) -> date:
    return max((days(o.occurrence.when)[1] for o in event.occurrences), default=date.min)


def _first(event: Event, today: date) -> date:
    spans = (days(o.occurrence.when) for o in event.occurrences)
    return min((first for first, last in spans if last >= today), default=date.max)
