"""The house whose site a page is on: for a page that is tried alone and whose events name no place.

A source that is crawled says in its file which venue it is; a page given alone has only itself. Sites
of agendas, towns, papers and sellers are no house.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from aggregator.model import RawEvent, RawPlace
from crawlers.extract.home import read_home
from crawlers.extract.page import Page

_NO_HOUSE = re.compile(
    r"\buit\b|agenda|\bvvv\b|visit|gemeente|nieuws|krant|tickets?\b|radio|magazine|\btv\b|kalender|stad\b|regio"
    r"|events?\b|evenementen|twente\b|\bkring\b|vereniging|stichting|\bkoor\b|orkest|harmonie|fanfare",
    re.I,
)
_ROOM = re.compile(r"zaal|foyer|studio|caf[eé]\b|balkon|zolder|kelder|tuin|arena|podium$", re.I)


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
    """The house that runs the site, as the page names it; None when it is no house's site."""
    house = read_home(page).place
    return None if house is None or _NO_HOUSE.search(house.name or "") else house


def _at_home(place: RawPlace | None) -> bool:
    return place is None or (not place.place and not place.address and bool(_ROOM.search(place.name or "")))


def _joined(place: RawPlace | None, house: RawPlace) -> RawPlace:
    return replace(house, name=f"{place.name}, {house.name}") if place and place.name else house
