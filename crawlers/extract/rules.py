"""Recurrence rules that take too long to expand, told before a library tries (RFC 5545 §3.3.10)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

_PER_YEAR = {"YEARLY": 1, "MONTHLY": 12, "WEEKLY": 53, "DAILY": 366, "HOURLY": 8784}
_MOST_STEPS = 100_000


def refuse_rule(rule: Any, start: date | datetime, until: datetime) -> str | None:
    """Why a rule is not expanded, or None. `rule` is an icalendar vRecur."""
    freq = str(next(iter(rule.get("FREQ", [])), "")).upper()
    if freq not in _PER_YEAR:
        return f"FREQ={freq or '?'} is no rhythm of events"
    if freq == "HOURLY" and not (rule.get("COUNT") or rule.get("UNTIL")):
        return "FREQ=HOURLY for ever is no rhythm of events"
    if (until.year - start.year + 1) * _PER_YEAR[freq] > _MOST_STEPS:
        return f"FREQ={freq} since {start.year} is too long"
    if any(rule.get(k) for k in ("BYSECOND", "BYMINUTE")) or len(rule.get("BYHOUR", [])) > 24:
        return "BYSECOND and BYMINUTE are no rhythm of events"
    if freq != "YEARLY" and (rule.get("BYWEEKNO") or rule.get("BYYEARDAY")):
        return f"BYWEEKNO or BYYEARDAY with FREQ={freq}"
    steps = [abs(int(v)) for v in rule.get("BYSETPOS", [])]
    if steps and min(steps) > _most_in_a_period(rule, freq):
        return "BYSETPOS beyond what a period holds"
    return None if _can_hit(rule) else "no day fits the rule"


def _most_in_a_period(rule: Any, freq: str) -> int:
    """How many instances one day, week, month or year can hold at most."""
    hours = max(1, len(rule.get("BYHOUR", [])))
    weekdays, month_days = len(rule.get("BYDAY", [])), len(rule.get("BYMONTHDAY", []))
    most = {
        "HOURLY": 1,
        "DAILY": hours,
        "WEEKLY": max(1, weekdays) * hours,
        "MONTHLY": (weekdays * 5 or month_days or 1) * hours,
    }
    return most.get(freq, 366 * hours)


def _can_hit(rule: Any) -> bool:
    """Whether any day of eight years fits the day parts of the rule; dateutil would look to the year 9999."""
    months = {int(str(v)) for v in rule.get("BYMONTH", [])} or set(range(1, 13))
    days = {int(v) for v in rule.get("BYMONTHDAY", [])}
    if not months & set(range(1, 13)):
        return False
    longest = max(monthrange(2024, m)[1] for m in months if 1 <= m <= 12)
    if days and all(abs(d) > longest or d == 0 for d in days):
        return False
    weeks = {int(v) for v in rule.get("BYWEEKNO", [])}
    year_days = {int(v) for v in rule.get("BYYEARDAY", [])}
    ordinals = [
        abs(int(r))
        for v in rule.get("BYDAY", [])
        if (r := str(v).rstrip("ADEFHMORSTUW")) not in ("", "+", "-")
    ]
    limit = (
        53 if str(next(iter(rule.get("FREQ", [])), "")).upper() == "YEARLY" and not rule.get("BYMONTH") else 5
    )
    if ordinals and all(n == 0 or n > limit for n in ordinals):
        return False
    if not weeks and not year_days and not days:
        return True
    return any(
        _fits(date.fromordinal(n), months, days, weeks, year_days, _weekdays(rule))
        for n in range(date(2020, 1, 1).toordinal(), date(2048, 1, 1).toordinal())
    )


def _weekdays(rule: Any) -> set[str]:
    return {str(v)[-2:].upper() for v in rule.get("BYDAY", [])}


def _fits(
    day: date, months: set[int], days: set[int], weeks: set[int], year_days: set[int], weekdays: set[str]
) -> bool:
    """Whether one day fits; negative parts count from the end."""
    if day.month not in months or (
        weekdays and ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()] not in weekdays
    ):
        return False
    if days and day.day not in days and day.day - monthrange(day.year, day.month)[1] - 1 not in days:
        return False
    if weeks:
        week = day.isocalendar().week
        last = date(day.year, 12, 28).isocalendar().week
        if week not in weeks and week - last - 1 not in weeks:
            return False
    if year_days:
        number = day.timetuple().tm_yday
        length = date(day.year, 12, 31).timetuple().tm_yday
        return number in year_days or number - length - 1 in year_days
    return True
