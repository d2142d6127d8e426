"""Listings behind the events of `feeds_world`, and a reader that knows them: for the tests of venues."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from aggregator.model import (
    Event,
    Link,
    Listing,
    ListingRef,
    Origin,
    Outcome,
    Reject,
    Run,
    State,
    StoredListing,
    Tier,
)
from feeds.info import SiteInfo
from tests.unit.feeds.feeds_world import INFO, SEEN, Reader, world

OWN, OTHER = ListingRef("de-spil", "e-orgel"), ListingRef("uit-hengelo", "9")
SITE: SiteInfo = replace(
    INFO,
    sources={
        **INFO.sources,
        "de-spil": replace(INFO.sources["de-spil"], venue="de-spil", tier="venue", municipality="hengelo"),
        "uit-hengelo": replace(INFO.sources["uit-hengelo"], tier="municipal", municipality="hengelo"),
        "strikt": replace(INFO.sources["strikt"], tier="regional", municipality="region"),
    },
)


def venue_events() -> list[Event]:
    """The world, the organ concert told by two sources."""
    link = Link(OWN, OTHER, 0.97, "the same title")
    return [replace(e, listings=(OWN, OTHER), links=(link,)) if e.uid == "e-orgel" else e for e in world()]


def stored(event: Event, ref: ListingRef) -> StoredListing:
    """A listing as its source would have said the event; the house's own is marked up, others' are not."""
    method = "json-ld" if ref == OWN else "layout"
    listing = Listing(
        ref.source_id,
        ref.key,
        Tier.VENUE,
        event.title,
        tuple(o.occurrence for o in event.occurrences),
        event.place,
        url=f"https://despil.example/agenda/{ref.key}",
        description=event.description,
        image=event.image,
        price=event.price,
        warnings=("weekday-conflict",) if event.uid == "e-vol" else (),
        origins={"title": Origin(method, "https://despil.example/agenda", event.title)},
    )
    return StoredListing(listing, State.LIVE, SEEN, SEEN, SEEN + timedelta(hours=1))


class VenueReader(Reader):
    """A reader that also has listings, runs and what was refused."""

    def __init__(self, events: list[Event] | None = None) -> None:
        super().__init__(venue_events() if events is None else events)
        moment = SEEN.isoformat()
        self.newest = {"de-spil": Run("r1", "de-spil", moment, moment, Outcome.OK, True, 9)}

    def some_listings(self, refs: Collection[ListingRef]) -> Iterator[StoredListing]:
        for event in self.events(hidden=True):
            yield from (stored(event, ref) for ref in event.listings if ref in refs)

    def rejects(self, source_id: str | None = None) -> Iterator[Reject]:
        found = [
            Reject("de-spil", "https://despil.example/agenda", "no-date", "ergens in mei", "Meifeest"),
            Reject("de-spil", "https://despil.example/agenda", "private", "besloten", "Bruiloft van K."),
        ]
        return iter([r for r in found if source_id in (None, r.source_id)])
