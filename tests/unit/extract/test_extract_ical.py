"""iCalendar: series, zones, days, and what is broken in real files."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.model import RawEvent
from crawlers.extract import Page, Reading, read_page

LOCAL = ZoneInfo("Europe/Amsterdam")
SEEN = datetime(2026, 10, 9, 12, tzinfo=LOCAL)
UNTIL = datetime(2026, 11, 9, tzinfo=LOCAL)


def calendar(*components: str, head: str = "") -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines(), *components, "END:VCALENDAR", ""]
    )


def vevent(*lines: str, uid: str | None = "a@huis.example", title: str | None = "Repair café") -> str:
    own = [f"UID:{uid}"] if uid else []
    own += [f"SUMMARY:{title}"] if title else []
    return "\r\n".join(["BEGIN:VEVENT", *own, *lines, "END:VEVENT"])


def read(text: str, url: str = "https://huis.example/agenda.ics", content_type: str | None = None) -> Reading:
    return read_page(Page(url, text.encode(), seen=SEEN, until=UNTIL, content_type=content_type))


def starts(event: RawEvent) -> list[str | None]:
    return [o.start for o in event.occurrences]


def one(*lines: str, head: str = "") -> RawEvent:
    reading = read(calendar(vevent(*lines), head=head))
    assert len(reading.events) == 1, reading
    return reading.events[0]


MOMENTS = {
    "zone": ("DTSTART;TZID=Europe/Amsterdam:20261010T200000", "", "2026-10-10T20:00:00+02:00"),
    "windows zone": ("DTSTART;TZID=W. Europe Standard Time:20261110T200000", "", "2026-11-10T20:00:00+01:00"),
    "utc": ("DTSTART:20261010T180000Z", "", "2026-10-10T18:00:00+00:00"),
    "utc in a calendar with a "
    "zone": ("DTSTART:20261010T180000Z", "X-WR-TIMEZONE:Europe/Amsterdam", "2026-10-10T20:00:00+02:00"),
    "floating": ("DTSTART:20261010T200000", "", "2026-10-10T20:00:00"),
    "floating in a calendar with a "
    "zone": ("DTSTART:20261010T200000", "X-WR-TIMEZONE:Europe/Amsterdam", "2026-10-10T20:00:00+02:00"),
    "zone that is none": ("DTSTART:20261010T200000", "X-WR-TIMEZONE:Ergens/Anders", "2026-10-10T20:00:00"),
    "unknown zone": ("DTSTART;TZID=Onze zaal:20261010T200000", "", "2026-10-10T20:00:00"),
    "time that calls itself a day": ("DTSTART;VALUE=DATE:20261010T200000", "", "2026-10-10T20:00:00"),
    "day": ("DTSTART;VALUE=DATE:20261010", "", "2026-10-10"),
    "long ago": ("DTSTART:20160101T200000Z", "", "2016-01-01T20:00:00+00:00"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "head", "start"), MOMENTS.values(), ids=MOMENTS.keys())
def test_start(line: str, head: str, start: str) -> None:
    assert starts(one(line, head=head)) == [start]


ENDS = {
    "end": (("DTSTART:20261010T200000", "DTEND:20261010T220000"), ("2026-10-10T22:00:00", False)),
    "length": (("DTSTART:20261010T200000", "DURATION:PT90M"), ("2026-10-10T21:30:00", False)),
    "days": (("DTSTART;VALUE=DATE:20261010", "DTEND;VALUE=DATE:20261013"), ("2026-10-13", True)),
    "same day": (("DTSTART;VALUE=DATE:20261010", "DTEND;VALUE=DATE:20261010"), (None, False)),
    "before the start": (("DTSTART:20261010T200000", "DTEND:20261010T190000"), (None, False)),
    "day for a time": (("DTSTART:20261010T200000", "DTEND;VALUE=DATE:20261011"), (None, False)),
    "broken": (("DTSTART:20261010T200000", "DTEND:straks"), (None, False)),
    "none": (("DTSTART:20261010T200000",), (None, False)),
}


@pytest.mark.parametrize(("lines", "end"), ENDS.values(), ids=ENDS.keys())
def test_end(lines: tuple[str, ...], end: tuple[str | None, bool]) -> None:
    (occurrence,) = one(*lines).occurrences
    assert (occurrence.end, occurrence.end_exclusive) == end


EXCEPT = ("EXDATE:20261011T100000", "EXDATE:20261012T100000")
SERIES = {
    "weekly over the change of the clock": (
        ("DTSTART;TZID=Europe/Amsterdam:20260101T193000", "RRULE:FREQ=WEEKLY;BYDAY=TH"),
        [
            *("2026-10-15T19:30:00+02:00", "2026-10-22T19:30:00+02:00"),
            *("2026-10-29T19:30:00+01:00", "2026-11-05T19:30:00+01:00"),
        ],
    ),
    "without two of them": (
        ("DTSTART:20261010T100000", "RRULE:FREQ=DAILY;COUNT=4", *EXCEPT),
        ["2026-10-10T10:00:00", "2026-10-13T10:00:00"],
    ),
    "extra dates": (
        ("DTSTART;VALUE=DATE:20261010", "RDATE;VALUE=DATE:20261020,20261101"),
        ["2026-10-10", "2026-10-20", "2026-11-01"],
    ),
    "over before the window": (("DTSTART:20200101T100000", "RRULE:FREQ=DAILY;COUNT=4"), None),
    "end of the window": (("DTSTART:20261108T230000", "RRULE:FREQ=DAILY"), ["2026-11-08T23:00:00"]),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), SERIES.values(), ids=SERIES.keys())
def test_series(lines: tuple[str, ...], expected: list[str] | None) -> None:
    events = read(calendar(vevent(*lines))).events
    assert [starts(e) for e in events] == ([expected] if expected else [])


def test_changed_instance_is_an_event_of_its_own_when_its_title_differs() -> None:
    core = vevent(
        "DTSTART:20261010T100000", "DTEND:20261010T120000", "RRULE:FREQ=WEEKLY;COUNT=3", "LOCATION:Hal"
    )
    moved = vevent(
        "RECURRENCE-ID:20261017T100000", "DTSTART:20261018T140000", "DTEND:20261018T150000", "LOCATION:Hal"
    )
    special = vevent(
        "RECURRENCE-ID:20261024T100000", "DTSTART:20261024T100000", "LOCATION:Hal", title="Repair met taart"
    )
    events = {e.title: e for e in read(calendar(core, moved, special)).events}
    assert starts(events["Repair café"]) == ["2026-10-10T10:00:00", "2026-10-18T14:00:00"]
    assert events["Repair café"].source_key == "a@huis.example"
    assert starts(events["Repair met taart"]) == ["2026-10-24T10:00:00"]
    assert events["Repair met taart"].source_key == "a@huis.example/2026-10-24T10:00:00"


def test_cancelled_instance_keeps_its_place_in_the_series() -> None:
    core = vevent("DTSTART:20261010T100000", "RRULE:FREQ=WEEKLY;COUNT=2")
    off = vevent("RECURRENCE-ID:20261017T100000", "DTSTART:20261017T100000", "STATUS:CANCELLED")
    (event,) = read(calendar(core, off)).events
    assert [(o.start, o.status) for o in event.occurrences] == [
        ("2026-10-10T10:00:00", None),
        ("2026-10-17T10:00:00", "CANCELLED"),
    ]


OFF = {
    "status": "STATUS:CANCELLED",
    "line": "DESCRIPTION:Neem gereedschap mee\\n** GEANNULEERD **\\nTot ziens",
    "stars": "DESCRIPTION:Kleine zaal***CANCELLED***\\\\n\\nBron",
}


@pytest.mark.parametrize("line", OFF.values(), ids=OFF.keys())
def test_cancelled(line: str) -> None:
    assert str(one("DTSTART:20261010T100000", line).status).lower() in ("cancelled", "geannuleerd")


def test_word_inside_a_sentence_cancels_nothing() -> None:
    assert one("DTSTART:20261010T100000", "DESCRIPTION:Vorige keer geannuleerd door storm").status is None


def test_newest_version_of_a_uid() -> None:
    old = vevent("SEQUENCE:1", "DTSTART:20261010T100000", title="Oud")
    new = vevent("SEQUENCE:3", "DTSTART:20261011T100000", title="Nieuw")
    assert [(e.title, starts(e)) for e in read(calendar(new, old)).events] == [
        ("Nieuw", ["2026-10-11T10:00:00"])
    ]


def test_one_uid_for_unlike_events_loses_none() -> None:
    first, second = vevent("DTSTART:20261010T100000"), vevent("DTSTART:20261011T100000", title="Taalcafé")
    for text in (calendar(first, second), calendar(first) + calendar(second)):
        events = read(text).events
        assert {e.title for e in events} == {"Repair café", "Taalcafé"}
        assert len({e.source_key for e in events}) == 2


def test_events_without_uid_stand_alone() -> None:
    lines = [vevent(f"DTSTART:202610{day}T100000", uid=None, title=f"Avond {day}") for day in (10, 11)]
    assert [(e.title, e.source_key) for e in read(calendar(*lines)).events] == [
        ("Avond 10", None),
        ("Avond 11", None),
    ]


def test_words_of_an_event() -> None:
    event = one(
        "DTSTART:20261010T100000", "LOCATION:De Spil\\, Plein 4\\, "
                                   "Vriezenveen", "URL:https://huis.example/repair",
        "GEO:52.4;6.62", "CATEGORIES:Inloop,Techniek", 'ORGANIZER;CN="Het Huis":mailto:a@huis.example',
        "ATTACH;FMTTYPE=image/png:https://huis.example/r.png", "DESCRIPTION:Met ko", " ffie",
    )  # fmt: skip
    assert event.place is not None
    assert (event.place.name, event.place.latitude, event.place.longitude) == (
        "De Spil, Plein 4, Vriezenveen",
        "52.4",
        "6.62",
    )
    assert (event.url, event.image) == ("https://huis.example/repair", "https://huis.example/r.png")
    assert (event.categories, event.organiser, event.description) == (
        ("Inloop", "Techniek"),
        "Het Huis",
        "Met koffie",
    )


BROKEN = {
    "no start": vevent("DTEND:20261010T100000", uid="b"),
    "broken start": vevent("DTSTART:morgen", uid="b"),
    "no title": vevent("DTSTART:20261010T100000", uid="b", title=None),
    "no end": "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:x\r\nDTSTART:20261010T100000",
    "line that is none": "ZOMAAR EEN REGEL",
    "rule that is none": vevent("DTSTART:20261010T100000", "RRULE:FREQ=SOMS", uid="b"),
    "every second": vevent("DTSTART:20261010T100000", "RRULE:FREQ=SECONDLY", uid="b"),
    "every hour for ever": vevent("DTSTART:20261010T100000", "RRULE:FREQ=HOURLY", uid="b"),
    "31 February": vevent("DTSTART:20261010T100000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", uid="b"),
}


@pytest.mark.parametrize("component", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("first", [True, False])
def test_broken_component_costs_itself_alone(component: str, first: bool) -> None:
    good = vevent("DTSTART:20261012T100000")
    reading = read(calendar(*([component, good] if first else [good, component])))
    assert "2026-10-12T10:00:00" in [
        s for e in reading.events if e.source_key == "a@huis.example" for s in starts(e)
    ]


@pytest.mark.parametrize("name", ["every second", "every hour for ever", "31 February"])
def test_rule_that_is_not_expanded_is_told(name: str) -> None:
    assert [p.code for p in read(calendar(BROKEN[name])).problems] == ["broken-rule"]


def test_cut_off_file_keeps_what_is_whole() -> None:
    text = calendar(vevent("DTSTART:20261010T100000"), vevent("DTSTART:20261011T100000", uid="b"))
    reading = read(text[: text.rindex("DTSTART")])
    assert [e.source_key for e in reading.events] == ["a@huis.example"]
    assert [p.code for p in reading.problems] == ["broken-event"]


def test_page_instead_of_a_calendar() -> None:
    html = "<!DOCTYPE html><html><body>Log in</body></html>"
    for reading in (read(html), read(html, url="https://huis.example/feed", content_type="text/calendar")):
        assert (reading.events, [p.code for p in reading.problems]) == ((), ["not-a-calendar"])


def test_empty_calendar() -> None:
    assert read(calendar()) == Reading()


def test_byte_order_mark_and_old_line_ends() -> None:
    text = "\ufeff\n" + calendar(vevent("DTSTART:20261010T100000")).replace("\r\n", "\r")
    assert [e.title for e in read(text).events] == ["Repair café"]


def test_single_event_says_when_it_was_seen() -> None:
    assert one("DTSTART:20261010T100000").seen_at == SEEN.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
