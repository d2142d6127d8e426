"""Days by name: weekdays, days of a month, months, holidays, and days counted from today.

>>> from datetime import date
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text): return [(i.weekday, i.day, i.month, i.year)
...                         for i in scan_text(text, date(2026, 11, 23)).items if isinstance(i, Day)]
>>> show("zaterdagavond 28 nov '26")
[(5, 28, 11, 2026)]
>>> show("Saturday, June 6th 2026")
[(5, 6, 6, 2026)]
>>> show("de laatste zondag van mei 2027, tweede kerstdag, morgen")
[(6, None, 5, 2027), (None, None, None, None), (None, None, None, None)]
"""

from __future__ import annotations

from aggregator.normalise.when.digit import FIRST_YEAR, LAST_YEAR, is_number, two_digit_year, valid
from aggregator.normalise.when.item import Day, Mark, Scan
from aggregator.normalise.when.token import Token

# Classes of words that are asked for together.
NO_YEAR = frozenset(("ampm", "duration", "month", "month_short", "not_a_day", "suffix", "unit"))
AFTER_WEEKDAY = frozenset(("clockword", "month", "part", "range", "weekday", "weekday_short"))
WEEKDAYS = frozenset(("weekday", "weekday_short"))
BEFORE_WEEKDAY = frozenset(("coming", "every", "ordinal"))


def month_of(token: Token) -> int:
    """The month a word names, else 0."""
    value = token.means.get("month", token.means.get("month_short", 0))
    return int(value)


def _after_ordinal(t: list[Token], j: int) -> int:
    """The token after the ending of an ordinal number: 6th, 1e, 2de; also the German point."""
    if "suffix" in t[j].means and not t[j].gap:
        return j + 1
    return j


def read_day(s: Scan, i: int) -> int:
    """A day before its month (28 november 2026, 6th of June), or a day of a weekday (za 28)."""
    t = s.tokens
    number = int(t[i].means.get("numword", t[i].number))
    if not 0 < number < 32:
        if len(t[i].text) == 4 and FIRST_YEAR <= number <= LAST_YEAR:
            s.items.append(Mark(i, i + 1, "year", number=number))
        return 0
    j = _after_ordinal(t, i + 1)
    k = j + (j > i + 1 and t[j].text == "van")  # de 12e van december
    while k < j + 3 and t[k].text and not month_of(t[k]) and (t[k].small or t[k].text in ".-/|]"):
        k += 1
    month = month_of(t[k])
    if month and valid(number, month):
        return _keep(s, Day(i, k + 1, day=number, month=month))
    if j > i + 1:
        s.items.append(Mark(i, j, "ordinal", number=number))
        return j
    if t[i + 1].text == "." and ("holiday_numbered" in t[i + 2].means or "ofmonth" in t[i + 3].means):
        s.items.append(Mark(i, i + 2, "ordinal", number=number))
        return i + 2
    if "numword" not in t[i].means:
        s.items.append(Mark(i, i + 1, "num", number=number))
        return i + 1
    return 0


def read_ordinal(s: Scan, i: int) -> int:
    """de elfde december: a day when its month follows; else an ordinal number."""
    t = s.tokens
    number, month = int(t[i].means["ordinal"]), month_of(t[i + 1])
    if month and number > 0 and valid(number, month):
        return _keep(s, Day(i, i + 2, day=number, month=month))
    s.items.append(Mark(i, i + 1, "ordinal", str(number), number))
    return i + 1


def _keep(s: Scan, day: Day) -> int:
    """Reads the year after a day and keeps it."""
    day.year, day.j = read_year(s, day.j)
    s.items.append(day)
    return day.j


YEAR_SIGNS = frozenset(",.|/-(")


