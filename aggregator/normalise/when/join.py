"""Joins what belongs together: a weekday and its date, numbers before a month, rows of weekdays and days.

>>> from datetime import date
>>> from aggregator.normalise.when.item import Clock
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text): return [str(i) if isinstance(i, Clock) else (i.weekday, i.day, i.month)
...                         for i in scan_text(text, date(2026, 11, 23)).items if not isinstance(i, Mark)]
>>> show("vr 12, za 13 en 19 mei van 10 tot 4")
[(4, 12, None), (5, 13, None), (None, 19, 5), '10:00-16:00']
>>> show("zo | 27 dec | tussen 10 en 12 uur")
[(6, 27, 12), '10:00-12:00']
>>> show("Grotestraat 12, 14 november om 13, 14 en 15 uur")
[(None, 14, 11), '13:00', '14:00', '15:00']
"""

from __future__ import annotations

from aggregator.normalise.when.digit import valid
from aggregator.normalise.when.hours import is_thing
from aggregator.normalise.when.item import Day, Item, Mark, Scan
from aggregator.normalise.when.name import inside, read_year
from aggregator.normalise.when.token import Token

# Classes of words that are asked for together.
JOINING = frozenset(("begin", "list", "range", "stop"))
LISTING = frozenset(("list", "range", "stop"))
CHAINING = frozenset(("list", "range"))
AFTER_DAY = frozenset(("at", "begin", "list", "part", "range", "role", "stop", "unit"))


def join_days(s: Scan) -> None:
    """Joins weekdays with their dates and gives numbers before a month their month."""
    if sum(1 for item in s.items if isinstance(item, Day) and item.weekday is not None) > 1:
        _share_weekdays(s)
    out: list[Item] = []
    previous: Day | None = None
    for item in s.items:
        if isinstance(item, Mark):
            if item.kind == "num" and previous is not None and _join_weekday(s, previous, item, out):
                previous = None
                continue
            if item.kind not in ("list", "part"):
                previous = None
        elif isinstance(item, Day):
            if previous is not None and _join_weekday(s, previous, item, out):
                previous = item
                continue
            if out and item.bare and _join_number(s, item, out):
                previous = None
                continue
            previous = item
        else:
            previous = None
        out.append(item)
    s.items = out
    if not NUMBERS.isdisjoint(s.kinds):
        _promote(s)
        _promote_after(s)
        _promote_ordinals(s)


def _share_weekdays(s: Scan) -> None:
    """za/zo 12/13 december; vrijdag t/m zondag 11 t/m 13 mei: as many weekdays as days, in the same order."""
    items, k = s.items, 0
    while k < len(items):
        weekdays = _row(items, k, weekday=True)
        end = k + 2 * len(weekdays) - 1
        days = _row(items, end, weekday=False) if len(weekdays) > 1 else []
        if (
            len(weekdays) > 1
            and len(days) == len(weekdays)
            and inside(s.tokens, items[end - 1].j, items[end].i)
        ):
            for n, weekday in enumerate(weekdays):
                place = end + 2 * n
                item = items[place]
                if isinstance(item, Mark):
                    items[place] = item = Day(item.i, item.j, day=item.number)
                if isinstance(item, Day):
                    item.weekday, item.part = weekday.weekday, weekday.part
            del items[k:end]
        k += max(1, 2 * len(days) - 1)


def _row(items: list[Item], k: int, weekday: bool) -> list[Day]:
    """Weekdays, or days of the month and numbers, from item `k` on with one sign between each two."""
    row: list[Day] = []
    while k < len(items):
        item = items[k]
        if (weekday and isinstance(item, Day) and item.bare and not item.nth) or (
            not weekday and isinstance(item, Day) and item.day is not None and item.weekday is None
        ):
            row.append(item)
        elif not weekday and isinstance(item, Mark) and item.kind == "num":
            row.append(Day(item.i, item.j, day=item.number))
        else:
            break
        sign = items[k + 1] if k + 1 < len(items) else None
        if not (isinstance(sign, Mark) and sign.kind in ("list", "range")):
            break
        k += 2
    return row


def _join_weekday(s: Scan, previous: Day, item: Item, out: list[Item]) -> bool:
    """za + 28 nov; za + 28; 28 nov + (za). True when `item` is used up."""
    t = s.tokens
    if previous.bare and not previous.nth and inside(t, previous.j, item.i):
        if isinstance(item, Mark) and item.kind == "num":
            if item.value == "word" and not _chained(t, item):
                return False  # "zondag een markt", "zaterdag twee bands"
            item = Day(item.i, item.j, day=item.number)
        if isinstance(item, Day) and item.day is not None and item.weekday is None:
            while out[-1] is not previous:
                out.pop()
            out[-1] = item
            item.i, item.part = previous.i, previous.part or item.part
            if previous.form != "compound" and "weekday_noun" not in t[previous.i].means:
                item.weekday, item.soft = previous.weekday, False
            item.form = previous.form
            return True
    return False


