"""iCalendar files (RFC 5545, RFC 7986): one VEVENT per occurrence, bytes that depend on data alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Status
from feeds.card import Voice, loud_title, place_name, short_place, title_of
from feeds.cut import Cut, cut
from feeds.formats.lines import day_line, escape, fold, stamp, text_line, time_line
from feeds.info import MOST_BYTES, MOST_EVENTS
from feeds.select import Showing
from feeds.text import one_line, web_address
from feeds.urls import REGION, Scope

PRODID = "-//Trek//Trek 1//NL"
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


class Manner(StrEnum):
    """How an occurrence that is off is said: plainly, or in a way that Google Calendar still shows."""

    PLAIN = "plain"
    KEEP = "keep"  # CONFIRMED with the word before the title, as Google hides what is CANCELLED


def render_vevent(showing: Showing, voice: Voice, manner: Manner = Manner.PLAIN) -> bytes:
    """One VEVENT, folded, with CRLF; equal data give equal bytes."""
    event, occurrence, changed = showing.event, showing.occurrence, showing.changed
    lines = ["BEGIN:VEVENT\r\n", text_line("SUMMARY", _summary(showing, voice)), *_times(showing)]
    lines += [f"DTSTAMP:{stamp(changed)}\r\n", text_line("UID", one_line(occurrence.uid))]
    lines.append(f"SEQUENCE:{occurrence.sequence}\r\n")
    card = voice.card(event)
    if card.categories:
        lines.append(f"CATEGORIES:{','.join([escape(name) for _, name in card.categories])}\r\n")
    if occurrence.created is not None:
        created = min(occurrence.created.astimezone(UTC).replace(microsecond=0), changed)
        lines.append(f"CREATED:{stamp(created)}\r\n")
    lines.append(text_line("DESCRIPTION", _describe(showing, voice)))
    place = event.place
    if place.latitude is not None and place.longitude is not None:
        lines.append(f"GEO:{round(place.latitude, 6)};{round(place.longitude, 6)}\r\n")
    lines.append(f"LAST-MODIFIED:{stamp(changed)}\r\n")
    if card.address:
        lines.append(text_line("LOCATION", card.address))
    off = showing.off and manner is not Manner.KEEP
    lines.append(f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}\r\n")
    lines.append("TRANSP:TRANSPARENT\r\n")  # a suggestion must not make anyone look busy
    lines.append(f"URL:{voice.urls.absolute(voice.urls.event(voice.language, event.uid))}\r\n")
    lines.append("END:VEVENT\r\n")
    return fold("".join(lines))


def _whither(showing: Showing) -> str:
    """Where it went from this calendar, as the ending of a key."""
    return showing.event.hidden or "elsewhere"


def _summary(showing: Showing, voice: Voice) -> str:
    """The title, its status before it, and the end of a span whose beginning is unknown after it."""
    words = voice.words
    if showing.merged:
        return words("prefix.merged") + title_of(showing.event)
    summary = loud_title(showing, words)
    if showing.before is not None and not showing.off:
        region = voice.scope_name(REGION).upper()
        summary = words(f"prefix.{_whither(showing)}", region=region) + summary
    if isinstance(showing.when, AllDay) and showing.when.first is None and showing.when.last:
        summary += f" ({words.when(showing.when, year=False)})"
    return summary


def _became(showing: Showing, voice: Voice) -> str:
    """What became of it for those who follow a calendar that it left, or its merged event; else nothing."""
    event, words = showing.event, voice.words
    if showing.merged:
        return words("gone.merged", title=title_of(event))
    if showing.before is None:
        return ""
    was = replace(event, place=showing.before)
    old = short_place(was, voice.info) or place_name(was)
    return words(f"moved.{_whither(showing)}", region=voice.scope_name(REGION), old=old)


def _times(showing: Showing) -> list[str]:
    """DTSTART and DTEND of one value type; a day's end is the day after the last (§3.6.1)."""
    when = showing.when
    if isinstance(when, AllDay):
        first = showing.begin.date()
        last = max(when.last or first, first)
        return [day_line("DTSTART", first), day_line("DTEND", last + timedelta(days=1))]
    start = showing.begin
    end = when.end.astimezone(AMSTERDAM) if when.end is not None and when.end > when.start else None
    utc = bool(start.fold or (end is not None and end.fold))  # the hour that comes twice has no local name
    lines = [time_line("DTSTART", start, utc=utc)]
    return [*lines, time_line("DTEND", end, utc=utc)] if end is not None else lines


