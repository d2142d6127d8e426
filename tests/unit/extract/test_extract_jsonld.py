"""JSON-LD in the shapes that sites give it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from crawlers.extract import Page, Reading, read_page

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)
URL = "https://theater.example/agenda/avond"


def read(*blocks: str, url: str = URL) -> Reading:
    scripts = "".join(f'<script type="application/ld+json">{b}</script>' for b in blocks)
    return read_page(
        Page(url, f"<html><body>{scripts}</body></html>".encode(), seen=SEEN, source_id="theater")
    )


def one(node: dict[str, Any]) -> RawEvent:
    reading = read(json.dumps(node))
    assert len(reading.events) == 1, reading
    return reading.events[0]


def event(**more: Any) -> dict[str, Any]:
    return {"@type": "Event", "name": "Lichtjesavond", "startDate": "2026-11-01T19:30", **more}


CONTAINERS = {
    "bare": event(),
    "array": [event()],
    "graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, event()]},
    "item list": {
        "@type": "ItemList",
        "itemListElement": [{"@type": "ListItem", "position": 1, "item": event()}],
    },
    "list of lists": [[[event()]]],
    "place with events": {"@type": "Place", "name": "De Schuur", "event": [event()]},
    "main entity": {"@type": "WebPage", "mainEntity": event()},
    "type list": event(**{"@type": ["Thing", "MusicEvent"]}),
    "type address": event(**{"@type": "http://schema.org/TheaterEvent"}),
    "festival": event(**{"@type": "Festival"}),
    "exhibition": event(**{"@type": "ExhibitionEvent"}),
    "sports": event(**{"@type": "SportsEvent"}),
    "prefixed": {
        "@type": "schema:Event",
        "schema:name": "Lichtjesavond",
        "schema:startDate": "2026-11-01T19:30",
    },
    "addresses as names": {
        "@type": "http://schema.org/Event",
        "https://schema.org/name": "Lichtjesavond",
        "http://schema.org/startDate": "2026-11-01T19:30",
    },
    "an empty name before a prefixed one": event(name="", **{"schema:name": "Lichtjesavond"}),
    "names by language": event(name={"en": "Evening of lights", "nl": "Lichtjesavond"}),
    "value objects": event(name={"@value": "Lichtjesavond", "@language": "nl"}),
}


@pytest.mark.parametrize("node", CONTAINERS.values(), ids=CONTAINERS.keys())
def test_container(node: Any) -> None:
    events = read(json.dumps(node)).events
    assert [(e.title, [o.start for o in e.occurrences], e.method) for e in events] == [
        ("Lichtjesavond", ["2026-11-01T19:30"], "json-ld")
    ]


@pytest.mark.parametrize("kind", ["Organization", "BroadcastEvent", "DeliveryEvent", "Eventful", "Recipe"])
def test_what_is_no_event(kind: str) -> None:
    assert read(json.dumps(event(**{"@type": kind}))).events == ()


def test_course_takes_the_name_of_its_course() -> None:
    course = {
        "@type": "Course",
        "name": "Keramiek",
        "hasCourseInstance": {"@type": "CourseInstance", "startDate": "2026-11-02"},
    }
    assert one(course).title == "Keramiek"


def test_film_without_a_name_is_called_after_its_work() -> None:
    film = {
        "@type": "ScreeningEvent",
        "startDate": "2026-11-02T20:00",
        "workPresented": {"@type": "Movie", "name": "De Brug"},
    }
    assert one(film).title == "De Brug"


def test_reference_to_a_node_elsewhere_in_the_graph() -> None:
    graph = {"@graph": [event(location={"@id": "#hal"}), {"@id": "#hal", "@type": "Place", "name": "De Hal"}]}
    assert one(graph).place == RawPlace(name="De Hal")


LOCATIONS: dict[str, tuple[Any, RawPlace | None]] = {
    "string": ("De Bron, Enter", RawPlace(name="De Bron, Enter")),
    "place": (
        {
            "@type": "Place",
            "name": "De Bron",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Kerkstraat 2",
                "postalCode": "7468 AB ",
                "addressLocality": "Enter",
                "addressCountry": {"@type": "Country", "name": "NL"},
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 52.29, "longitude": "6.57"},
        },
        RawPlace("De Bron", "Kerkstraat 2", "Enter", "7468 AB", "52.29", "6.57", "NL"),
    ),
    "address in one string": (
        {"@type": "Place", "name": "De Bron", "address": "Kerkstraat 2, Enter"},
        RawPlace(name="De Bron", address="Kerkstraat 2, Enter"),
    ),
    "address on the place itself": (
        {"@type": "Place", "name": "De Bron", "addressLocality": "Enter"},
        RawPlace(name="De Bron", place="Enter"),
    ),
    "online before the hall": (
        [{"@type": "VirtualLocation", "url": "https://kijk.example"}, {"@type": "Place", "name": "De Bron"}],
        RawPlace(name="De Bron"),
    ),
    "online alone": ({"@type": "VirtualLocation", "url": "https://kijk.example"}, RawPlace(name="Online")),
    "hall in a house": (
        {"@type": "Place", "name": "Kleine zaal", "containedInPlace": {"@type": "Place", "name": "De Bron"}},
        RawPlace(name="Kleine zaal", address="De Bron"),
    ),
    "nothing": ({"@type": "Place"}, None),
}


@pytest.mark.parametrize(("value", "place"), LOCATIONS.values(), ids=LOCATIONS.keys())
def test_location(value: Any, place: RawPlace | None) -> None:
    assert one(event(location=value)).place == place


OFFERS: dict[str, tuple[Any, tuple[RawOffer, ...]]] = {
    "object": (
        {
            "@type": "Offer",
            "price": 12.5,
            "priceCurrency": "EUR",
            "availability": "https://schema.org/SoldOut",
        },
        (RawOffer(price="12.5", currency="EUR", availability="https://schema.org/SoldOut"),),
    ),
    "list": ([{"price": "10"}, {"price": "8"}], (RawOffer(price="10"), RawOffer(price="8"))),
    "aggregate": (
        {"@type": "AggregateOffer", "lowPrice": "5", "highPrice": "9", "offers": [{"price": "5"}]},
        (RawOffer(low="5", high="9"),),
    ),
    "aggregate that only holds others": (
        {"@type": "AggregateOffer", "offers": [{"price": "5"}, {"price": "7"}]},
        (RawOffer(price="5"), RawOffer(price="7")),
    ),
    "specification": (
        {"@type": "Offer", "priceSpecification": {"minPrice": 4, "maxPrice": 6, "priceCurrency": "EUR"}},
        (RawOffer(low="4", high="6", currency="EUR"),),
    ),
    "empty price": ({"@type": "Offer", "price": ""}, ()),
    "words": ("€ 5 aan de deur", (RawOffer(text="€ 5 aan de deur"),)),
}


@pytest.mark.parametrize(("value", "offers"), OFFERS.values(), ids=OFFERS.keys())
def test_offers(value: Any, offers: tuple[RawOffer, ...]) -> None:
    assert one(event(offers=value)).offers == offers


def test_words_around_the_event() -> None:
    found = one(
        event(
            name="Rock &amp;amp; Roll\n avond",
            eventStatus="EventRescheduled",
            doorTime="19:00",
            endDate="2026-11-01T22:00",
            performers=[{"@type": "Person", "name": "Mies"}, "Jet"],
            organizer={"@type": "Organization", "name": "Stichting Licht"},
            image=[{"@type": "ImageObject", "url": "/licht.jpg", "creditText": "Foto Jo"}],
            keywords="licht, donker",
            isAccessibleForFree="https://schema.org/True",
            url="/agenda/licht",
        )
    )
    assert found.title == "Rock & Roll avond"
    assert found.occurrences == (RawOccurrence("2026-11-01T19:30", "2026-11-01T22:00", "19:00"),)
    assert (found.status, found.performers, found.organiser) == (
        "EventRescheduled",
        ("Mies", "Jet"),
        "Stichting Licht",
    )
    assert (found.image, found.image_credit) == ("https://theater.example/licht.jpg", "Foto Jo")
    assert (found.categories, found.free) == (("licht", "donker"), True)
    assert (found.url, found.source_id, found.seen_at) == (
        "https://theater.example/agenda/licht",
        "theater",
        "2026-10-09T10:00:00Z",
    )


def test_series_is_one_event_with_its_dates_and_states() -> None:
    series = {
        "@type": "EventSeries",
        "name": "Maandagfilm",
        "subEvent": [
            event(name="Maandagfilm", startDate="2026-11-02T20:00"),
            {
                "@type": "Event",
                "startDate": "2026-11-09T20:00",
                "eventStatus": "https://schema.org/EventCancelled",
            },
        ],
    }
    found = one(series)
    assert [(o.start, o.status) for o in found.occurrences] == [
        ("2026-11-02T20:00", None),
        ("2026-11-09T20:00", "https://schema.org/EventCancelled"),
    ]


def test_festival_keeps_its_own_dates_beside_its_parts() -> None:
    festival = {
        "@type": "Festival",
        "name": "Zomerfeest",
        "startDate": "2026-07-01",
        "endDate": "2026-07-03",
        "location": "Markt",
        "subEvent": [event(name="Optocht"), event(name="Slotconcert", location="Kerk")],
    }
    events = read(json.dumps(festival)).events
    assert [(e.title, e.place.name if e.place else None) for e in events] == [
        ("Zomerfeest", "Markt"),
        ("Optocht", "Markt"),
        ("Slotconcert", "Kerk"),
    ]


def test_event_that_an_event_belongs_to_is_context() -> None:
    assert (
        one(event(superEvent={"@type": "Festival", "name": "Feest", "startDate": "2026-07-01"})).title
        == "Lichtjesavond"
    )


def test_copies_become_one_and_performances_are_gathered() -> None:
    blocks = (
        json.dumps(event(url="/a")),
        json.dumps(event(url="/a", description="Met soep")),
        json.dumps(event(url="/a", startDate="2026-11-02T19:30", eventStatus="EventCancelled")),
        json.dumps(event()),
    )
    (found,) = read(*blocks).events
    assert [(o.start, o.status) for o in found.occurrences] == [
        ("2026-11-01T19:30", None),
        ("2026-11-02T19:30", "EventCancelled"),
    ]
    assert (found.description, found.status) == ("Met soep", None)


def test_same_title_at_two_places_stays_two() -> None:
    blocks = (json.dumps(event(location="Borne")), json.dumps(event(location="Goor", startDate="2026-11-02")))
    assert [e.place.name for e in read(*blocks).events if e.place] == ["Borne", "Goor"]


BROKEN = {
    "trailing comma": '{"@type":"Event","name":"A","startDate":"2026-11-01",}',
    "raw line break": '{"@type":"Event","name":"A\n","startDate":"2026-11-01"}',
    "bare keys": '{"@type":"Event",name:"A",startDate:\'2026-11-01\'}',
    "semicolon": '{"@type":"Event","name":"A","startDate":"2026-11-01"};',
    "comment": '<!-- {"@type":"Event","name":"A","startDate":"2026-11-01"} -->',
    "cdata": '//<![CDATA[\n{"@type":"Event","name":"A","startDate":"2026-11-01"}\n//]]>',
    "entities": "{&quot;@type&quot;:&quot;Event&quot;,&quot;name&quot;:&quot;A&quot;"
    ",&quot;startDate&quot;:&quot;2026-11-01&quot;}",
    "quotes in a string": '{"@type":"Event","description":"Zij zei "ja", '
    'toch","name":"A","startDate":"2026-11-01"}',
    "unknown escape": '{"@type":"Event","description":"10\\€","name":"A","startDate":"2026-11-01"}',
    "comma forgotten": '[{"@type":"Thing"}{"@type":"Event","name":"A","startDate":"2026-11-01"}]',
    "two in a row": '{"@type":"Thing"}\n{"@type":"Event","name":"A","startDate":"2026-11-01"}',
}


@pytest.mark.parametrize("block", BROKEN.values(), ids=BROKEN.keys())
def test_sloppy_block_is_read_the_second_time(block: str) -> None:
    assert [e.title for e in read(block).events] == ["A"]


def test_broken_block_costs_itself_alone() -> None:
    reading = read("{nothing like json", json.dumps(event()), '{"@type": "Event", "name":')
    assert [e.title for e in reading.events] == ["Lichtjesavond"]
    assert [p.code for p in reading.problems if p.code == "broken-json-ld"] == ["broken-json-ld"] * 2


def test_block_in_a_comment_is_not_on_the_page() -> None:
    block = f'<!-- <script type="application/ld+json">{json.dumps(event())}</script> -->'
    assert read_page(Page(URL, f"<html><body>{block}</body></html>".encode(), seen=SEEN)).events == ()


STAMPS = {
    "2026-11-01T19:30:00:00+01:00": "2026-11-01T19:30:00+01:00",
    "2026-5-4T19:00+5.5:00": "2026-05-04T19:00+05:30",
    "2026-5-4T9:00": "2026-05-04T09:00",
    "2026-11-01T19:30+2:00": "2026-11-01T19:30+02:00",
    "2026-11-01T19:30:00.0000000": "2026-11-01T19:30:00.0000000",
    "2026-11-01T19:30+0100": "2026-11-01T19:30+0100",
    "2026-11-01": "2026-11-01",
}


@pytest.mark.parametrize(("written", "mended"), STAMPS.items())
def test_mangled_stamp(written: str, mended: str) -> None:
    assert one(event(startDate=written)).occurrences[0].start == mended


def test_printed_date_where_a_stamp_should_be_is_text() -> None:
    assert one(event(startDate="zo 1 november")).occurrences == (RawOccurrence(text="zo 1 november"),)


SCHEDULES: dict[str, tuple[dict[str, Any], RawOccurrence]] = {
    "weekly": (
        {
            "startDate": "2026-10-01",
            "endDate": "2026-12-31",
            "repeatFrequency": "P1W",
            "byDay": ["https://schema.org/Monday", "Thursday"],
            "startTime": "19:00:00",
            "endTime": "21:00",
            "scheduleTimezone": "Europe/Amsterdam",
            "exceptDate": "2026-10-08",
        },
        RawOccurrence(
            "2026-10-01T19:00:00",
            "2026-10-01T21:00",
            rrule="FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261231T235959",
            exdates=("2026-10-08T19:00:00",),
            zone="Europe/Amsterdam",
        ),
    ),
    "counted": (
        {"startDate": "2026-10-01", "repeatFrequency": "Daily", "repeatCount": 4},
        RawOccurrence("2026-10-01", rrule="FREQ=DAILY;COUNT=4"),
    ),
    "every second month": (
        {"startDate": "2026-10-01", "repeatFrequency": "P2M", "byMonthDay": 3},
        RawOccurrence("2026-10-01", rrule="FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=3"),
    ),
    "into the night": (
        {"startDate": "2026-10-01", "repeatFrequency": "P1W", "startTime": "22:00", "endTime": "02:30"},
        RawOccurrence("2026-10-01T22:00", duration="PT4H30M", rrule="FREQ=WEEKLY"),
    ),
    "once": (
        {"startDate": "2026-10-01", "startTime": "20:00", "endTime": "22:00"},
        RawOccurrence("2026-10-01T20:00", "2026-10-01T22:00"),
    ),
}


@pytest.mark.parametrize(("schedule", "occurrence"), SCHEDULES.values(), ids=SCHEDULES.keys())
def test_schedule(schedule: dict[str, Any], occurrence: RawOccurrence) -> None:
    node = {"@type": "Event", "name": "Inloop", "eventSchedule": {"@type": "Schedule", **schedule}}
    assert one(node).occurrences == (occurrence,)


def test_markup_borrowed_from_another_site_loses_its_place() -> None:
    reading = read(
        json.dumps(event(url="https://www.sjabloon.example/agenda/avond", location="Schouwburg Verweg"))
    )
    assert [(e.url, e.place) for e in reading.events] == [(URL, None)]
    assert "borrowed-markup" in {p.code for p in reading.problems}


def test_ticket_site_keeps_its_own_address_and_place() -> None:
    (found,) = read(json.dumps(event(url="https://kaarten.example/e/12", location="De Bron"))).events
    assert (found.url, found.place) == ("https://kaarten.example/e/12", RawPlace(name="De Bron"))


def test_only_event_of_a_page_has_the_pages_address() -> None:
    assert one(event()).url == URL
    assert [e.url for e in read(json.dumps([event(), event(name="B")])).events] == [None, None]


def test_teasers_of_other_events_are_told_apart() -> None:
    reading = read(json.dumps([event(url="/agenda/een"), event(name="B", url="/agenda/twee")]))
    assert "others-only" in {p.code for p in reading.problems}
    assert "others-only" not in {p.code for p in read(json.dumps(event(url=URL))).problems}


def test_event_without_title_or_date_is_told() -> None:
    reading = read(json.dumps([event(name=""), event(startDate=None, url="/b")]))
    assert reading.events == ()
    assert {p.code for p in reading.problems} == {"no-title", "no-date"}


def test_bare_json_document() -> None:
    page = Page("https://theater.example/events.json", json.dumps({"@graph": [event()]}).encode(), seen=SEEN)
    assert [e.title for e in read_page(page).events] == ["Lichtjesavond"]


def test_old_encoding() -> None:
    text = '<meta charset="windows-1252"><script type="application/ld+json">' + json.dumps(
        event(name="Café Één"), ensure_ascii=False
    )
    page = Page(URL, f"<html>{text}</script></html>".encode("windows-1252"), seen=SEEN)
    assert [e.title for e in read_page(page).events] == ["Café Één"]
