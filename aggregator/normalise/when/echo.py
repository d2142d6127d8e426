"""Days that say the same twice: a holiday or "morgen" beside its date, soft digits without support.

>>> from aggregator.normalise.when.link import link_days
>>> from aggregator.normalise.when.scan import scan_text
>>> def show(text):
...     s = scan_text(text, date(2026, 12, 29))
...     return [(d.day, d.month) for d in drop_echoes(s, link_days(s), date(2026, 12, 29))]
>>> show("Morgen, 30 december"), show("Kerst met 14/10 Brass, vr 18 dec"), show("nr. 14-11")
([(30, 12)], [(18, 12)], [])
>>> show("15/1 en 29/1, 20u30")
[(15, 1), (29, 1)]
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from aggregator.normalise.when.item import Clock, Day, Mark, Scan
from aggregator.normalise.when.token import INSIDE, Token
from aggregator.normalise.when.year import find_day

# Classes of words that are asked for together.
BEFORE_DATE = frozenset(("begin", "range", "weekday", "weekday_short"))
TYING = frozenset(("list", "stop"))


def drop_echoes(s: Scan, days: list[Day], today: date) -> list[Day]:
    """The days that count: without echoes of printed dates and without digits that are no date."""
    if len(days) == 1 and not days[0].soft:
        return days
    if any(day.soft for day in days):
        days = _drop_soft(s, days)
    _spread(days)
    printed = [day for day in days if day.month is not None and not day.holiday and day.fixed is None]
    named = [day for day in days if day.holiday is not None or day.relative]
    if printed and named:
        days = _drop_named(s, days, printed, today)
    return _drop_weekdays(s, _drop_night(s, days, today), today)


def _drop_night(s: Scan, days: list[Day], today: date) -> list[Day]:
    """ "de nacht van vrijdag 11 op zaterdag 12 mei": the night begins on the first."""
    for before, day in pairwise(days):
        if day.day is not None and [token.text for token in s.tokens[before.j : day.i]] == ["op"]:
            one, two = find_day(before, today), find_day(day, today)
            day.dead = one is not None and two is not None and (two - one).days == 1
    return [day for day in days if not day.dead]


def _drop_soft(s: Scan, days: list[Day]) -> list[Day]:
    """14-11 is a date beside a weekday, a clock time or words of a date; not after "nr." or in a score."""
    firm = any(not day.soft and day.dated for day in days)
    clocked = any(isinstance(item, Clock) and not item.dead for item in s.items)
    kept: list[Day] = []
    refused: Day | None = None
    for k, day in enumerate(days):
        if not day.soft:
            kept.append(day)
            continue
        chained = day.link == "range" or (k + 1 < len(days) and days[k + 1].link == "range")
        tied = chained or _tied_to(s.tokens, kept[-1] if kept else None, day)
        support = -1 if refused is not None and _tied_to(s.tokens, refused, day) else _support(s, day)
        if support >= 0 and (
            support > 0 or (firm and tied) or (not firm and (clocked or len(days) > 1 or _only(s)))
        ):
            kept.append(day)
        else:
            day.dead, refused = True, day
    return kept


def _tied_to(t: list[Token], before: Day | None, day: Day) -> bool:
    return before is not None and all(
        token.text in ",-&+|" or "list" in token.means for token in t[before.j : day.i]
    )


def _support(s: Scan, day: Day) -> int:
    """-1 when the word before makes it a number, 1 when a word of a date stands before it, else 0."""
    t, k = s.tokens, day.i - 1
    while k >= 0 and (
        t[k].text in (":", ".", "(", "-", "/") or (t[k].number >= 0 and t[k + 1].text in (":", "-", "/"))
    ):
        k -= 1
    if t[day.j].means.get("not_a_day") == "after" or t[day.j].text == "€":
        return -1
    if k < 0:
        return 0
    if t[k - (k > 0 and t[k].text in ("was", "is", "werd"))].means.get("not_a_day") == "before":
        return -1
    return int(not BEFORE_DATE.isdisjoint(t[k].means) or t[k].text in ("op", "datum", "data"))


def _only(s: Scan) -> bool:
    """Whether the text is nothing but such digits and signs."""
    return all(not token.text[:1].isalpha() or token.means for token in s.tokens)


def _spread(days: list[Day]) -> None:
    """komende vrijdag en zaterdag; volgende week dinsdag t/m donderdag: the word holds for both."""
    for before, day in pairwise(days):
        if day.bare and day.link in ("list", "range") and before.bare and day.coming and not before.dated:
            before.coming = True
        elif day.bare and not day.dated and day.link in ("list", "range"):
            if before.bare and (before.coming or before.week is not None):
                day.coming, day.week = before.coming, before.week
            elif day.link == "range" and before.relative and before.span is None:
                day.coming = True


def _drop_named(s: Scan, days: list[Day], printed: list[Day], today: date) -> list[Day]:
    """Holidays and words such as "vanavond" beside printed dates count only with a time of their own."""
    dates = {find_day(day, today) for day in printed}
    place = {id(item): k for k, item in enumerate(s.items)}
    for k, day in enumerate(days):
        if day.holiday is None and not day.relative:
            continue
        after = days[k + 1] if k + 1 < len(days) else None
        if day.link in ("range", "until", "from") or (after is not None and after.link == "range"):
            continue
        same = find_day(day, today) in dates
        tied = _tied_by_word(s.tokens, days[k - 1] if k else None, day) or _tied_by_word(s.tokens, day, after)
        if same or not (tied or _own_clock(s, day, place[id(day)] + 1)):
            day.dead = True
    return [day for day in days if not day.dead]


def _own_clock(s: Scan, day: Day, k: int) -> bool:
    """Whether the next item after a day, signs apart, is a clock time."""
    while k < len(s.items):
        item = s.items[k]
        if not (isinstance(item, Mark) and item.kind in ("list", "part", "role", "begin", "at")):
            between = s.tokens[day.j : item.i]
            return isinstance(item, Clock) and all(token.text in INSIDE or token.means for token in between)
        k += 1
    return False


def _tied_by_word(t: list[Token], one: Day | None, two: Day | None) -> bool:
    """Whether "en" ties two days."""
    if one is None or two is None or two.i - one.j > 3:
        return False
    between = t[one.j : two.i]
    return any("list" in token.means for token in between) and all(
        not TYING.isdisjoint(token.means) for token in between
    )


def _drop_weekdays(s: Scan, days: list[Day], today: date) -> list[Day]:
    """overmorgen, donderdag: the weekday repeats the day; 22 maart (zondag) gives the date its weekday."""
    kept: list[Day] = []
    for k, day in enumerate(days):
        if day.dead:
            continue
        before = kept[-1] if kept else None
        if day.bare and before is not None and before.full and _beside(s.tokens, before, day):
            following = days[k + 1] if k + 1 < len(days) else None
            ranged = following is not None and following.bare and following.link in ("range", "list")
            found = find_day(before, today)
            if ranged and following is not None and _range_of_weekdays(kept, day, following):
                kept[-2].weekday, before.weekday = day.weekday, following.weekday
                before.j = max(before.j, following.j)
                following.dead = True
                continue
            if (
                before.weekday is None
                and not ranged
                and before.span is None
                and not _timed_list(s, day, days, k)
            ):
                if before.fixed is not None or before.holiday is not None:
                    if found is not None and found.weekday() == day.weekday:
                        continue
                else:
                    before.weekday = day.weekday
                    before.j = max(before.j, day.j)
                    continue
        kept.append(day)
    return kept


def _range_of_weekdays(kept: list[Day], day: Day, following: Day) -> bool:
    """ "20 t/m 22 maart (vrijdag t/m zondag)": the weekdays of the two ends, when they lie as far apart."""
    if len(kept) < 2 or kept[-1].link != "range" or following.link != "range":
        return False
    first, last = kept[-2], kept[-1]
    if (
        first.day is None
        or last.day is None
        or first.weekday is not None
        or first.month not in (None, last.month)
    ):
        return False
    if day.weekday is None or following.weekday is None or not 0 < last.day - first.day < 7:
        return False
    return (following.weekday - day.weekday) % 7 == last.day - first.day


def _timed_list(s: Scan, day: Day, days: list[Day], k: int) -> bool:
    """Whether weekdays with times follow a list of dates: zat. 20.00, zon. 14.30."""
    return sum(1 for other in days[k:] if other.bare) > 1


def _beside(t: list[Token], before: Day, day: Day) -> bool:
    return all(token.text in INSIDE or "stop" in token.means for token in t[before.j : day.i])
