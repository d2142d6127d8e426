"""Render once: pieces of feeds, kept by what they are made of, and feeds put together from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
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
Shelf = dict[str, bytes]


def entry_mark(entry: Entry) -> str:
    """A digest of an entry beside its event: what it is about and says."""
    about = (s.occurrence.uid for s in entry.showings)
    return digest_of(*(getattr(entry, name) for name in OWN), *about)


class Pieces:
    """Rendered VEVENTs and items of one site (`SiteInfo`), by the event that they show.

    `marks` is a digest of each event by UID, as the store gives it; an event without one is hashed
    here. Pieces of one kind and language stand on a shelf, each under a mark that begins with the
    digest of its event; so a piece serves every feed of a run and, with a `state`, every run in which
    its event stayed the same.
    """

    def __init__(self, marks: Mapping[str, str] | None = None, state: State | None = None) -> None:
        self._marks, self._state = marks or {}, state
        self._shelves: dict[str, Shelf] = {}
        self._made: dict[tuple[str, Manner], dict[Showing, bytes]] = {}  # of the agenda in hand
        self._fresh: list[tuple[str, str, bytes]] = []
        self._hashes: dict[int, tuple[Event, str]] = {}
        self._showings: dict[Showing, str] = {}
        self._entries: dict[int, tuple[Entry, str]] = {}
        self._items: dict[tuple[str, str], Item] = {}
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

    def showing(self, showing: Showing) -> str:
        """The mark of a showing: its event's digest, its UID, what became of it for those who lost it."""
        mark = self._showings.get(showing)
        if mark is None:
            end = " merged" if showing.merged else f" {digest_of(showing.before)}" if showing.before else ""
            mark = self._showings[showing] = f"{self.owner(showing.event)} {showing.occurrence.uid}{end}"
        return mark

    def entry(self, entry: Entry) -> str:
        """The mark of an entry: its event's digest and its own."""
        known = self._entries.get(id(entry))
        if known is None or known[0] is not entry:
            mark = f"{self.owner(entry.event)} {entry_mark(entry)}"
            known = self._entries[id(entry)] = (entry, mark)
        return known[1]

    def _shelf(self, name: str) -> Shelf:
        """The pieces of a kind that are kept."""
        shelf = self._shelves.get(name)
        if shelf is None:
            shelf = self._shelves[name] = dict(self._state.pieces(name)) if self._state else {}
        return shelf

    def keep(self, name: str, mark: str, render: Callable[[], bytes]) -> bytes:
        """The kept piece of a shelf, else a fresh one."""
        shelf = self._shelf(name)
        piece = shelf.get(mark)
        if piece is None:
            piece = shelf[mark] = render()
            self.rendered += 1
            if self._state is not None:
                self._fresh.append((name, mark, piece))
        return piece

    def settle(self) -> None:
        """Hand the fresh pieces to the state and forget all, so that memory stays bounded."""
        if self._state is not None:
            self._state.keep(self._fresh)
            self._fresh.clear()
            self._shelves.clear()
        self._made.clear()

    def drop_unused(self, events: Iterable[Event]) -> None:
        """Forget what belongs to none of these events any more."""
        alive = {self.owner(event) for event in events}
        for name, shelf in self._shelves.items():
            self._shelves[name] = {m: piece for m, piece in shelf.items() if m.partition(" ")[0] in alive}
        self._hashes = {key: known for key, known in self._hashes.items() if known[1] in alive}
        self._showings.clear()
        self._entries.clear()
        self._items.clear()
        self._made.clear()

    def vevents(self, voice: Voice, manner: Manner) -> Callable[[Showing, Voice], bytes]:
        """What gives the VEVENT of each showing of an agenda, at once when a calendar had it already."""
        plain = self._made.setdefault((voice.language, Manner.PLAIN), {})
        off = self._made.setdefault((voice.language, manner), {})

        def piece(showing: Showing, voice: Voice) -> bytes:
            made = off if showing.off else plain
            known = made.get(showing)
            if known is None:
                known = made[showing] = self.vevent(showing, voice, manner)
            return known

        return piece

    def vevent(self, showing: Showing, voice: Voice, manner: Manner = Manner.PLAIN) -> bytes:
        """The occurrence's VEVENT."""
        name = f"{voice.language}/ics" + (f"/{manner.value}" if showing.off else "")
        mark = self.showing(showing)
        found = self._shelf(name).get(mark)
        return found or self.keep(name, mark, lambda: ical.render_vevent(showing, voice, manner))

    def items(self, found: list[Entry], voice: Voice, form: str) -> list[bytes]:
        """The items of entries of one kind in a format."""
        name = f"{voice.language}/{found[0].kind}/{form}" if found else ""
        return [self._formed(name, entry, voice, form) for entry in found]

    def _formed(self, name: str, entry: Entry, voice: Voice, form: str) -> bytes:
        mark, shelf = self.entry(entry), self._shelf(name)
        known = shelf.get(mark)
        return known or self.keep(name, mark, lambda: FORMS[form].render_item(self._item(entry, mark, voice)))

    def _item(self, entry: Entry, mark: str, voice: Voice) -> Item:
        """Built once for the formats of a feed, which follow one another."""
        key = (mark, voice.language)
        if key not in self._items:
            if len(self._items) >= MOST_ITEMS:
                self._items.clear()
            self._items[key] = build_item(entry, voice)
        return self._items[key]


def assemble_calendar(
    agenda: Agenda, scope: Scope, voice: Voice, pieces: Pieces, flavour: Flavour = Flavour.ALL
) -> bytes:
    """The iCalendar of a scope."""
    manner = Manner.KEEP if flavour is Flavour.KEEP else Manner.PLAIN
    return b"".join(
        ical.calendar_parts(
            scope,
            agenda.part(scope, flavour),
            voice,
            agenda.today,
            pieces.vevents(voice, manner),
            path=voice.urls.calendar(voice.language, scope, flavour),
            stale=agenda.stale_of(scope),
        )
    )


def channel_of(
    scope: Scope,
    kind: str,
    form: str,
    voice: Voice,
    found: list[Entry],
    note: str = "",
    stale: Iterable[str] = (),
) -> Channel:
    """What the feed says of itself, and which sources are `stale`; `updated` is that of its newest entry."""
    urls, info, words = voice.urls, voice.info, voice.words
    said = [note or words("feed.text", scope=voice.scope_name(scope))]
    if names := ", ".join(stale):
        said.append(words("feed.stale", names=names))
    return Channel(
        title=voice.feed_title(scope, kind),
        description=" ".join(said),
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
    found: list[Entry],
    scope: Scope,
    kind: str,
    form: str,
    voice: Voice,
    pieces: Pieces,
    stale: Iterable[str] = (),
) -> bytes:
    """An RSS, Atom or JSON feed of entries already selected, naming the sources that cannot be read now."""
    channel = channel_of(scope, kind, form, voice, found, stale=stale)
    data: bytes = FORMS[form].render_feed(channel, pieces.items(found, voice, form))
    return data
