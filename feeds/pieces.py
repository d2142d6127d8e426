"""Render once: pieces of feeds, kept by what they are made of, and feeds put together from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType

from aggregator.model import Event
from feeds.card import Voice
from feeds.formats import atom, ical, jsonfeed, rss
from feeds.formats.item import Item, build_item
from feeds.formats.mended import Channel
from feeds.news import EPOCH, Entry
from feeds.select import Agenda, Showing
from feeds.urls import Scope

FORMS: dict[str, ModuleType] = {"rss": rss, "atom": atom, "json": jsonfeed}
Key = tuple[object, ...]


class Pieces:
    """Rendered VEVENTs and items of one site (`SiteInfo`), in memory.

    A piece is found again by language, event content and occurrence, so it serves every feed of a
    run and, in the app, every run in which its event stayed the same.
    """

    def __init__(self) -> None:
        self._kept: dict[Key, bytes] = {}
        self._items: dict[Key, Item] = {}
        self._hashes: dict[int, tuple[object, str]] = {}
        self.rendered = 0

    def _content(self, showing: Showing) -> str:
        """The event's hash, worked out once for each event object."""
        event = showing.event
        known = self._hashes.get(id(event))
        if known is None or known[0] is not event:
            known = self._hashes[id(event)] = (event, f"{event.public_hash}{event.created}{event.modified}")
        return known[1]

    def _keep(self, key: Key, render: Callable[[], bytes]) -> bytes:
        piece = self._kept.get(key)
        if piece is None:
            piece = self._kept[key] = render()
            self.rendered += 1
        return piece

    def drop_unused(self, events: Iterable[Event]) -> None:
        """Forget what belongs to none of these events any more, so that memory does not grow."""
        alive = {self._content(Showing(event, o)) for event in events for o in event.occurrences[:1]}
        self._kept = {key: piece for key, piece in self._kept.items() if alive.intersection(key)}
        self._items = {key: item for key, item in self._items.items() if alive.intersection(key)}
        self._hashes = {key: known for key, known in self._hashes.items() if known[1] in alive}

    def vevent(self, showing: Showing, voice: Voice) -> bytes:
        """The occurrence's VEVENT."""
        key = ("ics", voice.language, self._content(showing), showing.occurrence.uid)
        return self._keep(key, lambda: ical.render_vevent(showing, voice))

    def item(self, entry: Entry, voice: Voice, form: str) -> bytes:
        """The entry's item in a format."""
        content = (voice.language, entry.kind, entry.id, self._content(entry.showings[0]), entry.published)
        about = (*content, tuple(s.occurrence.uid for s in entry.showings))
        if about not in self._items:
            self._items[about] = build_item(entry, voice)
        item = self._items[about]
        return self._keep((form, *about), lambda: FORMS[form].render_item(item))


def assemble_calendar(agenda: Agenda, scope: Scope, voice: Voice, pieces: Pieces) -> bytes:
    """The iCalendar of a scope."""
    return ical.render_calendar(scope, agenda.showings(scope), voice, agenda.today, pieces.vevent)


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
    )


def assemble_feed(
    found: list[Entry], scope: Scope, kind: str, form: str, voice: Voice, pieces: Pieces
) -> bytes:
    """An RSS, Atom or JSON feed of entries already selected."""
    channel = channel_of(scope, kind, form, voice, found)
    data: bytes = FORMS[form].render_feed(channel, [pieces.item(e, voice, form) for e in found])
    return data
