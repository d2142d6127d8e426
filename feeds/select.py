"""Which feeds there are, and which events and occurrences each of them takes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Edit, Event, EventOccurrence, Status, Timed
from feeds.info import SiteInfo
from feeds.urls import REGION, Scope


@dataclass(frozen=True, slots=True)
class Showing:
    """One occurrence together with its event: a line of an agenda."""

    event: Event
    occurrence: EventOccurrence

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
        return self.status in (Status.CANCELLED, Status.POSTPONED)

    @property
    def order(self) -> tuple[datetime, str]:
        """Stable order: start, then UID; a day without a time comes before its hours."""
        return begin(self.when), self.occurrence.uid


def begin(when: Timed | AllDay) -> datetime:
    """Start as a local moment; a day begins at midnight, an unknown first day is the last one."""
    if isinstance(when, Timed):
        return when.start.astimezone(AMSTERDAM)
    day = when.first or when.last
    assert day is not None  # AllDay refuses both missing
    return datetime.combine(day, time(), AMSTERDAM)


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
    far back as changes are announced, per UID in order of time.
    """

    def __init__(
        self, events: Iterable[Event], info: SiteInfo, today: date, edits: Iterable[Edit] = ()
    ) -> None:
        self.info, self.today, self.window = info, today, window(info, today)
        self.edits: dict[str, list[Edit]] = {}
        for edit in edits:
            self.edits.setdefault(edit.uid, []).append(edit)
        self.events: dict[str, Event] = {}
        self._events: dict[Scope, list[Event]] = {}
        self._showings: dict[Scope, list[Showing]] = {}
        for event in sorted((e for e in events if is_public(e, info)), key=lambda e: e.uid):
            self._add(event)
        for showings in self._showings.values():
            showings.sort(key=lambda s: s.order)

    def _add(self, event: Event) -> None:
        self.events[event.uid] = event
        inside = [s for s in all_showings(event) if self.window.holds(s.when)]
        for scope in scopes_of(event, self.info):
            self._events.setdefault(scope, []).append(event)
            self._showings.setdefault(scope, []).extend(inside)

    def events_of(self, scope: Scope) -> list[Event]:
        """Events of a scope in order of UID, past ones too."""
        return self._events.get(scope, [])

    def showings(self, scope: Scope) -> list[Showing]:
        """Occurrences of a scope in the calendar window, by start, then UID."""
        return self._showings.get(scope, [])

    def coming(self, scope: Scope, last: date | None = None) -> list[Showing]:
        """Occurrences from today on, up to and including `last`."""
        span = Window(self.today, last or self.window.last)
        return [s for s in self.showings(scope) if span.holds(s.when)]


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
    coming = [s for s in showings if days(s.when)[1] >= today]
    past = [s for s in showings if days(s.when)[1] < today]
    kept = coming[:most] + past[-(most - len(coming)) :] if len(coming) < most else coming[:most]
    kept = sorted(kept, key=lambda s: s.order)
    until = begin(kept[-1].when).date() if kept and len(coming) > most else None
    return Cut(kept, len(showings) - len(kept), until)
