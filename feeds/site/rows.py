"""Lines of an agenda on a page: one language, plain values, ready for a template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aggregator.model import AllDay, Event, Timed
from feeds.card import PREFIXED, Voice, pillar_ids, place_name, title_of, town
from feeds.select import Agenda, Showing, begin, days
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
    rows: tuple[Line, ...]


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


@dataclass(frozen=True, slots=True)
class Line:
    """An occurrence in a list of a page: `Row` says what of it is written."""

    showing: Showing
    voice: Voice
    today: date


def build_lines(showings: Iterable[Showing], voice: Voice, today: date) -> tuple[Line, ...]:
    """The lines of occurrences in the order given."""
    return tuple(Line(showing, voice, today) for showing in showings)


def build_row(showing: Showing, voice: Voice, today: date) -> Row:
    """What is written of an occurrence."""
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


def laid(agenda: Agenda, scope: Scope) -> tuple[list[Showing], list[Showing]]:
    """What is coming of a scope: the spans that run today, and what stands under its day.

    Worked out once for all languages.
    """
    key = ("laid", scope)
    if key not in agenda.news:
        agenda.news[key] = parted(agenda.coming(scope), agenda.today)
    found: tuple[list[Showing], list[Showing]] = agenda.news[key]
    return found


def parted(showings: Iterable[Showing], today: date) -> tuple[list[Showing], list[Showing]]:
    """The spans of more days that have begun, listed apart and not on every day; and the rest."""
    running: list[Showing] = []
    fixed: list[Showing] = []
    for showing in showings:
        runs = showing.exhibition and showing.first <= today <= showing.last
        (running if runs else fixed).append(showing)
    return running, fixed


def count_of(agenda: Agenda, scope: Scope) -> int:
    """How many events are coming of a scope."""
    key = ("count", scope)
    if key not in agenda.news:
        agenda.news[key] = len({s.event.uid for s in agenda.coming(scope)})
    found: int = agenda.news[key]
    return found


def build_days(showings: Iterable[Showing], voice: Voice, today: date) -> list[Day]:
    """Lines by day of their start, days in order; what began earlier stands under today."""
    by_day: dict[date, list[Line]] = {}
    for showing in showings:
        day = max(showing.begin.date(), today)
        by_day.setdefault(day, []).append(Line(showing, voice, today))
    return [build_day(day, tuple(rows), voice, today) for day, rows in sorted(by_day.items())]


def build_day(day: date, rows: tuple[Line, ...], voice: Voice, today: date) -> Day:
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
