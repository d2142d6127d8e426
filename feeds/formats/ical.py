"""iCalendar files (RFC 5545, RFC 7986): one VEVENT per occurrence, bytes that depend on data alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, vText
from icalendar import Event as VEvent

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Status, Timed
from feeds.card import (
    Voice,
    address_line,
    description_of,
    labels,
    loud_title,
    source_links,
)
from feeds.info import MOST_BYTES, MOST_EVENTS
from feeds.select import Showing, begin, cut
from feeds.text import one_line, web_address
from feeds.urls import Scope

PRODID = "-//Trek//Trek 1//NL"
UNDATED = datetime(2020, 1, 1, tzinfo=UTC)  # stamp of what has no known last change: fixed, never now
END = b"END:VCALENDAR\r\n"
# Present EU rules as recurrence, because Outlook ignores zones that are written as lists of dates.
ZONE = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Amsterdam",
        "X-LIC-LOCATION:Europe/Amsterdam",
        "BEGIN:DAYLIGHT",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    )
).encode()


def stamp_of(showing: Showing) -> datetime:
    """The last change of anything published of it, UTC."""
    known = (showing.occurrence.modified, showing.event.modified, showing.occurrence.created)
    moment = next((m for m in known if m is not None), UNDATED)
    return moment.astimezone(UTC).replace(microsecond=0)


def render_vevent(showing: Showing, voice: Voice) -> bytes:
    """One VEVENT, folded, with CRLF; equal data give equal bytes."""
    event, occurrence, words = showing.event, showing.occurrence, voice.words
    vevent = VEvent()
    vevent.add("uid", one_line(occurrence.uid))
    stamp = stamp_of(showing)
    vevent.add("dtstamp", stamp)
    vevent.add("last-modified", stamp)
    if occurrence.created is not None:
        vevent.add("created", min(occurrence.created.astimezone(UTC).replace(microsecond=0), stamp))
    vevent.add("sequence", occurrence.sequence)
    _add_times(vevent, showing.when)
    summary = loud_title(showing, words)
    if isinstance(showing.when, AllDay) and showing.when.first is None and showing.when.last:
        summary += f" ({words.when(showing.when, year=False)})"
    vevent.add("summary", summary)
    vevent.add("status", "CANCELLED" if showing.off else "CONFIRMED")
    vevent.add("transp", "TRANSPARENT")  # a suggestion must not make anyone look busy
    _add_place(vevent, showing, voice)
    vevent.add("description", _describe(showing, voice))
    vevent.add("url", voice.urls.absolute(voice.urls.event(voice.language, event.uid)))
    if names := labels(event, voice):
        vevent.add("categories", names)
    return bytes(vevent.to_ical())


def _add_times(vevent: VEvent, when: Timed | AllDay) -> None:
    """DTSTART and DTEND of one value type; a day's end is the day after the last (§3.6.1)."""
    if isinstance(when, AllDay):
        first = begin(when).date()
        last = max(when.last or first, first)
        vevent.add("dtstart", first)
        vevent.add("dtend", last + timedelta(days=1))
        return
    start = when.start.astimezone(AMSTERDAM)
    end = when.end.astimezone(AMSTERDAM) if when.end is not None and when.end > when.start else None
    if start.fold or (end is not None and end.fold):  # the hour that comes twice has no local name
        start, end = start.astimezone(UTC), end.astimezone(UTC) if end else None
    vevent.add("dtstart", start)
    if end is not None:
        vevent.add("dtend", end)


def _add_place(vevent: VEvent, showing: Showing, voice: Voice) -> None:
    place = showing.event.place
    if line := address_line(showing.event, voice.info):
        vevent.add("location", line)
    if place.latitude is not None and place.longitude is not None:
        vevent.add("geo", (round(place.latitude, 6), round(place.longitude, 6)))


