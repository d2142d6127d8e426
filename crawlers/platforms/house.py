"""The house whose site a page is on: for a page that is tried alone and whose events name no place.

A source that is crawled says in its file which venue it is; a page given alone has only itself. Sites
of agendas, towns, papers and sellers are no house.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aggregator.model import RawEvent, RawPlace
from crawlers.extract.home import read_home
from crawlers.extract.page import Page
from crawlers.extract.values import host_of
from crawlers.platforms.dateish import holds_date
from crawlers.platforms.dom import absolute, words

_NO_HOUSE = re.compile(
    r"\buit\b|agenda|\bvvv\b|visit|gemeente|nieuws|krant|tickets?\b|radio|magazine|\btv\b|kalender|stad\b|regio"
    r"|events?\b|evenementen|twente\b|\bkring\b|vereniging|stichting|\bkoor\b|orkest|harmonie|fanfare",
    re.I,
)
_OTHER = re.compile(  # a building of its own, or a place in a town
    r"kerk|kapel|theater|theatre|schouwburg|museum|bibliotheek|stadhuis|gemeentehuis|huis\b|park|plein|markt|straat"
    r"|kasteel|landgoed|hotel|school|station|museum|\b(?:in|te|van|bij|aan|op)\b|,|\d{2}",
    re.I,
)
_MANY = 10  # different rooms; more are houses of their own
_ROOM = re.compile(r"zaal|foyer|\bpand\b|studio|caf[eé]\b|balkon|zolder|kelder|tuin|arena|podium$", re.I)
_ROOMS = re.compile(r"/(?:zaal|zalen|ruimtes?|rooms?|halls?|podia|podiums|raeume|saele)/[^/?#]+", re.I)


def with_house(page: Page, events: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events with the site's house where they name none, or only a room of it.

    Only where nearly all of them do: a site whose events are in many places is no house's.
    """
    told = tuple(events)
    if not any(_ANY.is_open(p) for e in told for p in _places(e)):
        return told
    home = read_home(page)
    house = home.place
    if house is None or _NO_HOUSE.search(house.name or "") or holds_date(house.name or ""):
        return told
    return _housed(told, _Site(house, home.hosts, _own_rooms(page)))


def with_label(page: Page, events: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events of a site's own data with the house that its domain is named after, as `with_house` does.

    Data says nothing of the site but its address, and a feed its title: only a bare domain counts, and
    only where the rooms are few; a feed's title must say the name as well.
    """
    told = tuple(events)
    labels = (urlsplit(page.url).hostname or "").removeprefix("www.").split(".")
    rooms = {e.place.name for e in told if e.place and e.place.name}
    if len(labels) != 2 or len(rooms) > max(_MANY, len(told) // 20) or _NO_HOUSE.search(labels[0]):
        return told
    name = labels[0].replace("-", " ").title()
    if page.json is None:
        title = re.search(r"<title>([^<]*)", page.text[:5000])
        named = re.search(rf"\b{re.escape(name)}\b", title[1], re.I) if title else None
        if named is None:
            return told
        name = named[0]
    return _housed(told, _Site(RawPlace(name=name), hosts=True))


@dataclass(frozen=True)
class _Site:
    """A house, whether its site is known to host events, and the rooms that the site has pages of."""

    house: RawPlace
    hosts: bool
    rooms: frozenset[str] = frozenset()

    def is_open(self, place: RawPlace | None) -> bool:
        """Whether an event names no place, or only a room.

        A room is told by its word, or by its page on the site; on a site that is known to host events, by
        any word or two that name no building and no town.
        """
        if place is None:
            return True
        name = place.name or ""
        if not name:
            return not (place.address or place.postcode)
        if place.place or place.address or place.postcode:
            return False
        parts = [part for part in name.split(", ") if not self._is_named(part)]
        rooms = [part for part in parts if _ROOM.search(part) or part.casefold() in self.rooms]
        if not parts or (rooms and not any(p[:1].isupper() for p in parts if p not in rooms)):
            return True  # the house itself or its room, and not `Huis, Grote Zaal`: a room of another house
        return self.hosts and len(name.split()) <= 2 and not _OTHER.search(name)

    def join(self, place: RawPlace | None) -> RawPlace:
        """The house, or the room in it."""
        if place is None or not place.name:
            return replace(self.house, place=(place and place.place) or self.house.place)
        named = any(self._is_named(part) for part in place.name.split(", "))
        return replace(self.house, name=place.name if named else f"{place.name}, {self.house.name}")

    def _is_named(self, part: str) -> bool:
        return bool(self.house.name) and part.casefold() == (self.house.name or "").casefold()


_ANY = _Site(RawPlace(), hosts=True)  # for a first look, before the page is asked whose it is


def _own_rooms(page: Page) -> frozenset[str]:
    """The names that link to the site's pages of its rooms (`/zalen/blauw`), in small letters."""
    if not _ROOMS.search(page.text):
        return frozenset()
    return frozenset(
        name.casefold()
        for anchor in page.tree.iter("a")
        if _ROOMS.search(anchor.get("href") or "")
        and host_of(absolute(page.url, anchor.get("href"))) == host_of(page.url)
        and (name := words(anchor))
    )


def _housed(told: tuple[RawEvent, ...], site: _Site) -> tuple[RawEvent, ...]:
    """Events with the house where they are open; as they are where too many say another place."""
    if sum(all(site.is_open(p) for p in _places(e)) for e in told) < 0.75 * len(told):
        return told
    return tuple(_at(event, site) for event in told)


def _at(event: RawEvent, site: _Site) -> RawEvent:
    """An event at the house, and those of its performances that name a room of it."""
    shown = tuple(
        replace(o, place=site.join(o.place)) if o.place and site.is_open(o.place) else o
        for o in event.occurrences
    )
    own = site.join(event.place) if site.is_open(event.place) else event.place
    return replace(event, place=own, occurrences=shown)


def _places(event: RawEvent) -> list[RawPlace | None]:
    """Where an event is: its performances' places where they have their own, else its own."""
    return [o.place for o in event.occurrences if o.place] or [event.place]
