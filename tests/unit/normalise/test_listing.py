"""Raw events to listings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from aggregator.feed_settings import FeedSettings
from aggregator.model import (
    Listing,
    Price,
    RawEvent,
    RawOccurrence,
    RawOffer,
    RawPlace,
    Reject,
    Status,
    Tier,
    Timed,
)
from aggregator.normalise.listing import Normaliser
from aggregator.normalise.rights import allowed
from aggregator.region import Region, RegionSettings, Rights, Source

NOW = datetime(2026, 10, 9, 10, tzinfo=UTC)
PAGE = "https://zaal.example/agenda"


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    source = Source(
        id="zaal", name="De Zaal", municipality="hengelo", start_urls=(PAGE,), tier=Tier.VENUE, rights="eigen"
    )
    settings = RegionSettings(
        id="streek", name={"nl": "Streek"}, contact="a@example.org", user_agent="Trek/test (a@example.org)"
    )
    feeds = FeedSettings(base_url="https://agenda.example", title={"nl": "Agenda"})
    return Normaliser(Region(settings, feeds, {}, {}, {"zaal": source}, {}, {}))


def _raw(**fields: Any) -> RawEvent:
    base = RawEvent(
        "zaal",
        PAGE,
        "2026-10-09T08:00:00+00:00",
        "json-ld",
        "Zomeravond",
        url=f"{PAGE}/zomeravond",
        occurrences=(RawOccurrence(start="2026-10-17T20:30"),),
    )
    return replace(base, **fields)


def _listing(normaliser: Normaliser, **fields: Any) -> Listing:
    made = normaliser.listing(_raw(**fields), NOW)
    assert isinstance(made, Listing), made
    return made


def test_fields_and_where_they_came_from(normaliser: Normaliser) -> None:
    made = _listing(
        normaliser,
        title="UITVERKOCHT: Jan &amp;amp; Piet",
        subtitle="met <i>orkest</i>",
        description="<p>Een avond.</p>",
        offers=(RawOffer(price="12,50", currency="EUR", url="https://kaart.example/1"),),
        image="https://zaal.example/jan.jpg",
        performers=("Jan", "Jan", " "),
        language="nl-NL",
    )
    assert (made.source_id, made.key, made.tier) == ("zaal", "zaal.example/agenda/zomeravond", Tier.VENUE)
    assert (made.title, made.subtitle, made.description) == ("Jan & Piet", "met orkest", "Een avond.")
    assert made.price == Price(Decimal("12.50"), Decimal("12.50"), "EUR", False)
    assert made.ticket_url == "https://kaart.example/1"
    assert (made.status, made.occurrences[0].status) == (Status.SOLD_OUT, Status.SOLD_OUT)
    assert (made.performers, made.language, made.rights) == (("Jan",), "nl", "eigen")
    assert made.origins["title"].raw == "UITVERKOCHT: Jan &amp;amp; Piet"
    assert made.origins["status"].raw == "UITVERKOCHT"
    assert made.origins["occurrences"].raw == "2026-10-17T20:30"
    assert made.origins["price"].method == "json-ld"
    assert "organiser" not in made.origins


def test_unknown_source_is_believed_least(normaliser: Normaliser) -> None:
    made = _listing(normaliser, source_id="onbekend")
    assert (made.tier, made.rights, made.language) == (Tier.PRESS, "facts", None)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": " <br> "}, "no-title"),
        ({"title": "Besloten feestje"}, "private"),
        ({"categories": ("Besloten",)}, "private"),
        ({"occurrences": ()}, "no-date"),
        ({"occurrences": (RawOccurrence(text="binnenkort"),)}, "unreadable-date"),
        (
            {"occurrences": (RawOccurrence(start="2020-01-01", rrule="FREQ=DAILY;COUNT=2"),)},
            "recurrence-over",
        ),
    ],
)
def test_rejects(normaliser: Normaliser, fields: dict[str, Any], reason: str) -> None:
    made = normaliser.listing(_raw(**fields), NOW)
    assert isinstance(made, Reject)
    assert (made.reason, made.source_id, made.page_url) == (reason, "zaal", PAGE)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "https://schema.org/EventCancelled"}, Status.CANCELLED),
        ({"offers": (RawOffer(price="5", availability="SoldOut"),)}, Status.SOLD_OUT),
        ({"offers": (RawOffer(availability="SoldOut"), RawOffer(availability="InStock"))}, Status.SCHEDULED),
        ({"offers": (RawOffer(text="uitverkocht"),)}, Status.SOLD_OUT),
        ({"description": "Dit concert is afgelast."}, Status.CANCELLED),
        ({"occurrences": (RawOccurrence(start="2026-10-17", status="geannuleerd"),)}, Status.CANCELLED),
        ({"status": "nagenoeg uitverkocht"}, Status.SCHEDULED),
    ],
)
def test_status(normaliser: Normaliser, fields: dict[str, Any], status: Status) -> None:
    made = _listing(normaliser, **fields)
    assert (made.status, made.occurrences[0].status) == (status, status)


def test_same_page_same_listing_whatever_the_title_and_time(normaliser: Normaliser) -> None:
    before = _listing(normaliser)
    after = _listing(normaliser, title="Zomernacht", occurrences=(RawOccurrence(start="2026-11-01T20:00"),))
    assert before.ref == after.ref


def test_one_address_for_all_dates_is_one_listing(normaliser: Normaliser) -> None:
    raws = [
        _raw(title="AFGELAST: Koopzondag", occurrences=(RawOccurrence(start="2026-10-18"),)),
        _raw(title="Koopzondag", occurrences=(RawOccurrence(start="2026-11-29"),), organiser="Winkeliers"),
    ]
    (made,) = normaliser.listings(raws, NOW)
    assert isinstance(made, Listing)
    assert (made.title, made.key, made.organiser) == (
        "Koopzondag",
        "zaal.example/agenda/zomeravond",
        "Winkeliers",
    )
    assert [o.status for o in made.occurrences] == [Status.CANCELLED, Status.SCHEDULED]
    assert made.status is Status.SCHEDULED
    assert made.warnings == ()


def test_one_address_for_many_events_keeps_them_apart(normaliser: Normaliser) -> None:
    made = normaliser.listings([_raw(title="Koor"), _raw(title="Orkest"), _raw(title="Koor", url=None)], NOW)
    keys = [m.key for m in made if isinstance(m, Listing)]
    assert keys == [
        "zaal.example/agenda/zomeravond#koor",
        "zaal.example/agenda/zomeravond#orkest",
        "zaal.example/agenda#koor",
    ]
    assert all(m.warnings == ("weak-identity",) for m in made if isinstance(m, Listing))


def test_one_title_in_two_places_stays_two(normaliser: Normaliser) -> None:
    raws = [_raw(title="Kerstmarkt", url=None, place=RawPlace(place=p)) for p in ("Enter", "Wierden")]
    keys = [m.key for m in normaliser.listings(raws, NOW) if isinstance(m, Listing)]
    assert keys == ["zaal.example/agenda#kerstmarkt@enter", "zaal.example/agenda#kerstmarkt@wierden"]


def test_tour_dates_elsewhere_are_other_listings(normaliser: Normaliser) -> None:
    there = RawPlace(name="Het Andere Huis")
    raw = _raw(
        place=RawPlace(name="De Zaal"),
        occurrences=(
            RawOccurrence(start="2026-10-17T20:30"),
            RawOccurrence(start="2026-10-18T20:30", place=there),
        ),
    )
    here, elsewhere = normaliser.listings([raw], NOW)
    assert isinstance(here, Listing)
    assert isinstance(elsewhere, Listing)
    assert (here.key, here.place.name) == ("zaal.example/agenda/zomeravond", "De Zaal")
    assert (elsewhere.key, elsewhere.place.name) == (f"{here.key}@het-andere-huis", "Het Andere Huis")
    alone = normaliser.listing(raw, NOW)
    assert isinstance(alone, Listing)
    assert (len(alone.occurrences), alone.warnings) == (1, ("other-places",))


def test_window_of_recurrences(normaliser: Normaliser) -> None:
    rule = RawOccurrence(start="2026-10-13T19:00", rrule="FREQ=WEEKLY")
    made = normaliser.listing(_raw(occurrences=(rule,)), NOW, until=datetime(2026, 11, 1, tzinfo=UTC))
    assert isinstance(made, Listing)
    assert [o.when.start.day for o in made.occurrences if isinstance(o.when, Timed)] == [13, 20, 27]
    whole = _listing(normaliser, occurrences=(rule,))
    assert len(whole.occurrences) == 57  # 400 days


LISTING = Listing(
    "zaal",
    "1",
    Tier.VENUE,
    "Avond",
    (),
    description="Eerste zin over de avond. " + "Daarna nog heel veel meer woorden over de avond. " * 9,
    image="https://zaal.example/1.jpg",
)


@pytest.mark.parametrize(
    ("rights", "text", "image", "credit"),
    [
        (Rights(id="facts", name="Feiten"), None, False, None),
        (Rights(id="pers", name="Pers", description="excerpt"), "excerpt", False, None),
        (Rights(id="eigen", name="Eigen", description="full", image=True), "full", False, None),
        (
            Rights(id="eigen", name="Eigen", description="full", image=True, credit="De Zaal"),
            "full",
            True,
            "De Zaal",
        ),
    ],
)
def test_rights(rights: Rights, text: str | None, image: bool, credit: str | None) -> None:
    shown = allowed(LISTING, rights)
    if text == "excerpt":
        assert shown.description is not None
        assert len(shown.description) <= 200
        assert shown.description.endswith("avond.")
    else:
        assert shown.description == (LISTING.description if text else None)
    assert (shown.image is not None, shown.image_credit) == (image, credit)
