"""Which feeds there are, and which events and occurrences each of them takes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Edit, Event, EventOccurrence, Outcome, Status, Timed
from aggregator.store.protocol import EventReader
from feeds.info import MOST_EVENTS, SiteInfo
from feeds.urls import REGION, Flavour, Scope

KNOWN = 60_000  # moments of which day and local start are remembered
FINE = (Outcome.OK, Outcome.NOT_MODIFIED)
UNDATED = datetime(2020, 1, 1, tzinfo=UTC)  # stamp of what has no known last change: fixed, never now
OFF = (Status.CANCELLED, Status.POSTPONED)
OFF_FOR = timedelta(days=30)  # so long a calendar says that something is off or became part of another


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """One occurrence together with its event: a line of an agenda.

    `when` is its moment or span, `first` and `last` the days that it touches, `begin` its start as a
    local moment. `status` is the occurrence's own, else what was said of the whole event; `off` says
    that nobody should go there at this time; `exhibition` that it is a span of several days, of which
    one chooses any. `changed` is the last change of anything published of it, UTC, in whole seconds.
    Worked out once, as every feed asks for them.
    """

    event: Event
    occurrence: EventOccurrence
    merged: bool = False  # a date of an event that became part of this one: its UID ends here
    when: Timed | AllDay = field(init=False)
    begin: datetime = field(init=False)
    first: date = field(init=False)
    last: date = field(init=False)
    status: Status = field(init=False)
    off: bool = field(init=False)
    exhibition: bool = field(init=False)
    changed: datetime = field(init=False)

    def __post_init__(self) -> None:
        own = self.occurrence.occurrence
        status = own.status if own.status is not Status.SCHEDULED else self.event.status
        first, last = days(own.when)
        stamps = (self.occurrence.modified, self.event.modified, self.occurrence.created)
        changed = next((m for m in stamps if m is not None), UNDATED)
        known = {
            "when": own.when,
            "begin": begin(own.when),
            "first": first,
            "last": last,
            "status": status,
            "off": self.merged or status in OFF,
            "exhibition": isinstance(own.when, AllDay) and first < last,
            "changed": changed.astimezone(UTC).replace(microsecond=0),
        }
        for name, value in known.items():
            object.__setattr__(self, name, value)

    @property
    def order(self) -> tuple[datetime, str]:
        """Stable order: start, then UID; a day without a time comes before its hours."""
        return self.begin, self.occurrence.uid


@lru_cache(maxsize=KNOWN)
def begin(when: Timed | AllDay) -> datetime:
    """Start as a local moment; a day begins at midnight, an unknown first day is the last one."""
    if isinstance(when, Timed):
        return when.start.astimezone(AMSTERDAM)
    day = when.first or when.last
    assert day is not None  # AllDay refuses both missing
    return datetime.combine(day, time(), AMSTERDAM)


@lru_cache(maxsize=KNOWN)
def days(when: Timed | AllDay) -> tuple[date, date]:
    """First and last day that it touches; an end before six in the morning belongs to the night before.

    A span of which only the end is known ("t/m 12 januari") is on until then, from when is unknown:
    it counts as begun.
    """
    if isinstance(when, AllDay):
        return when.first or date.min, when.last or when.first or date.max
    first = when.start.astimezone(AMSTERDAM).date()
    if when.end is None or when.end <= when.start:
        return first, first
    end = when.end.astimezone(AMSTERDAM)
    last = end.date() - timedelta(days=1) if end.time() <= time(6) else end.date()
    return first, max(first, last)


@dataclass(frozen=True, slots=True)
class Window:
    """Days, both inclusive."""

    first: date
    last: date

    def holds(self, when: Timed | AllDay) -> bool:
        """Whether any part of it falls in the window."""
        first, last = days(when)
        return first <= self.last and last >= self.first

    def shows(self, showing: Showing) -> bool:
        """Whether any part of a showing falls in the window."""
        return showing.first <= self.last and showing.last >= self.first


def window(info: SiteInfo, today: date) -> Window:
    """The days that calendars show."""
    return Window(today - timedelta(days=info.days_past), today + timedelta(days=info.days_future))


def is_public(event: Event, info: SiteInfo) -> bool:
    """Whether an event is shown at all: not hidden, in the region, and its venue did not opt out."""
    place = event.place
    return event.hidden is None and place.municipality in info.municipalities and place.venue not in info.left


def scopes(info: SiteInfo) -> Iterator[Scope]:
    """Every feed's scope: region, municipalities, pillars, both, venues; in the order of the config."""
    yield REGION
    for municipality in info.municipalities:
        yield Scope(municipality=municipality)
    for pillar in info.pillars:
        yield Scope(pillar=pillar)
    for municipality in info.municipalities:
        for pillar in info.pillars:
            yield Scope(municipality=municipality, pillar=pillar)
    for venue in info.venues:
        yield Scope(venue=venue)


