"""The programme of the sample region for a day: pure, and the same for every day of one week
but for what is over by then."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

from aggregator.model import Tier
from crawlers.sample.cases import Case, load_cases
from crawlers.sample.compose import Composer
from crawlers.sample.council import STYLE as COUNCIL
from crawlers.sample.listing import Lister
from crawlers.sample.model import Entry, Programme, SampleEvent, SampleSource, SampleVenue
from crawlers.sample.words import load_data

BASE_PORT = 8600
_Told = TypeVar("_Told", SampleEvent, Entry)
_STREETS = ("Voorbeeldstraat", "Proefweg", "Modelplein", "Schetslaan", "Repetitiehof", "Maquettepad")


def make_programme(today: date, base_port: int = BASE_PORT) -> Programme:
    """Everything that goes on from `today` on, over some 22 weeks; ports count up from `base_port`.

    The same day gives the same programme. Days are counted from the Monday of the week, so that
    within a week nothing moves and what is over drops out, as on real sites.
    """
    monday = today - timedelta(days=today.weekday())
    sources = load_sources(base_port)
    cases = load_cases(monday)
    venues = load_venues() | {c.outside.id: c.outside for c in cases if c.outside}
    events = _all_events(monday, cases)
    houses = {name: source for name, source in sources.items() if source.style != COUNCIL}
    lister = Lister(venues, houses, random.Random("trek sample region, first listings"))
    entries: list[Entry] = []
    for event in events:
        if event.genre != "case":
            entries += lister.entries(event)
    for case in cases:
        entries += lister.case_entries(case)
    everything = Programme(monday, venues, {e.id: e for e in events}, sources, tuple(entries))
    return pass_time(everything, today)


def pass_time(programme: Programme, today: date) -> Programme:
    """The programme on a later day: without what is over by then; nothing else moves."""
    events = {e.id: e for event in programme.events.values() if (e := _to_come(event, today)) is not None}
    told = (t for e in programme.entries if e.event in events and (t := _to_come(e, today)) is not None)
    return replace(programme, today=today, events=events, entries=tuple(told))


@cache
def _composed(monday: date) -> tuple[SampleEvent, ...]:
    """The composed events of a week; kept, because a demo and its truth both ask for them."""
    composer = Composer(monday)
    return tuple(event for venue in load_venues().values() for event in composer.venue_events(venue))


def _all_events(monday: date, cases: list[Case]) -> list[SampleEvent]:
    """Composed events and cases; a case goes before a composed event on the same day in the same house."""
    taken = {(c.event.venue, s.first) for c in cases for s in c.event.showings if not s.stay}
    replaced = {(c.event.venue, c.instead_of) for c in cases}
    composed = [
        e
        for e in _composed(monday)
        if (e.venue, e.genre) not in replaced and not any((e.venue, s.first) in taken for s in e.showings)
    ]
    return composed + [case.event for case in cases]


def _to_come(told: _Told, today: date) -> _Told | None:
    """The event or entry without the showings that are over; None when all are."""
    left = tuple(s for s in told.showings if s.last >= today)
    return replace(told, showings=left) if left else None


@cache
def load_venues() -> dict[str, SampleVenue]:
    """The venues of `data/venues.yaml` by id, with invented street addresses in real postcode areas."""
    found: dict[str, SampleVenue] = {}
    for municipality, listed in load_data("venues").items():
        for n, (key, facts) in enumerate(listed.items()):
            latitude, longitude = facts["at"]
            found[key] = SampleVenue(
                id=key,
                name=facts["name"],
                kind=facts["kind"],
                municipality=municipality,
                place=facts["place"],
                street=f"{_STREETS[len(found) % len(_STREETS)]} {n * 2 + 1}",
                postcode=f"{facts['pc4']} X{chr(65 + n)}",
                latitude=latitude,
                longitude=longitude,
                halls=tuple(facts.get("halls", ())),
                aliases=tuple(facts.get("aliases", ())),
            )
    return found


def load_sources(base_port: int = BASE_PORT) -> dict[str, SampleSource]:
    """The sites of `data/sources.yaml`, then those of `data/councils.yaml`, by id, each with its own port."""
    found: dict[str, SampleSource] = {}
    for municipality, listed in (*load_data("sources").items(), *load_data("councils").items()):
        for key, facts in listed.items():
            found[key] = _source(key, municipality, facts, base_port + len(found))
    return found


def _source(key: str, municipality: str, facts: dict[str, Any], port: int) -> SampleSource:
    venue = facts.get("venue")
    tier = facts.get("tier") or ("venue" if venue else "municipal")
    trait = facts.get("trait", "")
    return SampleSource(key, facts["name"], municipality, Tier(tier), facts["style"], port, venue, trait)
