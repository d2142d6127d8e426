"""Which feeds there are, and which events and occurrences each of them takes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Edit, Event, EventOccurrence, Outcome, Status, Timed
from aggregator.store.protocol import EventReader
from feeds.info import SiteInfo
from feeds.urls import REGION, Flavour, Scope

KNOWN = 60_000  # moments of which day and local start are remembered
FINE = (Outcome.OK, Outcome.NOT_MODIFIED)
OFF_FOR = timedelta(days=30)  # so long a calendar says that something is off or became part of another


@dataclass(frozen=True, slots=True)
class Showing:
    """One occurrence together with its event: a line of an agenda."""

    event: Event
    occurrence: EventOccurrence
    merged: bool = False  # a date of an event that became part of this one: its UID ends here

    @property
    def when(self) -> Timed | AllDay:
        """Its moment or span."""
        return self.occurrence.occurrence.when

    @property
    def status(self) -> Status:
        """The occurrence's own status, else what was said of the whole event."""
        own = self.occurrence.occurrence.status
        return own if own is not Status.SCHEDULED else self.event.status

    @property
    def off(self) -> bool:
        """Whether nobody should go there at this time."""
        return self.merged or self.status in (Status.CANCELLED, Status.POSTPONED)

    @property
    def exhibition(self) -> bool:
        """Whether it is a span of several days, of which one chooses any."""
        first, last = days(self.when)
        return isinstance(self.when, AllDay) and first < last

    @property
    def order(self) -> tuple[datetime, str]:
        """Stable order: start, then UID; a day without a time comes before its hours."""
        return begin(self.when), self.occurrence.uid


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


def window(info: SiteInfo, today: date) -> Window:
    """The days that calendars show."""
    return Window(today - timedelta(days=info.days_past), today + timedelta(days=info.days_future))


def is_public(event: Event, info: SiteInfo) -> bool:
    """Whether an event is shown at all: not hidden, and in a municipality of the region."""
    return event.hidden is None and event.place.municipality in info.municipalities


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
    be read at present.
    """

    def __init__(
        self,
        events: Iterable[Event],
        info: SiteInfo,
        today: date,
        edits: Iterable[Edit] = (),
        stale: Iterable[str] = (),
    ) -> None:
        self.info, self.today, self.window = info, today, window(info, today)
        self.edits: dict[str, list[Edit]] = {}
        for edit in edits:
            self.edits.setdefault(edit.uid, []).append(edit)
        self.stale = frozenset(stale)
        self.events: dict[str, Event] = {}
        self._events: dict[Scope, list[Event]] = {}
        self._showings: dict[Scope, list[Showing]] = {}
        self._coming: dict[tuple[Scope, date], list[Showing]] = {}
        shown = sorted((e for e in events if is_public(e, info)), key=lambda e: e.uid)
        alive = {o.uid for event in shown for o in event.occurrences}
        inside: list[Showing] = []
        for event in shown:
            self.events[event.uid] = event
            inside += [s for s in self._all(event, alive) if self.window.holds(s.when)]
            for scope in scopes_of(event, info):
                self._events.setdefault(scope, []).append(event)
        for showing in sorted(inside, key=lambda s: s.order):  # once; each scope's own keep this order
            for scope in scopes_of(showing.event, info):
                self._showings.setdefault(scope, []).append(showing)

    def _all(self, event: Event, alive: set[str]) -> Iterator[Showing]:
        """Its occurrences, those that are off only as long as that is news, and the dates merged away."""
        since = datetime.combine(self.today, time(), AMSTERDAM) - OFF_FOR
        for occurrence in event.occurrences:
            showing = Showing(event, occurrence)
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

    def events_of(self, scope: Scope) -> list[Event]:
        """Events of a scope in order of UID, past ones too."""
        return self._events.get(scope, [])

    def showings(self, scope: Scope, flavour: Flavour = Flavour.ALL) -> list[Showing]:
        """Occurrences of a scope in the calendar window, by start, then UID."""
        found = self._showings.get(scope, [])
        if flavour is Flavour.KEEP:
            return [s for s in found if not s.merged]
        return [s for s in found if not s.exhibition] if flavour is Flavour.SHORT else found

    def coming(self, scope: Scope, last: date | None = None) -> list[Showing]:
        """Occurrences from today on, up to and including `last`; not the dates merged away."""
        span = Window(self.today, last or self.window.last)
        key = (scope, span.last)
        if key not in self._coming:
            found = self._showings.get(scope, [])
            self._coming[key] = [s for s in found if not s.merged and span.holds(s.when)]
        return self._coming[key]

    def stale_of(self, scope: Scope) -> list[str]:
        """Names of the sources of a scope's events that cannot be read at present, in order."""
        if not self.stale:
            return []
        ids = {source for event in self.events_of(scope) for source, _ in event.sources} & self.stale
        return sorted(self.info.sources[i].name if i in self.info.sources else i for i in ids)


def stale_sources(reader: EventReader) -> set[str]:
    """The sources whose newest run failed or waits for a person."""
    troubled = {name for name, run in reader.last_runs().items() if run.outcome not in FINE}
    return troubled | set(reader.held())


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
        (past if days(showing.occurrence.occurrence.when)[1] < today else coming).append(showing)
    if len(coming) >= most:
        kept = coming[:most]  # in order already
    else:
        kept = sorted(coming + past[-(most - len(coming)) :], key=lambda s: s.order)
    until = begin(kept[-1].when).date() if kept and len(coming) > most else None
    return Cut(kept, len(showings) - len(kept), until)
