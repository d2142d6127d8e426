"""Whatever the bytes: no exception, no endless reading, and what is written is read."""

from __future__ import annotations

import html
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import extruct
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extract import Page, Reading, read_page
from crawlers.extract.microdata import read_items
from crawlers.extract.values import absolute, mend_stamp

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)
URL = "https://huis.example/agenda"
LD = '<html><script type="application/ld+json">%s</script></html>'
NODE = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": ["Event", "MusicEvent"],
            "name": "Avond &amp; nacht",
            "startDate": "2026-11-01T20:00+01:00",
            "eventSchedule": {"startDate": "2026-11-01", "repeatFrequency": "P1W", "startTime": "20:00"},
            "location": [{"@type": "Place", "name": "Hal", "address": {"streetAddress": "Plein 1"}}, "Borne"],
            "offers": {"@type": "AggregateOffer", "lowPrice": 5, "offers": [{"price": "7", "url": "/k"}]},
            "subEvent": [{"@type": "Event", "startDate": "2026-11-02"}, {"@id": "#x"}],
        }
    ],
}
ICAL = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/Amsterdam\r\nBEGIN:VTIMEZONE\r\nTZID:Zaal\r\n"
    "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Zaal:20261010T200000\r\nDTEND:20261010T210000Z\r\n"
    "RRULE:FREQ=MONTHLY;BYDAY=2SA;BYSETPOS=1;COUNT=5\r\nEXDATE:20261114T200000\r\nRDATE:20261201T200000\r\n"
    "SUMMARY:Quiz\r\nGEO:52.1;6.7\r\nSEQUENCE:2\r\nCATEGORIES:A,B\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "RECURRENCE-ID;VALUE=DATE:20261010\r\nDTSTART;VALUE=DATE:20261011\r\nDURATION:P1D\r\nSUMMARY:Extra\r\n"
    "BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
MICRODATA = (
    '<div itemscope itemtype="http://schema.org/Event" itemref="b"><b itemprop="name">A</b><time '
    'itemprop="startDate" '
    'datetime="2026-11-01">x</time><div itemprop="location" itemscope '
    'itemtype="http://schema.org/Place" id="b">'
    '<i itemprop="name">Hal</i></div></div><div vocab="http://schema.org/" typeof="Event" rel="location">'
    '<b property="name">B</b><i property="startDate" content="2026"></i></div>'
)
MICROFORMAT = (
    '<div class="vevent h-event"><a class="summary url p-name" href="/x">A</a><i class="dtstart '
    'dt-start"><b class="value">'
    '2026-11-01</b> <b class="value">8pm</b></i><p class="location vcard"><b class="fn">Hal</b></p></div>'
)
FEED = (
    '<?xml version="1.0"?><rss '
    'xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><item><title>A — 1 nov — Hal</title>'
    "<ev:startdate>2026-11-01</ev:startdate><description>&lt;b&gt;x</description></item></channel></rss>"
)
SEEDS = [s.encode() for s in (LD % json.dumps(NODE), json.dumps(NODE), ICAL, MICRODATA, MICROFORMAT, FEED)]
BITS = st.sampled_from(
    [
        *(
            c.encode()
            for c in ("<", ">", '"', "\0", "{", "}", "[", "\\", ":", "\r\n", "-", "\u2028", "&#0;", "&lt;")
        ),
        *(b"99999999999", b"0000", b"\xff", b"itemscope ", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"),
        *(b"FREQ=YEARLY;", b"BYMONTHDAY=-1,0;", b"BYDAY=6MO;", b"INTERVAL=0;", b"UNTIL=", b"COUNT=-1;"),
    ]
)


def read(body: bytes) -> Reading:
    return read_page(Page(URL, body, seen=SEEN, source_id="huis"))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes(body: bytes) -> None:
    assert isinstance(read(body), Reading)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), BITS | st.binary(max_size=4)), max_size=6),
)
def test_damaged_pages(body: bytes, damages: list[tuple[float, int, bytes]]) -> None:
    for where, cut, put in damages:
        at = int(where * len(body))
        body = body[:at] + put + body[at + cut :]
    reading = read(body)
    assert "unreadable" not in {p.code for p in reading.problems}, reading.problems
    assert all(e.title and e.occurrences and e.source_id == "huis" for e in reading.events)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["2026-11-01", "P1W"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            "@type @id @value name startDate endDate eventSchedule subEvent location address geo offers "
            "price image "
            "performer organizer url eventStatus byDay repeatFrequency startTime endTime exceptDate "
            "keywords".split()
        ),
        inner | st.just("Event"),
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_json_ld(node: Any) -> None:
    event = {"@type": "Event", "name": "Vast", "startDate": "2026-11-05", "url": "/vast"}
    reading = read((LD % json.dumps([node, event]).replace("</", "<\\/")).encode())
    assert "unreadable" not in {p.code for p in reading.problems}, reading.problems
    assert "Vast" in {e.title for e in reading.events}


WORDS = st.text(st.characters(categories=["L", "N"], include_characters=" &<"), min_size=1, max_size=12).map(
    lambda t: " ".join(t.split()) or "x"
)
NAMES = st.sampled_from(["name", "performer", "organizer", "about", "genre"])
ITEMS = st.recursive(
    st.lists(st.tuples(NAMES, WORDS), max_size=3),
    lambda inner: st.lists(st.tuples(NAMES, WORDS | inner), max_size=3),
    max_leaves=12,
)


