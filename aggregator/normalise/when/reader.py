"""The reader: from a printed text to its occurrences.

clean > tokens > items (scan) > what counts (drop) > how days hang together (link) > days with their
times (block, session) > dates (year, holiday) or rhythms (rule).

>>> def show(text, today=date(2026, 11, 23)):
...     return [(str(o.start), str(o.end)) for o in read_when(text, today).occurrences]
>>> show("do 12 t/m za 14 maart, 20.15 uur", date(2026, 3, 10))
... # doctest: +NORMALIZE_WHITESPACE
[('2026-03-12 20:15:00', 'None'), ('2026-03-13 20:15:00', 'None'), ('2026-03-14 20:15:00', 'None')]
>>> show("5 dec t/m 10 jan, elke dag open van 10.00 tot 22.00 uur")
[('2026-12-05', '2027-01-10')]
>>> show("vr 27 nov 21:00-03:00")
[('2026-11-27 21:00:00', '2026-11-28 03:00:00')]
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from itertools import pairwise

from aggregator.normalise.when.answer import When, WhenOccurrence
from aggregator.normalise.when.block import Block, read_blocks
from aggregator.normalise.when.compose import (
    compose,
    compose_range,
    compose_rule,
    printed_duration,
    tidy,
)
from aggregator.normalise.when.drop import drop_dates
from aggregator.normalise.when.echo import drop_echoes
from aggregator.normalise.when.flag import read_flags, read_words
from aggregator.normalise.when.item import Clock, Day, Mark, Scan
from aggregator.normalise.when.link import link_days
from aggregator.normalise.when.rule import read_rules
from aggregator.normalise.when.scan import scan_text
from aggregator.normalise.when.session import Session, give_roles, role_marks, sessions
from aggregator.normalise.when.year import find_day, find_range

RUN = 7  # days: a range of at most so many with one start time is a run of performances


def read_when(text: str, today: date, lang: str = "nl", words: bool = False) -> When:
    """Everything a text says about when; with `words` also what each word was read as."""
    s = scan_text(text, today, lang)
    if not s.days and PROMISING.isdisjoint(s.kinds):
        return When(words=read_words(s) if words else ())
    drop_dates(s)
    days = drop_echoes(s, link_days(s), today)
    found, hours = _read(s, days, today)
    flags = read_flags(s, days, found, today)
    return When(tuple(found), flags, hours, read_words(s) if words else ())


# Marks that can give an occurrence without a day: dagelijks, de hele maand, deze week.
PROMISING = frozenset(("every", "frequency", "parity", "whole", "week"))
RANGE = frozenset(("range",))  # of no weight once it stands inside the time: 20.00-22.00
# Marks that change what one day with at most one time means.
WEIGHTY = frozenset(("role", "door_noun", "coming", "opening", "before_start", "range"))


def _one(s: Scan, day: Day, today: date) -> WhenOccurrence | None:
    """The commonest text, read the short way: one day, at most one time, nothing that changes them."""
    clocks = s.clocks
    if day.link or day.span is not None or len(clocks) > 1:
        return None
    weighty = WEIGHTY & s.kinds
    if weighty and not (clocks and clocks[0].end is not None and weighty == RANGE):
        return None
    at = find_day(day, today)
    if at is None or (clocks and clocks[0].dead):
        return None
    if not clocks:
        return WhenOccurrence(at)
    clock = clocks[0]
    return compose(s, at, Session(clock.minute, clock.end, None, clock), [day], printed_duration(s))


def _read(s: Scan, days: list[Day], today: date) -> tuple[list[WhenOccurrence], str | None]:
    rules = read_rules(s, days, today)
    if rules:
        return [one for rule in rules for one in compose_rule(s, rule, today)], None
    if len(days) == 1 and days[0].dated:
        one = _one(s, days[0], today)
        if one is not None:
            return [one], None
    whole = _whole_month(s, days, today)
    if whole:
        return whole, None
    if not days or not any(day.dated for day in days):
        for day in days[:1]:
            day.coming = True  # a bare weekday is the coming one
        days = days[:1]
    if not days:
        return _whole_week(s, today), None
    return _dated(s, days, today)


def _whole_month(s: Scan, days: list[Day], today: date) -> list[WhenOccurrence]:
    """ "de hele maand maart 2027": from the first to the last day."""
    if "whole" not in s.kinds or days:
        return []
    marks = [item for item in s.items if isinstance(item, Mark)]
    for whole, month in pairwise(marks):
        if whole.kind == "whole" and month.kind == "month" and not days and month.i - whole.j < 2:
            year = int(month.value) if month.value else None
            if year is None:
                last = find_day(Day(0, 0, day=28, month=month.number), today)
                year = last.year if last else today.year
            first = date(year, month.number, 1)
            end = date(year + month.number // 12, month.number % 12 + 1, 1) - timedelta(days=1)
            return [WhenOccurrence(first, end)]
    return []


def _whole_week(s: Scan, today: date) -> list[WhenOccurrence]:
    """ "deze week": Monday to Sunday."""
    mark = next((item for item in s.items if isinstance(item, Mark) and item.kind == "week"), None)
    if mark is None or any(isinstance(item, Day) for item in s.items):
        return []
    monday = today - timedelta(days=today.weekday() - 7 * mark.number)
    return [WhenOccurrence(monday, monday + timedelta(days=6))]


def _dated(s: Scan, days: list[Day], today: date) -> tuple[list[WhenOccurrence], str | None]:
    blocks = read_blocks(s, days)
    dated = [block for block in blocks if block.dated]
    bare = [block for block in blocks if not block.dated and block.clocks]
    _give_roles(s, blocks)
    found: list[WhenOccurrence] = []
    hours: list[Clock] = []
    lasting = printed_duration(s)
    for block in dated:
        bound = _bound(s, block, bare, today)
        if bound:
            found += bound
            continue
        some, kept = _block(s, block, lasting, today)
        found += some
        hours += kept
    periods = bool(bare or hours) and any(one.end is not None and one.all_day for one in found)
    if periods:
        hours += [clock for block in bare for clock in block.clocks]
    return tidy(found), _hours_text(s, hours, bare if periods else [])


def _give_roles(s: Scan, blocks: list[Block]) -> None:
    """The roles of all clock times, each block with the words between its neighbours."""
    if not any(block.clocks for block in blocks):
        return
    marks = role_marks(s)
    starts = [mark.i for mark in marks]
    edge = 0
    for k, block in enumerate(blocks):
        last = k + 1 >= len(blocks)
        end = len(marks) if last else bisect_left(starts, blocks[k + 1].days[0].i)
        give_roles(s, block.clocks, marks[edge:end])
        edge = bisect_left(starts, block.clocks[-1].j) if block.clocks else edge


def _block(
    s: Scan, block: Block, lasting: int | None, today: date
) -> tuple[list[WhenOccurrence], list[Clock]]:
    """The occurrences of one block, and the clock times that are opening hours of a period."""
    found: list[WhenOccurrence] = []
    hours: list[Clock] = []
    told = sessions(s, block.clocks)
    days = block.days
    for k, day in enumerate(days):
        if k + 1 < len(days) and days[k + 1].link == "range":
            continue
        if day.span is not None:
            some, kept = _period(s, block, day.span[0], day.span[1], told, lasting)
        elif day.link == "range" and k:
            first, last = find_range(days[k - 1], day, today)
            if block.split and len(block.clocks) > block.split and first and last:
                some, kept = [compose_range(s, block, first, last)], []
            else:
                some, kept = _period(s, block, first, last, told, lasting)
        elif day.link == "until":
            some, kept = _until(s, block, find_day(day, today), told)
        else:
            at = find_day(day, today)
            own = [told[k]] if _paired(days, told) else _own_part(s, day, told, block)
            some = [compose(s, at, session, [day], lasting) for session in own] if at else []
            some, kept = (some or [WhenOccurrence(at)] if at else []), []
        found += some
        hours += kept
    return found, hours


def _period(
    s: Scan, block: Block, first: date | None, last: date | None, told: list[Session], lasting: int | None
) -> tuple[list[WhenOccurrence], list[Clock]]:
    """A period as days with opening hours, or a short run of performances."""
    if last is None or (first is not None and first > last):
        return ([WhenOccurrence(first)] if first else []), []
    clocks = [session.clock for session in told]
    bare_starts = told and all(x.end is None and x.start is not None and not _from(s, x.clock) for x in told)
    if first is not None and bare_starts and (last - first).days < RUN and not _daily(s):
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [compose(s, day, session, block.days, lasting) for day in days for session in told], []
    return [WhenOccurrence(first, last if last != first else None)], clocks


def _daily(s: Scan) -> bool:
    return "opening" in s.kinds


def _from(s: Scan, clock: Clock) -> bool:
    """Whether "vanaf" gives a time: hours that are open at the end."""
    t, k = s.tokens, clock.i - 1
    while k >= 0 and "about" in t[k].means:
        k -= 1
    return k >= 0 and t[k].means.get("begin") == "from"


def _until(
    s: Scan, block: Block, last: date | None, told: list[Session]
) -> tuple[list[WhenOccurrence], list[Clock]]:
    """Only an end: the start is unknown."""
    if last is None:
        return [], []
    clock = block.clocks[0] if len(block.clocks) == 1 else None
    if clock is not None and clock.end is None and clock.i - block.days[-1].j < 3 and not _daily(s):
        one = compose(s, last, Session(clock.minute, None, None, clock), block.days, None)
        return [WhenOccurrence(None, one.start)], []
    return [WhenOccurrence(None, last)], [session.clock for session in told]


def _paired(days: list[Day], told: list[Session]) -> bool:
    """zaterdagavond en zondagmiddag 28 en 29 nov, 20.00 en 14.30 uur: each day the time of its own part."""
    if len(days) < 2 or len(told) != len(days) or len({day.part for day in days}) < 2:
        return False
    return all(
        day.part in HOURS and session.start is not None and session.start // 60 in HOURS[day.part]
        for day, session in zip(days, told, strict=True)
    )


HOURS = {
    "morning": range(5, 13),
    "afternoon": range(12, 18),
    "evening": range(17, 24),
    "night": (*range(21, 24), *range(7)),
}


def _own_part(s: Scan, day: Day, told: list[Session], block: Block) -> list[Session]:
    """The sessions of a day when times are told per part of the day: 's avonds 19.30, 's middags 14.00."""
    if len(told) < 2:
        return told
    parts = {session.clock.part for session in told}
    if len(block.days) < 2 or None in parts or len(parts) < 2:
        return told
    part = day.part or next(
        (i.value for i in s.items if isinstance(i, Mark) and i.kind in ("partnoun", "part") and i.i >= day.j),
        None,
    )
    return [session for session in told if session.clock.part == part] or told


def _bound(s: Scan, block: Block, bare: list[Block], today: date) -> list[WhenOccurrence]:
    """Times told by weekday: "6 en 7 maart, zat. 20.00, zon. 14.30", "dit weekend za 20.00 en zo 14.00"."""
    if not bare or block.clocks or any(day.link in ("range", "until") for day in block.days):
        return []
    times = {day.weekday: sessions(s, other.clocks) for other in bare for day in other.days}
    dates = [found for day in block.days for found in _dates(day, today, list(times))]
    if not any(day.weekday() in times for day in dates):
        return []
    found = []
    for at in dates:
        told = times.get(at.weekday(), [])
        found += [compose(s, at, session, [], None) for session in told]
        if not told and block.days[0].span is None:
            found.append(WhenOccurrence(at))
    return found


def _dates(day: Day, today: date, named: list[int | None]) -> list[date]:
    """The dates of a day; those of a weekend are the days that the text names, Friday too."""
    if day.span is not None:
        monday = day.span[0] - timedelta(days=5)
        return [monday + timedelta(days=weekday) for weekday in sorted(n for n in named if n is not None)]
    found = find_day(day, today)
    return [found] if found else []


def _hours_text(s: Scan, clocks: list[Clock], bare: list[Block]) -> str | None:
    """The words of opening hours, as printed."""
    if not clocks:
        return None
    first = min([clock.i for clock in clocks] + [day.i for block in bare for day in block.days])
    last = max(clock.j for clock in clocks)
    return "".join((" " if token.gap else "") + token.text for token in s.tokens[first:last]).strip()
