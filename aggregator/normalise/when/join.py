"""Joins what belongs together: hours of a range, a weekday and its date, numbers before a month.

>>> from datetime import date
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

from aggregator.normalise.when.clock import part_before
from aggregator.normalise.when.digit import valid
from aggregator.normalise.when.item import Clock, Day, Item, Mark, Scan
from aggregator.normalise.when.name import inside, read_year
from aggregator.normalise.when.token import Token


def join_hours(s: Scan) -> None:
    """Turns plain numbers into clock times where the words around them say so."""
    items, t = s.items, s.tokens
    for k in range(len(items) - 1, -1, -1):
        item = items[k]
        if not (isinstance(item, Mark) and item.kind == "num" and item.number <= 24):
            continue
        after = items[k + 1] if k + 1 < len(items) else None
        later = items[k + 2] if k + 2 < len(items) else None
        if isinstance(after, Mark) and after.kind in ("list", "range") and later is not None:
            if _hour_before(s, k, item, after, later):
                items[k] = _clock(t, item)
        elif (
            _said_at(t, item.i)
            and not _thing(t, item.j)
            and not (isinstance(after, Day) and after.i == item.j)
        ):
            items[k] = _clock(t, item)
    _hour_after(s)


def _clock(t: list[Token], mark: Mark) -> Clock:
    word = mark.value == "word" and mark.number <= 12
    part = part_before(t, mark.i)
    return Clock(mark.i, mark.j, mark.number * 60, word=word, hour_only=True, part=part)


def _said_at(t: list[Token], i: int) -> bool:
    return i > 0 and "at" in t[i - 1].means and t[i - 1].text != "te"


def _thing(t: list[Token], j: int) -> bool:
    """Whether the word after a number makes it a quantity: jaar, euro, km."""
    return (
        t[j].means.get("not_a_day") == "after"
        or t[j].text in ("€", "%", "'")
        or (t[j].text == "+" and not t[j].gap)
    )


def _hour_before(s: Scan, k: int, item: Mark, sign: Mark, later: Item) -> bool:
    """10 - 12 uur; van 10 tot 4; tussen 10 en 12; om 13, 14 en 15 uur."""
    t, before = s.tokens, s.items[k - 1] if k else None
    said = isinstance(before, Mark) and before.kind in ("begin", "between") and before.j >= item.i - 1
    if _opening_hours(s, k, item, sign, later):
        s.items[k + 2] = _clock(t, later)  # type: ignore[arg-type]
        return True
    if isinstance(later, Mark) and later.kind == "num":
        spoken = said and later.number <= 24 and not _thing(t, later.j) and not _counts(t, item.i - 1)
        if not (spoken and (sign.kind == "range" or _is_between(before))):
            return False
        s.items[k + 2] = _clock(t, later)
        return True
    if not isinstance(later, Clock) or not inside(t, sign.j, later.i):
        return False
    if sign.kind == "range":
        return (later.hour_only or said or bool(later.ampm)) and sign.value != "/"
    return _is_between(before) or (
        later.hour_only and (_said_at(t, item.i) or isinstance(before, Day | Clock | Mark))
    )


def _opening_hours(s: Scan, k: int, item: Mark, sign: Mark, later: Item) -> bool:
    """wo t/m vr 13-17: hours after weekdays, when no month makes them days."""
    if not (isinstance(later, Mark) and later.kind == "num" and sign.kind == "range" and sign.value != "/"):
        return False
    before = s.items[k - 1] if k else None
    after = s.items[k + 3] if k + 3 < len(s.items) else None
    two = s.items[k + 4] if k + 4 < len(s.items) else None
    dated = (
        isinstance(after, Mark)
        and after.kind in ("list", "range")
        and isinstance(two, Day)
        and two.day is not None
    )
    heading = any(isinstance(other, Mark) and other.kind == "month" for other in s.items[max(0, k - 8) : k])
    return (
        isinstance(before, Day)
        and before.bare
        and item.number < later.number <= 24
        and not dated
        and not heading
    )


def _is_between(item: Item | None) -> bool:
    return isinstance(item, Mark) and item.kind == "between"


def _counts(t: list[Token], i: int) -> bool:
    """Whether "van" before the number follows a word such as kinderen or leeftijd."""
    return i > 0 and t[i - 1].means.get("not_a_day") == "before"


def _hour_after(s: Scan) -> None:
    """van 20 uur tot 23; 19.30 - 22."""
    items, t = s.items, s.tokens
    for k in range(len(items) - 2):
        one, sign, two = items[k : k + 3]
        if not (
            isinstance(one, Clock) and isinstance(sign, Mark) and sign.kind == "range" and sign.value != "/"
        ):
            continue
        if isinstance(two, Mark) and two.kind == "num" and two.number <= 24 and not _thing(t, two.j):
            followed = items[k + 3] if k + 3 < len(items) else None
            if sign.i == one.j and _quiet(t, sign.j, two.i) and not isinstance(followed, Day):
                items[k + 2] = _clock(t, two)


def _quiet(t: list[Token], start: int, end: int) -> bool:
    return all(token.means.keys() & {"about", "at", "stop"} or token.text == "±" for token in t[start:end])


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
            previous = item
            if out and item.bare and _join_number(s, item, out):
                continue
        else:
            previous = None
        out.append(item)
    s.items = out
    if "num" in s.kinds:
        _promote(s)
        _promote_after(s)


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
            item = Day(item.i, item.j, day=item.number)
            item.year, item.j = (None, item.j)
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
        elif isinstance(item, Mark) and item.kind == "num" and carry is not None and sign:
            if not _joined(t, item, carry) or _no_day(s, item, sign, length):
                carry, length, sign = None, 0, ""
                continue
            carry, length, sign = Day(item.i, item.j, day=item.number), length + 1, ""
            items[k] = carry
        else:
            carry, length, sign = None, 0, ""


def _joined(t: list[Token], item: Mark, day: Day) -> bool:
    return all(
        token.text in ".,-/|&+(" or token.means.keys() & {"list", "range", "stop", "begin"}
        for token in t[item.j : day.i]
    )


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
                token.text in ",-:&+|/([>" or token.means.keys() & {"list", "stop", "range"}
                for token in t[edge : item.i]
            )
            if not near or not valid(item.number, context[0]) or _thing(t, item.j):
                context = None
                continue
            year, j = read_year(s, item.j)
            items[k] = Day(item.i, j, day=item.number, month=context[0], year=year or context[1])
            edge = j
        elif not (isinstance(item, Mark) and item.kind in ("list", "range")):
            context = None


def join_clocks(s: Scan) -> None:
    """19.30 - 22.00, van 10 tot 12 uur, tussen 14 en 16 uur become one clock with an end."""
    clocks = [item for item in s.items if isinstance(item, Clock)]
    if len(clocks) < 2:
        return
    if any(clock.word and not clock.hour_only for clock in clocks):
        for clock in clocks:  # beside "half 8", "8 uur" is an hour of twelve too
            if clock.hour_only and clock.minute <= 720 and clock.part is None:
                clock.word = True
    out: list[Item] = []
    items, k = s.items, 0
    while k < len(items):
        item = items[k]
        if isinstance(item, Clock) and item.end is None:
            end = _range_end(s, k)
            if end:
                two = items[end]
                assert isinstance(two, Clock)
                item.end, item.end_word, item.j = two.minute, two.word, two.j
                item.part = item.part or two.part
                item.soft = item.soft and two.soft
                item.end_offset = two.offset
                if (
                    two.ampm == "pm"
                    and not item.ampm
                    and item.minute <= 720
                    and item.minute + 720 < two.minute
                ):
                    item.minute += 720  # 7:30-9:30 PM
                _bare_hours(item, two)
                k = end
        out.append(item)
        k += 1
    s.items = out


def _range_end(s: Scan, k: int) -> int:
    """Index of the clock that ends the range which begins at item `k`, else 0."""
    items, j, found = s.items, k + 1, ""
    while j < len(items) and j < k + 5:
        item = items[j]
        if isinstance(item, Clock):
            break
        if not isinstance(item, Mark):
            return 0
        if item.kind == "range" and item.value != "/":
            found = item.value
        elif item.kind == "list" and item.value == "word" and k and _is_between(items[k - 1]):
            found = "word"
        elif item.kind != "begin" and not (item.kind == "list" and item.value == "," and not found):
            return 0
        j += 1
    if not found or j >= len(items) or j >= k + 5 or not _only_range(s, k, j):
        return 0
    if found == "-" and _chain(s, j):
        return 0
    return j


def _only_range(s: Scan, k: int, j: int) -> bool:
    between = s.tokens[s.items[k].j : s.items[j].i]
    return all(
        token.text in "-(.~,"
        or token.means.keys() & {"range", "about", "at", "stop", "list", "begin", "part"}
        or token.text == "±"
        for token in between
    )


def _chain(s: Scan, j: int) -> bool:
    """14.00 - 16.00 - 20.00: three in a row are a list."""
    items = s.items
    if j + 2 >= len(items):
        return False
    sign = items[j + 1]
    return (
        isinstance(sign, Mark)
        and sign.value == "-"
        and isinstance(items[j + 2], Clock)
        and sign.i == items[j].j
    )


def _bare_hours(item: Clock, two: Clock) -> None:
    """van 10 tot 4 is 10:00 to 16:00; van 2 tot 4 is in the afternoon."""
    if not (item.hour_only and two.hour_only) or item.word or two.word or item.end is None:
        return
    if item.part is None and 60 <= item.minute <= 360 and item.minute < item.end <= 540:
        item.minute, item.end = item.minute + 720, item.end + 720
    elif item.minute >= item.end and item.end <= 720 and item.end + 720 > item.minute:
        item.end += 720