def read_year(s: Scan, j: int) -> tuple[int | None, int]:
    """(year, token after) of a year that begins at `j`, past signs: 2026, '26, and 26 when it can be one."""
    t = s.tokens
    k = j
    while k < j + 2 and (t[k].text in YEAR_SIGNS or "label" in t[k].means):
        k += 1
    if t[k].text == "'" and is_number(t[k + 1]) and len(t[k + 1].text) == 2 and not t[k + 1].gap:
        return 2000 + t[k + 1].number, k + 2
    number, size = t[k].number, len(t[k].text)
    if size == 4 and FIRST_YEAR <= number <= LAST_YEAR:
        postcode = t[k + 1].gap < 2 and len(t[k + 1].text) == 2 and "unit" in t[k + 1].means
        timed = "unit" in t[k + 1].means and number % 100 < 60 and number < 2400
        return (None, j) if postcode or timed else (number, k + 1)
    if size != 2 or number < 0 or (k > j and t[k - 1].text not in ("-", "/", ".")):
        return None, j
    year = two_digit_year(number, s.today)
    after = t[k + 1]
    clock = (
        after.text in (":", ".", ",") and not after.gap and t[k + 2].number >= 0 and len(t[k + 2].text) == 2
    )
    other = not NO_YEAR.isdisjoint(after.means)
    chained = "range" in after.means or (
        after.text in ("-", "/") and is_number(t[k + 2]) and not t[k + 2].gap
    )
    if year is None or clock or other or chained or after.text in ("€", "%"):
        return None, j
    return year, k + 1


def read_month(s: Scan, i: int) -> int:
    """A month without a day before it: June 6th 2026, "Tuesday, January 5", or a heading."""
    t = s.tokens
    month = month_of(t[i])
    if "month" not in t[i].means and "weekday_short" in t[i].means and is_number(t[i + 1]):
        return read_weekday(s, i)
    k = i + 1 + (t[i + 1].text == "." and not t[i + 1].gap)
    number = t[k].number
    if is_number(t[k]) and 0 < number < 32 and valid(number, month) and t[k].gap < 2 and not _is_time(t, k):
        j = _after_ordinal(t, k + 1)
        previous = s.items[-1] if s.items else None
        paired = _ends_pair(s) or (
            (t[j].text == "-" or "range" in t[j].means) and month_of(t[j + 1]) > 0 and is_number(t[j + 2])
        )
        after_weekday = isinstance(previous, Day) and previous.bare and inside(t, previous.j, i)
        if (
            j > k + 1
            or paired
            or after_weekday
            or (t[j].text == "," and len(t[j + 1].text) == 4)
            or len(t[j].text) == 4
            or _clock_follows(t, j)
        ):
            return _keep(s, Day(i, j, day=number, month=month, month_first=True))
    year, j = read_year(s, i + 1)
    s.items.append(Mark(i, j, "month", str(year or ""), month))
    return j


def _clock_follows(t: list[Token], j: int) -> bool:
    """Nov 25, 7:00 PM; Aug. 25 at 7 pm: a clock time after a sign that gives one, or one with am or pm."""
    k, given = j, False
    while k < j + 3 and (t[k].text in (",", "|", "-", "(") or "at" in t[k].means):
        given = given or t[k].text == "," or "at" in t[k].means
        k += 1
    if not is_number(t[k]) or t[k].number > 24:
        return False
    minutes = t[k + 1].text in (":", ".") and not t[k + 1].gap and not t[k + 2].gap and is_number(t[k + 2])
    after = t[k + 3 if minutes else k + 1].means
    return "ampm" in after or (given and (minutes or "unit" in after))


def _ends_pair(s: Scan) -> bool:
    """Dec 12 - Jan 10: the second of two days with the month first."""
    if len(s.items) < 2:
        return False
    first, sign = s.items[-2:]
    return isinstance(first, Day) and first.month_first and isinstance(sign, Mark) and sign.kind == "range"


def _is_time(t: list[Token], k: int) -> bool:
    after = t[k + 1]
    if "unit" in after.means or "ampm" in after.means:
        return True
    return after.text in (":", ".") and not after.gap and t[k + 2].number >= 0 and not t[k + 2].gap


