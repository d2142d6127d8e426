"""Digits: numeric dates, machine stamps, clock times, and the numbers that are none of these.

Day first (05/12 is 5 December); year first when it has four digits; month first only when day first
cannot be. After dd.mm.yyyy the next pair is a time. Telephone numbers and prices are read over.

>>> from datetime import date
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text): return [str(i) if isinstance(i, Clock) else (i.year, i.month, i.day)
...                         for i in scan_text(text, date(2026, 11, 23)).items if not isinstance(i, Mark)]
>>> show("20.02.2027 20.00")
[(2027, 2, 20), '20:00']
>>> show("14-11-2026 20u15, 8:15 pm")
[(2026, 11, 14), '20:15', '20:15']
>>> show("20261128T201500Z, 06-12345678, 12,50 euro")
[(2026, 11, 28), '20:15']
"""

from __future__ import annotations

from aggregator.normalise.when.clock import read_clock, read_duration
from aggregator.normalise.when.digit import CURRENCY, FIRST_YEAR, LAST_YEAR, is_number, read_offset, valid
from aggregator.normalise.when.item import Clock, Day, Mark, Scan
from aggregator.normalise.when.name import read_day
from aggregator.normalise.when.token import END, Token

# Classes of words that are asked for together.
WEEKDAYS = frozenset(("weekday", "weekday_short"))


def read_number(s: Scan, i: int) -> int:
    """Reads what begins with the number at `i`; returns the token after it."""
    t = s.tokens
    token = t[i]
    size = len(token.text)
    if token.number < 0 or size > 14:
        return i + 1
    before = t[i - 1] if i else END
    if token.text[0] == "0" or before.text == "+":
        end = _telephone(t, i)
        if end:
            return end
    if size >= 8:
        return _basic(s, i)
    if before.text in CURRENCY:
        return _after_price(t, i)
    after = t[i + 1]
    if size == 4:
        if not token.gap and _glued_to_weekday(s, i):
            return i + 1
        end = _iso(s, i)
    elif after.text in ("-", "/", ".") and size <= 2:
        end = _numeric(s, i)
    else:
        end = 0
    if end:
        return end
    if after.means or after.text in (":", ".", ","):
        end = read_duration(s, i) or read_clock(s, i)
    return end or read_day(s, i) or i + 1


def _telephone(t: list[Token], i: int) -> int:
    """End of a telephone number that begins at `i`, else 0."""
    token = t[i]
    plus = i > 0 and t[i - 1].text == "+" and token.gap == 0 and token.number in (31, 32, 49)
    if not plus and (token.text[0] != "0" or not 2 <= len(token.text) <= 10):
        return 0
    digits, j, sizes = len(token.text), i + 1, [len(token.text)]
    while True:
        k = j
        while t[k].text in ("-", "(", ")") and k < j + 3:
            k += 1
        if t[k].number < 0 or t[k].gap == 2:
            break
        digits, j = digits + len(t[k].text), k + 1
        sizes.append(len(t[k].text))
        if digits > 12:
            break
    if plus:
        return j if digits >= 10 else 0
    # 06-12345678, 074 242 12 34; a date such as 06-11-2026 has no part of six and no first of three
    shaped = (len(sizes) > 1 and (sizes[1] >= 6 or len(sizes) >= 5 or sizes[0] >= 3)) or sizes[0] == 10
    return j if shaped and 9 <= digits <= 11 else 0


def _after_price(t: list[Token], i: int) -> int:
    """The token after an amount: 12, 12,50, 10,-."""
    if t[i + 1].text in (",", ".") and t[i + 1].gap == 0 and (t[i + 2].number >= 0 or t[i + 2].text == "-"):
        return i + 3
    return i + 1


def _glued_to_weekday(s: Scan, i: int) -> bool:
    """di0906: day and month glued to a weekday."""
    token = s.tokens[i]
    day, month = divmod(token.number, 100)
    if i == 0 or token.gap or WEEKDAYS.isdisjoint(s.tokens[i - 1].means) or not valid(day, month):
        return False
    s.items.append(Day(i, i + 1, day=day, month=month))
    return True


def _basic(s: Scan, i: int) -> int:
    """20261128, 20261128T201500Z, 202611282015 (RFC 5545 §3.3.4, §3.3.5)."""
    text = s.tokens[i].text
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    if not (FIRST_YEAR <= year <= LAST_YEAR and valid(day, month)) or len(text) not in (8, 12, 14):
        return i + 1
    s.items.append(Day(i, i + 1, day=day, month=month, year=year, machine=True))
    if len(text) > 8:
        _machine_clock(s, i, i + 1, int(text[8:10]), int(text[10:12]))
        return i + 1
    t = s.tokens
    after = t[i + 2] if t[i + 1].text == "t" and t[i + 1].gap == 0 else None
    if after is not None and after.number >= 0 and len(after.text) in (4, 6):
        return _machine_clock(s, i + 2, i + 3, int(after.text[:2]), int(after.text[2:4]))
    return i + 1


def _iso(s: Scan, i: int) -> int:
    """2026-10-14, 2026/09/18 19:30, 2026-10-14T20:15:00+02:00 (ISO 8601)."""
    t = s.tokens
    year = t[i]
    if len(year.text) != 4 or not FIRST_YEAR <= year.number <= LAST_YEAR:
        return 0
    one, month, two, day = t[i + 1 : i + 5] if i + 4 < len(t) else (year,) * 4
    if one.text not in ("-", "/", ".") or one.gap or two.text != one.text or two.gap:
        return 0
    if not (is_number(month) and is_number(day)) or not valid(day.number, month.number):
        return 0
    s.items.append(Day(i, i + 5, day=day.number, month=month.number, year=year.number, machine=True))
    j = i + 5
    if t[j].text == "t" and t[j].gap == 0:
        j += 1
    if is_number(t[j]) and t[j + 1].text == ":" and is_number(t[j + 2]):
        seconds = t[j + 3].text == ":" and is_number(t[j + 4])
        return _machine_clock(s, j, j + (5 if seconds else 3), t[j].number, t[j + 2].number)
    return i + 5 if t[i + 5].text != "t" else j


