"""The scanner: walks the tokens once and hands each to the production its word begins.

>>> from datetime import date
>>> [type(item).__name__ for item in scan_text("za 28 nov, 20.15 uur", date(2026, 11, 23)).items]
['Day', 'Mark', 'Clock']
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from aggregator.normalise.when.clean import clean
from aggregator.normalise.when.clock import read_clockword, read_duration, read_numword
from aggregator.normalise.when.hours import join_clocks, join_hours
from aggregator.normalise.when.item import Clock, Day, Mark, Scan
from aggregator.normalise.when.join import NUMBERS, join_days
from aggregator.normalise.when.name import read_month, read_ordinal, read_weekday
from aggregator.normalise.when.number import read_number
from aggregator.normalise.when.relative import read_after, read_holiday, read_relative, read_weekend
from aggregator.normalise.when.token import ORDER, PADDING, SIGNS, read_tokens
from aggregator.normalise.when.vocabulary import CODES, load_vocabulary

# Classes of words that are asked for together.
WEEKDAYS = frozenset(("weekday", "weekday_short"))

# Marks that can give an occurrence, or a day, where no day was found.
PROMISING = frozenset(("month", "every", "frequency", "parity", "whole", "week"))


def scan_text(text: str, today: date, lang: str = "nl") -> Scan:
    """The items of a text as printed."""
    tokens = read_tokens(clean(text).strip(), lang)
    return scan_tokens(Scan(tokens, today, streets=load_vocabulary(lang).streets))


def scan_tokens(s: Scan) -> Scan:
    """Fills `s.items` from `s.tokens`."""
    t, count, i = s.tokens, len(s.tokens) - PADDING, 0
    while i < count:
        kind = t[i].kind
        i = READERS[kind](s, i) if kind else i + 1
    kinds, days, clocks = s.kinds, 0, 0
    for item in s.items:
        if item.__class__ is Mark:
            kinds.add(item.kind)
        elif item.__class__ is Day:
            days += 1
        else:
            clocks += 1
    if not days and PROMISING.isdisjoint(kinds):
        return s  # nothing that could become a day: prices, clock times alone, prose
    numbers = not NUMBERS.isdisjoint(kinds)
    if "num" in kinds:
        join_hours(s)
    if days > 1 or numbers:
        join_days(s)
    if clocks > 1 or numbers:
        join_clocks(s)
    for item in s.items:
        if item.__class__ is Day:
            s.days.append(item)
        elif item.__class__ is Clock:
            s.clocks.append(item)
    return s


def _sign(s: Scan, i: int) -> int:
    """A sign between two things: the mark it makes stands in `SIGNS`."""
    text = s.tokens[i].text
    s.items.append(Mark(i, i + 1, SIGNS[text], text))
    return i + 1


def _mark(kind: str) -> Callable[[Scan, int], int]:
    def read(s: Scan, i: int) -> int:
        value = s.tokens[i].means[kind]
        number = value if isinstance(value, int) else 0
        s.items.append(Mark(i, i + 1, kind, str(value), number))
        return i + 1

    return read


def _days(s: Scan, i: int) -> int:
    """werkdagen: several weekdays under one name."""
    days = tuple(CODES[code] for code in str(s.tokens[i].means["days"]).split(","))
    s.items.append(Day(i, i + 1, weekday=days[0], weekdays=days, form="habit"))
    return i + 1


def _week(s: Scan, i: int) -> int:
    """volgende week, after its weekday ("woensdag volgende week") or before it."""
    previous = s.items[-1] if s.items else None
    if isinstance(previous, Day) and previous.bare and previous.j == i:
        previous.week, previous.j = int(s.tokens[i].means["week"]), i + 1
        return i + 1
    return _mark("week")(s, i)


def _coming(s: Scan, i: int) -> int:
    """komende, a.s. before a weekday or after it."""
    previous = s.items[-1] if s.items else None
    after = s.tokens[i + 1].means
    if (
        s.tokens[i].means["coming"] == "next"
        and isinstance(previous, Day)
        and previous.bare
        and previous.j == i
        and WEEKDAYS.isdisjoint(after)
    ):
        previous.coming, previous.j = True, i + 1
        return i + 1
    return _mark("coming")(s, i)


def _duration(s: Scan, i: int) -> int:
    return read_duration(s, i) or i + 1


def _each(s: Scan, i: int) -> int:
    """elke 3 weken, om de twee maanden: a frequency; else the word "elke" alone."""
    t = s.tokens
    number = int(t[i + 1].means.get("numword", t[i + 1].number))
    period = t[i + 2].means.get("period")
    if 1 <= number < 100 and period is not None:
        name = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}[str(period)]
        s.items.append(Mark(i, i + 3, "frequency", name if number == 1 else f"{name}/{number}"))
        return i + 3
    return _mark("every")(s, i) if "every" in t[i].means else i + 1


READERS: dict[str, Callable[[Scan, int], int]] = {
    "number": read_number,
    "sign": _sign,
    **{kind: _mark(kind) for kind in ORDER},
    "each": _each,
    "relative": read_relative,
    "after": read_after,
    "weekend": read_weekend,
    "week": _week,
    "coming": _coming,
    "holiday": read_holiday,
    "holiday_numbered": read_holiday,
    "ordinal": read_ordinal,
    "month": read_month,
    "month_short": read_month,
    "weekday": read_weekday,
    "weekday_short": read_weekday,
    "weekday_habit": read_weekday,
    "weekday_noun": read_weekday,
    "days": _days,
    "clockword": read_clockword,
    "numword": read_numword,
    "duration": _duration,
}
