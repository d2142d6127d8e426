"""The calendar of an NDTRC record: single dates, patterns, opening hours, exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import RawOccurrence
from crawlers.platforms.pluck import flag, objects, text

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # daynumber 1 is Monday
_DUTCH = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_STATES = (
    "cancelled",
    "soldout",
    "movedto",
)  # the others, such as `premiere`, do not change whether it is on
_EXCEPTIONS = {"cancelleds": "cancelled", "soldouts": "soldout"}


def read_calendar(calendar: Any, zone: str) -> tuple[RawOccurrence, ...]:
    """Every occurrence, rules as RFC 5545 §3.3.10 RRULE; none when the calendar has no dates."""
    if flag(calendar, "onrequest") or flag(calendar, "alwaysopen"):
        return ()
    singles = [o for row in objects(calendar, "singleDates") for o in _single(row, zone)]
    states = {
        day: state
        for key, state in _EXCEPTIONS.items()
        for row in objects(calendar, key)
        if (day := _day(text(row, "date", "startdate"), zone))
    }
    closed = {d for row in objects(calendar, "closeds") if (d := _day(text(row, "date", "startdate"), zone))}
    patterns = [
        o for row in objects(calendar, "patternDates") for o in _pattern(row, zone, closed | set(states))
    ]
    kept = [o for o in singles if (o.start or "")[:10] not in closed]
    marked = [replace(o, status=states.get((o.start or "")[:10], o.status)) for o in kept]
    return tuple(marked + patterns)


def _single(row: dict[str, Any], zone: str) -> Iterator[RawOccurrence]:
    day = _day(text(row, "date"), zone)
    if day:
        for slot in objects(row, "when") or objects(row, "whens") or [{}]:
            yield _slot(day, slot, zone)


def _slot(day: str, slot: dict[str, Any], zone: str) -> RawOccurrence:
    """A day with its hours; hours of 00:00 to 00:00 or none make a day without a clock time."""
    begin, end = _clock(text(slot, "timestart")), _clock(text(slot, "timeend"))
    state = text(slot, "status")
    state = state if state in _STATES else None
    if not begin or (begin == "00:00" and end in (None, "00:00", "23:59")):
        return RawOccurrence(start=day, status=state)
    stop = f"{_after(day, begin, end)}T{end}" if end and end != begin else None
    return RawOccurrence(start=f"{day}T{begin}", end=stop, status=state, zone=zone)


def _pattern(row: dict[str, Any], zone: str, skipped: set[str]) -> Iterator[RawOccurrence]:
    first, last = _day(text(row, "startdate"), zone), _day(text(row, "enddate"), zone)
    if not first:
        return
    kind = (text(row, "recurrencyType", "recurrencytype") or "").lower()
    every = text(row, "recurrence", "occurrence") or "1"
    for rule, slot in _rules(kind, row):
        one = _slot(first, slot, zone)
        interval = f";INTERVAL={every}" if every.isdigit() and int(every) > 1 else ""
        until = (
            f";UNTIL={last.replace('-', '')}{'T235959' if 'T' in (one.start or '') else ''}" if last else ""
        )
        clock = (one.start or "")[10:]
        yield replace(
            one, rrule=rule + interval + until, exdates=tuple(d + clock for d in sorted(skipped)), zone=zone
        )


def _rules(kind: str, row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """RRULE without its end, with the hours that go with it."""
    opens = objects(row, "opens") or [{}]
    for opened in opens:
        number = text(opened, "daynumber") or ""
        weekday = _WEEKDAYS[(int(number) - 1) % 7] if number.isdigit() and number != "0" else None
        day, week, month = (text(opened, k) for k in ("day", "weeknumber", "month"))
        rule = {
            "daily": "FREQ=DAILY",
            "weekly": f"FREQ=WEEKLY;BYDAY={weekday}" if weekday else "FREQ=WEEKLY",
            "monthlysimple": f"FREQ=MONTHLY;BYMONTHDAY={day}" if day else "FREQ=MONTHLY",
            "monthlycomplex": f"FREQ=MONTHLY;BYDAY={_nth(week)}{weekday}" if weekday and week else None,
            "yearly": f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}" if day and month else "FREQ=YEARLY",
        }.get(kind)
        if rule:
            for slot in objects(opened, "whens") or objects(opened, "when") or [{}]:
                yield rule, slot


def _nth(week: str | None) -> str:
    """Week 5 of a month means the last one."""
    return "-1" if week == "5" else str(week)


def _day(value: str | None, zone: str) -> str | None:
    """`YYYY-MM-DD` from `20/05/2017`, `2019-06-17`, or a UTC stamp of local midnight."""
    if not value:
        return None
    if dutch := _DUTCH.match(value):
        return f"{dutch[3]}-{int(dutch[2]):02}-{int(dutch[1]):02}"
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(ZoneInfo(zone))
        except OverflowError:
            moment = moment.astimezone(UTC)
    return moment.date().isoformat()


def _clock(value: str | None) -> str | None:
    found = re.match(r"^([01]?\d|2[0-3]):([0-5]\d)", value or "")
    return f"{int(found[1]):02}:{found[2]}" if found else None


def _after(day: str, begin: str, end: str) -> str:
    """The day on which the end falls: the next one when it is earlier on the clock."""
    if end > begin:
        return day
    year, month, date = map(int, day.split("-"))
    following = datetime(year, month, date, 12, tzinfo=UTC).timestamp() + 86_400
    return datetime.fromtimestamp(following, UTC).date().isoformat()
