"""Lines of an agenda on a page: one language, plain values, ready for a template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aggregator.model import AllDay, Event, Timed
from feeds.card import PREFIXED, Voice, pillar_ids, place_name, title_of, town
from feeds.select import Showing, begin, days
from feeds.text import one_line
from feeds.urls import Scope


@dataclass(frozen=True, slots=True)
class Pillar:
    """A pillar's mark: its number in the config (colour and shape), name and page."""

    number: int
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line: when, what, where; `status` is a key such as `cancelled`, or empty."""

    href: str
    title: str
    lang: str  # of the title, when it is not the page's
    subtitle: str
    moment: str  # machine-readable start
    time: str
    timed: bool
    doors: str
    place: str
    town: str
    price: str
    status: str
    status_text: str
    off: bool
    past: bool
    pillars: tuple[Pillar, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its lines; `relative` is Today or Tomorrow when it is."""

    iso: str
    number: int
    weekday: str
    month: str
    heading: str
    relative: str
    rows: tuple[Row, ...]


def pillar_marks(showing: Showing, voice: Voice) -> tuple[Pillar, ...]:
    """The marks of an event's pillars."""
    if not showing.event.pillars:
        return ()
    own = pillar_ids(showing.event, voice.info)
    return tuple(mark for pillar, mark in all_pillars(voice) if pillar in own)


def all_pillars(voice: Voice) -> list[tuple[str, Pillar]]:
    """Every pillar with its mark, in the order of the config."""
    urls, language = voice.urls, voice.language
    return [
        (p, Pillar(n, voice.info.pillar(p, language), urls.href(urls.listing(language, Scope(pillar=p)))))
        for n, p in enumerate(voice.info.pillars, 1)
    ]


def build_row(showing: Showing, voice: Voice, today: date) -> Row:
    """The line of an occurrence."""
    return voice.line(showing, today, lambda: _build_row(showing, voice, today))


def _build_row(showing: Showing, voice: Voice, today: date) -> Row:
    words, event, when = voice.words, showing.event, showing.when
    status = showing.status.value if showing.status in PREFIXED or showing.off else ""
    doors = showing.occurrence.occurrence.doors
    return Row(
        href=voice.urls.href(voice.urls.event(voice.language, event.uid)),
        title=title_of(event),
        lang=foreign(event, voice),
        subtitle=one_line(event.subtitle),
        moment=machine_time(when),
        time=time_text(when, voice, today),
        timed=isinstance(when, Timed),
        doors=words("date.doors", time=words.clock(doors)) if doors else "",
        place=place_name(event),
        town=town(event, voice.info),
        price=words.price(event.price),
        status=status,
        status_text=words(f"status.{status}") if status else "",
        off=showing.off,
        past=days(when)[1] < today,
        pillars=pillar_marks(showing, voice),
    )


def foreign(event: Event, voice: Voice) -> str:
    """The language of an event's own words when it differs from the page's (WCAG 3.1.2), else nothing."""
    own = one_line(event.language)[:2].lower() or voice.info.languages[0]
    return "" if own == voice.language or not own.isalpha() else own


def machine_time(when: Timed | AllDay) -> str:
    """For `<time datetime>`: a moment with offset, or a day."""
    start = begin(when)
    return start.date().isoformat() if isinstance(when, AllDay) else start.isoformat(timespec="minutes")


def time_text(when: Timed | AllDay, voice: Voice, today: date) -> str:
    """The clock time, or how long a span still runs."""
    words = voice.words
    if isinstance(when, Timed):
        return words.clock(when.start)
    if when.last is None or when.last == when.first:
        return words("date.time_unknown")
    year = when.last.year != today.year
    return words("page.running_until", last=words.plain_day(when.last, short=True, year=year))


def is_running(showing: Showing, today: date) -> bool:
    """Whether it is a span of more days that has begun: listed apart, not on every day."""
    first, last = days(showing.when)
    return isinstance(showing.when, AllDay) and first < last and first <= today <= last


def build_days(showings: Iterable[Showing], voice: Voice, today: date) -> list[Day]:
    """Lines by day of their start, days in order; what began earlier stands under today."""
    by_day: dict[date, list[Row]] = {}
    for showing in showings:
        day = max(begin(showing.when).date(), today)
        by_day.setdefault(day, []).append(build_row(showing, voice, today))
    return [build_day(day, tuple(rows), voice, today) for day, rows in sorted(by_day.items())]


def build_day(day: date, rows: tuple[Row, ...], voice: Voice, today: date) -> Day:
    """A day's heading and lines."""
    words = voice.words
    ahead = (day - today).days
    return Day(
        iso=day.isoformat(),
        number=day.day,
        weekday=words.lists["date.days_short"][day.weekday()],
        month=words.lists["date.months_short"][day.month - 1],
        heading=words.day(day, year=day.year != today.year),
        relative=words("date.today") if ahead == 0 else words("date.tomorrow") if ahead == 1 else "",
        rows=rows,
    )
