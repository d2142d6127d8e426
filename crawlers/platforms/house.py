"""The house whose site a page is on: for a page that is tried alone and whose events name no place.

A source that is crawled says in its file which venue it is; a page given alone has only itself. Sites
of agendas, towns, papers and sellers are no house.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from aggregator.model import RawEvent, RawPlace
from crawlers.extract.page import Page
from crawlers.platforms.dom import attr, clean, text_of
from crawlers.platforms.make import make_place, plain

_POSTCODE = re.compile(
    r"\b([1-9]\d{3}\s?[A-Z]{2})\b[\s|,·-]{1,4}([A-Z][\w'’-]+(?:\s(?:aan|op|a/d|[A-Z])[\w'’-]*){0,3})"
)
_NO_HOUSE = re.compile(
    r"\buit\b|agenda|\bvvv\b|visit|gemeente|nieuws|krant|tickets?\b|radio|magazine|\btv\b|kalender|stad\b|regio"
    r"|events?\b|evenementen|twente\b",
    re.I,
)
_ROOM = re.compile(r"zaal|foyer|studio|caf[eé]\b|balkon|zolder|kelder|tuin|arena|podium$", re.I)
_MOST = 200_000  # characters of words looked through for an address


def with_house(page: Page, events: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events with the site's house where they name none, or only a room of it.

    Only where nearly all of them do: a site whose events are in many places is no house's.
    """
    told = tuple(events)
    home = [e for e in told if _at_home(e.place)]
    house = read_house(page) if home and len(home) >= 0.75 * len(told) else None
    if house is None:
        return told
    return tuple(replace(e, place=_joined(e.place, house)) if _at_home(e.place) else e for e in told)


def read_house(page: Page) -> RawPlace | None:
    """The site's name with the one Dutch address that it prints; None when it is no house's site."""
    name = plain(attr(page.tree, "meta[property='og:site_name']", "content")) or _suffix(
        text_of(page.tree, "title")
    )
    if not name or len(name) > 60 or _NO_HOUSE.search(name):
        return None
    found = {(clean(m[1]), clean(m[2])) for m in _POSTCODE.finditer(_words(page))}
    postcode, town = found.pop() if len(found) == 1 else (None, None)
    return make_place(name=name, postcode=postcode, place=town)


def _words(page: Page) -> str:
    return clean(" | ".join(str(t) for t in page.tree.itertext()))[:_MOST]


def _suffix(title: str | None) -> str | None:
    """What stands after the last bar or dash of a page's title: the name of the site."""
    parts = re.split(r"\s[|–-]\s", title or "")
    return parts[-1].strip() if len(parts) > 1 else None


def _at_home(place: RawPlace | None) -> bool:
    return place is None or (not place.place and not place.address and bool(_ROOM.search(place.name or "")))


def _joined(place: RawPlace | None, house: RawPlace) -> RawPlace:
    return replace(house, name=f"{place.name}, {house.name}") if place and place.name else house
