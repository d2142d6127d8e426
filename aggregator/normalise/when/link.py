"""How the days of a text hang together: lists, ranges, open ends; months and years they share.

Range words are t/m, tot, bis, a dash or a slash between two days; anything else makes a list. Three
days in a row with dashes are a list too.

>>> from datetime import date
>>> from aggregator.normalise.when.drop import drop_dates
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text):
...     s = scan_text(text, date(2026, 11, 23))
...     drop_dates(s)
...     return [(d.day, d.month, d.year, d.link) for d in link_days(s)]
>>> show("12 t/m 14 maart 2027")
[(12, 3, None, ''), (14, 3, 2027, 'range')]
>>> show("12 - 13 - 19 december")
[(12, 12, None, ''), (13, 12, None, 'list'), (19, 12, None, 'list')]
>>> show("tot en met 3 mei"), show("vanaf 3 mei")
([(3, 5, None, 'until')], [(3, 5, None, 'from')])
"""

from __future__ import annotations

from aggregator.normalise.when.item import Clock, Day, Item, Mark, Scan
from aggregator.normalise.when.token import INSIDE, Token

# Marks that say how a day hangs on another, or give it a year.
LINKING = frozenset(("begin", "range", "role", "year"))


def link_days(s: Scan) -> list[Day]:
    """The live days of a text with their months, links and shared years filled in."""
    days = [day for day in s.days if not day.dead]
    if "every" not in s.kinds and "frequency" not in s.kinds:
        for day in days:
            if day.form == "compound":
                day.dead = day.bare  # "het Zaterdagorkest"
        days = [day for day in days if not day.dead]
    if not days or (len(days) == 1 and days[0].month is not None and LINKING.isdisjoint(s.kinds)):
        return days  # none, or one whole day that nothing can hang on
    _link(s)
    if len(days) > 1:
        _chains(days)
    if any(day.day is not None and day.month is None for day in days):
        _share_months(s)
    if len(days) > 1 or "year" in s.kinds:
        _share_years(s, days)
    return days


def _link(s: Scan) -> None:
    """Sets how each day hangs on the live day before it."""
    previous: Day | None = None
    since: list[Item] = []
    for item in s.items:
        if isinstance(item, Day):
            if not item.dead:
                item.link, item.glue = _between(s.tokens, previous, item, since)
                if (
                    item.link == "range"
                    and previous is not None
                    and previous.link == "range"
                    and item.glue in "-/"
                ):
                    item.link = "list"
                previous, since = item, []
            else:
                since.append(item)
        else:
            since.append(item)


def _between(t: list[Token], previous: Day | None, day: Day, since: list[Item]) -> tuple[str, str]:
    """(link, the sign or "word" that made it)."""
    mark = next((item for item in reversed(since) if isinstance(item, Mark) and _links(item)), None)
    if mark is None or not _directly(t, mark.j, day.i):
        return ("list" if previous is not None else ""), ""
    if mark.kind == "role":
        day.exclusive = t[mark.i].text == "dtend" and t[day.j].text != "t"  # RFC 5545 §3.8.2.2
        return ("range" if previous is not None else "until"), "word"
    if mark.kind == "begin":
        return ("from", "") if mark.value != "of" else (("list" if previous is not None else ""), "")
    if previous is None or (previous.bare and not previous.dated and not day.bare):
        return ("until", "word") if mark.value == "word" else ("", "")
    if mark.value == "word":
        return "range", "word"
    dead = any(isinstance(item, Day) for item in since)
    clocks = [item for item in since if isinstance(item, Clock) and not item.dead]
    edge = clocks[-1].j if clocks else previous.j
    spanned = len(clocks) > 1 or (bool(clocks) and clocks[0].end is not None)
    spanned = spanned or (bool(clocks) and mark.value == "/" and not day.machine)
    if dead or spanned or not _directly(t, edge, mark.i) or day.bare != previous.bare:
        return "list", mark.value
    return "range", mark.value


def _links(mark: Mark) -> bool:
    return mark.kind in ("range", "begin") or (mark.kind == "role" and mark.value == "end")


def _directly(t: list[Token], start: int, end: int) -> bool:
    """Whether only signs, small words and weekdays stand between two tokens."""
    return all(
        token.text in INSIDE
        or token.text in ";="
        or token.means.keys()
        & {"stop", "about", "label", "unit", "at", "weekday", "weekday_short", "part", "coming"}
        for token in t[start:end]
    )


def _chains(days: list[Day]) -> None:
    """Makes lists of dashed chains, and of slashes between days that do not follow each other."""
    for k, day in enumerate(days):
        if day.link != "range" or day.glue not in ("-", "/"):
            continue
        if day.bare and day.glue == "/":
            day.link = "list"
            continue
        nxt = days[k + 1] if k + 1 < len(days) else None
        if nxt is not None and nxt.glue == day.glue and nxt.link in ("range", "list") and not day.bare:
            day.link = "list"
            nxt.link = "list"
        first = days[k - 1]
        if first.glue == day.glue and first.link == "list" and not day.bare:
            day.link = "list"
        if day.glue == "/" and first.day is not None and day.day is not None and not first.month:
            after = day.day - first.day
            if after != 1 and not (day.day == 1 and first.day >= 28):
                day.link = "list"