def _chained(t: list[Token], item: Mark) -> bool:
    """Whether a number in words goes on to a next day: zaterdag vijf en zondag zes december."""
    return item.number > 1 and not CHAINING.isdisjoint(t[item.j].means)


def _join_number(s: Scan, item: Day, out: list[Item]) -> bool:
    """[11] vr: a day of the month in front of its weekday."""
    previous = out[-1] if out else None
    t = s.tokens
    if not (isinstance(previous, Mark) and previous.kind == "num" and previous.j < item.i):
        return False
    if t[previous.j].text not in ("]", ")") or not inside(t, previous.j, item.i):
        return False
    out[-1] = Day(previous.i, item.j, weekday=item.weekday, day=previous.number, part=item.part)
    return True


NUMBERS = frozenset(("num", "ordinal"))
RHYTHM = frozenset(("every", "frequency", "ofmonth"))
LONGEST = 60  # days in one list; a longer row of numbers is none


def _promote(s: Scan) -> None:
    """Numbers that signs and small words join to a date on their right are days: 10, 11 en 17 april."""
    items, t = s.items, s.tokens
    carry: Day | None = None
    length, sign = 0, ""
    for k in range(len(items) - 1, -1, -1):
        item = items[k]
        if isinstance(item, Day):
            carry, length, sign = (item if item.day is not None else None), length + 1, ""
        elif isinstance(item, Mark) and item.kind in ("list", "range") and carry is not None:
            sign = item.value if sign in ("", item.value) or item.kind == "range" else sign
        elif (
            isinstance(item, Mark) and item.kind in NUMBERS and item.number > 0 and carry is not None and sign
        ):
            if length >= LONGEST or not _joined(t, item, carry) or _no_day(s, item, sign, length):
                carry, length, sign = None, 0, ""
                continue
            carry, length, sign = Day(item.i, item.j, day=item.number), length + 1, ""
            items[k] = carry
        else:
            carry, length, sign = None, 0, ""


def _joined(t: list[Token], item: Mark, day: Day) -> bool:
    return all(token.text in ".,-/|&+(" or not JOINING.isdisjoint(token.means) for token in t[item.j : day.i])


def _no_day(s: Scan, item: Mark, sign: str, length: int) -> bool:
    """zaal 3, 12 mei; Grotestraat 12, 14 mei: the first number belongs to the word before it."""
    t, k = s.tokens, item.i - 1
    while k >= 0 and t[k].text in (":", "."):
        k -= 1
    if k < 0:
        return False
    if t[k].means.get("not_a_day") == "before" and t[k].text not in ("leden", "kinderen"):
        return True
    if not t[k].text[0].isalpha():
        return False
    if s.streets and t[k].text.endswith(s.streets) and len(t[k].text) > 5:
        return True
    return not t[k].means and sign in (",", "|") and length < 2


def _promote_after(s: Scan) -> None:
    """June 5, 6 and 7; maart: 5, 12 en 19."""
    items, t = s.items, s.tokens
    context: tuple[int, int | None] | None = None
    edge = 0
    for k, item in enumerate(items):
        if isinstance(item, Mark) and item.kind == "month":
            context, edge = (item.number, int(item.value) if item.value else None), item.j
        elif isinstance(item, Day) and item.month_first and item.month is not None:
            context, edge = (item.month, item.year), item.j
        elif isinstance(item, Mark) and item.kind == "num" and context is not None:
            near = all(
                token.text in ",-:&+|/([>" or not LISTING.isdisjoint(token.means)
                for token in t[edge : item.i]
            )
            if not near or not valid(item.number, context[0]) or is_thing(t, item.j):
                context = None
                continue
            year, j = read_year(s, item.j)
            items[k] = Day(item.i, j, day=item.number, month=context[0], year=year or context[1])
            edge = j
        elif not (isinstance(item, Mark) and item.kind in ("list", "range")):
            context = None


def _promote_ordinals(s: Scan) -> None:
    """10 december en op de 12e: a day of the month that was printed before it, when it counts no thing."""
    t, dated = s.tokens, False
    rhythm = not RHYTHM.isdisjoint(s.kinds)
    for k, item in enumerate(s.items):
        if isinstance(item, Day):
            dated = dated or item.month is not None
        elif isinstance(item, Mark) and item.kind == "ordinal" and dated and not rhythm and item.number > 0:
            after = t[item.j]
            free = after.gap == 2 or not after.text[:1].isalpha() or not AFTER_DAY.isdisjoint(after.means)
            if free and item.i > 1 and t[item.i - 1].text == "de" and t[item.i - 2].text in ("op", "en op"):
                s.items[k] = Day(item.i, item.j, day=item.number)
