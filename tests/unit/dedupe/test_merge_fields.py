"""One event out of several listings: who wins each field, and what the others said."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from aggregator.clock import AMSTERDAM
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.model import Evidence, Listing, ListingRef, Occurrence, Place, Price, Status, Tier, Timed

REGION = load_region(find_config(None))
DEDUPER = Deduper(REGION)
EVENING = datetime(2027, 3, 6, 20, 0, tzinfo=AMSTERDAM)
RIGHTS = {
    "full": next(r.id for r in REGION.rights.values() if r.description == "full" and r.image),
    "none": next(r.id for r in REGION.rights.values() if r.description == "none" and not r.image),
}


def listing(source: str, tier: Tier, title: str = "De Grindweg", **more: Any) -> Listing:
    occurrences = more.pop("occurrences", (Occurrence(Timed(EVENING)),))
    return Listing(source, "1", tier, title, occurrences, **more)


HOUSE = listing("house", Tier.VENUE, "Trio Wolkenveld", url="https://house.example/1", rights=RIGHTS["full"])
CITY = listing("city", Tier.MUNICIPAL, url="https://city.example/1", rights=RIGHTS["none"])
SHOP = listing("shop", Tier.SELLER, price=Price(Decimal("18.50")), rights=RIGHTS["none"])


def test_the_most_trusted_has_the_say_whatever_the_order() -> None:
    event = DEDUPER.merge([SHOP, CITY, HOUSE], ())
    assert event.title == "Trio Wolkenveld"
    assert event.sources[0] == ("house", "https://house.example/1")
    assert event.evidence["title"].chosen == HOUSE.ref
    assert event.evidence["title"].losers == ((CITY.ref, "De Grindweg"), (SHOP.ref, "De Grindweg"))
    assert event.uid == ""
    assert [o.uid for o in event.occurrences] == [""]
    assert DEDUPER.merge([HOUSE, CITY, SHOP], ()) == event


def test_a_title_that_names_only_the_town_gives_way() -> None:
    artist = listing(
        "artist",
        Tier.ORGANISER,
        "Hengelo",
        place=Place("hengelo", "metropool-hengelo", "Metropool", place="Hengelo"),
    )
    assert DEDUPER.merge([artist, CITY], ()).title == "De Grindweg"
    assert DEDUPER.merge([artist], ()).title == "Hengelo"


def test_the_price_is_the_houses_then_the_shops() -> None:
    assert DEDUPER.merge([HOUSE, CITY, SHOP], ()).price == Price(Decimal("18.50"))
    cheap = listing("city", Tier.MUNICIPAL, price=Price(Decimal("10")))
    assert DEDUPER.merge([cheap, SHOP], ()).price == Price(Decimal("18.50"))
    own = listing("house", Tier.VENUE, price=Price(Decimal("17")))
    event = DEDUPER.merge([own, SHOP], ())
    assert event.price == Price(Decimal("17"))
    assert event.evidence["price"] == Evidence(own.ref, ((SHOP.ref, "18.50 EUR"),))


def test_description_and_image_as_the_rights_allow_and_the_credit_of_the_image() -> None:
    shown = listing(
        "house",
        Tier.VENUE,
        rights=RIGHTS["full"],
        description="Van steen tot steen.",
        image="https://house.example/a.jpg",
        image_credit="Foto: R. Iet",
    )
    kept = listing(
        "artist",
        Tier.ORGANISER,
        rights=RIGHTS["none"],
        description="Niet om te tonen.",
        image="https://artist.example/b.jpg",
        image_credit="Foto: G. Rind",
    )
    event = DEDUPER.merge([kept, shown], ())
    assert (event.description, event.image) == ("Van steen tot steen.", "https://house.example/a.jpg")
    assert event.image_credit == "Foto: R. Iet"
    assert event.evidence["description"].losers == ()
    assert DEDUPER.merge([kept], ()).image_credit is None


def test_the_place_is_of_who_knows_the_venue() -> None:
    vague = listing("house", Tier.VENUE, place=Place("hengelo", place="Hengelo"))
    known = listing("city", Tier.MUNICIPAL, place=Place("hengelo", "metropool-hengelo", "Metropool"))
    event = DEDUPER.merge([vague, known], ())
    assert event.place.venue == "metropool-hengelo"
    assert event.evidence["place"] == Evidence(known.ref, ((vague.ref, "Hengelo, hengelo"),))


def test_a_notice_of_moving_tells_the_place() -> None:
    old = listing("house", Tier.VENUE, place=Place("hengelo", "schouwburg-hengelo", "Rabotheater"))
    new = listing(
        "city",
        Tier.MUNICIPAL,
        "De Grindweg [LOCATIEWIJZIGING]",
        place=Place("hengelo", "metropool-hengelo", "Metropool"),
    )
    assert DEDUPER.merge([old, new], ()).place.venue == "metropool-hengelo"


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((Status.CANCELLED, Status.CANCELLED), Status.CANCELLED),
        ((Status.CANCELLED, Status.SCHEDULED), Status.SCHEDULED),
        ((Status.SOLD_OUT, Status.SOLD_OUT), Status.SOLD_OUT),
    ],
)
def test_one_cancelled_evening_does_not_cancel_the_run(
    states: tuple[Status, Status], expected: Status
) -> None:
    run = tuple(
        Occurrence(Timed(EVENING.replace(day=day)), state) for day, state in zip((6, 7), states, strict=True)
    )
    event = DEDUPER.merge([listing("house", Tier.VENUE, occurrences=run)], ())
    assert event.status is expected
    assert tuple(o.occurrence.status for o in event.occurrences) == states


def test_an_old_date_goes_only_with_a_notice_of_the_new_one() -> None:
    new = listing(
        "house",
        Tier.VENUE,
        description="Nieuwe datum: 6 maart. Kaarten blijven geldig.",
        occurrences=(Occurrence(Timed(EVENING), Status.RESCHEDULED),),
    )
    old = listing("city", Tier.MUNICIPAL, occurrences=(Occurrence(Timed(EVENING.replace(month=1))),))
    assert [o.occurrence.when for o in DEDUPER.merge([new, old], ()).occurrences] == [Timed(EVENING)]
    silent = listing("house", Tier.VENUE)
    assert len(DEDUPER.merge([silent, old], ()).occurrences) == 2


def test_what_losers_said_is_plain_words() -> None:
    late = listing("city", Tier.MUNICIPAL, occurrences=(Occurrence(Timed(EVENING.replace(hour=19))),))
    event = DEDUPER.merge([HOUSE, late], ())
    assert event.evidence["occurrences"] == Evidence(HOUSE.ref, ((late.ref, "2027-03-06 19:00"),))
    assert event.listings == (ListingRef("city", "1"), ListingRef("house", "1"))
