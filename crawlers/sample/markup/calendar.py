"""iCalendar feeds (RFC 5545) as three kinds of software write them: with a VTIMEZONE, with Outlook's
zone name, in UTC beside X-WR-TIMEZONE. Series are rules with EXDATE and RECURRENCE-ID."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from aggregator.model import Status
from crawlers.sample.markup.page import Body, Desk, Query, Style, titled, words
from crawlers.sample.model import Entry, Rule, SampleSource, Showing

ZONES = {"ical": "Europe/Amsterdam", "ical-outlook": "W. Europe Standard Time", "ical-utc": "UTC"}
_STATES = {Status.CANCELLED: "CANCELLED", Status.POSTPONED: "TENTATIVE"}


def render_calendar(desk: Desk, query: Query) -> Body:
    """The whole calendar."""
    zone = ZONES[desk.source.style]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Voorbeeld//Agenda//NL",
        f"X-WR-CALNAME:{_text(desk.source.name)}",
    ]
    lines += ["X-WR-TIMEZONE:Europe/Amsterdam"] if zone == "UTC" else _vtimezone(zone)
    for entry in desk.entries:
        lines += _entry(desk, entry, zone)
    lines.append("END:VCALENDAR")
    return Body("".join(f"{_fold(line)}\r\n" for line in lines).encode(), "text/calendar; charset=utf-8")


def _entry(desk: Desk, entry: Entry, zone: str) -> Iterator[str]:
    """A series as its rule and the moved times; anything else as one VEVENT a showing."""
    rule = entry.rule
    if rule is not None and rule.first is not None and zone != "UTC":
        yield from _series(desk, entry, rule, zone)
        return
    for showing in entry.showings:
        yield from _vevent(desk, entry, showing, zone, _uid(desk.source, entry, showing), [])


def _series(desk: Desk, entry: Entry, rule: Rule, zone: str) -> Iterator[str]:
    """RRULE from the first time on, EXDATE for what is left out, RECURRENCE-ID for what was moved."""
    first = rule.first
    moved = {real: planned for planned, real in rule.moved}
    usual = next(s for s in entry.showings if s.start not in moved)
    if not isinstance(first, datetime) or not isinstance(usual.start, datetime):
        raise TypeError(f"{entry.event}: a series needs times")
    length = usual.end - usual.start if isinstance(usual.end, datetime) else timedelta(0)
    opening = Showing(1, first, first + length if length else None)
    extra = [f"RRULE:FREQ=WEEKLY;COUNT={rule.count}"]
    extra += [_stamp("EXDATE", day, zone) for day in rule.skipped]
    yield from _vevent(desk, entry, opening, zone, uid(desk.source, entry) or "", extra)
    for showing in entry.showings:
        if isinstance(showing.start, datetime) and showing.start in moved:
            planned = _stamp("RECURRENCE-ID", moved[showing.start], zone)
            yield from _vevent(desk, entry, showing, zone, uid(desk.source, entry) or "", [planned])


def _vevent(
    desk: Desk, entry: Entry, showing: Showing, zone: str, name: str, extra: list[str]
) -> Iterator[str]:
    """One VEVENT; the end of a stay is the day after its last (§3.6.1)."""
    yield "BEGIN:VEVENT"
    yield f"UID:{name}"
    yield f"DTSTAMP:{desk.since(entry):%Y%m%dT%H%M%SZ}"
    yield _stamp("DTSTART", showing.start, zone)
    if showing.stay:
        yield _stamp("DTEND", showing.last + timedelta(days=1), zone)
    elif showing.end:
        yield _stamp("DTEND", showing.end, zone)
    yield from extra
    mark = " (uitverkocht)" if entry.status is Status.SOLD_OUT else ""
    yield f"SUMMARY:{_text(titled(entry) + mark)}"
    where = (entry.venue_name, entry.street, f"{entry.postcode} {entry.place}")
    yield f"LOCATION:{_text(', '.join(part for part in where if part))}"
    price = "Gratis" if entry.cost.low is None else f"Entree: € {entry.cost.low:.2f}".replace(".", ",")
    yield f"DESCRIPTION:{_text(f'{words(entry)} {price}')}"
    yield f"CATEGORIES:{_text(entry.category)}"
    yield f"URL:{desk.url(entry)}"
    yield f"STATUS:{_STATES.get(entry.status, 'CONFIRMED')}"
    yield "END:VEVENT"


def _stamp(name: str, moment: date, zone: str) -> str:
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if zone == "UTC":
        return f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={zone}:{moment:%Y%m%dT%H%M%S}"


def _text(words: str) -> str:
    """TEXT with its four characters escaped (§3.3.11)."""
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> str:
    """At most 75 octets a line, never inside a character (§3.1)."""
    parts, rest, room = [], line, 75
    while len(rest.encode()) > room:
        cut = len(rest.encode()[:room].decode(errors="ignore"))
        parts.append(rest[:cut])
        rest, room = rest[cut:], 74
    return "\r\n ".join([*parts, rest])


def _vtimezone(zone: str) -> list[str]:
    """The rules of the zone, valid for every coming year under present law."""
    summer = ["BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "DTSTART:19700329T020000"]
    winter = ["BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "DTSTART:19701025T030000"]
    summer += ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT"]
    winter += ["RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD"]
    return ["BEGIN:VTIMEZONE", f"TZID:{zone}", *summer, *winter, "END:VTIMEZONE"]


def uid(source: SampleSource, entry: Entry) -> str | None:
    """The UID of an entry; of its first showing when each has its own."""
    if entry.rule is not None and ZONES[source.style] != "UTC":
        return f"{entry.event_number}-reeks@{source.id}.voorbeeld"
    return _uid(source, entry, entry.first)


def _uid(source: SampleSource, entry: Entry, showing: Showing) -> str:
    return f"{entry.event_number}-{showing.number}@{source.id}.voorbeeld"


SETTINGS = {"platform": "icalendar"}
TELLS = frozenset({Status.SCHEDULED, Status.CANCELLED, Status.SOLD_OUT})
STYLES = {
    name: Style("/agenda.ics", render_calendar, SETTINGS, whole=True, tells=TELLS, key=uid) for name in ZONES
}
