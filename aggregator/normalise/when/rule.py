"""What repeats: RFC 5545 rules (§3.3.10) from elke, iedere, wekelijks, 's donderdags, om de week.

The parts stand in the order FREQ, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY, UNTIL. `start` is the first time on
or after the later of today and a printed begin. UNTIL only when an end is printed; a season or excepted
months become BYMONTH.

>>> from aggregator.normalise.when import parse_when
>>> def show(text): return [(str(o.start), o.rrule) for o in parse_when(text, date(2026, 11, 23)).occurrences]
>>> show("elke eerste zondag van de maand")
[('2026-12-06', 'FREQ=MONTHLY;BYDAY=1SU')]
>>> show("om de veertien dagen op woensdag 14u (oneven weken)")
[('2026-12-02 14:00:00', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=WE')]
>>> show("elke zondag van april t/m oktober"), show("dagelijks behalve maandag")
... # doctest: +NORMALIZE_WHITESPACE
([('2027-04-04', 'FREQ=WEEKLY;BYMONTH=4,5,6,7,8,9,10;BYDAY=SU')],
 [('2026-11-24', 'FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA,SU')])
>>> show("jaarlijks op 6 januari"), show("elke dinsdag van 5 januari t/m 30 maart 2027")
... # doctest: +NORMALIZE_WHITESPACE
([('2027-01-06', 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6')],
 [('2027-01-05', 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20270330')])
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from aggregator.normalise.when.block import read_blocks
from aggregator.normalise.when.item import Clock, Day, Mark, Scan
from aggregator.normalise.when.rhythm import Rule
from aggregator.normalise.when.year import find_day, find_range

FIXED = {"kingsday": "04-27", "christmas:1": "12-25", "christmas:2": "12-26"}
TELLING = frozenset(("every", "frequency", "parity", "ofmonth"))


def read_rules(s: Scan, days: list[Day], today: date) -> list[Rule]:
    """The rhythms of a text; none when it names dates only."""
    bare = [day for day in days if not day.dated]
    if not bare and TELLING.isdisjoint(s.kinds):
        return []
    words = _Words(s, days)
    dated = [day for day in days if day.dated]
    if words.yearly and dated and not bare:
        return _yearly(s, dated, today)
    if not _repeats(words, dated, bare):
        return []
    begin, until, months = _bounds(words, dated, today)
    blocks = [block for block in read_blocks(s, days) if not block.dated]
    rules = [_weekly(words, block.days, block.clocks) for block in blocks]
    if not rules:
        rules = [_plain(words)]
    clocks = [clock for clock in s.clocks if not clock.dead]
    if not any(rule.clocks for rule in rules):
        for rule in rules:
            rule.clocks = clocks
    for rule in rules:
        rule.begin, rule.until = begin, until
        rule.months = rule.months or months
        rule.parity = words.parity
        if rule.freq == "WEEKLY" and not rule.weekdays and begin is not None:
            rule.weekdays = (begin.weekday(),)
    return rules


class _Words:
    """The marks of repetition in a text."""

    def __init__(self, s: Scan, days: list[Day]) -> None:
        marks = [item for item in s.items if isinstance(item, Mark)]
        self.scan = s
        self.marks = marks
        self.every = any(mark.kind == "every" for mark in marks)
        self.frequency = _frequency(marks)
        self.yearly = self.frequency is not None and self.frequency[0] == "YEARLY"
        self.parity = next((int(mark.value == "odd") for mark in marks if mark.kind == "parity"), None)
        self.habit = any(day.form in ("habit", "plural") and not day.dated for day in days)
        self.nth = any(day.nth and day.of_month for day in days)
        self.ordinals = tuple(mark.number for mark in marks if mark.kind == "ordinal" and mark.number > 0)
        self.of_month = any(mark.kind == "ofmonth" for mark in marks)
        closed = [mark for mark in marks if mark.kind == "drop_near" and mark.value == "closed"]
        self.excepted = frozenset(
            day.weekday
            for day in s.items
            if isinstance(day, Day) and day.dead and day.bare and day.weekday is not None and closed
        )
        self.closed = closed

    def monthly(self) -> bool:
        """Whether a day of the month is meant: "op de 15e", "elke 15e van de maand"."""
        frequency = self.frequency is not None and self.frequency[0] == "MONTHLY"
        return bool(self.ordinals) and (frequency or (self.of_month and self.every))


def _frequency(marks: list[Mark]) -> tuple[str, int] | None:
    found = [mark.value for mark in marks if mark.kind == "frequency"]
    if not found:
        return None
    best = next((value for value in found if "/" in value), found[0])
    name, _, number = best.partition("/")
    return name, int(number or 1)


def _repeats(words: _Words, dated: list[Day], bare: list[Day]) -> bool:
    """Whether the text tells a rhythm rather than dates."""
    singles = [day for day in dated if day.link in ("", "list")]
    ranged = any(day.link == "range" for day in dated)
    if len(singles) - ranged >= 2:
        return False  # the dates themselves are listed
    daily = words.frequency is not None and words.frequency[0] == "DAILY"
    if daily and not bare:
        return not dated or (len(dated) == 1 and dated[0].link == "from" and not dated[0].relative)
    if bare:
        told = words.every or words.habit or words.nth or words.parity is not None
        told = told or (words.frequency is not None and not (daily and dated))
        if ranged and told and _opening_first(words, dated, bare):
            return False
        several = len(bare) > 1 or bool(bare[0].weekdays)
        return told or (several and not dated)
    if words.monthly():
        return True
    return (
        words.frequency is not None
        and words.frequency[0] == "WEEKLY"
        and len(dated) == 1
        and dated[0].month is not None
    )


def _opening_first(words: _Words, dated: list[Day], bare: list[Day]) -> bool:
    """ "1 mei t/m 30 sep, elke za en zo open 13-17": opening hours of a period."""
    opening = any(mark.kind == "opening" for mark in words.marks)
    return opening and dated[0].i < bare[0].i


def _weekly(words: _Words, bare: list[Day], clocks: list[Clock]) -> Rule:
    """The rhythm of a group of weekdays."""
    freq, interval = words.frequency or ("WEEKLY", 1)
    nth = tuple((n, day.weekday) for day in bare for n in day.nth if day.weekday is not None)
    if nth and (freq in ("MONTHLY", "WEEKLY", "YEARLY")):
        interval = interval if freq == "MONTHLY" else 1
        return Rule(
            "MONTHLY",
            interval,
            nth=tuple(sorted(set(nth), key=lambda x: (x[0] < 0, x))),
            clocks=clocks,
            days=bare,
        )
    weekdays: set[int] = set()
    for k, day in enumerate(bare):
        if day.weekday is None:
            continue
        weekdays |= set(day.weekdays or (day.weekday,))
        before = bare[k - 1].weekday if k else None
        if day.link == "range" and before is not None:
            weekdays |= {(before + n) % 7 for n in range((day.weekday - before) % 7 + 1)}
    if freq != "WEEKLY":
        freq, interval = "WEEKLY", 1
    if words.parity is not None:
        interval = 2
    return Rule(freq, interval, weekdays=tuple(sorted(weekdays)), clocks=clocks, days=bare)


def _plain(words: _Words) -> Rule:
    """A rhythm without weekdays: dagelijks, maandelijks op de 15e."""
    freq, interval = words.frequency or ("MONTHLY", 1)
    if freq == "DAILY" and words.excepted and interval == 1:
        return Rule("WEEKLY", weekdays=tuple(day for day in range(7) if day not in words.excepted))
    if words.monthly():
        return Rule("MONTHLY", interval, month_days=words.ordinals)
    return Rule(freq, interval)


def _yearly(s: Scan, dated: list[Day], today: date) -> list[Rule]:
    rules = []
    for day in dated[:1]:
        clocks = [clock for clock in s.clocks if not clock.dead]
        begin = find_day(day, today) if day.year is not None else None
        if day.nth and day.month and day.weekday is not None:
            rules.append(Rule("YEARLY", months=(day.month,), nth=((day.nth[0], day.weekday),), clocks=clocks))
        elif day.holiday is not None and (date_of := FIXED.get(day.holiday, day.holiday))[0].isdigit():
            month_day = (int(date_of[3:]),)
            rules.append(Rule("YEARLY", months=(int(date_of[:2]),), month_days=month_day, clocks=clocks))
        elif day.day is not None and day.month is not None:
            rules.append(
                Rule("YEARLY", months=(day.month,), month_days=(day.day,), begin=begin, clocks=clocks)
            )
    return rules


def _bounds(words: _Words, dated: list[Day], today: date) -> tuple[date | None, date | None, tuple[int, ...]]:
    """Begin, end and season."""
    begin, until = None, None
    for k, day in enumerate(dated):
        if day.link == "range" and k:
            begin, until = find_range(dated[k - 1], day, today)
        elif day.link == "until":
            until = find_day(day, today)
        elif k + 1 >= len(dated) or dated[k + 1].link != "range":
            begin = find_day(day, today)
    if until is not None and until < today and not any(day.year for day in dated):
        begin, until = _next_year(begin), _next_year(until)
    season, first, last = _season(words)
    if first is not None and last is not None:
        begin = begin or first
        until = until or last
    return begin, until, season


def _next_year(day: date | None) -> date | None:
    """A rhythm without a printed year that is over is the one of next year."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day + timedelta(days=365)


def _season(words: _Words) -> tuple[tuple[int, ...], date | None, date | None]:
    """The months that a text names by themselves: as BYMONTH, or as dates when their year is printed."""
    months: list[int] = []
    excepted: set[int] = set()
    year = 0
    ranged = out = False
    for mark in words.marks:
        if mark.kind == "month":
            if out:
                excepted.add(mark.number)
                continue
            if ranged and months:
                months += [(months[-1] + n) % 12 + 1 for n in range((mark.number - months[-1]) % 12)]
            else:
                months.append(mark.number)
            year = int(mark.value) if mark.value else year
            ranged = False
        elif mark.kind == "range":
            ranged = True
        elif mark.kind == "except" or (mark.kind == "drop_near" and mark.value == "closed"):
            out = True
    if excepted:
        kept = months or list(range(1, 13))
        return tuple(sorted(set(kept) - excepted)), None, None
    if year and months:
        first_year = year - (months[0] > months[-1])
        last = date(year, months[-1], monthrange(year, months[-1])[1])
        return (), date(first_year, months[0], 1), last
    return tuple(sorted(set(months))), None, None