def inside(t: list[Token], start: int, end: int) -> bool:
    """Whether nothing but signs and small words stands between two tokens."""
    return all(token.inner for token in t[start:end])


def read_weekday(s: Scan, i: int) -> int:
    """A weekday, whole or short, with ordinals, "komende" or "volgende week" before it."""
    t = s.tokens
    token = t[i]
    kind = next(k for k in ("weekday", "weekday_short", "weekday_habit", "weekday_noun") if k in token.means)
    if kind == "weekday_short" and not _short_counts(s, i):
        return i + 1
    j = i + 1
    if t[j].text == "-" and not t[j].gap and (t[j + 1].text == "," or "list" in t[j + 1].means):
        j += 1  # dinsdag-, woensdag- en donderdagmiddag
    form = token.form or {"weekday_habit": "habit"}.get(kind, "")
    day = Day(i, j, weekday=int(token.means[kind]), part=token.part, form=form)
    part = t[j].means.get("part") or (t[j].gap < 2 and t[j].text == "morgen" and "morning")
    if part:
        day.part, day.j = str(part), j + 1
    _before(s, day)
    if day.nth:
        _nth(s, day)
    s.items.append(day)
    return day.j


def _short_counts(s: Scan, i: int) -> bool:
    """Whether "za", "zo", "do" is a weekday here: beside a number, a range, a list or another weekday."""
    t = s.tokens
    j = i + 1
    while j < i + 4 and (
        t[j].text in (".", ",", "|", "(", ")", ":", "[", "/", "&", "+", "-", "*") and t[j].text
    ):
        j += 1
    after = t[j].means
    if t[j].number >= 0 or not AFTER_WEEKDAY.isdisjoint(after):
        return True
    if "month_short" in after and is_number(t[j + 1 + (t[j + 1].text == ".")]):
        return True  # Tue Aug 25
    if "list" in after and not WEEKDAYS.isdisjoint(t[j + 1].means):
        return True
    before = t[i - 1].means if i else {}
    if not BEFORE_WEEKDAY.isdisjoint(before):
        return True
    previous = s.items[-1] if s.items else None
    if isinstance(previous, Mark) and previous.kind in ("list", "range") and len(s.items) > 1:
        previous = s.items[-2]
    return isinstance(previous, Day) and (
        (previous.bare and previous.j >= i - 2) or (t[i - 1].text in "([,|" and previous.j >= i - 2)
    )


def _before(s: Scan, day: Day) -> None:
    """Takes the ordinals and the words for coming or next week that stand before a weekday."""
    numbers: list[int] = []
    while s.items and isinstance(s.items[-1], Mark):
        mark = s.items[-1]
        if mark.kind == "ordinal" and -3 < mark.number < 6 and mark.j >= day.i - 1 - 2 * len(numbers):
            numbers.insert(0, mark.number)
        elif not (numbers and mark.kind == "list" and len(s.items) > 1 and _is_ordinal(s.items[-2])):
            break
        s.items.pop()
    day.nth = tuple(numbers)
    if not s.items or not isinstance(s.items[-1], Mark) or s.items[-1].j < day.i - 1:
        return
    mark = s.items[-1]
    if mark.kind == "coming":
        day.coming = True
        day.dead = mark.value == "last"
        s.items.pop()
    elif mark.kind == "week":
        day.week = mark.number
        s.items.pop()


def _is_ordinal(item: object) -> bool:
    return isinstance(item, Mark) and item.kind == "ordinal"


def _nth(s: Scan, day: Day) -> None:
    """ "eerste zondag van de maand" or "van mei 2027" after an ordinal and a weekday."""
    t, j = s.tokens, day.j
    if "ofmonth" in t[j].means:
        day.of_month, day.j = True, j + 1
        return
    k = j
    while k < j + 3 and ("stop" in t[k].means or "begin" in t[k].means):
        k += 1
    month = month_of(t[k])
    if month:
        day.month = month
        day.year, day.j = read_year(s, k + 1)
