"""What the search of the pages looks in: one file for all languages, fetched when it is used. Pure."""

from __future__ import annotations

import json
from typing import Any

from feeds.card import Voice, place_name, title_of, town
from feeds.fold import fold
from feeds.select import Agenda, Showing
from feeds.text import one_line
from feeds.urls import REGION, Scope, slug

MOST_EVENTS = 12_000  # the soonest; what is later is found by the page itself


def render_index(agenda: Agenda, voice: Voice) -> bytes:
    """JSON: `places` and `venues` as [name, path, other names], `events` as
    [folder, title, where, first day, folded words beside title and where, off].

    Paths are those of the first language, without its prefix; a place's page is its municipality's.
    """
    value = {
        "places": _places(voice),
        "venues": _venues(voice),
        "events": [_event(s, voice) for s in _next(agenda)],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _next(agenda: Agenda) -> list[Showing]:
    """The next date of each event that does not lie in the past, the soonest first."""
    found: dict[str, Showing] = {}
    for showing in agenda.coming(REGION):
        known = found.get(showing.event.uid)
        if known is None or (known.off and not showing.off):
            found[showing.event.uid] = showing
    return list(found.values())[:MOST_EVENTS]


def _event(showing: Showing, voice: Voice) -> list[Any]:
    event = showing.event
    where = ", ".join(part for part in (place_name(event), town(event, voice.info)) if part)
    more = fold(" ".join((one_line(event.subtitle), one_line(event.organiser), *event.performers)))
    row: list[Any] = [
        slug(event.uid),
        title_of(event),
        where,
        showing.begin.date().isoformat(),
        more,
    ]
    return [*row, 1] if showing.off else row


def _places(voice: Voice) -> list[list[Any]]:
    """The municipalities and their towns, with the names that people give them."""
    info, urls = voice.info, voice.urls
    found = []
    for municipality, name in info.municipalities.items():
        path = urls.listing(voice.language, Scope(municipality=municipality))
        found.append([name, path, _others(name, voice)])
    for town_name, municipality in info.towns.items():
        if municipality in info.municipalities and town_name != info.municipalities[municipality]:
            path = urls.listing(voice.language, Scope(municipality=municipality))
            found.append([town_name, path, _others(town_name, voice)])
    return found


def _others(name: str, voice: Voice) -> list[str]:
    own = fold(name)
    return [alias for alias, place in voice.info.aliases.items() if place == own and alias != own]


def _venues(voice: Voice) -> list[list[Any]]:
    info, urls = voice.info, voice.urls
    return [
        [one_line(venue.name), urls.listing(voice.language, Scope(venue=ident)), one_line(venue.place)]
        for ident, venue in info.venues.items()
    ]
