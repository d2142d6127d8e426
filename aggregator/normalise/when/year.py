"""Which day a printed day is: the year when none is printed, weekdays, holidays, days of this week.

A printed year wins. Without one a printed weekday picks among last, this and next year; else the date is
the only one from 60 days back to 304 days on, so that a date of some weeks ago stays in the past.

>>> today = date(2026, 11, 23)
>>> find_day(Day(0, 1, weekday=5, day=18, month=12), date(2027, 2, 5))
datetime.date(2027, 12, 18)
>>> find_day(Day(0, 1, day=20, month=11), today), find_day(Day(0, 1, day=12, month=3), today)
(datetime.date(2026, 11, 20), datetime.date(2027, 3, 12))
>>> find_range(Day(0, 1, day=21, month=12), Day(1, 2, day=6, month=1), today)
(datetime.date(2026, 12, 21), datetime.date(2027, 1, 6))
>>> find_day(Day(0, 1, weekday=0), today)
datetime.date(2026, 11, 30)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from aggregator.normalise.when.holiday import holiday_in, nth_weekday
from aggregator.normalise.when.item import Day

BACK, AHEAD = 60, 304


def in_year(day: Day, year: int) -> date | None:
    """The day in a given year, None when there is no such day (29 February)."""
    try:
        if day.holiday is not None:
            return holiday_in(day.holiday, year)
        if day.nth and day.month is not None and day.weekday is not None:
            return nth_weekday(year, day.month, day.weekday, day.nth[0])
        if day.day is None or day.month is None:
            return None
        return date(year, day.month, day.day)
    except (ValueError, OverflowError):
        return None


def find_day(day: Day, today: date) -> date | None:
    """The date of one printed day; None when it is no date at all (31 June)."""
    if day.exclusive and day.year is not None:
        last = in_year(day, day.year)
        return last - timedelta(days=1) if last is not None else None
    if day.fixed is not None:
        return day.fixed
    if day.span is not None:
        return day.span[0]
    if day.year is not None:
        return in_year(day, day.year)
    if day.bare:
        return _weekday(day, today)
    if day.month is None and day.holiday is None:
        return _day_of_weekday(day, today)
    if day.weekday is not None and not day.nth and day.holiday is None:
        for year in (today.year, today.year + 1, today.year - 1):
            found = in_year(day, year)
            if found is not None and found.weekday() == day.weekday:
                return found
    return _in_window(lambda year: in_year(day, year), today)


def _in_window(find: Callable[[int], date | None], today: date) -> date | None:
    for year in (today.year, today.year + 1, today.year - 1):
        found = find(year)
        if found is not None and -BACK <= (found - today).days <= AHEAD:
            return found
    for year in (today.year, today.year + 1, today.year + 2, today.year + 3):  # 29 February
        found = find(year)
        if found is not None and found >= today:
            return found
    return None


def _weekday(day: Day, today: date) -> date | None:
    """The first such weekday strictly after today, or the one of a named week."""
    if day.weekday is None:
        return None
    try:
        if day.week is not None:
            return today + timedelta(days=day.weekday - today.weekday() + 7 * day.week)
        return today + timedelta(days=(day.weekday - today.weekday() - 1) % 7 + 1)
    except OverflowError:
        return None


def _day_of_weekday(day: Day, today: date) -> date | None:
    """ "za 28" without a month: the first month from now on in which they fit, at most the next but one."""
    if day.weekday is None or day.day is None:
        return None
    for ahead in range(3):
        month = today.month - 1 + ahead
        try:
            found = date(today.year + month // 12, month % 12 + 1, day.day)
        except ValueError:
            continue
        if found.weekday() == day.weekday and found >= today - timedelta(days=7):
            return found
    return None


def find_range(first: Day, last: Day, today: date) -> tuple[date | None, date | None]:
    """First and last day of a range: the year belongs to the end, the start is the last such day before."""
    if first.year is not None and last.year is None and last.fixed is None:
        start = find_day(first, today)
        return start, _on_or_after(last, start)
    end = find_day(last, today)
    if last.year is None and last.weekday is None and first.weekday is not None and not first.bare:
        start = find_day(first, today)
        if start is not None and last.fixed is None:
            end = _on_or_after(last, start)
    if end is None or first.year is not None:
        return find_day(first, today), end
    start = _on_or_before(first, end, today)
    if last.year is None and last.weekday is None and start is not None and end < today:
        return _nearer(first, last, start, end, today)
    return start, end


def _nearer(first: Day, last: Day, start: date, end: date, today: date) -> tuple[date, date]:
    """A range of most of a year that is over is the next one when that begins sooner than this one ended."""
    again = in_year(first, start.year + 1)
    closes = in_year(last, end.year + 1)
    if again is None or closes is None or (again - today).days >= (today - end).days:
        return start, end
    return again, closes


def _on_or_after(day: Day, start: date | None) -> date | None:
    if start is None:
        return None
    if day.bare and day.weekday is not None:
        return start + timedelta(days=(day.weekday - start.weekday()) % 7)
    for year in (start.year, start.year + 1):
        found = in_year(day, year)
        if found is not None and found >= start:
            return found
    return None


def _on_or_before(day: Day, end: date, today: date) -> date | None:
    if day.fixed is not None or day.span is not None:
        return find_day(day, today)
    if day.bare and day.weekday is not None:
        return end - timedelta(days=(end.weekday() - day.weekday) % 7)
    if day.month is None and day.holiday is None and day.day is not None:
        return _same_day_before(day.day, end)
    for year in (end.year, end.year - 1):
        found = in_year(day, year)
        if found is not None and found <= end:
            return found
    return None


def _same_day_before(number: int, end: date) -> date | None:
    """ "28 t/m 3 januari": the 28th before the end."""
    year, month = end.year, end.month
    for _ in range(3):
        try:
            found = date(year, month, number)
            if found <= end:
                return found
        except ValueError:
            pass
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return None
