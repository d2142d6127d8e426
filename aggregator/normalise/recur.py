"""Recurrence rules (RFC 5545 §3.3.10) to single starts, in the wall clock of the rule's own zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

MOST = 1500  # starts of one rule within a window
_UNTIL = re.compile(r";?UNTIL=([0-9TZ]+)", re.IGNORECASE)


def expand_starts(
    rule: str,
    start: datetime | date,
    since: date,
    until: datetime,
    *,
    zone: ZoneInfo,
    skip: Iterable[datetime | date] = (),
) -> list[datetime | date]:
    """The starts of a rule from the day `since` to before `until`, of the same kind as `start`.

    `start` is the first occurrence; a timed one keeps its wall clock in `zone` over changes of the
    clock and is given back in its own zone. `skip` are starts or days that do not take place.
    Raises ValueError for a rule that cannot be read or is finer than days.
    """
    timed = isinstance(start, datetime)
    naive = (
        start.astimezone(zone).replace(tzinfo=None)
        if isinstance(start, datetime)
        else datetime.combine(start, time())
    )
    last = until.astimezone(zone).replace(tzinfo=None)
    read = _read_rule(rule, naive, zone, last)
    gone = {s.astimezone(UTC) if isinstance(s, datetime) else s for s in skip}
    starts: list[datetime | date] = []
    for moment in islice(read.xafter(datetime.combine(since, time()), inc=True), MOST):
        if moment >= last:
            break
        if timed and isinstance(start, datetime):
            aware = moment.replace(tzinfo=zone)
            if aware.astimezone(UTC) not in gone and moment.date() not in gone:
                starts.append(aware.astimezone(start.tzinfo))
        elif moment.date() not in gone and moment.replace(tzinfo=zone).astimezone(UTC) not in gone:
            starts.append(moment.date())
    return starts


def _read_rule(rule: str, start: datetime, zone: ZoneInfo, last: datetime) -> rrule:
    """The rule with its end in wall clock, never later than `last`, so that none goes on for ever."""
    text = rule.strip().removeprefix("RRULE:")
    if "\n" in text or re.search(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)", text, re.IGNORECASE):
        raise ValueError(f"{text[:100]!r} is no rule for events")
    match = _UNTIL.search(text)
    end = _wall_clock(match[1], zone) if match else None
    read = rrulestr(_UNTIL.sub("", text).strip(";"), dtstart=start)
    if not isinstance(read, rrule):
        raise ValueError(f"{text[:100]!r} is no single rule")
    counted = re.search(r"COUNT=", text, re.IGNORECASE)
    if counted:
        return read
    return read.replace(until=min(end, last) if end else last)


def _wall_clock(text: str, zone: ZoneInfo) -> datetime:
    """An UNTIL value as naive wall clock; a date means the whole of that day."""
    if "T" not in text.upper():
        return datetime.combine(datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=UTC).date(), time.max)
    moment = datetime.strptime(text[:15].upper(), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return (moment.astimezone(zone) if text.upper().endswith("Z") else moment).replace(tzinfo=None)
