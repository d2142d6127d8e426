"""What the date reader answers: occurrences, doubts, and what each word was read as.

Times are naive wall clock of Europe/Amsterdam; a day without a clock time is a `date`.

>>> from datetime import date, datetime
>>> one = WhenOccurrence(datetime(2026, 11, 28, 20, 15))
>>> one.all_day, one.day
(False, datetime.date(2026, 11, 28))
>>> weekly = WhenOccurrence(date(2026, 11, 24), rrule="FREQ=WEEKLY;BYDAY=TU")
>>> [o.start for o in expand_rrule(weekly, date(2026, 12, 8))][-1]
datetime.date(2026, 12, 8)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Word:
    """One piece of the text and what it was read as ("weekday SA", "clock 20:15", "" for nothing)."""

    text: str
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class WhenOccurrence:
    """One printed occurrence.

    `start` and `end` are both `datetime` (naive, Amsterdam) or both `date` (all-day, `end` the last
    day, inclusive); None is unknown. `doors` is when the doors open. `rrule` is an RFC 5545 rule
    (§3.3.10) of which `start` is the first occurrence.
    """

    start: datetime | date | None = None
    end: datetime | date | None = None
    doors: time | None = None
    rrule: str | None = None

    @property
    def all_day(self) -> bool:
        """True when no clock time was printed."""
        known = self.start if self.start is not None else self.end
        return not isinstance(known, datetime)

    @property
    def day(self) -> date | None:
        """The day of the start, else of the end."""
        known = self.start if self.start is not None else self.end
        return known.date() if isinstance(known, datetime) else known


@dataclass(frozen=True, slots=True)
class When:
    """All occurrences in a text, in time order (recurring ones in printed order).

    `flags` are codes such as `weekday-conflict`, `implausible-year`, `midnight-start`, `cancelled`,
    `sold-out`; `hours` is the opening-hours text of a period; `words` is for explaining.
    """

    occurrences: tuple[WhenOccurrence, ...] = ()
    flags: tuple[str, ...] = ()
    hours: str | None = None
    words: tuple[Word, ...] = ()


def expand_rrule(occurrence: WhenOccurrence, until: date) -> list[WhenOccurrence]:
    """Each single occurrence of a recurring one up to and including the day `until`.

    An occurrence without a rule or without a start comes back as it is.
    """
    from dateutil.rrule import rrulestr

    start = occurrence.start
    if occurrence.rrule is None or start is None:
        return [occurrence]
    timed = isinstance(start, datetime)
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    rule = rrulestr(occurrence.rrule, dtstart=first)
    length = _length(occurrence)
    found = []
    for moment in rule.between(first, datetime.combine(until, time.max), inc=True)[:5000]:
        begin: datetime | date = moment if timed else moment.date()
        found.append(WhenOccurrence(begin, None if length is None else begin + length, occurrence.doors))
    return found


def _length(occurrence: WhenOccurrence) -> timedelta | None:
    start, end = occurrence.start, occurrence.end
    if start is None or end is None:
        return None
    return end - start
