"""Whatever a source writes: feeds stay valid, say the same bytes twice, and lose no occurrence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import feedparser
import icalendar
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Event, EventOccurrence, ListingRef, Occurrence, Place, Status, Tag, Timed
from feeds.formats.ical import render_vevent
from feeds.lint import lint_calendar
from feeds.news import entries
from feeds.pieces import Pieces, assemble_calendar, assemble_feed
from feeds.select import Agenda, all_showings, days
from feeds.site.event import render_event
from feeds.text import clean, one_line, web_address
from feeds.urls import KINDS, REGION, slug
from tests.unit.feeds.feeds_world import INFO, TODAY, voice

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)  # no store holds half a character
raw_texts = st.text(st.characters(codec=None), max_size=60)
moments = st.datetimes(
    datetime(2026, 10, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2027, 12, 1),  # noqa: DTZ001
    timezones=st.just(AMSTERDAM),
    allow_imaginary=False,
)
seen = st.integers(0, 80 * 24).map(lambda hours: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=hours))
spans = st.dates(date(2026, 10, 1), date(2027, 12, 1))
lengths = st.integers(0, 100)


@st.composite
def occasions(draw: st.DrawFn) -> Timed | AllDay:
    if draw(st.booleans()):
        start = draw(moments)
        end = (start.astimezone(UTC) + timedelta(minutes=draw(st.integers(1, 9000)))).astimezone(AMSTERDAM)
        return Timed(start, draw(st.sampled_from([None, end])))
    first, last = draw(spans), draw(lengths)
    return draw(
        st.sampled_from([AllDay(first), AllDay(first, first + timedelta(days=last)), AllDay(None, first)])
    )


@st.composite
def events(draw: st.DrawFn, uid: str = "e") -> Event:
    dates = draw(st.lists(occasions(), min_size=1, max_size=4))
    occurrences = tuple(
        EventOccurrence(
            f"{uid}-o{number}",
            Occurrence(when, draw(st.sampled_from(Status)), hours=draw(st.none() | texts)),
            draw(st.integers(0, 3)),
            draw(seen),
            draw(seen),
            draw(st.none() | occasions()),
        )
        for number, when in enumerate(dates)
    )
    return Event(
        uid,
        draw(texts),
        occurrences,
        Place("hengelo", draw(st.sampled_from([None, "de-spil"])), draw(texts), draw(texts), draw(texts)),
        (ListingRef("de-spil", "1"),),
        subtitle=draw(st.none() | texts),
        ticket_url=draw(st.none() | texts),
        description=draw(st.none() | texts),
        organiser=draw(texts),
        performers=(draw(texts),),
        sources=(("de-spil", draw(texts)), ("de-spil", "https://x.example/")),
        pillars=tuple(Tag(p, "", "") for p in draw(st.sets(st.sampled_from(list(INFO.pillars))))),
        status=draw(st.sampled_from(Status)),
        created=draw(st.none() | seen),
        modified=draw(st.none() | seen),
    )


@given(events())
def test_calendar_is_valid_and_whole(event: Event) -> None:
    agenda = Agenda([event], INFO, TODAY)
    data = assemble_calendar(agenda, REGION, voice(), Pieces())
    assert lint_calendar(data) == []
    assert data == assemble_calendar(agenda, REGION, voice(), Pieces())
    found = {str(e["UID"]) for e in icalendar.Calendar.from_ical(data).walk("VEVENT")}
    since = datetime.combine(TODAY, time(), AMSTERDAM) - timedelta(days=30)
    told = {
        o.uid: o.modified or event.modified or datetime.max.replace(tzinfo=UTC) for o in event.occurrences
    }
    off = {s.occurrence.uid for s in all_showings(event) if s.off}
    inside = {o.uid for o in event.occurrences if agenda.window.holds(o.occurrence.when)}
    assert found == {uid for uid in inside if uid not in off or told[uid] >= since}


@given(events())
def test_icalendar_writes_every_event_in_the_same_bytes(event: Event) -> None:
    for showing in all_showings(event):
        data = render_vevent(showing, voice())
        if b"\\\\N" not in data.replace(b"\r\n ", b""):  # it takes a backslash before N for a newline
            assert icalendar.Event.from_ical(data).to_ical() == data


@given(events())
def test_news_feeds_are_valid(event: Event) -> None:
    agenda = Agenda([event], INFO, TODAY)
    for kind in KINDS:
        found = entries(agenda, REGION, kind)
        for form in ("rss", "atom"):
            parsed = feedparser.parse(assemble_feed(found, REGION, kind, form, voice(), Pieces()))
            assert not parsed.bozo
            assert len(parsed.entries) == len(found) <= 1
        value = json.loads(assemble_feed(found, REGION, kind, "json", voice(), Pieces()))
        assert len(value["items"]) == len(found)


@given(events())
def test_page_runs_nothing(event: Event) -> None:
    page = html.document_fromstring(render_event(event, voice("en"), TODAY).decode())
    scripts = {(s.get("type"), s.get("src")) for s in page.iter("script")}
    assert scripts <= {("application/ld+json", None), ("module", "/seen.js")}
    assert not list(page.iter("img", "iframe", "object", "embed", "form"))
    for element in page.iter():
        assert not [name for name in element.attrib if str(name).startswith("on")]
        href = element.get("href") or "#"
        assert href.startswith(("/", "#", "https://", "http://", "mailto:", "webcal://"))
    for block in page.xpath("//script[not(@src)]"):
        json.loads(block.text or "")


@given(raw_texts)
def test_cleaning_is_final(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)
    kept = web_address(text)
    assert kept is None or web_address(kept) == kept


@given(texts, texts)
def test_slugs_are_safe_and_differ(one: str, other: str) -> None:
    assert "/" not in slug(one)
    assert not slug(one).startswith(".")
    assert (slug(one) == slug(other)) == (one == other)


@given(occasions())
def test_days_are_in_order(when: Timed | AllDay) -> None:
    first, last = days(when)
    assert first <= last