def _describe(showing: Showing, voice: Voice) -> str:
    """Plain text, as most programs show tags as they are."""
    event, words = showing.event, voice.words
    occurrence = showing.occurrence.occurrence
    lines: list[str] = [one_line(event.subtitle)]
    if showing.status is not Status.SCHEDULED:
        lines.append(words(f"status.{showing.status.value}"))
    if showing.occurrence.previous is not None and showing.occurrence.previous != showing.when:
        lines.append(words("event.was", when=words.when(showing.occurrence.previous)))
    if occurrence.doors is not None:
        lines.append(words("event.doors", time=words("date.time", start=words.clock(occurrence.doors))))
    if occurrence.hours:
        lines.append(words("event.hours", hours=one_line(occurrence.hours)))
    if isinstance(showing.when, AllDay) and showing.when.first is None:
        lines.append(words("event.start_unknown"))
    if price := words.price(event.price):
        lines.append(f"{words('event.price')}: {price}")
    if text := description_of(event, voice.info, most=600):
        lines.append(f"\n{text}\n")
    if tickets := web_address(occurrence.url or event.ticket_url):
        lines.append(f"{words('event.tickets')}: {tickets}")
    lines += [words("event.source", name=n, url=u) for n, u in source_links(event, voice.info)[:3]]
    lines.append(words("event.more", url=voice.urls.absolute(voice.urls.event(voice.language, event.uid))))
    return "\n".join(line for line in lines if line)


def _head(
    scope: Scope, voice: Voice, name: str, note: str, last_modified: datetime | None, path: str
) -> bytes:
    """Everything before the first component; never an instant that the data do not hold."""
    address = voice.urls.absolute(path)
    page = voice.urls.absolute(voice.urls.listing(voice.language, scope))
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, address)))
    if last_modified is not None:
        calendar.add("last-modified", last_modified)
    for key, text in (("name", name), ("x-wr-calname", name), ("description", note), ("x-wr-caldesc", note)):
        calendar.add(key, vText(text))  # else commas of X- properties would go unescaped
    calendar.add("url", page)
    calendar.add("source", address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", voice.info.refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _duration(voice.info.refresh))
    calendar.add("x-wr-timezone", "Europe/Amsterdam")
    return bytes(calendar.to_ical(sorted=False)).removesuffix(END)


def _duration(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest // 60}M" if rest // 60 else "")


def _note(scope: Scope, voice: Voice, left_out: int, until: date | None) -> str:
    words = voice.words
    note = words("feed.calendar_text", scope=voice.scope_name(scope))
    if left_out and until:
        return f"{note} {words('feed.cut_until', n=left_out, last=words.plain_day(until))}"
    return f"{note} {words('feed.cut', n=left_out)}" if left_out else note


def render_calendar(
    scope: Scope,
    showings: list[Showing],
    voice: Voice,
    today: date,
    vevent: Callable[[Showing, Voice], bytes] = render_vevent,
    path: str | None = None,
    name: str | None = None,
    note: str | None = None,
) -> bytes:
    """A whole calendar of at most 999 events and 900 kB, saying what was left out.

    `showings` in order; `vevent` gives the pieces (a caller may keep them); the time zone is there
    also when nothing is on, as a calendar without components is invalid (RFC 5545 §3.6).
    """
    most = min(voice.info.most_events, MOST_EVENTS)
    room = min(voice.info.most_bytes, MOST_BYTES) - 4_000  # the head
    part = cut(_once(showings), most, today)
    made = {s.occurrence.uid: vevent(s, voice) for s in part.kept}
    while sum(len(made[s.occurrence.uid]) for s in part.kept) > room:
        most = min(len(part.kept) - 1, int(len(part.kept) * 0.97))
        part = cut(_once(showings), most, today)
    pieces = [made[s.occurrence.uid] for s in part.kept]
    changed = max((stamp_of(s) for s in part.kept), default=None)
    head = _head(
        scope,
        voice,
        name or voice.feed_title(scope, "calendar"),
        note or _note(scope, voice, part.left_out, part.until),
        changed,
        path or voice.urls.calendar(voice.language, scope),
    )
    return b"".join((head, ZONE, *pieces, END))


def _once(showings: Iterable[Showing]) -> list[Showing]:
    """Each UID once per file (RFC 5545 §3.8.4.7): clients keep one of two at random."""
    return list({s.occurrence.uid: s for s in showings}.values())
