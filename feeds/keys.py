"""What each file's bytes depend on, as a key: a file whose key stayed the same need not be made again.

A key covers everything of the data and the day that its renderer looks at; code and configuration are
covered by the state's fingerprint. A key that is too wide costs time, one too narrow would leave a
file stale: a test compares every file with a publication from nothing.
"""

from __future__ import annotations

from aggregator.model import Event
from feeds.news import Entry, entries
from feeds.pieces import Pieces
from feeds.seen import sources_of
from feeds.select import Agenda, Showing
from feeds.site.day import has_page
from feeds.site.pages import MOST_HOME, MOST_ROWS, featured_of
from feeds.site.rows import laid
from feeds.state import digest_of
from feeds.urls import Flavour, Scope


class Keys:
    """The keys of one publication; what languages have in common is worked out once."""

    def __init__(self, agenda: Agenda, pieces: Pieces) -> None:
        self.agenda, self.pieces = agenda, pieces
        self._events: dict[str, str] = {}
        self._listings: dict[Scope, str] = {}
        self._calendars: dict[tuple[Scope, Flavour], str] = {}
        self._entries: dict[tuple[Scope, str], tuple[list[Entry], str]] = {}

    def event(self, event: Event) -> str:
        """Of an event's page: the event, dates over or with a day page, the year, when sources were read."""
        if event.uid not in self._events:
            today, dates = self.agenda.today, self.agenda.dates(event)
            over = sum(s.last < today for s in dates)
            linked = "".join("01"[has_page(s.begin.date(), today)] for s in dates)
            read = [self.agenda.seen.get(s) for s in sources_of(event)] if over < len(dates) else ()
            self._events[event.uid] = digest_of(self.pieces.owner(event), over, linked, today.year, *read)
        return self._events[event.uid]

    def listing(self, scope: Scope) -> str:
        """Of a listing page: the year, the rows that it shows and how near each is, the numbers on it."""
        if scope not in self._listings:
            agenda = self.agenda
            coming = agenda.coming(scope)
            running, fixed = laid(agenda, scope)
            by_day = (*fixed[:MOST_ROWS], *featured_of(agenda, scope))
            counts = sorted(self._counts(coming).items(), key=str)
            marks = [self.pieces.showing(s) for s in (*running[:MOST_HOME], *by_day)]
            numbers = (agenda.today.year, len(running), len(fixed), counts, scope in agenda.quiet)
            self._listings[scope] = digest_of(*numbers, *marks, *map(self._near, by_day))
        return self._listings[scope]

    def _near(self, showing: Showing) -> str:
        """What its day is called by: today's date where it began, tomorrow, else nothing but itself."""
        ahead = (showing.begin.date() - self.agenda.today).days
        return str(self.agenda.today) if ahead <= 0 else "tomorrow" if ahead == 1 else ""

    @staticmethod
    def _counts(coming: list[Showing]) -> dict[object, int]:
        """Events by whatever a listing counts them by, and all of them."""
        counts: dict[object, int] = {}
        for event in {s.event.uid: s.event for s in coming}.values():
            place = event.place
            for part in (
                "",
                place.municipality,
                place.venue,
                *(("p", t) for t in {t.tag for t in event.pillars}),
            ):
                counts[part] = counts.get(part, 0) + 1
        return counts

    def calendar(self, scope: Scope, flavour: Flavour) -> str:
        """Of a calendar: its events in order, how many are over, what was cut, stale sources."""
        found = self._calendars.get((scope, flavour))
        if found is None:
            part, today = self.agenda.part(scope, flavour), self.agenda.today
            over = sum(s.last < today for s in part.kept)
            about = (over, part.left_out, part.until, *self.agenda.stale_of(scope))
            found = self._calendars[scope, flavour] = digest_of(*about, *map(self.pieces.showing, part.kept))
        return found

    def entries(self, scope: Scope, kind: str) -> tuple[list[Entry], str]:
        """Of a news feed: its entries, and the key: these and the stale sources."""
        found = self._entries.get((scope, kind))
        if found is None:
            made = entries(self.agenda, scope, kind)
            key = digest_of(*self.agenda.stale_of(scope), *map(self.pieces.entry, made))
            found = self._entries[scope, kind] = (made, key)
        return found
