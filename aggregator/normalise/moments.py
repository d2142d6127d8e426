"""Machine stamps and printed words of a raw event to occurrences, with what is doubtful about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import AllDay, Occurrence, RawOccurrence, Status, Timed
from aggregator.normalise.key import public_url
from aggregator.normalise.order import day_of, moved, once, start_of
from aggregator.normalise.recur import expand_starts
from aggregator.normalise.status import decisive, parse_status
from aggregator.normalise.text import clean_line
from aggregator.normalise.when import parse_duration, parse_stamp, parse_when

EARLIEST = date(1990, 1, 1)
YEARS_AHEAD = 10
MOST = 1500  # occurrences of one event; more is a broken rule
_STATES = {"cancelled": Status.CANCELLED, "sold-out": Status.SOLD_OUT, "postponed": Status.POSTPONED}
_DAY_END = (time(23, 59), time(23, 59, 59))


@dataclass(frozen=True, slots=True)
class Window:
    """When a page was seen, and until when recurrences are expanded; both aware.

    `zone` holds for stamps without an offset, `region` is the zone in which residents read the times.
    """

    seen: datetime
    until: datetime
    zone: str = "Europe/Amsterdam"
    region: str = "Europe/Amsterdam"

    @property
    def local(self) -> ZoneInfo:
        """The zone in which residents read the times."""
        return ZoneInfo(self.region)

    @property
    def today(self) -> date:
        """The day on which the page was seen, where it was made."""
        return self.seen.astimezone(self.local).date()


@dataclass(frozen=True, slots=True)
class Moments:
    """Occurrences in time order, warnings, and, when there are none, reason code and words."""

    occurrences: tuple[Occurrence, ...] = ()
    warnings: tuple[str, ...] = ()
    raw: str = ""
    problem: str | None = None


def read_moments(raws: Iterable[RawOccurrence], window: Window) -> Moments:
    """The occurrences of all of an event's raw occurrences; equal ones are given once."""
    found: list[Occurrence] = []
    warnings: list[str] = []
    words: list[str] = []
    ended = False
    for raw in raws:
        said = _words(raw)
        if not said:
            continue
        words.append(said)
        reader = _Reader(window, raw.zone or window.zone)
        found += reader.read(raw)
        warnings += reader.warnings
        ended = ended or reader.ended
    text = " | ".join(dict.fromkeys(words))
    if not words:
        return Moments(problem="no-date")
    if not found:
        problem = "recurrence-over" if ended else "unreadable-date"
        return Moments((), tuple(dict.fromkeys(warnings)), text, problem)
    if len(found) > MOST:
        warnings.append("too-many-occurrences")
    return Moments(tuple(once(found)[:MOST]), tuple(dict.fromkeys(warnings)), text)


def _words(raw: RawOccurrence) -> str:
    stamps = "/".join(s.strip() for s in (raw.start, raw.end, raw.duration) if s and s.strip())
    parts = (stamps, raw.rrule and f"RRULE {raw.rrule}", raw.text)
    return " ".join(p.strip() for p in parts if p and p.strip())


