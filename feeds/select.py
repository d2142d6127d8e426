"""Which events and occurrences each feed takes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Edit, Event, EventOccurrence, Outcome, Place, Status, Timed
from aggregator.store.protocol import EventReader
from feeds.away import Departure
from feeds.cut import Cut, cut
from feeds.info import MOST_EVENTS, SiteInfo
from feeds.scopes import is_gone, is_public, scopes, scopes_left, scopes_of
from feeds.urls import Flavour, Scope

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
    `gone`: it stands in a calendar only to say what became of it. Worked out once, as every feed asks.
    """

    event: Event
    occurrence: EventOccurrence
    merged: bool = False  # a date of an event that became part of this one: its UID ends here
    before: Place | None = None  # where it was when it belonged to this calendar
    when: Timed | AllDay = field(init=False)
    begin: datetime = field(init=False)
    first: date = field(init=False)
    last: date = field(init=False)
    status: Status = field(init=False)
    off: bool = field(init=False)
    exhibition: bool = field(init=False)
    changed: datetime = field(init=False)
    gone: bool = field(init=False)

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
            "gone": self.merged or self.before is not None,
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


class Agenda:
    """The public events of a region on one day, laid out by scope.

    `events` and `showings(scope)` are in stable order; an event's showings are all its
    occurrences, those of a scope only the ones in the calendar window. `edits` is the journal, as
    far back as changes are announced, per UID in order of time; `stale` names the sources that cannot
    be read at present, `seen` a day since which each other one was read. `quiet` are the venues without
    feeds: those that never had an event, but for the ones of `given`, whose addresses somebody may hold.
    `left` are, by event, the scopes that lost it to another place within the last thirty days; such an event
    is in `away` when it is shown nowhere else, as `events` may hold hidden ones for. `gone` are those that no
    source lists any more, by the journal.
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
        self._since = datetime.combine(today, time(), AMSTERDAM) - OFF_FOR
        self.most = min(info.most_events, MOST_EVENTS)  # of one calendar
        self.edits: dict[str, list[Edit]] = {}
        for edit in edits:
            self.edits.setdefault(edit.uid, []).append(edit)
        self.stale, self.seen = frozenset(stale), seen or {}
        known = sorted(events, key=lambda e: e.uid)
        shown = [event for event in known if is_public(event, info)]
        self.events: dict[str, Event] = {event.uid: event for event in shown}
        self.homes: dict[str, tuple[Scope, ...]] = {e.uid: tuple(scopes_of(e, info)) for e in shown}
        self.left = self._left(known)
        self.away = {e.uid: e for e in known if e.uid in self.left and e.uid not in self.events}
        self.gone = {e.uid: e for e in known if e.uid in self.edits and is_gone(e, info)}
        shown += self.away.values()
        self._own: dict[str, list[Showing]] = {e.uid: all_showings(e) for e in shown}
        self._events: dict[Scope, list[Event]] = {}
        self._showings: dict[Scope, list[Showing]] = {}
        self._coming: dict[tuple[Scope, date], list[Showing]] = {}
        self._parts: dict[tuple[Scope, Flavour], Cut] = {}
        self._stale: dict[Scope, list[str]] = {}
        self.news: dict[Any, Any] = {}  # kept by feeds.news, feeds.tally and feeds.site.rows
        alive = {o.uid for event in shown for o in event.occurrences}
        inside: dict[str, Showing] = {}  # each UID once (RFC 5545 §3.8.4.7)
        for event in self.events.values():
            inside |= {s.occurrence.uid: s for s in self._all(event, alive) if self.window.shows(s)}
            for scope in self.homes[event.uid]:
                self._events.setdefault(scope, []).append(event)
        venues = (s for s in scopes(info) if s.venue is not None and s.venue not in given)
        self.quiet = frozenset(scope for scope in venues if scope not in self._events)
        for showing in sorted(inside.values(), key=lambda s: s.order):  # once; each scope's own keep it
            for scope in self.homes[showing.event.uid]:
                self._showings.setdefault(scope, []).append(showing)
        farewells = self._farewells(alive)
        self.parted = frozenset(farewells)  # the scopes that tell of what left them
        for scope, told in farewells.items():
            self._showings[scope] = sorted(self._showings.get(scope, []) + told, key=lambda s: s.order)

    def _left(self, known: Iterable[Event]) -> dict[str, dict[Scope, Departure]]:
        moved = {uid for uid, lines in self.edits.items() if any(line.field == "place" for line in lines)}
        found = {}
        for event in known:
            if not moved.isdisjoint((event.uid, *event.aliases)):
                left = scopes_left(event, self.homes.get(event.uid, ()), self.edits, self.info)
                found[event.uid] = {scope: gone for scope, gone in left.items() if gone.at >= self._since}
        return {uid: left for uid, left in found.items() if left}

    def _farewells(self, alive: set[str]) -> dict[Scope, list[Showing]]:
        """The dates that were to come when their event left a scope, for the calendars of that scope."""
        found: dict[Scope, list[Showing]] = {}
        for uid, left in self.left.items():
            own = list(self._all(self.events.get(uid) or self.away[uid], alive))
            for gone, group in groupby(sorted(left, key=lambda s: s.key), key=left.__getitem__):
                told = [s for s in map(partial(told_as, gone), own) if s and self.window.shows(s)]
                for scope in group:
                    found.setdefault(scope, []).extend(told)
        return found

    def _all(self, event: Event, alive: set[str]) -> Iterator[Showing]:
        """Its occurrences, those that are off only as long as that is news, and the dates merged away."""
        for showing in self._own[event.uid]:
            if not showing.off or self._told(showing) >= self._since:
                yield showing
        for occurrence in event.retired:
            if occurrence.uid not in alive and occurrence.modified and occurrence.modified >= self._since:
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
        known = self.events.get(event.uid) or self.away.get(event.uid)
        return own if own is not None and known is event else all_showings(event)

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
        """Occurrences from today on, up to and including `last`; not what is gone."""
        span = Window(self.today, last or self.window.last)
        key = (scope, span.last)
        if key not in self._coming:
            found = self._showings.get(scope, [])
            self._coming[key] = [s for s in found if not s.gone and span.shows(s)]
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


def told_as(gone: Departure, showing: Showing) -> Showing | None:
    """A date for those who followed the place it left; None for what they never had or what was over."""
    if showing.merged:
        ended = showing.occurrence.modified or gone.at
        return showing if (ended == gone.at if gone.alias else ended <= gone.at) else None
    if showing.last < gone.at.astimezone(AMSTERDAM).date():
        return None
    return Showing(showing.event, showing.occurrence, before=gone.place)


def all_showings(event: Event) -> list[Showing]:
    """Every occurrence of an event, by start, then UID."""
    return sorted((Showing(event, o) for o in event.occurrences), key=lambda s: s.order)
