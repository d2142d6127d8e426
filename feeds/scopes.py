"""Which feeds there are, and which of them take an event or had it before. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from aggregator.model import Event
from feeds.away import GONE, Departure, Journal, departures
from feeds.info import SiteInfo
from feeds.place import is_elsewhere
from feeds.urls import REGION, Scope


def is_public(event: Event, info: SiteInfo) -> bool:
    """Whether an event is shown at all: not hidden, in the region, and its venue did not opt out."""
    place = event.place
    return event.hidden is None and place.municipality in info.municipalities and place.venue not in info.left


def is_gone(event: Event, info: SiteInfo) -> bool:
    """Whether it was public until no source listed it any more, though one of its sources is still read.

    Of a source that was taken out, and of a venue that opted out, nothing is told.
    """
    if event.hidden != GONE or not is_public(replace(event, hidden=None), info):
        return False
    return any(name in info.sources and not info.sources[name].off for name, _ in event.sources)


def scopes(info: SiteInfo) -> Iterator[Scope]:
    """Every feed's scope: region, municipalities, pillars, both, venues; in the order of the config."""
    yield REGION
    for municipality in info.municipalities:
        yield Scope(municipality=municipality)
    for pillar in info.pillars:
        yield Scope(pillar=pillar)
    for municipality in info.municipalities:
        for pillar in info.pillars:
            yield Scope(municipality=municipality, pillar=pillar)
    for venue in info.venues:
        yield Scope(venue=venue)


def scopes_of(event: Event, info: SiteInfo) -> Iterator[Scope]:
    """The scopes that take a public event."""
    municipality = event.place.municipality
    yield REGION
    yield Scope(municipality=municipality)
    for pillar in sorted({tag.tag for tag in event.pillars} & set(info.pillars)):
        yield Scope(pillar=pillar)
        yield Scope(municipality=municipality, pillar=pillar)
    if event.place.venue in info.venues:
        yield Scope(venue=event.place.venue)


def scopes_left(
    event: Event, homes: Collection[Scope], journal: Journal, info: SiteInfo
) -> dict[Scope, Departure]:
    """The scopes that had an event and lost it as its place became another, each with its place there.

    `homes` are those that have it. Within a municipality a venue's name that is only spelled otherwise is no
    other place. Nothing is told of a venue that opted out.
    """
    found: dict[Scope, Departure] = {}
    for gone in departures(event, journal) if event.place.venue not in info.left else ():
        was = replace(event, place=gone.place, hidden=None)
        near = gone.place.municipality == event.place.municipality
        if is_public(was, info) and not (near and not is_elsewhere(gone.place, event.place)):
            found = dict.fromkeys(set(scopes_of(was, info)) - set(homes), gone) | found
    return found
