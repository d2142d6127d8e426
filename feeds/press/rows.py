"""What stands in a press list: events by day, what runs on, and what does not go ahead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from aggregator.model import AllDay, Event, Status, Timed
from feeds.card import Voice, place_name, source_links, title_of, town
from feeds.select import Agenda, Showing, Window, days
from feeds.text import one_line
from feeds.urls import Scope
from feeds.words import Words

MOST_TIMES = 8  # of one event on one day


@dataclass(frozen=True, slots=True)
class Row:
    """One event on one day (`day` None: it runs on), in words; what is unknown is empty.

    `unread` names those of its sources that cannot be read at present.
    """

    event: Event
    day: date | None
    time: str
    title: str
    place: str
    town: str
    price: str
    status: str
    info: str
    unread: str


@dataclass(frozen=True, slots=True)
class PressList:
    """A list of the days `first` to `last`, both inclusive, in one language; `stale`: what cannot be read."""

    title: str
    first: date
    last: date
    days: tuple[tuple[date, tuple[Row, ...]], ...]
    running: tuple[Row, ...]
    off: tuple[Row, ...]
    stale: tuple[str, ...] = ()

    @property
    def rows(self) -> list[Row]:
        """Every row, in the order of the list."""
        return [*(row for _, rows in self.days for row in rows), *self.running, *self.off]


def press_title(scope: Scope, voice: Voice) -> str:
    """`Cultuuragenda Hengelo`."""
    return voice.words("press.title", scope=voice.scope_name(scope))


def within(agenda: Agenda, scope: Scope, first: date, last: date) -> list[Showing]:
    """The showings of a scope that touch these days, by start, then UID; not what is gone from it."""
    span = Window(first, last)
    return [s for s in agenda.showings(scope) if not s.gone and span.shows(s)]


def press_list(
    showings: Iterable[Showing],
    scope: Scope,
    voice: Voice,
    first: date,
    last: date,
    stale: Iterable[str] = (),
) -> PressList:
    """The list of showings (in order) that touch the days `first` to `last`; `stale` are names of sources.

    Several times of one event on one day are one row; a span of days that is longer than the one
    day stands under what runs on, what ends soonest first.
    """
    unread = tuple(stale)
    groups: dict[tuple[bool, date | None, str], list[Showing]] = {}
    for showing in showings:
        groups.setdefault((showing.off, _day(showing, first), showing.event.uid), []).append(showing)
    by_day: dict[date, list[Row]] = {}
    running: list[tuple[date, Row]] = []
    off = []
    for (is_off, day, _), own in groups.items():
        row = _row(own, day, voice, first, unread)
        if is_off:
            off.append(row)
        elif day is None:
            running.append((days(own[0].when)[1], row))
        else:
            by_day.setdefault(day, []).append(row)
    ordered = tuple((day, tuple(by_day[day])) for day in sorted(by_day))
    ending = tuple(row for _, row in sorted(running, key=lambda r: (r[0], r[1].event.uid)))
    return PressList(press_title(scope, voice), first, last, ordered, ending, tuple(off), unread)


def _day(showing: Showing, first: date) -> date | None:
    """The day under which it stands; None for what runs on for days."""
    begin, end = days(showing.when)
    if isinstance(showing.when, Timed):
        return begin if begin >= first else None
    return begin if begin == end else None


def _row(showings: list[Showing], day: date | None, voice: Voice, first: date, stale: Collection[str]) -> Row:
    lead, words, info = showings[0], voice.words, voice.info
    event = lead.event
    where, name = town(event, info), place_name(event)
    links = source_links(event, info)
    title = title_of(event)
    if subtitle := one_line(event.subtitle):
        title = f"{title}, {subtitle}"
    return Row(
        event=event,
        day=day,
        time=_time(showings, day, words, first),
        title=title,
        place=name,
        town="" if where.casefold() in name.casefold() else where,
        price=words.price(event.price).replace("\xa0", " "),
        status="" if lead.status is Status.SCHEDULED else words(f"status.{lead.status.value}"),
        info=urlsplit(links[0][1]).netloc.removeprefix("www.") if links else "",
        unread=", ".join(dict.fromkeys(name for name in _sources(event, voice) if name in stale)),
    )


def _sources(event: Event, voice: Voice) -> Iterator[str]:
    """The names of its sources, as `Agenda.stale_of` names them."""
    known = voice.info.sources
    return (known[i].name if i in known else i for i, _ in event.sources)


def _time(showings: list[Showing], day: date | None, words: Words, first: date) -> str:
    """`20.00 uur`, `14.00 en 16.00 uur`, `t/m 10 januari, di t/m zo 11-17 uur`; nothing when unknown."""
    lead = showings[0]
    if lead.off and not (day is None and isinstance(lead.when, AllDay)):
        return dotted(words.when(lead.when, year=False), words)
    hours = one_line(lead.occurrence.occurrence.hours)
    if day is None:
        last = days(lead.when)[1]
        until = words("date.until", last=words.plain_day(last, year=last.year != first.year))
        known = last != date.max and last - first < timedelta(days=3660)
        return ", ".join(part for part in (until if known else "", hours) if part)
    times = [s.when for s in showings if isinstance(s.when, Timed)]
    if not times:
        return hours
    if len(times) == 1:
        return dotted(words.hours(times[0]), words)
    clocks = [words.clock(t.start) for t in times[:MOST_TIMES]]
    said = words("press.and", first=", ".join(clocks[:-1]), last=clocks[-1])
    return dotted(words("date.time", start=said), words)


def dotted(text: str, words: Words) -> str:
    """Clock times as a newspaper of this language prints them: `20.00` in Dutch."""
    return text.replace(":", words("press.colon")).replace("–", "-")