class _Reader:
    """Reads one raw occurrence."""

    def __init__(self, window: Window, zone: str) -> None:
        self.window, self.zone = window, zone
        self.warnings: list[str] = []
        self.ended = False

    def read(self, raw: RawOccurrence) -> list[Occurrence]:
        start, end = self._stamp(raw.start, raw), self._stamp(raw.end, raw)
        text = clean_line(raw.text, 1000)
        if start is None and raw.start and not text:
            text = clean_line(raw.start, 1000)  # words where a stamp should be
        printed, hours = self._printed(text) if text else ([], None)
        if start is None and not (end is not None and not printed):
            found = printed
        else:
            when = self._span(start, end, raw)
            found = [Occurrence(when, doors=self._doors(raw, when))] if when else []
            if found and printed and not raw.rrule:
                found = [self._agree(found[0], printed)]
            if found and raw.rrule:
                found = self._expand(found[0], raw)
        status = parse_status(raw.status)
        url = public_url(raw.url)
        return [
            replace(o, status=status or o.status, url=url or o.url, hours=o.hours or hours)
            for o in found
            if self._possible(o)
        ]

    def _stamp(self, text: str | None, raw: RawOccurrence) -> datetime | date | None:
        if not text or not text.strip():
            return None
        value = parse_stamp(text.strip(), self.zone, local_z=raw.local_z)
        if isinstance(value, datetime):
            return value.astimezone(self.window.local)
        return value

    def _span(
        self, start: datetime | date | None, end: datetime | date | None, raw: RawOccurrence
    ) -> Timed | AllDay | None:
        """One moment or span of days from its stamps; an end that cannot be is left out with a warning."""
        if start is None:
            last = day_of(end) if end is not None else None
            return AllDay(None, last) if last else None
        if not isinstance(start, datetime) or (_prints_midnight(raw.start) and self._no_time(start, end)):
            return self._days(day_of(start), end, raw)
        if end is None:
            length = parse_duration(raw.duration) if raw.duration else None
            return Timed(start, _later(start, length)) if length else Timed(start)
        if not isinstance(end, datetime):
            if end > start.date():
                return AllDay(start.date(), end)
            return Timed(start)
        if end < start:
            self.warnings.append("end-before-start")
        return Timed(start, end) if end > start else Timed(start)

    def _days(self, first: date, end: datetime | date | None, raw: RawOccurrence) -> AllDay:
        last = day_of(end) if end is not None else None
        if last is None and raw.duration:
            length = parse_duration(raw.duration)
            last = first + timedelta(days=length.days - 1) if length and length.days > 1 else None
        elif last is not None and (raw.end_exclusive or self._day_after(first, end)):
            last -= timedelta(days=1)
        if last is not None and last < first:
            if not raw.end_exclusive or last < first - timedelta(days=1):
                self.warnings.append("end-before-start")
            last = None
        return AllDay(first, last if last != first else None)

    @staticmethod
    def _no_time(start: datetime, end: datetime | date | None) -> bool:
        """Midnight to midnight, or to a minute before, is how machines say "no time"."""
        if start.time() != time(0):
            return False
        return not isinstance(end, datetime) or end.time() in (time(0), *_DAY_END)

    @staticmethod
    def _day_after(first: date, end: datetime | date | None) -> bool:
        """Midnight of the next day is the end of this one."""
        return isinstance(end, datetime) and end.time() == time(0) and end.date() == first + timedelta(days=1)

    def _doors(self, raw: RawOccurrence, when: Timed | AllDay | None) -> datetime | None:
        if not raw.door or not isinstance(when, Timed):
            return None
        door = self._stamp(raw.door, raw)
        if not isinstance(door, datetime):
            try:
                door = datetime.combine(
                    when.start.date(), time.fromisoformat(raw.door.strip()), self.window.local
                )
            except ValueError:
                return None
        return door if timedelta(0) <= when.start - door <= timedelta(hours=6) else None

    def _printed(self, text: str) -> tuple[list[Occurrence], str | None]:
        """Occurrences that words say; recurring ones expanded."""
        when = parse_when(text, self.window.today)
        self.warnings += [f for f in when.flags if f not in _STATES]
        states = [_STATES[f] for f in when.flags if f in _STATES]
        # Of several dates on one line it is not known which of them is sold out.
        status = decisive(states) if len(when.occurrences) == 1 else Status.SCHEDULED
        found: list[Occurrence] = []
        for one in when.occurrences:
            plain = self._plain(one.start, one.end)
            if plain is None:
                continue
            occurrence = Occurrence(plain, status, self._clock(plain, one.doors), when.hours)
            raw = RawOccurrence(rrule=one.rrule)
            found += self._expand(occurrence, raw) if one.rrule else [occurrence]
        return found, when.hours

    def _plain(self, start: datetime | date | None, end: datetime | date | None) -> Timed | AllDay | None:
        if isinstance(start, datetime):
            start = self._aware(start)
            last = self._aware(end) if isinstance(end, datetime) else None
            return Timed(start, last if last and last > start else None)
        if start is None and end is None:
            return None
        return AllDay(start, day_of(end) if end is not None and end != start else None)

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self.window.local)

    def _clock(self, when: Timed | AllDay, doors: time | None) -> datetime | None:
        if doors is None or not isinstance(when, Timed):
            return None
        return datetime.combine(when.start.date(), doors, self.window.local)

    def _agree(self, stamped: Occurrence, printed: list[Occurrence]) -> Occurrence:
        """The stamped occurrence, completed by the words when they speak of the same day."""
        when = stamped.when
        first = start_of(stamped)[0]
        same = [o for o in printed if start_of(o)[0] == first]
        if not same:
            within = [o for o in printed if isinstance(o.when, AllDay) and _covers(o.when, first)]
            if not within:
                self.warnings.append("date-conflict")
            return stamped
        other = same[0]
        if isinstance(when, AllDay) and when.last is None and isinstance(other.when, Timed):
            return replace(other, status=stamped.status)
        if isinstance(when, Timed) and isinstance(other.when, Timed):
            if other.when.start != when.start and all(o.doors != when.start for o in same):
                if all(isinstance(o.when, Timed) and o.when.start != when.start for o in same):
                    self.warnings.append("time-conflict")
                return stamped
            if other.doors == when.start:  # the stamp is the doors time; the words say when it begins
                return replace(other, status=stamped.status)
            return replace(
                stamped,
                when=replace(when, end=when.end or other.when.end),
                doors=stamped.doors or other.doors,
            )
        return stamped

    def _expand(self, first: Occurrence, raw: RawOccurrence) -> list[Occurrence]:
        """All occurrences of a recurrence in the window, each as long as the first."""
        when = first.when
        start = when.start if isinstance(when, Timed) else when.first
        if start is None or raw.rrule is None:
            return [first]
        skip = [s for s in (self._stamp(x, raw) for x in raw.exdates) if s is not None]
        try:
            zone = ZoneInfo(raw.zone or self.zone)
            starts = expand_starts(
                raw.rrule, start, self.window.today, self.window.until, zone=zone, skip=skip
            )
        except (ValueError, KeyError, OSError):
            self.warnings.append("unreadable-recurrence")
            return [first]
        self.ended = not starts
        return [moved(first, s) for s in starts]

    def _possible(self, occurrence: Occurrence) -> bool:
        day = start_of(occurrence)[0]
        far = self.window.today + timedelta(days=366 * YEARS_AHEAD)
        if EARLIEST <= day <= max(far, self.window.until.date()):
            return True
        self.warnings.append("date-out-of-range")
        return False


def _prints_midnight(stamp: str | None) -> bool:
    """Whether a stamp shows 00:00 itself; one in UTC or in seconds that is midnight here names a moment."""
    return stamp is not None and re.search(r"(?:[T ]|^)00:?00", stamp) is not None


def _later(start: datetime, length: timedelta) -> datetime:
    """`length` of elapsed time after `start`, also over a change of the clock."""
    return (start.astimezone(ZoneInfo("UTC")) + length).astimezone(start.tzinfo)


def _covers(span: AllDay, day: date) -> bool:
    return (span.first or date.min) <= day <= (span.last or (span.first if span.first else date.max))
