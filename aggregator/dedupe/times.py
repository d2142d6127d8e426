"""When a listing is, prepared for comparison, and how two such times agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from aggregator.clock import AMSTERDAM
from aggregator.model import Occurrence, Timed

DOORS = 90  # minutes between doors and start
UTC_MISTAKES = frozenset({60, 120})  # minutes that a clock is off when UTC is taken for local time
NEAR = 62  # days between two performances of one event
SEASON = 300  # days beyond which it is another edition
STAY = timedelta(days=92)  # a span with one end stands for so much


class When(StrEnum):
    """How the times of two listings agree, the surest first."""

    MOMENT = "at the same moment"
    STAY = "on the same days"
    DOORS = "on the same day, doors against start"
    CLOCK = "on the same day, two hours apart as by a UTC mistake"
    DAY = "on the same day, one without a time"
    PART = "on some of the same days"
    BEGIN = "on the first day of a longer stay"
    WITHIN = "on a day within a longer stay"
    LATER = "on the same day at another time"
    NEAR = "on other days"
    SEASON = "months apart"
    FAR = "a year or so apart"


@dataclass(frozen=True, slots=True)
class Times:
    """`days` gives the minutes of each named day (None: no time); `spans` first and last day of stays.

    `evening` is the day's number and its minutes when one day is all that is named, as by most listings.
    """

    days: Mapping[date, frozenset[int | None]]
    spans: tuple[tuple[date, date], ...]
    evening: tuple[int, frozenset[int | None]] | None = None

    @property
    def first(self) -> date:
        """The first day that is named; the last of all days when none is."""
        return min((*self.days, *(span[0] for span in self.spans)), default=date.max)

    @property
    def all_days(self) -> list[date]:
        """Named days and the ends of stays, in order."""
        return sorted({*self.days, *(d for span in self.spans for d in span)})


class Meeting(NamedTuple):
    """The best agreement; `share` of the shorter list's times that agree, `days` between if none do.

    `rhythm` says that other days have one weekday and one time, as a weekly activity has.
    """

    when: When
    share: float = 0.0
    minutes: int = 0
    days: int = 0
    rhythm: bool = False


def read_times(occurrences: Sequence[Occurrence]) -> Times:
    """Times of a listing, local; doors count as a time of their own."""
    if len(occurrences) == 1 and isinstance(when := occurrences[0].when, Timed):  # as of most
        day, minute = _local(when.start)
        return Times({day: _one(minute)}, (), (day.toordinal(), _one(minute)))
    days: defaultdict[date, set[int | None]] = defaultdict(set)
    spans = []
    for occurrence in occurrences:
        when = occurrence.when
        if isinstance(when, Timed):
            day, minute = _local(when.start)
            days[day].add(minute)
        elif when.last is not None and when.last != when.first:
            spans.append((when.first or when.last - STAY, when.last))
        elif when.first is not None:
            days[when.first].add(None)
    if len(days) == 1 and not spans:
        ((day, told),) = days.items()
        minutes = _one(*told) if len(told) == 1 else frozenset(told)
        return Times({day: minutes}, (), (day.toordinal(), minutes))
    return Times({day: frozenset(times) for day, times in days.items()}, tuple(sorted(spans)))


@lru_cache(maxsize=2_000)
def _one(minute: int | None) -> frozenset[int | None]:
    """The same set for the same minute."""
    return frozenset((minute,))


def meet(a: Times, b: Times) -> Meeting:
    """How two listings' times agree."""
    if a.evening and b.evening:
        return _evenings(abs(a.evening[0] - b.evening[0]), a.evening[1], b.evening[1])
    best, hits, least = None, 0, 0
    few, many = sorted((a, b), key=lambda t: len(t.days))
    for day, times in few.days.items():
        if day in many.days:
            when, minutes = _day(times, many.days[day])
            hits += when is not When.LATER
            if best is None or _RANK[when] < _RANK[best]:
                best, least = when, minutes
    if best and (best is not When.LATER or not (a.spans or b.spans)):
        share = hits / len(few.days)
        rare = len(many.days) >= 4 and hits / len(many.days) < 0.3
        return Meeting(When.PART if rare and best is not When.LATER else best, share, least)
    return _stays(a, b) or (Meeting(best, 0.0, least) if best else _apart(a, b))


@lru_cache(maxsize=50_000)
def _evenings(gap: int, here: frozenset[int | None], there: frozenset[int | None]) -> Meeting:
    """How two single days so many days apart agree."""
    if not gap:
        when, minutes = _day(here, there)
        return Meeting(when, float(when is not When.LATER), minutes)
    when = When.NEAR if gap <= NEAR else When.SEASON if gap < SEASON else When.FAR
    return Meeting(when, 0.0, 0, gap, gap % 7 == 0 and bool((here & there) - {None}))


def _day(a: frozenset[int | None], b: frozenset[int | None]) -> tuple[When, int]:
    """The best agreement of the times of one day."""
    if None in a and None in b and len(a) == len(b) == 1:
        return When.MOMENT, 0
    both = [(abs(x - y)) for x in a for y in b if x is not None and y is not None]
    if both:
        gap = min(both)
        if gap == 0:
            return When.MOMENT, 0
        if gap <= DOORS:
            return When.DOORS, gap
        return (When.CLOCK, gap) if gap in UTC_MISTAKES else (When.LATER, gap)
    return When.DAY, 0


def _stays(a: Times, b: Times) -> Meeting | None:
    for first, last in a.spans:
        for start, end in b.spans:
            if first == start or last == end:
                return Meeting(When.STAY, 1.0)
            if start <= last and first <= end:
                return Meeting(When.PART, 0.5)
    for x, y in ((a, b), (b, a)):
        if any(first == day for first, _ in x.spans for day in y.days):
            return Meeting(When.BEGIN, 1.0)
        inside = [day for day in y.days if any(first <= day <= last for first, last in x.spans)]
        if inside:
            return Meeting(When.WITHIN, len(inside) / len(y.days))
    return None


def _apart(a: Times, b: Times) -> Meeting:
    gap = min((abs((x - y).days) for x in _ends(a) for y in _ends(b)), default=9999)
    when = When.NEAR if gap <= NEAR else When.SEASON if gap < SEASON else When.FAR
    return Meeting(when, 0.0, 0, gap, bool(_rhythm(a) & _rhythm(b)))


def _rhythm(times: Times) -> set[tuple[int, int]]:
    return {(day.weekday(), m) for day in _ends(times) for m in times.days.get(day, ()) if m is not None}


def _ends(times: Times) -> list[date]:
    days = times.all_days
    return days if len(days) <= 20 else [*days[:10], *days[-10:]]


def _local(moment: datetime) -> tuple[date, int]:
    local = moment if moment.tzinfo is AMSTERDAM else moment.astimezone(AMSTERDAM)
    return local.date(), local.hour * 60 + local.minute


_RANK = {when: rank for rank, when in enumerate(When)}
