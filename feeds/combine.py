"""Free combinations: one calendar of what somebody chose, from the kept pieces."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from aggregator.store.protocol import EventReader
from feeds.card import Voice, choice_name
from feeds.changes import changes_since
from feeds.choice import Choice
from feeds.formats import ical
from feeds.formats.ical import Manner
from feeds.info import SiteInfo
from feeds.opendata.files import changes
from feeds.pieces import Pieces
from feeds.select import Agenda, Showing, stale_sources
from feeds.static import etag_of
from feeds.urls import REGION, Scope, Urls

NONE: frozenset[str] = frozenset()
MOST_KEPT = 2_000  # calendars in memory: lists of the pieces that they share
LONGEST = 2_000  # of a question that is remembered
LOOK = 1.0  # seconds for which the store is believed to be as it was, where nothing need be assembled


@dataclass(frozen=True, slots=True)
class Combined:
    """A calendar as the pieces it is joined of, and its validator."""

    parts: tuple[bytes, ...]
    etag: str

    @property
    def body(self) -> bytes:
        """The whole file."""
        return b"".join(self.parts)


class Combiner:
    """Assembles calendars of one store's events; renders again only what changed there.

    `open_reader` is called once, at the first request; `left` are the venues that opted out, asked for at
    each. Safe to call from several threads.
    """

    def __init__(
        self,
        open_reader: Callable[[], EventReader],
        info: SiteInfo,
        left: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._open, self._info, self._left = open_reader, info, left
        self._reader: EventReader | None = None
        self._stand: tuple[int, date, frozenset[str]] | None = None
        self._agenda: Agenda | None = None
        self._pieces = Pieces()
        self._kept: dict[Choice, Combined] = {}
        self._asked: dict[bytes, Choice] = {}  # by the question as it was written
        self._looked = 0.0
        self._made: dict[tuple[str, bool], dict[int, bytes]] = {}  # by language and manner, of the agenda's
        self._rank: dict[int, int] = {}
        self._lock = threading.Lock()
        self.urls = Urls(info.base_url, info.languages[0])

    def calendar(self, choice: Choice, today: date, query: bytes = b"") -> Combined:
        """The iCalendar of a choice on a day; `query` is how it was asked for, to be `ready` next time."""
        with self._lock:
            agenda = self._fresh(today)
            if choice not in self._kept:
                drop_oldest(self._kept)
                parts = self._assemble(agenda, choice)
                self._kept[choice] = Combined(parts, etag_of(b"".join(parts)))
            if query not in self._asked and 0 < len(query) <= LONGEST:
                drop_oldest(self._asked)
                self._asked[query] = choice
            return self._kept[choice]

    def ready(self, query: bytes, today: date) -> Combined | None:
        """What was answered to this question before, if it still holds and nobody is at work; never waits."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            choice = self._asked.get(query)
            return self._kept.get(choice) if choice and self._holds(today) else None
        finally:
            self._lock.release()

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

    def _holds(self, today: date) -> bool:
        """Whether what is kept is of this day and of the store as it was within the last second."""
        if self._stand is None or self._stand[1] != today:
            return False
        if time.monotonic() - self._looked >= LOOK:
            if self._reader is None or self._now(self._reader, today) != self._stand:
                return False
            self._looked = time.monotonic()
        return True

    def _now(self, reader: EventReader, today: date) -> tuple[int, date, frozenset[str]]:
        return (reader.revision(), today, frozenset(self._left()))

    def _fresh(self, today: date) -> Agenda:
        if self._reader is None:
            self._reader = self._open()
        stand = self._now(self._reader, today)
        if self._agenda is None or stand != self._stand:
            self._agenda = self._load(self._reader, today)
            self._stand = stand
            self._kept.clear()
            self._made.clear()
            self._rank = rank_of(self._agenda)
            self._pieces.drop_unused(self._agenda.events.values())
        return self._agenda

    def _load(self, reader: EventReader, today: date) -> Agenda:
        events, edits = reader.events(hidden=True), reader.edits(changes_since(today))
        info = self._info.without(self._left())
        return Agenda(events, info, today, edits, stale_sources(reader, info))

    def _assemble(self, agenda: Agenda, choice: Choice) -> tuple[bytes, ...]:
        voice = Voice(self._info, self.urls, choice.language)
        made = self._made.setdefault((choice.language, choice.keep), {})
        manner, rest = Manner.KEEP if choice.keep else Manner.PLAIN, rest_of(choice)
        found = candidates(agenda, choice, self._rank)

        def piece(showing: Showing, voice: Voice) -> bytes:
            if (known := made.get(id(showing))) is None:
                known = made[id(showing)] = self._pieces.vevent(showing, voice, manner)
            return known

        return ical.calendar_parts(
            REGION,
            found if rest == Choice() else [s for s in found if rest.takes(s)],
            voice,
            agenda.today,
            piece,
            path=self.urls.combination(choice.query),
            name=choice_name(choice, voice),
            stale=agenda.stale_of(REGION) if agenda.stale else (),
        )


def drop_oldest(kept: dict[Any, Any]) -> None:
    """Room for one more."""
    if len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)))


def rank_of(agenda: Agenda) -> dict[int, int]:
    """The place of each showing of any calendar in order of time, by its identity."""
    every = {id(s): s for scope in (REGION, *agenda.parted) for s in agenda.showings(scope)}
    return {key: number for number, key in enumerate(sorted(every, key=lambda k: every[k].order))}


def candidates(agenda: Agenda, choice: Choice, rank: Mapping[int, int] | None = None) -> list[Showing]:
    """Showings that hold all of a choice's, by start, then UID: as few as the scopes of the agenda tell.

    Each UID once: what left one of them for another is shown as what it is there. `rank` is that of the
    agenda, for whoever asks often.
    """
    if choice.venues:
        scopes = [Scope(venue=venue) for venue in choice.venues]
    elif choice.municipalities and choice.pillars:
        scopes = [Scope(m, p) for m in choice.municipalities for p in choice.pillars]
    else:
        scopes = [Scope(municipality=m) for m in choice.municipalities]
        scopes = scopes or [Scope(pillar=p) for p in choice.pillars] or [REGION]
    if len(scopes) == 1:
        return agenda.showings(scopes[0])
    found = {id(s): s for scope in scopes for s in agenda.showings(scope)}
    if not agenda.parted.isdisjoint(scopes):
        stays = {s.occurrence.uid: key for key, s in found.items()}
        stays |= {s.occurrence.uid: key for key, s in found.items() if s.before is None}
        found = {key: found[key] for key in stays.values()}
    return [found[key] for key in sorted(found, key=(rank or rank_of(agenda)).__getitem__)]


def rest_of(choice: Choice) -> Choice:
    """What a choice asks of its candidates still."""
    if choice.venues:
        rest = replace(choice, venues=NONE)
    else:
        rest = replace(choice, municipalities=NONE, pillars=NONE)
    return replace(rest, language=Choice().language)
