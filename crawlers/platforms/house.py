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
_OTHER = re.compile(  # a building of its own, or a place in a town
    r"kerk|kapel|theater|theatre|schouwburg|museum|bibliotheek|stadhuis|gemeentehuis|huis\b|park|plein|markt|straat"
    r"|kasteel|landgoed|hotel|school|station|museum|\b(?:in|te|van|bij|aan|op)\b|,|\d{2}",
    re.I,
)
_ROOM = re.compile(r"zaal|foyer|studio|caf[eé]\b|balkon|zolder|kelder|tuin|arena|podium$", re.I)


def with_house(page: Page, events: Iterable[RawEvent]) -> tuple[RawEvent, ...]:
    """Events with the site's house where they name none, or only a room of it.

    Only where nearly all of them do: a site whose events are in many places is no house's.
    """
    told = tuple(events)
    if not any(_is_open(e.place, hosts=True) for e in told):
        return told
    site = read_home(page)
    house = site.place
    if house is None or _NO_HOUSE.search(house.name or ""):
        return told
    home = [_is_open(e.place, hosts=site.hosts) for e in told]
    if sum(home) < 0.75 * len(told):
        return told
    pairs = zip(told, home, strict=True)
    return tuple(replace(e, place=_joined(e.place, house)) if at_home else e for e, at_home in pairs)


def _is_open(place: RawPlace | None, *, hosts: bool) -> bool:
    """Whether an event names no place, or only a room.

    A room is told by its word; on a site that is known to host events, by any word or two that name no
    building and no town.
    """
    if place is None:
        return True
    name = place.name or ""
    if place.place or place.address or place.postcode:
        return False
    return bool(_ROOM.search(name)) or (hosts and len(name.split()) <= 2 and not _OTHER.search(name))


def _joined(place: RawPlace | None, house: RawPlace) -> RawPlace:
    return replace(house, name=f"{place.name}, {house.name}") if place and place.name else house