def scopes_of(event: Event, info: SiteInfo) -> Iterator[Scope]:
    """The scopes that take a public event."""
    municipality = event.place.municipality
    yield REGION
    yield Scope(municipality=municipality)
    for pillar in sorted({tag.tag for tag in event.pillars} & set(info.pillars)):
        yield Scope(pillar=pillar)
        yield Scope(municipality=municipality, pillar=pillar)
    if event.place.venue in info.venues:
        yield Scope(venue=event.place.venue)


class Agenda:
    """The public events of a region on one day, laid out by scope.

    `events` and `showings(scope)` are in stable order; an event's showings are all its
    occurrences, those of a scope only the ones in the calendar window. `edits` is the journal, as
    far back as changes are announced, per UID in order of time; `stale` names the sources that cannot
    be read at present, `seen` a day since which each other one was read. `quiet` are the venues without
    feeds: those that never had an event, but for the ones of `given`, whose addresses somebody may hold.
    """

    def __init__(
        self,
        events: Iterable[Event],
        info: SiteInfo,
        today: date,
        edits: Iterable[Edit] = (),
        stale: Iterable[str] = (),
        seen: Mapping[str, date] | None = None,
        given: Collection[str] = (),
    ) -> None:
        self.info, self.today, self.window = info, today, window(info, today)
        self.most = min(info.most_events, MOST_EVENTS)  # of one calendar
        self.edits: dict[str, list[Edit]] = {}
        for edit in edits:
            self.edits.setdefault(edit.uid, []).append(edit)
        self.stale, self.seen = frozenset(stale), seen or {}
        shown = sorted((e for e in events if is_public(e, info)), key=lambda e: e.uid)
        self.events: dict[str, Event] = {event.uid: event for event in shown}
        self.homes: dict[str, tuple[Scope, ...]] = {e.uid: tuple(scopes_of(e, info)) for e in shown}
        self._own: dict[str, list[Showing]] = {e.uid: all_showings(e) for e in shown}
        self._events: dict[Scope, list[Event]] = {}
        self._showings: dict[Scope, list[Showing]] = {}
        self._coming: dict[tuple[Scope, date], list[Showing]] = {}
        self._parts: dict[tuple[Scope, Flavour], Cut] = {}
        self._stale: dict[Scope, list[str]] = {}
        self.news: dict[Any, Any] = {}  # kept by feeds.news
        alive = {o.uid for event in shown for o in event.occurrences}
        inside: dict[str, Showing] = {}  # each UID once (RFC 5545 §3.8.4.7)
        for event in shown:
            inside |= {s.occurrence.uid: s for s in self._all(event, alive) if self.window.shows(s)}
            for scope in self.homes[event.uid]:
                self._events.setdefault(scope, []).append(event)
        venues = (s for s in scopes(info) if s.venue is not None and s.venue not in given)
        self.quiet = frozenset(scope for scope in venues if scope not in self._events)
        for showing in sorted(inside.values(), key=lambda s: s.order):  # once; each scope's own keep it
            for scope in self.homes[showing.event.uid]:
                self._showings.setdefault(scope, []).append(showing)

    def _all(self, event: Event, alive: set[str]) -> Iterator[Showing]:
        """Its occurrences, those that are off only as long as that is news, and the dates merged away."""
        since = datetime.combine(self.today, time(), AMSTERDAM) - OFF_FOR
        for showing in self._own[event.uid]:
            if not showing.off or self._told(showing) >= since:
                yield showing
        for occurrence in event.retired:
            if occurrence.uid not in alive and occurrence.modified and occurrence.modified >= since:
                yield Showing(event, occurrence, merged=True)

    def _told(self, showing: Showing) -> datetime:
        """When it became known that it is off: by the journal, else its last change."""
        uid = showing.occurrence.uid
        lines = (e for e in self.edits.get(showing.event.uid, ()) if e.field == "status")
        known = [e.at for e in lines if e.occurrence in (None, uid)]
        last = known[-1] if known else showing.occurrence.modified or showing.event.modified
        return last or datetime.max.replace(tzinfo=AMSTERDAM)

    def dates(self, event: Event) -> list[Showing]:
        """Every occurrence of an event, past ones too, by start, then UID."""
        own = self._own.get(event.uid)
        return own if own is not None and self.events[event.uid] is event else all_showings(event)

    def followed(self) -> list[Scope]:
        """The scopes that have feeds, in the order of the config."""
        return [scope for scope in scopes(self.info) if scope not in self.quiet]

    def events_of(self, scope: Scope) -> list[Event]:
        """Events of a scope in order of UID, past ones too."""
        return self._events.get(scope, [])

    def showings(self, scope: Scope, flavour: Flavour = Flavour.ALL) -> list[Showing]:
        """Occurrences of a scope in the calendar window, by start, then UID."""
        found = self._showings.get(scope, [])
        if flavour is Flavour.KEEP:
            return [s for s in found if not s.merged]
        return [s for s in found if not s.exhibition] if flavour is Flavour.SHORT else found

    def part(self, scope: Scope, flavour: Flavour = Flavour.ALL) -> Cut:
        """The showings of a calendar, as many as it may hold."""
        key = (scope, flavour)
        if key not in self._parts:
            self._parts[key] = cut(self.showings(scope, flavour), self.most, self.today)
        return self._parts[key]

    def coming(self, scope: Scope, last: date | None = None) -> list[Showing]:
        """Occurrences from today on, up to and including `last`; not the dates merged away."""
        span = Window(self.today, last or self.window.last)
        key = (scope, span.last)
        if key not in self._coming:
            found = self._showings.get(scope, [])
            self._coming[key] = [s for s in found if not s.merged and span.shows(s)]
        return self._coming[key]

    def stale_of(self, scope: Scope) -> list[str]:
        """Names of the sources of a scope's events that cannot be read at present, in order."""
        if self.stale and scope not in self._stale:  # every feed of the scope asks
            ids = {source for event in self.events_of(scope) for source, _ in event.sources} & self.stale
            known = self.info.sources
            self._stale[scope] = sorted(known[i].name if i in known else i for i in ids)
        return self._stale.get(scope, [])