def _machine_clock(s: Scan, i: int, j: int, hour: int, minute: int) -> int:
    """The time of a stamp with its offset; midnight stands for "no time" and gives no clock."""
    t = s.tokens
    if t[j].text == "." and t[j].gap == 0 and t[j + 1].number >= 0:  # fraction of a second
        j += 2
    offset, j = read_offset(t, j)
    if (hour, minute) in ((0, 0), (24, 0), (23, 59)) or hour > 24 or minute > 59:
        s.items[-1].j = j
        s.items.append(Mark(j, j, "machine_midnight"))
    else:
        s.items.append(Clock(i, j, hour * 60 + minute, offset=offset, machine=True))
    return j


def _numeric(s: Scan, i: int) -> int:
    """14-11-2026, 14.11.26, 12-12-'26, 11/14/2026, and with less support 14-11 or 14/11."""
    t = s.tokens
    one = t[i + 1]
    if len(t[i].text) > 2 or one.text not in ("-", "/", ".") or i + 3 >= len(t) or not is_number(t[i + 2]):
        return 0
    if (one.gap or t[i + 2].gap) and one.text != ".":
        return 0
    first, second = t[i].number, t[i + 2].number
    end = _with_year(s, i, first, second)
    if end:
        return end
    if one.text == ".":
        return _dotted(s, i, first, second)
    if "month" in t[i + 3].means or "month_short" in t[i + 3].means or one.gap:
        return 0
    return _day_and_month(s, i, first, second)


def _with_year(s: Scan, i: int, first: int, second: int) -> int:
    t = s.tokens
    k = i + 4 + (t[i + 4].text == "'")
    if t[i + 3].text != t[i + 1].text or (t[i + 3].gap and t[i + 1].text != ".") or k >= len(t):
        return 0
    year = t[k]
    dotted = t[i + 1].text == "."
    if year.number < 0 or len(year.text) not in (2, 4) or (year.gap and not dotted):
        return 0
    if len(year.text) == 2 and (year.gap or "month" in t[k + 1].means or "month_short" in t[k + 1].means):
        return 0
    if len(year.text) == 2 and t[k + 1].text == t[i + 1].text and not t[k + 1].gap and t[k + 2].number >= 0:
        return 0  # 5-6-12-13: a chain
    if len(year.text) == 2 and (_is_counted(t, i) or "not_a_day" in t[k + 1].means):
        return 0  # groep 3-4-5, 5-10-15 km
    whole = year.number if len(year.text) == 4 else 2000 + year.number
    day, month = (first, second) if valid(first, second) else (second, first)
    if not valid(day, month) or not FIRST_YEAR <= whole <= LAST_YEAR:
        return 0
    s.items.append(Day(i, k + 1, day=day, month=month, year=whole))
    if t[k + 1].text == "-" and t[k + 3].text == "-" and t[k + 2].gap == 0 and is_number(t[k + 2]):
        hour, minute = t[k + 2].number, t[k + 4].number  # 16-02-2019-20-15, in links
        if t[k + 4].gap == 0 and hour < 25 and 0 <= minute < 60:
            s.items.append(Clock(k + 2, k + 5, hour * 60 + minute, unit=True))
            return k + 5
    return k + 1


def _dotted(s: Scan, i: int, first: int, second: int) -> int:
    """28.11. 20 Uhr; za 28.11 20.00: day and month with points, when that is no time."""
    t = s.tokens
    after = t[i + 3]
    closed = after.text == "." and (t[i + 4].gap > 0 or (t[i + 4].number < 0 and not after.gap))
    named = bool(i) and not WEEKDAYS.isdisjoint(t[i - 1 - (t[i - 1].text == ".")].means)
    timed = first > 24 or (after.number >= 0 and t[i + 4].text in (".", ":")) or "list" in after.means
    if not valid(first, second) or t[i + 2].gap or t[i + 1].gap or not (closed or (named and timed)):
        return 0
    s.items.append(Day(i, i + 3 + closed, day=first, month=second, soft=not (named or closed)))
    return i + 3 + closed


def _is_counted(t: list[Token], i: int) -> bool:
    return i > 0 and t[i - 1].means.get("not_a_day") == "before"


def _day_and_month(s: Scan, i: int, first: int, second: int) -> int:
    t = s.tokens
    after = t[i + 3]
    if (after.text in ("-", "/") and after.gap == 0 and is_number(t[i + 4]) and t[i + 4].gap == 0) and (
        after.text == t[i + 1].text
    ):
        return 0  # 21-22-23: a chain, or no date at all
    if "unit" in after.means or "ampm" in after.means or after.text == ":":
        return 0  # 10-14 uur
    if after.text == "." and after.gap == 0 and is_number(t[i + 4]) and len(t[i + 4].text) == 2:
        return 0  # 9-12.30
    day, month = (first, second) if valid(first, second) or t[i + 1].text != "/" else (second, first)
    if not valid(day, month):
        return 0
    s.items.append(Day(i, i + 3, day=day, month=month, soft=True))
    return i + 3
