"""Which site tells of which event, under which title, at which address."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.model import Status, Tier
from crawlers.sample.cases import Case
from crawlers.sample.markup import STYLES
from crawlers.sample.model import Entry, SampleEvent, SampleSource, SampleVenue, Showing
from crawlers.sample.words import slug

NEAREST = 4  # an agenda lists this many times of a series


@dataclass(slots=True)
class Lister:
    """Decides by chance, with a fixed seed, which agendas and sellers take up an event, and words it."""

    venues: dict[str, SampleVenue]
    sources: dict[str, SampleSource]
    chance: random.Random

    def entries(self, event: SampleEvent) -> Iterator[Entry]:
        """What all sites say of a composed event: its venue's site first, then the others."""
        home = self.home(event)
        if home is not None:
            yield from self.tell(event, home)
        for source in self.sources.values():
            if source.venue is None and self._takes_up(event, source, home):
                yield from self.tell(event, source)

    def case_entries(self, case: Case) -> Iterator[Entry]:
        """What the sites named in a case say, late or twice where the case says so."""
        for name, told in case.entries.items():
            source, event = self.sources[name], case.event
            late = told.get("late", False)
            if late:
                event = replace(event, showings=case.old_showings, hall=case.old_hall, status=case.old_status)
            if told.get("doors"):
                event = replace(event, showings=doors_as_start(event.showings))
            stale = late and event.showings != case.event.showings
            for entry in self.tell(event, source):
                titles = {k: told[k] for k in ("title", "subtitle") if k in told}
                if "title" in told and "subtitle" not in told:
                    titles["subtitle"] = ""
                entry = entry.replace(**titles, stale=stale, doors_as_start=bool(told.get("doors")))
                yield entry
                if "twice" in told:
                    path = entry.path.rstrip("/") + "-2"
                    yield entry.replace(
                        title=told["twice"], path=path, event_number=entry.event_number + 50_000
                    )

    def tell(self, event: SampleEvent, source: SampleSource) -> Iterator[Entry]:
        """The entries of one event on one site: one, or one for each showing."""
        venue = self.venues[event.venue]
        title, subtitle = self._title(event, source, venue)
        whole = STYLES[source.style].whole
        showings = event.showings if source.venue or len(event.showings) < 6 else event.showings[:NEAREST]
        home = self.home(event)
        early = source.venue is None and home is not None and home.readable and self.chance.random() < 0.15
        showings = doors_as_start(showings) if early else showings
        number = _number(event, source)
        entry = Entry(
            source=source.id,
            event=event.id,
            path="",
            title=title,
            subtitle=subtitle,
            showings=showings,
            venue_name=self._venue_name(event, source, venue),
            place=venue.place,
            street=venue.street,
            postcode=venue.postcode,
            category=event.category,
            text=event.text,
            cost=event.cost,
            hall=event.hall,
            hours=event.hours,
            language=event.language,
            status=event.status if source.tier in (Tier.VENUE, Tier.ORGANISER) else self._heard(event),
            doors_as_start=early and showings != event.showings,
            rule=event.rule if source.venue else None,
            event_number=number,
        )
        for shown in [showings] if whole else [(s,) for s in showings]:
            yield entry.replace(showings=shown, path=self._path(event, source, shown[0]))

    def home(self, event: SampleEvent) -> SampleSource | None:
        """The site of the event's own house."""
        return next((s for s in self.sources.values() if s.venue == event.venue), None)

    def _takes_up(self, event: SampleEvent, source: SampleSource, home: SampleSource | None) -> bool:
        """Agendas tell of what has no site of its own and of half of the rest; sellers sell."""
        venue = self.venues[event.venue]
        draw = self.chance.random()
        if source.tier is Tier.MUNICIPAL:
            return source.municipality == venue.municipality and (home is None or draw < 0.42)
        if source.tier is Tier.REGIONAL:
            return draw < 0.24
        share = 0.11 if source.style == "jsonld-pages" else 0.2  # own pages take a crawler its time
        return not event.cost.free and venue.kind in ("stage", "pop", "jazz") and draw < share

    def _title(self, event: SampleEvent, source: SampleSource, venue: SampleVenue) -> tuple[str, str]:
        """Title and subtitle as a site of this kind words them."""
        act, show = event.act, event.show
        pick = self.chance.random()
        if source.venue:
            shown_first = sum(map(ord, source.id)) % 2 == 0 or source.style in ("tiles", "shows")
            return (show, act) if show and shown_first and venue.kind == "stage" else (act, show)
        if source.tier is Tier.SELLER:
            return (f"{act.upper()} - {show}" if show and pick < 0.4 else event.title), ""
        if show:
            forms = (f"{act} - {show}", f"{show} | {act}", f"{act}: {show}")
            return forms[int(pick * 3)], ""
        if pick < 0.3 and venue.place not in act:
            return f"{act} in {venue.place}", ""
        return (f"{event.category}: {act}" if pick > 0.9 else act), ""

    def _venue_name(self, event: SampleEvent, source: SampleSource, venue: SampleVenue) -> str:
        """The venue as this site calls it."""
        if source.venue == venue.id or self.chance.random() < 0.6 or not (venue.aliases or event.hall):
            return venue.name
        if venue.aliases and self.chance.random() < 0.6:
            return self.chance.choice(venue.aliases)
        return f"{venue.name}, {event.hall}" if event.hall else venue.name

    def _heard(self, event: SampleEvent) -> Status:
        """Agendas and sellers hear of a change in most cases only."""
        return event.status if self.chance.random() < 0.6 else Status.SCHEDULED

    def _path(self, event: SampleEvent, source: SampleSource, shown: Showing) -> str:
        """The address of an entry on its site; fixed by the event, never by what is printed later."""
        words = slug(f"{event.act} {event.show}")[:60].strip("-")
        if source.venue is None:
            words = f"{words}-{event.venue}"
        code = f"{_number(event, source):x}"
        stamp = shown.start.strftime("%d-%m-%Y-%H-%M") if isinstance(shown.start, datetime) else "doorlopend"
        style = STYLES[source.style]
        path = style.path.format(slug=words, code=code, stamp=stamp)
        if style.whole or shown.number == 1 or "{stamp}" in style.path:
            return path
        return f"{path.rstrip('/')}-{shown.number}" + ("/" if path.endswith("/") else "")


def _number(event: SampleEvent, source: SampleSource) -> int:
    """The number that a site gives to an event: the same at every start."""
    return zlib.crc32(f"{source.id} {event.id}".encode())


def doors_as_start(showings: tuple[Showing, ...]) -> tuple[Showing, ...]:
    """The showings with the doors time in place of the start, where there is one."""
    return tuple(replace(s, start=s.doors, doors=None) if s.doors else s for s in showings)