def stale_sources(reader: EventReader, info: SiteInfo) -> set[str]:
    """The sources whose newest run failed or waits for a person, and those that are read no more."""
    runs, sources = reader.last_runs(), info.sources
    troubled = {name for name, run in runs.items() if run.outcome not in FINE}
    off = {name for name in runs if name not in sources or sources[name].off}
    return troubled | off | set(reader.held())


def all_showings(event: Event) -> list[Showing]:
    """Every occurrence of an event, by start, then UID."""
    return sorted((Showing(event, o) for o in event.occurrences), key=lambda s: s.order)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a size limit left: the showings kept, how many were left out, and the last day kept."""

    kept: list[Showing]
    left_out: int
    until: date | None


def cut(showings: list[Showing], most: int, today: date) -> Cut:
    """At most `most` showings: what is coming goes first, the near before the far, then the past."""
    if len(showings) <= most:
        return Cut(showings, 0, None)
    coming: list[Showing] = []
    past: list[Showing] = []
    for showing in showings:
        (past if showing.last < today else coming).append(showing)
    if len(coming) >= most:
        kept = coming[:most]  # in order already
    else:
        kept = sorted(coming + past[-(most - len(coming)) :], key=lambda s: s.order)
    until = kept[-1].begin.date() if kept and len(coming) > most else None
    return Cut(kept, len(showings) - len(kept), until)
