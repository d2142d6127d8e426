"""Free combinations: one calendar of chosen municipalities, pillars and venues, from the kept pieces."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from aggregator.errors import UsageError
from aggregator.store.protocol import EventReader
from feeds.card import Voice
from feeds.changes import changes_since
from feeds.formats import ical
from feeds.formats.ical import Manner
from feeds.info import SiteInfo
from feeds.opendata.files import changes
from feeds.pieces import Pieces
from feeds.select import Agenda, Showing, stale_sources
from feeds.urls import REGION, Scope, Urls

MOST_VALUES = 200
MOST_KEPT = 500  # assembled calendars in memory


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants: within a kind any of the values, between the kinds all; empty is no wish."""

    municipalities: frozenset[str] = frozenset()
    pillars: frozenset[str] = frozenset()
    venues: frozenset[str] = frozenset()
    language: str = "nl"
    keep: bool = False  # cancelled stays CONFIRMED with the word before the title
    exhibitions: bool = True

    def takes(self, showing: Showing) -> bool:
        """Whether an occurrence is wanted."""
        event = showing.event
        if (self.keep and showing.merged) or (not self.exhibitions and showing.exhibition):
            return False
        return (
            (not self.municipalities or event.place.municipality in self.municipalities)
            and (not self.pillars or any(tag.tag in self.pillars for tag in event.pillars))
            and (not self.venues or event.place.venue in self.venues)
        )

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The same choice always in the same words."""
        pairs = [("municipality", m) for m in sorted(self.municipalities)]
        pairs += [("pillar", p) for p in sorted(self.pillars)]
        pairs += [("venue", v) for v in sorted(self.venues)]
        pairs += [("cancelled", "keep")] if self.keep else []
        pairs += [] if self.exhibitions else [("exhibitions", "no")]
        return (*pairs, ("language", self.language))


def parse_choice(pairs: Iterable[tuple[str, str]], info: SiteInfo) -> Choice:
    """The choice in a query; UsageError names the key or value that does not exist."""
    known = {
        "municipality": set(info.municipalities),
        "pillar": set(info.pillars),
        "venue": set(info.venues),
        "language": set(info.languages),
        "cancelled": {"keep", "plain"},
        "exhibitions": {"yes", "no"},
    }
    chosen: dict[str, list[str]] = {key: [] for key in known}
    for number, (key, value) in enumerate(pairs):
        if number >= MOST_VALUES:
            raise UsageError(f"more than {MOST_VALUES} values", "/agenda.ics", "choose fewer")
        if key not in known:
            raise UsageError(f"unknown key {key[:40]!r}", "/agenda.ics", f"known are {', '.join(known)}")
        if value not in known[key]:
            hint = "the page with all feeds has the names that exist"
            raise UsageError(f"unknown {key} {value[:80]!r}", "/agenda.ics", hint)
        chosen[key].append(value)
    language = chosen["language"][-1] if chosen["language"] else info.languages[0]
    municipalities, pillars, venues = (frozenset(chosen[k]) for k in ("municipality", "pillar", "venue"))
    keep = chosen["cancelled"][-1:] == ["keep"]
    return Choice(municipalities, pillars, venues, language, keep, chosen["exhibitions"][-1:] != ["no"])


class Combiner:
    """Assembles calendars of one store's events; renders again only what changed there.

    `open_reader` is called once, at the first request. Safe to call from several threads.
    """

    def __init__(self, open_reader: Callable[[], EventReader], info: SiteInfo) -> None:
        self._open, self._info = open_reader, info
        self._reader: EventReader | None = None
        self._stand: tuple[int, date] | None = None
        self._agenda: Agenda | None = None
        self._pieces = Pieces()
        self._kept: dict[Choice, bytes] = {}
        self._lock = threading.Lock()
        self.urls = Urls(info.base_url, info.languages[0])

    def calendar(self, choice: Choice, today: date) -> bytes:
        """The iCalendar of a choice on a day."""
        with self._lock:
            agenda = self._fresh(today)
            if choice not in self._kept:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[choice] = self._assemble(agenda, choice)
            return self._kept[choice]

    def agenda(self, today: date) -> Agenda:
        """The public events on a day, as the store has them now."""
        with self._lock:
            return self._fresh(today)

    def changed(self, since: datetime, today: date) -> bytes:
        """The events that changed from a moment on, and those that went, as NDJSON."""
        with self._lock:
            agenda = self._fresh(today)
            assert self._reader is not None
            edits, voice = self._reader.edits(since), Voice(self._info, self.urls, self._info.languages[0])
            return changes(agenda, edits, self._reader.event, since, voice)

    def _fresh(self, today: date) -> Agenda:
        if self._reader is None:
            self._reader = self._open()
        stand = (self._reader.revision(), today)
        if self._agenda is None or stand != self._stand:
            self._agenda = self._load(self._reader, today)
            self._stand = stand
            self._kept.clear()
            self._pieces.drop_unused(self._agenda.events.values())
        return self._agenda

    def _load(self, reader: EventReader, today: date) -> Agenda:
        events, edits = reader.events(), reader.edits(changes_since(today))
        return Agenda(events, self._info, today, edits, stale_sources(reader))

    def _assemble(self, agenda: Agenda, choice: Choice) -> bytes:
        voice = Voice(self._info, self.urls, choice.language)
        return ical.render_calendar(
            REGION,
            [s for s in agenda.showings(REGION) if choice.takes(s)],
            voice,
            agenda.today,
            partial(self._pieces.vevent, manner=Manner.KEEP if choice.keep else Manner.PLAIN),
            path=self.urls.combination(choice.query),
            name=self._name(choice, voice),
            stale=agenda.stale_of(REGION) if agenda.stale else (),
        )

    def _name(self, choice: Choice, voice: Voice) -> str:
        """`Cultuuragenda Twente: Muziek, Borne, Hengelo`."""
        scopes = [Scope(venue=v) for v in sorted(choice.venues)]
        names = [self._info.pillar(p, choice.language) for p in self._info.pillars if p in choice.pillars]
        names += [name for m, name in self._info.municipalities.items() if m in choice.municipalities]
        names += [voice.scope_name(scope) for scope in scopes]
        scope = ", ".join(names) or voice.scope_name(REGION)
        return voice.words("feed.calendar", title=voice.site_title(), scope=scope)