def _share_months(s: Scan) -> None:
    """Days without a month take it from the next day that has one, from a heading, or from the day before."""
    items = s.items
    nearest: list[Day | None] = [None] * (len(items) + 1)
    for k in range(len(items) - 1, -1, -1):
        item = items[k]
        nearest[k] = (
            item
            if isinstance(item, Day) and not item.dead and item.month and not item.nth
            else nearest[k + 1]
        )
    heading: Mark | None = None
    before: Day | None = None
    for k, item in enumerate(items):
        if isinstance(item, Mark) and item.kind == "month":
            heading = item
        if not isinstance(item, Day) or item.dead:
            continue
        if item.day is not None and item.month is None:
            _take_month(item, nearest[k + 1], heading, before)
        if item.month is not None and not item.nth:
            before = item


def _take_month(day: Day, after: Day | None, heading: Mark | None, before: Day | None) -> None:
    assert day.day is not None
    if heading is not None and (before is None or heading.i > before.i):
        day.month = heading.number
        day.year = day.year or (int(heading.value) if heading.value else None)
    elif after is not None and after.month and after.day is not None:
        wraps = day.day > after.day
        day.month = (after.month + 10) % 12 + 1 if wraps else after.month
    elif before is not None and before.month and before.day is not None:
        wraps = day.day < before.day
        day.month = before.month % 12 + 1 if wraps else before.month
        if day.year is None and before.year is not None:
            day.year = before.year + (wraps and before.month == 12)
    if (
        day.month is not None
        and day.day > 29
        and day.month in (2, 4, 6, 9, 11)
        and day.day > (29 if day.month == 2 else 30)
    ):
        day.month = None


def _share_years(s: Scan, days: list[Day]) -> None:
    """A year printed once holds for the whole list; in a range it belongs to the end."""
    dated = [day for day in days if day.fixed is None and day.span is None and not day.bare]
    printed = [day for day in dated if day.year is not None]
    if not printed:
        stray = _stray_year(s)
        if stray is not None and not any(day.link == "range" for day in dated):
            for day in dated:
                day.year = stray
            _wrap(dated, stray)
        elif stray is not None:
            for k, day in enumerate(dated):
                if k + 1 >= len(dated) or dated[k + 1].link != "range":
                    day.year = stray
        return
    _fill_years(dated)


def _fill_years(dated: list[Day]) -> None:
    """Gives days the year of the next day that prints one, else of the one before; turned at New Year."""
    later: list[Day | None] = [None] * (len(dated) + 1)
    for k in range(len(dated) - 1, -1, -1):
        later[k] = dated[k] if dated[k].year is not None else later[k + 1]
    earlier: Day | None = None
    wanted: list[tuple[Day, int]] = []
    for k, day in enumerate(dated):
        if day.year is not None:
            earlier = day
            continue
        opens = k + 1 < len(dated) and dated[k + 1].link == "range"
        if opens or (day.link == "range" and dated[k - 1].year is not None):
            continue
        after = later[k]
        if after is not None and after.year is not None:
            wanted.append((day, after.year - _turned(day, after)))
        elif earlier is not None and earlier.year is not None:
            wanted.append((day, earlier.year + _turned(earlier, day)))
    for day, year in wanted:
        day.year = year


def _turned(first: Day, second: Day) -> bool:
    """13 dec, 3 jan 2027: New Year lies between."""
    return first.month is not None and second.month is not None and first.month > second.month + 5


def _wrap(dated: list[Day], year: int) -> None:
    """A season's list that passes New Year: the later months first, then the earlier ones."""
    for k, day in enumerate(dated[1:], 1):
        before = dated[k - 1]
        if (before.month and day.month and before.month > day.month + 5) or before.year == year + 1:
            day.year = year + 1


def _stray_year(s: Scan) -> int | None:
    """A year that stands alone and is no season, copyright or memory."""
    t = s.tokens
    for item in s.items:
        if not (isinstance(item, Mark) and item.kind == "year"):
            continue
        near = s.today.year - 1 <= item.number <= s.today.year + 3
        before = t[item.i - 1] if item.i else None
        after = t[item.j]
        paired = after.text in ("/", "-") and t[item.j + 1].number >= 0
        second = (
            before is not None and before.text in ("/", "-") and not before.gap and t[item.i - 2].number >= 0
        )
        named = before is not None and "year_noun" in before.means
        postcode = after.gap < 2 and len(after.text) == 2 and after.text.isalpha() and not after.means
        if near and not (paired or second or named or postcode):
            return item.number
    return None
