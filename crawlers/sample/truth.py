"""The truth about the sample as data: what is the same event, what must not appear, and what else is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from aggregator.model import Status, Tier
from crawlers.sample.markup import STYLES
from crawlers.sample.model import Entry, Programme, Showing

# Reasons for not being shown. The first four are of the event, the last three of all sites that tell of it.
REASONS = ("private", "not-culture", "not-an-event", "outside", "robots", "server-error", "empty")
_TRAITS = {"forbidden": "robots", "error": "server-error", "empty": "empty"}


@dataclass(frozen=True, slots=True)
class TruthListing:
    """What one address of one site tells of: equal `event` means the same event.

    `key` is the site's own id where its format has one (iCalendar UID, RSS guid, API number), else
    None. `stale` says that the site still tells an old date; `doors` that it prints the doors time as
    the start; `readable` that a polite crawler gets to see it at all.
    """

    source: str
    url: str
    key: str | None
    title: str
    event: str
    stale: bool = False
    doors: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True)
class TruthOccurrence:
    """One time: aware local start and, when some site prints it, end; dates, both inclusive, for a stay.

    `listed` says that some readable site tells of this time; `previous` is the start before it was moved.
    """

    start: datetime | date
    end: datetime | date | None
    listed: bool = True
    previous: datetime | None = None


@dataclass(frozen=True, slots=True)
class TruthEvent:
    """One event as the calendar must have it. `hidden` is the reason why it must not appear, else None.

    `status` is what the event is in truth; `status_told` says whether a readable site of its own
    house says so, or without one a site of the kind that is believed first.
    """

    id: str
    title: str
    municipality: str
    venue: str | None
    place: str
    hall: str | None
    pillars: frozenset[str]
    culture: bool
    hidden: str | None
    status: Status
    status_told: bool
    free: bool
    occurrences: tuple[TruthOccurrence, ...]
    listings: tuple[TruthListing, ...]


@dataclass(frozen=True)
class Truth:
    """All events by id, and all listings."""

    events: Mapping[str, TruthEvent]
    listings: tuple[TruthListing, ...]

    @cached_property
    def event_of(self) -> dict[tuple[str, str], str]:
        """(source id, address) to event id. Rows of calendars and interfaces have their own."""
        return {(row.source, row.url): row.event for row in self.listings}

    @property
    def shown(self) -> tuple[TruthEvent, ...]:
        """What the calendar must have."""
        return tuple(e for e in self.events.values() if e.hidden is None)

    @property
    def hidden(self) -> tuple[TruthEvent, ...]:
        """What the calendar must not have."""
        return tuple(e for e in self.events.values() if e.hidden is not None)

    @property
    def shared(self) -> tuple[TruthEvent, ...]:
        """Events that two or more readable addresses tell of: what must be merged."""
        return tuple(e for e in self.shown if sum(row.readable for row in e.listings) > 1)


def truth(programme: Programme, unreadable: Mapping[str, str] | None = None) -> Truth:
    """The truth about a programme. `unreadable` names further sites that do not answer, with their reason."""
    failing = {s.id: _TRAITS[s.trait] for s in programme.sources.values() if s.trait in _TRAITS}
    failing |= unreadable or {}
    told: dict[str, list[Entry]] = {name: [] for name in programme.events}
    for entry in programme.entries:
        told[entry.event].append(entry)
    events = {name: _event(programme, name, entries, failing) for name, entries in told.items() if entries}
    return Truth(events, tuple(row for event in events.values() for row in event.listings))


def _event(programme: Programme, name: str, entries: list[Entry], failing: Mapping[str, str]) -> TruthEvent:
    event = programme.events[name]
    venue = programme.venues[event.venue]
    readable = [e for e in entries if e.source not in failing]
    hidden = event.hidden or (None if readable else failing[entries[0].source])
    houses = [e for e in readable if programme.sources[e.source].venue == event.venue]
    houses = houses or _most_trusted(programme, readable)
    return TruthEvent(
        id=name,
        title=event.title,
        municipality=venue.municipality,
        venue=None if venue.municipality == "outside" else venue.id,
        place=venue.place,
        hall=event.hall,
        pillars=frozenset(event.pillars),
        culture=event.culture,
        hidden=hidden,
        status=event.status,
        status_told=any(_tells(programme, e, event.status) for e in houses),
        free=event.cost.free,
        occurrences=tuple(_occurrence(programme, s, readable) for s in event.showings),
        listings=tuple(_listing(programme, e, e.source not in failing) for e in entries),
    )


def _occurrence(programme: Programme, showing: Showing, readable: list[Entry]) -> TruthOccurrence:
    """The showing with its end only where some site prints that."""
    telling = [e for e in readable if not e.stale and any(s.number == showing.number for s in e.showings)]
    printed = showing.stay or any(STYLES[programme.sources[e.source].style].ends for e in telling)
    return TruthOccurrence(showing.start, showing.end if printed else None, bool(telling), showing.previous)


def _most_trusted(programme: Programme, entries: list[Entry]) -> list[Entry]:
    """The entries of the kind of site that is believed first."""
    order = list(Tier)
    best = min((order.index(programme.sources[e.source].tier) for e in entries), default=0)
    return [e for e in entries if programme.sources[e.source].tier is order[best]]


def _tells(programme: Programme, entry: Entry, status: Status) -> bool:
    """Whether the entry says this state, in a style that can."""
    return entry.status is status and status in STYLES[programme.sources[entry.source].style].tells


def _listing(programme: Programme, entry: Entry, readable: bool) -> TruthListing:
    return TruthListing(
        source=entry.source,
        url=programme.address(entry),
        key=_key(programme, entry),
        title=entry.title,
        event=entry.event,
        stale=entry.stale,
        doors=entry.doors_as_start,
        readable=readable,
    )


def _key(programme: Programme, entry: Entry) -> str | None:
    """The site's own id for the first showing, in the formats that have one."""
    source = programme.sources[entry.source]
    return STYLES[source.style].key(source, entry)
