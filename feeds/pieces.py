"""Render once: pieces of feeds, kept by what they are made of, and feeds put together from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial
from types import ModuleType

from aggregator.model import Event
from feeds.card import Voice
from feeds.formats import atom, ical, jsonfeed, rss
from feeds.formats.ical import Manner
from feeds.formats.item import Item, build_item
from feeds.formats.mended import Channel
from feeds.news import EPOCH, Entry
from feeds.select import Agenda, Showing
from feeds.state import State, digest_of
from feeds.urls import Flavour, Scope

FORMS: dict[str, ModuleType] = {"rss": rss, "atom": atom, "json": jsonfeed}
MOST_ITEMS = 2_000  # built and waiting for the next format
OWN = tuple(f.name for f in fields(Entry) if f.name not in ("event", "showings"))


def entry_mark(entry: Entry) -> str:
    """A digest of an entry beside its event: what it is about and says."""
    about = (s.occurrence.uid for s in entry.showings)
    return digest_of(*(getattr(entry, name) for name in OWN), *about)


class Pieces:
    """Rendered VEVENTs and items of one site (`SiteInfo`), by the event that they show.

    `marks` is a digest of each event by UID, as the store gives it; an event without one is hashed
    here. A piece is found again by digest and part, so it serves every feed of a run and, with a
    `state`, every run in which its event stayed the same.
    """

    def __init__(self, marks: Mapping[str, str] | None = None, state: State | None = None) -> None:
        self._marks, self._state = marks or {}, state
        self._kept: dict[str, dict[str, bytes]] = {}
        self._asked: set[tuple[str, str]] = set()
        self._fresh: list[tuple[str, str, bytes]] = []
        self._hashes: dict[int, tuple[object, str]] = {}
        self._entry_marks: dict[int, tuple[Entry, str]] = {}
        self._items: dict[tuple[str, str, str], Item] = {}
        self.rendered = 0

    def owner(self, event: Event) -> str:
        """The digest of an event, worked out once for each event object."""
        if mark := self._marks.get(event.uid):
            return mark
        known = self._hashes.get(id(event))
        if known is None or known[0] is not event:
            digest = digest_of(event.public_hash, event.created, event.modified)
            known = self._hashes[id(event)] = (event, digest)
        return known[1]

    def fetch(self, events: Iterable[Event], prefix: str) -> None:
        """Bring kept pieces of these events, of the parts that begin so, into memory at once."""
        if self._state is None:
            return
        owners = {self.owner(event) for event in events}
        asked = {owner for owner in owners if (owner, prefix) not in self._asked}
        self._asked.update((owner, prefix) for owner in asked)
        for owner, part, data in self._state.pieces(asked, prefix):
            self._kept.setdefault(owner, {}).setdefault(part, data)

    def keep(self, event: Event, part: str, render: Callable[[], bytes]) -> bytes:
        """The kept piece, else a fresh one."""
        owner = self.owner(event)
        own = self._kept.setdefault(owner, {})
        piece = own.get(part)
        if piece is None:
            piece = own[part] = render()
            self.rendered += 1
            if self._state is not None:
                self._fresh.append((owner, part, piece))
        return piece

    def settle(self) -> None:
        """Hand the fresh pieces to the state and forget all, so that memory stays bounded."""
        if self._state is not None:
            self._state.keep(self._fresh)
            self._fresh.clear()
            self._kept.clear()
            self._asked.clear()

    def drop_unused(self, events: Iterable[Event]) -> None:
        """Forget what belongs to none of these events any more."""
        alive = {self.owner(event) for event in events}
        self._kept = {owner: own for owner, own in self._kept.items() if owner in alive}
        self._hashes = {key: known for key, known in self._hashes.items() if known[1] in alive}

    def vevent(self, showing: Showing, voice: Voice, manner: Manner = Manner.PLAIN) -> bytes:
        """The occurrence's VEVENT."""
        loud = manner.value if showing.off else ""
        part = f"{voice.language}/ics/{loud}/{showing.occurrence.uid}"
        return self.keep(showing.event, part, lambda: ical.render_vevent(showing, voice, manner))

    def item(self, entry: Entry, voice: Voice, form: str) -> bytes:
        """The entry's item in a format."""
        mark = self.mark(entry)
        part = f"{voice.language}/{entry.kind}/{form}/{mark}"
        return self.keep(entry.event, part, lambda: FORMS[form].render_item(self._item(entry, mark, voice)))

    def mark(self, entry: Entry) -> str:
        """`entry_mark`, worked out once for each entry object."""
        known = self._entry_marks.get(id(entry))
        if known is None or known[0] is not entry:
            known = self._entry_marks[id(entry)] = (entry, entry_mark(entry))
        return known[1]

    def _item(self, entry: Entry, mark: str, voice: Voice) -> Item:
        """Built once for the formats of a feed, which follow one another."""
        key = (self.owner(entry.event), mark, voice.language)
        if key not in self._items:
            if len(self._items) >= MOST_ITEMS:
                self._items.clear()
            self._items[key] = build_item(entry, voice)
        return self._items[key]


def assemble_calendar(
    agenda: Agenda, scope: Scope, voice: Voice, pieces: Pieces, flavour: Flavour = Flavour.ALL
) -> bytes:
    """The iCalendar of a scope."""
    showings = agenda.showings(scope, flavour)
    pieces.fetch((s.event for s in showings), f"{voice.language}/ics/")
    manner = Manner.KEEP if flavour is Flavour.KEEP else Manner.PLAIN
    return ical.render_calendar(
        scope,
        showings,
        voice,
        agenda.today,
        partial(pieces.vevent, manner=manner),
        path=voice.urls.calendar(voice.language, scope, flavour),
        stale=agenda.stale_of(scope),
    )


def channel_of(
    scope: Scope, kind: str, form: str, voice: Voice, found: list[Entry], note: str = ""
) -> Channel:
    """What the feed says of itself; `updated` is that of its newest entry."""
    urls, info = voice.urls, voice.info
    return Channel(
        title=voice.feed_title(scope, kind),
        description=note or voice.words("feed.text", scope=voice.scope_name(scope)),
        home=urls.absolute(urls.listing(voice.language, scope)),
        address=urls.absolute(urls.feed(voice.language, scope, kind, form)),
        language=voice.language,
        updated=max((e.updated for e in found), default=EPOCH),
        author=voice.site_title(),
        contact=info.contact,
        minutes=int(info.refresh.total_seconds() // 60),
        hub=info.hub,
        style=urls.href(urls.style(voice.language)),
    )


def assemble_feed(
    found: list[Entry], scope: Scope, kind: str, form: str, voice: Voice, pieces: Pieces
) -> bytes:
    """An RSS, Atom or JSON feed of entries already selected."""
    channel = channel_of(scope, kind, form, voice, found)
    pieces.fetch((e.event for e in found), f"{voice.language}/{kind}/")
    data: bytes = FORMS[form].render_feed(channel, [pieces.item(e, voice, form) for e in found])
    return data
