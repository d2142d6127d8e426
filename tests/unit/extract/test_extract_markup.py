"""Microdata, RDFa, h-event and hCalendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from crawlers.extract import Page, read_page

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)
URL = "https://kulturhus.example/agenda"


def read(body: str) -> tuple[RawEvent, ...]:
    return read_page(Page(URL, f"<html><body>{body}</body></html>".encode(), seen=SEEN)).events


MICRODATA = """
<div itemscope itemtype="https://schema.org/MusicEvent">
  <a itemprop="url" href="/agenda/koor"><h2 itemprop="name">Koor  aan zee</h2></a>
  <meta itemprop="startDate" content="2026-11-01T15:00">
  <time itemprop="endDate" datetime="2026-11-01T17:00">vijf uur</time>
  <div itemprop="location" itemscope itemtype="https://schema.org/Place">
    <a itemprop="url" href="/hal">De Hal</a>
    <span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
      <span itemprop="streetAddress">Dorp 1<!-- x -->a</span>
      <span itemprop="addressLocality">Delden</span></span>
  </div>
  <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
    <span itemprop="price" content="7.50">€ 7,50</span><link itemprop="availability" href="https://schema.org/InStock">
  </div>
  <img itemprop="image" src="koor.jpg" alt="Het koor">
</div>
"""

RDFA = """
<div vocab="https://schema.org/" typeof="MusicEvent">
  <a property="url" href="/agenda/koor"><h2 property="name">Koor  aan zee</h2></a>
  <span property="startDate" content="2026-11-01T15:00">zondag</span>
  <time property="endDate" datetime="2026-11-01T17:00">vijf uur</time>
  <div property="location" typeof="Place">
    <a property="url" href="/hal">De Hal</a>
    <span property="address" typeof="PostalAddress">
      <span property="streetAddress">Dorp 1a</span> <span property="addressLocality">Delden</span></span>
  </div>
  <div property="offers" typeof="Offer">
    <span property="price" content="7.50">€ 7,50</span><link property="availability" href="https://schema.org/InStock">
  </div>
  <img property="image" src="koor.jpg" alt="Het koor">
</div>
"""


@pytest.mark.parametrize(("body", "method"), [(MICRODATA, "microdata"), (RDFA, "rdfa")])
def test_attributes(body: str, method: str) -> None:
    (found,) = read(body)
    assert (found.title, found.method, found.types) == ("Koor aan zee", method, ("MusicEvent",))
    assert found.occurrences == (RawOccurrence("2026-11-01T15:00", "2026-11-01T17:00"),)
    assert found.url == "https://kulturhus.example/agenda/koor"
    assert found.image == "https://kulturhus.example/koor.jpg"
    assert found.place == RawPlace(name="De Hal", address="Dorp 1a", place="Delden")
    assert found.offers == (RawOffer(price="7.50", availability="https://schema.org/InStock"),)


def test_itemref_adds_what_stands_elsewhere() -> None:
    (found,) = read(
        '<div itemscope itemtype="http://schema.org/Event" itemref="when where">'
        '<b itemprop="name">Quiz</b></div><p id="when"><time itemprop="startDate" '
        'datetime="2026-11-03T20:00">di</time></p>'
        '<p id="where"><span itemprop="location">De Bron</span></p>'
    )
    assert (found.occurrences, found.place) == (
        (RawOccurrence("2026-11-03T20:00"),),
        RawPlace(name="De Bron"),
    )


def test_names_of_properties_may_be_addresses() -> None:
    (found,) = read(
        '<div itemscope itemtype="http://schema.org/Event"><b itemprop="http://schema.org/name">Quiz</b>'
        '<i itemprop="https://schema.org/startDate" content="2026-11-03T20:00"></i></div>'
    )
    assert (found.title, found.occurrences) == ("Quiz", (RawOccurrence("2026-11-03T20:00"),))


def test_itemref_to_itself_ends() -> None:
    assert len(read('<div id="a" itemscope itemref="a" itemtype="http://schema.org/Event"><b '
                    'itemprop="name">Q</b>'
                    '<i itemprop="startDate" content="2026-11-03"></i></div>')) == 1  # fmt: skip


def test_event_inside_a_place_is_there_and_inside_a_band_is_not() -> None:
    event = (
        '<div itemprop="event" itemscope itemtype="http://schema.org/Event"><b itemprop="name">Avond</b>'
        '<i itemprop="startDate" content="2026-11-03"></i></div>'
    )
    (there,) = read(
        f'<div itemscope itemtype="http://schema.org/Museum"><b itemprop="name">Het Depot</b>{event}</div>'
    )
    (tour,) = read(
        f'<div itemscope itemtype="http://schema.org/MusicGroup"><b itemprop="name">De Vier</b>{event}</div>'
    )
    assert (there.place, there.performers) == (RawPlace(name="Het Depot"), ())
    assert (tour.place, tour.performers) == (None, ("De Vier",))


def test_several_dates_in_one_item() -> None:
    (found,) = read(
        '<div itemscope itemtype="http://schema.org/Event"><b itemprop="name">Revue</b>'
        '<i itemprop="startDate" content="2026-11-03T20:00"></i><i itemprop="startDate" '
        'content="2026-11-04T20:00"></i></div>'
    )
    assert [o.start for o in found.occurrences] == ["2026-11-03T20:00", "2026-11-04T20:00"]


def test_rdfa_of_an_old_cms() -> None:
    (found,) = read(
        '<div about="/node/3" typeof="schema:Event sioc:Item"><h2 property="schema:name dc:title">Lezing</h2>'
        '<span property="schema:startDate" content="2026-11-05T19:30:00+01:00">donderdag</span>'
        '<div rel="schema:location"><div typeof="schema:Place"><span property="schema:name">Zaal '
        "2</span></div></div></div>"
    )
    assert (found.title, found.place) == ("Lezing", RawPlace(name="Zaal 2"))


def test_words_of_another_vocabulary_are_left_alone() -> None:
    assert read('<div typeof="foaf:Person"><b property="foaf:name">Jan</b></div>') == ()


H_EVENT = """
<article class="h-event card">
  <a class="p-name u-url" href="/agenda/weef">Weven voor beginners</a>
  <p class="muted">layout<script>var x</script></p>
  <time class="dt-start" datetime="2026-11-06 10:00">vrijdag</time>
  <time class="dt-end" datetime="2026-11-06 12:00">12</time>
  <div class="row"><div class="p-location h-card"><span class="p-name">De Spil</span>
  <span class="p-street-address">Plein 4</span> <span class="p-locality">Vriezenveen</span></div></div>
  <span class="p-category">Workshop</span>
