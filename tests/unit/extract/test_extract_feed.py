"""RSS and Atom items that say when something happens, and the kinds of document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from crawlers.extract import Page, Reading, read_page
from crawlers.extract.sniff import Kind, sniff_kind

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)
SPACES = (
    'xmlns:ev="http://purl.org/rss/1.0/modules/event/" xmlns:xCal="urn:ietf:params:xml:ns:xcal" '
    'xmlns:g="http://base.google.com/ns/1.0" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"'
)


def read(items: str) -> Reading:
    body = (
        f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel><title>x</title>{items}</channel></rss>'
    )
    return read_page(Page("https://dorp.example/feed", body.encode(), seen=SEEN))


def one(item: str) -> RawEvent:
    (event,) = read(f"<item><title>Dorpsfeest</title><link>/feest</link>{item}</item>").events
    return event


DATES = {
    "event module": (
        "<ev:startdate>2026-11-01T10:00</ev:startdate><ev:enddate>2026-11-01T12:00</ev:enddate>",
        RawOccurrence("2026-11-01T10:00", "2026-11-01T12:00"),
    ),
    "xCal": ("<xCal:dtstart>20261101T100000</xCal:dtstart>", RawOccurrence("20261101T100000")),
    "range": (
        "<g:event_date_range><g:start>2026-11-01</g:start><g:end>2026-11-02</g:end></g:event_date_range>",
        RawOccurrence("2026-11-01", "2026-11-02"),
    ),
    "words": ("<ev:startdate>zondag 1 november</ev:startdate>", RawOccurrence(text="zondag 1 november")),
    "label in the description": (
        "<description>Lang verhaal over van alles. Datum: 1 november 2026. Kom ook</description>",
        RawOccurrence(text="1 november 2026"),
    ),
    "head of the description": (
        "<description>&lt;p&gt;zondag 1 november om 10.00 uur&lt;/p&gt;</description>",
        RawOccurrence(text="zondag 1 november om 10.00 uur"),
    ),
}


@pytest.mark.parametrize(("item", "occurrence"), DATES.values(), ids=DATES.keys())
def test_event_date(item: str, occurrence: RawOccurrence) -> None:
    assert one(f"<pubDate>Fri, 09 Oct 2026 08:00:00 GMT</pubDate>{item}").occurrences == (occurrence,)


@pytest.mark.parametrize(
    "item", ["", "<ev:enddate>2026-11-01</ev:enddate>", "<g:expiration_date>2026-11-01</g:expiration_date>"]
)
def test_date_of_publication_is_no_event_date(item: str) -> None:
    reading = read(
        f"<item><title>Nieuws</title><pubDate>Fri, 09 Oct 2026 08:00:00 GMT</pubDate>{item}</item>"
    )
    assert (reading.events, [p.code for p in reading.problems]) == ((), ["no-date"])


def test_title_with_date_and_place() -> None:
    (event,) = read(
        "<item><title>Bach - luisteren — zo 1 nov, 15:00 — Oude Kerk</title><link>/b</link></item>"
    ).events
    assert (event.title, event.place) == ("Bach - luisteren", RawPlace(name="Oude Kerk"))
    assert event.occurrences == (RawOccurrence(text="zo 1 nov, 15:00"),)


def test_town_after_the_date() -> None:
    assert one("<description>17 november 2026 in Losser. Een avond</description>").place == RawPlace(
        place="Losser"
    )
    assert one("<description>17 november 2026 in de kerk. Een avond</description>").place is None


def test_words_of_an_item() -> None:
    event = one(
        "<guid>g1</guid><ev:startdate>2026-11-01</ev:startdate><ev:location>Brink</ev:location>"
        "<ev:organizer>Jo</ev:organizer>"
        "<g:price>5</g:price><g:currency>EUR</g:currency><category>Feest</category><geo:lat>52.1"
        "</geo:lat><geo:long>6.7</geo:long>"
        '<enclosure url="/f.jpg" type="image/jpeg" length="1"/>'
    )
    assert (event.method, event.source_key, event.url) == ("rss", "g1", "https://dorp.example/feest")
    assert event.place == RawPlace(name="Brink", latitude="52.1", longitude="6.7")
    assert event.offers == (RawOffer(price="5", currency="EUR"),)
    assert (event.organiser, event.categories, event.image) == (
        "Jo",
        ("Feest",),
        "https://dorp.example/f.jpg",
    )


def test_atom() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:gd="http://schemas.google.com/g/2005"><entry><title>Bal</title>'
        '<updated>2026-10-09T00:00:00Z</updated><link rel="alternate" href="/bal"/><id>tag:1</id>'
        '<gd:when startTime="2026-11-01T20:00" endTime="2026-11-01T23:00"/><gd:where '
        'valueString="Zaal"/></entry></feed>'
    )
    (event,) = read_page(Page("https://dorp.example/atom", body.encode(), seen=SEEN)).events
    assert event.occurrences == (RawOccurrence("2026-11-01T20:00", "2026-11-01T23:00"),)
    assert (event.url, event.place) == ("https://dorp.example/bal", RawPlace(name="Zaal"))


def test_broken_feed_keeps_what_is_whole() -> None:
    item = "<item><title>A &nbsp; B</title><ev:startdate>2026-11-01</ev:startdate></item>"
    body = f"<rss {SPACES}><channel>{item}<item><tit"
    events = read_page(Page("https://dorp.example/feed", body.encode(), seen=SEEN)).events
    assert [o.start for e in events for o in e.occurrences] == ["2026-11-01"]


def test_entities_from_outside_are_not_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    body = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss><channel><item><title>A &x;</title>'
        "<startdate>2026-11-01</startdate></item></channel></rss>"
    )
    events = read_page(Page("https://dorp.example/feed", body.encode(), seen=SEEN)).events
    assert [e.title[:2] for e in events] == ["A "]
    assert "geheim" not in events[0].title


KINDS = {
    b"BEGIN:VCALENDAR\r\nEND:VCALENDAR": Kind.ICAL,
    b"\xef\xbb\xbf\r\nBEGIN:VCALENDAR\r\n": Kind.ICAL,
    b"<?xml version='1.0'?><rss></rss>": Kind.FEED,
    b"<!-- c --><feed xmlns='http://www.w3.org/2005/Atom'>": Kind.FEED,
    b"<rdf:RDF xmlns:rdf='x'>": Kind.FEED,
    b"<?xml version='1.0'?><TRCItem/>": Kind.XML,
    b"<?xml version='1.0'?><!DOCTYPE html><html>": Kind.HTML,
    b"<!DOCTYPE html><html>": Kind.HTML,
    b"<div class=vevent>": Kind.HTML,
    b"  text first <p>then</p>": Kind.HTML,
    b' {"a": 1}': Kind.JSON,
    "\ufeff[1]".encode("utf-16-le"): Kind.JSON,
    b"": Kind.OTHER,
    b"just words": Kind.OTHER,
}


@pytest.mark.parametrize(
    ("body", "kind"), KINDS.items(), ids=[k.decode("latin-1")[:20] or "empty" for k in KINDS]
)
def test_kind(body: bytes, kind: Kind) -> None:
    assert sniff_kind(Page("https://dorp.example/", body, seen=SEEN)) is kind
