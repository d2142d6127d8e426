"""Which numbers are hours, and which two times make a range.

>>> from datetime import date
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text): return [str(i) for i in scan_text(f"za 3 mei: {text}", date(2026, 11, 23)).clocks]
>>> show("van 10 tot 4"), show("tussen 10 en 12 uur"), show("om 13, 14 en 15 uur")
(['10:00-16:00'], ['10:00-12:00'], ['13:00', '14:00', '15:00'])
>>> show("14.00 - 16.00 - 20.00"), show("7:30-9:30 PM"), show("8 tot 12 jaar")
(['14:00', '16:00', '20:00'], ['19:30-21:30'], [])
"""

from __future__ import annotations

from aggregator.normalise.when.clock import part_before
from aggregator.normalise.when.item import Clock, Day, Item, Mark, Scan
from aggregator.normalise.when.name import inside
from aggregator.normalise.when.token import Token

# Classes of words that are asked for together.
QUIET = frozenset(("about", "at", "stop"))
SPANNING = frozenset(("about", "at", "begin", "list", "part", "range", "stop"))


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
            and not is_thing(t, item.j)
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


def _hour_before(s: Scan, k: int, item: Mark, sign: Mark, later: Item) -> bool:
    """10 - 12 uur; van 10 tot 4; tussen 10 en 12; om 13, 14 en 15 uur."""
    t, before = s.tokens, s.items[k - 1] if k else None
    said = isinstance(before, Mark) and before.kind in ("begin", "between") and before.j >= item.i - 1
    if _opening_hours(s, k, item, sign, later):
        s.items[k + 2] = _clock(t, later)  # type: ignore[arg-type]
        return True
    if isinstance(later, Mark) and later.kind == "num":
        spoken = said and later.number <= 24 and not is_thing(t, later.j) and not _counts(t, item.i - 1)
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
    if not (isinstance(before, Day) and before.bare and item.number < later.number <= 24):
        return False
    after = s.items[k + 3] if k + 3 < len(s.items) else None
    two = s.items[k + 4] if k + 4 < len(s.items) else None
    dated = (
        isinstance(after, Mark)
        and after.kind in ("list", "range")
        and isinstance(two, Day)
        and two.day is not None
    )
    heading = any(isinstance(other, Mark) and other.kind == "month" for other in s.items[max(0, k - 8) : k])
    return not dated and not heading


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
        if isinstance(two, Mark) and two.kind == "num" and two.number <= 24 and not is_thing(t, two.j):
            followed = items[k + 3] if k + 3 < len(items) else None
            if sign.i == one.j and _quiet(t, sign.j, two.i) and not isinstance(followed, Day):
                items[k + 2] = _clock(t, two)


def _quiet(t: list[Token], start: int, end: int) -> bool:
    return all(not QUIET.isdisjoint(token.means) or token.text == "±" for token in t[start:end])


def is_thing(t: list[Token], j: int) -> bool:
    """Whether the word after a number makes it a quantity: jaar, euro, km."""
    return (
        t[j].means.get("not_a_day") == "after"
        or t[j].text in ("€", "%", "'")
        or (t[j].text == "+" and not t[j].gap)
    )


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
    if found == "-" and (_chain(s, j) or _chained(s, k)):
        return 0
    return j


def _only_range(s: Scan, k: int, j: int) -> bool:
    between = s.tokens[s.items[k].j : s.items[j].i]
    return all(
        token.text in "-(.~," or not SPANNING.isdisjoint(token.means) or token.text == "±"
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


def _chained(s: Scan, k: int) -> bool:
    """Whether a dash ties the clock at `k` to one before it that has no end of its own."""
    if k < 2:
        return False
    sign, before = s.items[k - 1], s.items[k - 2]
    tied = isinstance(sign, Mark) and sign.value == "-" and sign.j == s.items[k].i
    return tied and isinstance(before, Clock) and before.end is None and before.j == sign.i


def _bare_hours(item: Clock, two: Clock) -> None:
    """van 10 tot 4 is 10:00 to 16:00; van 2 tot 4 is in the afternoon."""
    if not (item.hour_only and two.hour_only) or item.word or two.word or item.end is None:
        return
    if item.part is None and 60 <= item.minute <= 360 and item.minute < item.end <= 540:
        item.minute, item.end = item.minute + 720, item.end + 720
    elif item.minute >= item.end and item.end <= 720 and item.end + 720 > item.minute:
        item.end += 720