def markup(item: list[tuple[str, Any]], prop: str = "") -> str:
    inner = "".join(
        f'<p><b itemprop="{name}">{html.escape(value)}</b></p>'
        if isinstance(value, str)
        else f"<div>{markup(value, name)}</div>"
        for name, value in item
    )
    return f'<div {f"itemprop={prop}" if prop else ""} itemscope itemtype="http://schema.org/Event">{inner}</div>'


def plain(item: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for name, value in item:
        found.setdefault(name, []).append(value if isinstance(value, str) else plain(value))
    return found


def of_ours(item: dict[str, Any]) -> dict[str, Any]:
    pairs = ((k, v if isinstance(v, list) else [v]) for k, v in item.items() if not k.startswith("@"))
    return {k: [of_ours(x) if isinstance(x, dict) else x for x in v] for k, v in pairs}


def of_extruct(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    props = item.get("properties", {})
    return {k: [of_extruct(x) for x in (v if isinstance(v, list) else [v])] for k, v in props.items()}


@given(st.lists(ITEMS, min_size=1, max_size=3))
def test_microdata_agrees_with_what_was_written_and_with_extruct(items: list[list[tuple[str, Any]]]) -> None:
    body = f"<html><body>{''.join(markup(i) for i in items)}</body></html>"
    ours = [of_ours(i) for i in read_items(Page(URL, body.encode(), seen=SEEN).tree)]
    theirs = extruct.extract(body, syntaxes=["microdata"])["microdata"]
    assert ours == [plain(i) for i in items]
    assert ours == [of_extruct(i) for i in theirs]


@given(st.datetimes(min_value=datetime(1990, 1, 1)), st.sampled_from(["", "Z", "+01:00", "-0530"]))  # noqa: DTZ001
def test_sound_stamps_stay(moment: datetime, offset: str) -> None:
    stamp = moment.isoformat(timespec="seconds") + offset
    assert mend_stamp(stamp) == stamp
    assert mend_stamp(stamp[:10]) == stamp[:10]


@given(
    st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}T[0-9:+.-]{0,20}", fullmatch=True)
)
def test_mending_twice_is_mending_once(text: str) -> None:
    once = mend_stamp(text)
    assert mend_stamp(once) == once


def vevent(lines: str, number: int = 0) -> str:
    return f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:t\r\n{lines}\r\nEND:VEVENT\r\n"


EVENT = '{"@type":"Event","name":"X","startDate":"2026-11-05T20:00","url":"/x%d"}'
MICRO = (
    "<div itemscope itemtype=http://schema.org/Event><b itemprop=name>N</b>"
    "<i itemprop=startDate content=2026-11-05></i></div>"
)
HOSTILE = {
    "deep markup": "<div>" * 100_000,
    "deep items": "<div itemscope itemprop=subEvent itemtype=http://schema.org/Event>" * 30_000,
    "deep microformats": '<div class="vevent summary location">a' * 30_000,
    "wide microformats": "<div class=vevent><b class=summary>a</b><b "
                         "class=dtstart>2026-11-05</b></div>" * 20_000,
    "large microformat": "<div class=vevent>" + "<span>a <p>b</p></span>" * 100_000,
    "wide items": MICRO * 20_000,
    "items that refer": "<div id=r>" + "<i itemprop=name>x</i>" * 5000 + "</div>" + "<p itemscope "
                                                                                    "itemref='r r "
                                                                                    "r'></p>" * 5000,
    "nested words": "<div itemscope>" + "<div itemprop=description>a" * 200 + "b " * 1_000_000,
    "deep JSON": LD % ("[" * 100_000),
    "wide JSON": LD % ("[" + ",".join(EVENT % i for i in range(20_000)) + "]"),
    "sloppy JSON": LD % ("{name: 'x', " + "a:[1," * 20_000),
    "entities": LD % ('{"@type":"Event","name":"' + "&amp;" * 500_000 + '"}'),
    "every second": ICAL.replace("FREQ=MONTHLY;BYDAY=2SA;BYSETPOS=1;COUNT=5", "FREQ=SECONDLY"),
    "never": ICAL.replace("FREQ=MONTHLY;BYDAY=2SA;BYSETPOS=1;COUNT=5", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
    "fifth of one": ICAL.replace("FREQ=MONTHLY;BYDAY=2SA;BYSETPOS=1;COUNT=5", "FREQ=DAILY;BYSETPOS=5"),
    "since Napoleon": "BEGIN:VCALENDAR\r\n" + vevent("DTSTART:18000101T000000Z\r\nRRULE:FREQ=DAILY"),
    "components that never end": "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 50_000,
    "folds": "BEGIN:VCALENDAR\r\n" + vevent("DTSTART:20261105T200000\r\nDESCRIPTION:" + "x\r\n " * 60_000),
    "entity bomb": "<!DOCTYPE r [<!ENTITY a "
                   "'aa'>" + "".join(f"<!ENTITY a{i} '&a{i - 1};&a{i - 1};'>" for i in range(1, 40))
    + "]><rss><item><title>&a39;</title></item></rss>",
    "16 MB": "<p>woorden <b>en</b> meer</p>\n" * 570_000 + LD % EVENT,
}  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_page_takes_no_time(body: str) -> None:
    started = time.process_time()
    assert isinstance(read(body.encode()), Reading)
    assert time.process_time() - started < 6  # two seconds on an idle machine


@given(st.from_regex(r"https?://[a-z0-9.-]{1,9}(/[a-zA-Z0-9./~%+,=&;?#: -]{0,12})?", fullmatch=True))
def test_an_address_that_is_whole_is_what_joining_makes_of_it(address: str) -> None:
    made = absolute("https://huis.example/agenda/", address)
    assert made in (None, urljoin("https://huis.example/agenda/", address.strip()))
