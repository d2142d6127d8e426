"""schema.org `Schedule` as an occurrence with an RFC 5545 rule (https://schema.org/Schedule)."""

from __future__ import annotations

import re

from aggregator.model import RawOccurrence
from crawlers.extract.values import Node, get_all, get_text, is_stamp

_PERIOD = re.compile(r"P(\d{1,4})([DWMY])$", re.IGNORECASE)
_LETTER = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_WORDS = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "yearly": "YEARLY",
    "annually": "YEARLY",
}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(?:[A-Z]*DAY)?$", re.IGNORECASE)
_CLOCK = re.compile(r"T?(\d{2}):?(\d{2})(?::?(\d{2}))?")


def read_schedule(node: Node, start: str | None) -> RawOccurrence | None:
    """One Schedule; `start` is the event's own startDate, for a schedule without one. None without a day.

    The first day need not fit the rule: `start` says from when on the rule counts, and is itself
    an occurrence only when the rule hits it.
    """
    first = get_text(node, "startDate") or start
    if first is None or not is_stamp(first):
        return None
    day = first.split("T")[0].strip()
    begins = get_text(node, "startTime") or (first.split("T")[1] if "T" in first else None)
    ends = get_text(node, "endTime")
    rule = _read_rule(node, bool(begins))
    last = get_text(node, "endDate")
    end = _join(day if rule else (last or day), ends) if begins and ends else (None if rule else last)
    overnight = bool(rule and begins and ends and _minutes(ends) <= _minutes(begins))
    skipped = (t for t in get_all(node, "exceptDate") if isinstance(t, str) and is_stamp(t))
    return RawOccurrence(
        start=_join(day, begins),
        end=None if overnight else end,
        duration=_overnight(begins, ends) if overnight and begins and ends else get_text(node, "duration"),
        rrule=rule,
        exdates=tuple(t.strip() if "T" in t else _join(t.strip(), begins) for t in skipped) if rule else (),
        zone=get_text(node, "scheduleTimezone"),
    )


def _read_rule(node: Node, timed: bool) -> str | None:
    """The rule, or None for a schedule that does not repeat."""
    every = get_text(node, "repeatFrequency") or ""
    days = [d for v in get_all(node, "byDay") if isinstance(v, str) and (d := _weekday(v))]
    if period := _PERIOD.match(every.strip()):
        parts = [f"FREQ={_LETTER[period[2].upper()]}"]
        parts += [f"INTERVAL={int(period[1])}"] if int(period[1]) > 1 else []
    elif word := _WORDS.get(every.strip().rsplit("/", 1)[-1].lower()):
        parts = [f"FREQ={word}"]
    elif days:
        parts = ["FREQ=WEEKLY"]
    else:
        return None
    parts += [f"BYDAY={','.join(days)}"] if days else []
    for name, key in (("byMonthDay", "BYMONTHDAY"), ("byMonth", "BYMONTH")):
        numbers = [t for v in get_all(node, name) if re.fullmatch(r"-?\d{1,2}", t := str(v).strip())]
        parts += [f"{key}={','.join(numbers)}"] if numbers else []
    count, until = get_text(node, "repeatCount"), get_text(node, "endDate")
    if count and count.isdigit() and int(count) > 0:
        parts.append(f"COUNT={int(count)}")
    elif until and is_stamp(until):
        parts.append(f"UNTIL={_until(until, timed)}")
    return ";".join(parts)


def _weekday(text: str) -> str | None:
    """`https://schema.org/Wednesday`, `Wednesday`, `WE` or `2WE` as RFC 5545 writes it."""
    found = _DAY.match(re.split(r"[/#:]", text.strip())[-1])
    return f"{found[1] or ''}{found[2].upper()}" if found else None


def _until(stamp: str, timed: bool) -> str:
    """The last day, to its end when the occurrences have a clock time, in local time."""
    digits = "".join(f"{int(p):02d}" for p in re.findall(r"\d+", stamp.split("T")[0])[:3])
    return f"{digits}T235959" if timed else digits


def _join(day: str, clock: str | None) -> str:
    return f"{day}T{clock.strip().removeprefix('T')}" if clock else day


def _minutes(clock: str) -> int:
    found = _CLOCK.match(clock.strip())
    return int(found[1]) * 60 + int(found[2]) if found else -1


def _overnight(begins: str, ends: str) -> str | None:
    """The length of what ends after midnight, as an ISO 8601 duration."""
    length = (_minutes(ends) - _minutes(begins)) % (24 * 60)
    return f"PT{length // 60}H{length % 60}M" if length and _minutes(begins) >= 0 <= _minutes(ends) else None
