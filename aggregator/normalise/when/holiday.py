"""Holidays by name: the day on which each falls in a given year.

>>> holiday_in("easter+39", 2026), holiday_in("kingsday", 2027), holiday_in("mothersday", 2027)
(datetime.date(2026, 5, 14), datetime.date(2027, 4, 27), datetime.date(2027, 5, 9))
>>> holiday_in("christmas:2", 2026), holiday_in("kingsday", 2031), holiday_in("advent:1", 2026)
(datetime.date(2026, 12, 26), datetime.date(2031, 4, 26), datetime.date(2026, 11, 29))
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

CHRISTMAS = {1: 25, 2: 26}
FROM_EASTER = {"easter": 0, "whitsun": 49}


@lru_cache(maxsize=512)
def holiday_in(name: str, year: int) -> date | None:
    """The date of a holiday in a year; None for a name that has none.

    A name is "12-05" (month and day), "easter+39" (days from Easter Sunday), "christmas:2" (the
    second day) or one of the computed ones.
    """
    family, _, number = name.partition(":")
    if number:
        return _numbered(family, int(number), year)
    if name.startswith("easter"):
        return easter(year) + timedelta(days=int(name[6:]))
    if name[0].isdigit():
        return date(year, int(name[:2]), int(name[3:]))
    if name in ("kingsday", "kingsnight"):
        king = date(year, 4, 27)
        king -= timedelta(days=king.weekday() == 6)
        return king - timedelta(days=name == "kingsnight")
    month, weekday, nth = {"mothersday": (5, 6, 2), "fathersday": (6, 6, 3), "prinsjesdag": (9, 1, 3)}[name]
    return nth_weekday(year, month, weekday, nth)


def _numbered(family: str, number: int, year: int) -> date | None:
    if family == "christmas":
        return date(year, 12, CHRISTMAS[number]) if number in CHRISTMAS else None
    if family == "advent":
        christmas = date(year, 12, 25)
        fourth = christmas - timedelta(days=christmas.weekday() + 1)
        return fourth - timedelta(weeks=4 - number) if 1 <= number <= 4 else None
    return easter(year) + timedelta(days=FROM_EASTER[family] + number - 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth such weekday of a month, counted from the end when negative; None when there is none.

    >>> nth_weekday(2026, 11, 5, -1)
    datetime.date(2026, 11, 28)
    """
    if nth > 0:
        first = date(year, month, 1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    return day if day.month == month else None