</article>
"""

H_CALENDAR = """
<div class="vevent box">
  <a class="summary url" href="/agenda/weef">Weven voor beginners</a>
  <abbr class="dtstart" title="2026-11-06T10:00">vrijdag</abbr>
  <abbr class="dtend" title="2026-11-06T12:00">12 uur</abbr>
  <div class="row"><div class="location vcard"><span class="fn org">De Spil</span>
  <div class="adr"><span class="street-address">Plein 4</span>,
  <span class="locality">Vriezenveen</span></div></div></div>
  <span class="category">Workshop</span>
</div>
"""


@pytest.mark.parametrize("body", [H_EVENT, H_CALENDAR], ids=["h-event", "hCalendar"])
def test_microformat(body: str) -> None:
    (found,) = read(body)
    assert (found.title, found.method) == ("Weven voor beginners", "h-event")
    assert found.occurrences == (RawOccurrence("2026-11-06T10:00", "2026-11-06T12:00"),)
    assert found.url == "https://kulturhus.example/agenda/weef"
    assert found.place == RawPlace(name="De Spil", address="Plein 4", place="Vriezenveen")
    assert found.categories == ("Workshop",)


def test_value_class_pattern() -> None:
    (found,) = read(
        '<div class="h-event"><b class="p-name">Bal</b> <span class="dt-start"><b '
        'class="value">2026-11-07</b> om '
        '<b class="value">9:30pm</b></span></div>'
    )
    assert found.occurrences == (RawOccurrence("2026-11-07T21:30"),)


def test_starts_that_agree_on_the_clock_and_not_on_the_zone() -> None:
    (found,) = read(
        '<div class="h-event"><b class="p-name">Bal</b><time class="dt-start" '
        'datetime="2026-11-07T21:30+01:00"></time>'
        '<time class="dt-start" datetime="2026-11-07T21:30-05:00"></time></div>'
    )
    assert [o.start for o in found.occurrences] == ["2026-11-07T21:30"]


def test_microformat_without_a_date_is_told() -> None:
    reading = read_page(Page(URL, b'<div class="h-event"><b class="p-name">Bal</b></div>', seen=SEEN))
    assert (reading.events, [p.code for p in reading.problems]) == ((), ["no-date"])


def test_syntax_with_most_events_is_read_and_no_event_twice() -> None:
    node = '{"@type":"Event","name":"Koor aan zee","startDate":"2026-11-01T15:00"}'
    ld = f'<script type="application/ld+json">{node}</script>'
    assert [e.method for e in read(ld + MICRODATA)] == ["json-ld"]
    other = MICRODATA.replace("Koor  aan zee", "Bal").replace("11-01", "11-02").replace("/koor", "/bal")
    assert [e.method for e in read(ld + MICRODATA + other)] == ["microdata", "microdata"]


def test_base_element() -> None:
    body = f'<html><head><base href="https://andere.example/map/"></head><body>{MICRODATA}</body></html>'
    (found,) = read_page(Page(URL, body.encode(), seen=SEEN)).events
    assert (found.url, found.image) == (
        "https://andere.example/agenda/koor",
        "https://andere.example/map/koor.jpg",
    )


@pytest.mark.parametrize(
    "inner",
    [
        '<span class="geo"><i class="latitude">52.3</i>, <i class="longitude">6.6</i></span>',
        '<p class="location vcard"><b class="fn">Hal</b><span class="geo"><abbr class="latitude" '
        'title="52.3">N</abbr> <abbr class="longitude" title="6.6">E</abbr></span></p>',
    ],
)
def test_a_classic_point_is_the_place_of_its_event(inner: str) -> None:
    named = '<b class="summary">Bal</b> <i class="dtstart">2026-11-01</i>'
    (found,) = read(f'<div class="vevent">{named}{inner}</div>')
    assert found.place is not None
    assert (found.place.latitude, found.place.longitude) == ("52.3", "6.6")


def test_nothing_is_guessed_for_a_classic_event_that_names_nothing() -> None:
    """The rules for unnamed events are those of microformats2; so is a name beside the classic ones."""
    body = b'<div class="vevent"><img src="/x.png">Bal <i class="dtstart p-name">2026-11-01</i></div>'
    reading = read_page(Page(URL, body, seen=SEEN))
    assert [(p.code, p.detail) for p in reading.problems] == [("no-title", "Bal 2026-11-01")]