def _describe(showing: Showing, voice: Voice) -> str:
    """Plain text, as most programs show tags as they are."""
    event, words, card = showing.event, voice.words, voice.card(showing.event)
    occurrence = showing.occurrence.occurrence
    lines: list[str] = [one_line(event.subtitle), _became(showing, voice)]
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
    if card.price:
        lines.append(f"{words('event.price')}: {card.price}")
    if card.text:
        lines.append(f"\n{card.text}\n")
    if tickets := web_address(occurrence.url or event.ticket_url):
        lines.append(f"{words('event.tickets')}: {tickets}")
    lines += [words("event.source", name=n, url=u) for n, u in card.links[:3]]
    if (checked := showing.occurrence.checked) is not None:  # at its last change: see EventOccurrence
        lines.append(words("event.checked", day=words.plain_day(checked.astimezone(AMSTERDAM).date())))
    lines.append(words("event.more", url=voice.urls.absolute(voice.urls.event(voice.language, event.uid))))
    return "\n".join(line for line in lines if line)


def _head(
    scope: Scope, voice: Voice, name: str, note: str, last_modified: datetime | None, path: str
) -> bytes:
    """Everything before the first component; never an instant that the data do not hold.

    No UID (RFC 7986 §5.3): vdirsyncer takes it for that of every event and keeps only one of them.
    """
    address = voice.urls.absolute(path)
    lines = ["BEGIN:VCALENDAR\r\n", f"PRODID:{PRODID}\r\n", "VERSION:2.0\r\n", "CALSCALE:GREGORIAN\r\n"]
    if last_modified is not None:
        lines.append(f"LAST-MODIFIED:{stamp(last_modified)}\r\n")
    for key, text in (("NAME", name), ("X-WR-CALNAME", name), ("DESCRIPTION", note), ("X-WR-CALDESC", note)):
        lines.append(text_line(key, text))
    lines.append(f"URL:{voice.urls.absolute(voice.urls.listing(voice.language, scope))}\r\n")
    lines.append(f"SOURCE;VALUE=URI:{address}\r\n")
    refresh = _duration(voice.info.refresh)
    lines.append(f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}\r\n")
    lines.append(f"X-PUBLISHED-TTL:{refresh}\r\n")
    lines.append("X-WR-TIMEZONE:Europe/Amsterdam\r\n")
    return fold("".join(lines))


@cache
def _duration(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest // 60}M" if rest // 60 else "")


def _note(scope: Scope, voice: Voice, part: Cut, stale: Iterable[str]) -> str:
    """What the calendar is, what a limit left out of it, and which sources cannot be read at present."""
    words = voice.words
    said = [words("feed.calendar_text", scope=voice.scope_name(scope))]
    if part.left_out and part.until:
        said.append(words.count("feed.cut_until", part.left_out, last=words.plain_day(part.until)))
    elif part.left_out:
        said.append(words.count("feed.cut", part.left_out))
    if names := ", ".join(stale):
        said.append(words("feed.stale", names=names))
    return " ".join(said)


def calendar_parts(
    scope: Scope,
    showings: list[Showing] | Cut,
    voice: Voice,
    today: date,
    vevent: Callable[[Showing, Voice], bytes] = render_vevent,
    path: str | None = None,
    name: str | None = None,
    note: str | None = None,
    stale: Iterable[str] = (),
) -> tuple[bytes, ...]:
    """The pieces of a calendar of at most 999 events and 900 kB that says what was left out.

    `showings` in order, each UID once, or what was cut of them; `vevent` gives the pieces (a caller may
    keep them); `stale` are the names of sources that cannot be read at present. The time zone is there also
    when nothing is on, as a calendar without components is invalid (RFC 5545 §3.6).
    """
    most = min(voice.info.most_events, MOST_EVENTS)
    room = min(voice.info.most_bytes, MOST_BYTES) - 4_000  # the head
    part = showings if isinstance(showings, Cut) else cut(showings, most, today)
    pieces = [vevent(s, voice) for s in part.kept]
    while sum(map(len, pieces)) > room:
        made = {id(s): piece for s, piece in zip(part.kept, pieces, strict=True)}
        less = cut(part.kept, min(len(part.kept) - 1, int(len(part.kept) * 0.97)), today)
        part = replace(less, left_out=part.left_out + less.left_out)
        pieces = [made[id(s)] for s in part.kept]
    head = _head(
        scope,
        voice,
        name or voice.feed_title(scope, "calendar"),
        note or _note(scope, voice, part, stale),
        max([s.changed for s in part.kept], default=None),
        path or voice.urls.calendar(voice.language, scope),
    )
    return (head, ZONE, *pieces, END)
