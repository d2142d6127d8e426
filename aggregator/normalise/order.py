"""Occurrences side by side: their order, equal ones as one, the same one at another start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from aggregator.model import AllDay, Occurrence, Status, Timed


def once(occurrences: list[Occurrence]) -> list[Occurrence]:
    """Sorted by time; two with the same start become one, and a bare day gives way to a time on it."""
    kept: dict[tuple[object, ...], Occurrence] = {}
    for one in occurrences:
        start = one.when.start if isinstance(one.when, Timed) else one.when.first or one.when.last
        key = (isinstance(one.when, Timed), start)
        other = kept.get(key)
        kept[key] = one if other is None else _fuller(other, one)
    timed = {o.when.start.date() for o in kept.values() if isinstance(o.when, Timed)}
    plain = (
        o
        for o in kept.values()
        if not (isinstance(o.when, AllDay) and o.when.last is None and o.when.first in timed)
    )
    return sorted(plain, key=start_of)


def _fuller(a: Occurrence, b: Occurrence) -> Occurrence:
    end = (a.when.end or b.when.end) if isinstance(a.when, Timed) and isinstance(b.when, Timed) else None
    when = replace(a.when, end=end) if isinstance(a.when, Timed) else a.when
    if isinstance(when, AllDay) and when.last is None and isinstance(b.when, AllDay):
        when = b.when
    status = b.status if a.status is Status.SCHEDULED else a.status
    return replace(
        a, when=when, status=status, doors=a.doors or b.doors, hours=a.hours or b.hours, url=a.url or b.url
    )


def start_of(occurrence: Occurrence) -> tuple[date, str]:
    """What occurrences are sorted by: the day, then the clock time, all-day ones first."""
    when = occurrence.when
    if isinstance(when, Timed):
        return when.start.date(), when.start.isoformat()
    return when.first or when.last or date.max, ""


def moved(first: Occurrence, start: datetime | date) -> Occurrence:
    """The first occurrence at another start: same wall-clock length, same doors before the start."""
    when = first.when
    if isinstance(when, Timed) and isinstance(start, datetime):
        length = when.end.replace(tzinfo=None) - when.start.replace(tzinfo=None) if when.end else None
        doors = start - (when.start - first.doors) if first.doors else None
        return replace(first, when=Timed(start, start + length if length else None), doors=doors)
    if isinstance(when, AllDay) and when.first:
        span = when.last - when.first if when.last else None
        return replace(first, when=AllDay(day_of(start), day_of(start) + span if span else None))
    return first


def day_of(value: datetime | date) -> date:
    """The day of a moment or of a day."""
    return value.date() if isinstance(value, datetime) else value
