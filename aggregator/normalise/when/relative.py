"""Days counted from the day on which the text was seen, weekends and holidays by name.

>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text): return [str(i.fixed or i.span or i.holiday)
...                         for i in scan_text(text, date(2026, 11, 23)).items if isinstance(i, Day)]
>>> show("morgenavond, over twee weken en donderdag over een week")
['2026-11-24', '2026-12-07', '2026-12-03']
>>> show("eerste en tweede kerstdag, beide pinksterdagen")
['christmas:1', 'christmas:2', 'whitsun:1', 'whitsun:2']
"""

from __future__ import annotations

from datetime import date, timedelta

from aggregator.normalise.when.item import Day, Mark, Scan
from aggregator.normalise.when.name import month_of, read_year
from aggregator.normalise.when.year import find_day


def read_relative(s: Scan, i: int) -> int:
    """vandaag, morgenavond, overmorgen, tonight; but "zondag morgen" is a morning."""
    t = s.tokens
    days, _, part = str(t[i].means["relative"]).partition("/")
    previous = s.items[-1] if s.items else None
    j = i + 1
    if not part and "part" in t[j].means and t[j].gap < 2:
        part, j = str(t[j].means["part"]), j + 1
    if t[i].text == "morgen" and isinstance(previous, Day) and previous.j == i and previous.bare:
        previous.part, previous.j = "morning", i + 1
        return i + 1
    day = _shift(s.today, int(days))
    s.items.append(Day(i, j, fixed=day, part=part or None, relative=True))
    return j


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def read_after(s: Scan, i: int) -> int:
    """over twee weken, over 14 dagen, over een maand."""
    t = s.tokens
    number = int(t[i + 1].means.get("numword", t[i + 1].number))
    period = t[i + 2].means.get("period")
    if not 0 < number < 100 or period not in ("D", "W"):
        return i + 1
    days = number * (7 if period == "W" else 1)
    previous = s.items[-1] if s.items else None
    if isinstance(previous, Day) and previous.relative and previous.fixed is not None and previous.j == i:
        previous.fixed, previous.j = _shift(previous.fixed, days), i + 3
    elif isinstance(previous, Day) and previous.bare and previous.j == i:
        ahead = ((previous.weekday or 0) - s.today.weekday() - 1) % 7 + 1
        previous.fixed, previous.relative, previous.j = _shift(s.today, ahead + days), True, i + 3
    else:
        s.items.append(Day(i, i + 3, fixed=_shift(s.today, days), relative=True))
    return i + 3


def read_weekend(s: Scan, i: int) -> int:
    """dit weekend, volgend weekend; "elk weekend" is Saturday and Sunday, each week."""
    value = str(s.tokens[i].means["weekend"])
    if value in ("0", "1"):
        saturday = _shift(s.today, 5 - s.today.weekday() + 7 * int(value))
        s.items.append(Day(i, i + 1, span=(saturday, _shift(saturday, 1)), relative=True, form="weekend"))
    elif value == "each":
        s.items.append(Day(i, i + 1, weekday=5, weekdays=(5, 6), form="habit"))
    else:
        return _weekend_of_month(s, i) or _bare_weekend(s, i, value)
    return i + 1


def _bare_weekend(s: Scan, i: int, value: str) -> int:
    s.items.append(Mark(i, i + 1, "weekend", value))
    return i + 1


def _weekend_of_month(s: Scan, i: int) -> int:
    """tweede weekend van september: counted by its Saturday; the token after it, else 0."""
    t, mark = s.tokens, s.items[-1] if s.items else None
    k = i + 1 + ("begin" in t[i + 1].means or "stop" in t[i + 1].means)
    month = month_of(t[k])
    if not (isinstance(mark, Mark) and mark.kind == "ordinal" and mark.j == i and month):
        return 0
    year, j = read_year(s, k + 1)
    saturday = find_day(Day(i, j, weekday=5, month=month, year=year, nth=(mark.number,)), s.today)
    if saturday is None:
        return 0
    s.items[-1] = Day(mark.i, j, span=(saturday, _shift(saturday, 1)), relative=True, form="weekend")
    return j


def read_holiday(s: Scan, i: int) -> int:
    """Koningsdag 2027, eerste en tweede kerstdag, beide pinksterdagen."""
    t = s.tokens
    year, j = read_year(s, i + 1)
    if "holiday" in t[i].means:
        s.items.append(Day(i, j, holiday=str(t[i].means["holiday"]), year=year))
        return j
    family = str(t[i].means["holiday_numbered"])
    marks: list[Mark] = []
    while s.items and isinstance(s.items[-1], Mark) and s.items[-1].kind in ("ordinal", "list", "both"):
        marks.insert(0, s.items.pop())  # type: ignore[arg-type]
    numbers = [(mark.number, mark) for mark in marks if mark.kind == "ordinal"]
    if any(mark.kind == "both" for mark in marks):
        numbers = [(number, marks[0]) for number in (1, 2)]
    for k, (number, mark) in enumerate(numbers):
        end = j if k == len(numbers) - 1 else mark.j
        s.items.append(Day(mark.i, end, holiday=f"{family}:{number}", year=year))
    return j
