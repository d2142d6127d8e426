"""Days and sessions to occurrences: ends past midnight, durations in elapsed time, offsets to Amsterdam.

>>> from aggregator.normalise.when import parse_when
>>> def show(text):
...     return [(str(o.start), str(o.end)) for o in parse_when(text, date(2026, 6, 30)).occurrences]
>>> show("za 24 oktober 2026, 22.00 uur, 6 uur lang")
[('2026-10-24 22:00:00', '2026-10-25 03:00:00')]
>>> show("zaterdag 17 oktober 2026, 24.00 uur"), show("2026-10-25T00:30:00Z")
([('2026-10-18 00:00:00', 'None')], [('2026-10-25 02:30:00', 'None')])
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.normalise.when.answer import WhenOccurrence
from aggregator.normalise.when.block import Block
from aggregator.normalise.when.item import Day, Mark, Scan
from aggregator.normalise.when.part import part_around, settle, settle_end
from aggregator.normalise.when.rhythm import Rule
from aggregator.normalise.when.session import Session, give_roles, role_marks, sessions

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def compose(s: Scan, day: date, session: Session, days: list[Day], lasting: int | None) -> WhenOccurrence:
    """One occurrence on a day."""
    clock = session.clock
    part = part_around(s, clock, days)
    if session.start is None:
        end = None if session.end is None else _at(day, settle(session.end, part, clock.word), clock.offset)
        return WhenOccurrence(None, end)
    start_minute = settle(session.start, part, clock.word)
    start = _at(day, start_minute, clock.offset)
    if clock.machine and start.time() == time() and session.end is None:
        return WhenOccurrence(start.date())  # midnight of a machine stands for "no time"
    end = None
    if session.end is not None:
        word = clock.end_word or clock.word
        end = _at(day, settle_end(start_minute, session.end, part, word), clock.end_offset or clock.offset)
    elif lasting is not None:
        end = elapsed(start, lasting)
    return WhenOccurrence(start, end, _doors(session, part) or _doors_before(s, start))


def _doors(session: Session, part: str | None) -> time | None:
    if session.doors is None:
        return None
    minute = settle(session.doors, part, session.clock.word) % 1440
    return time(minute // 60, minute % 60)


def _doors_before(s: Scan, start: datetime) -> time | None:
    """ "zaal open 30 minuten voor aanvang"."""
    if "before_start" not in s.kinds:
        return None
    minutes = next((i.number for i in s.items if isinstance(i, Mark) and i.kind == "before_start"), None)
    told = any(isinstance(i, Mark) and i.kind in ("role", "door_noun") and i.value in DOORS for i in s.items)
    return (start - timedelta(minutes=minutes)).time() if minutes and told else None


DOORS = frozenset(("doors", "always", "noun"))


def _at(day: date, minute: int, offset: int | None) -> datetime:
    """The wall clock of Amsterdam at some minutes after the midnight of a day."""
    if minute < 1440:
        moment = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - naive
    else:
        moment = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - naive
    if offset is None:
        return moment
    aware = (moment - timedelta(minutes=offset)).replace(tzinfo=UTC)
    return aware.astimezone(AMSTERDAM).replace(tzinfo=None)


def elapsed(start: datetime, minutes: int) -> datetime:
    """`start` plus elapsed minutes, on the wall clock: matters in the nights of the time change."""
    moment = start.replace(tzinfo=AMSTERDAM).astimezone(UTC) + timedelta(minutes=minutes)
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None)


def compose_range(s: Scan, block: Block, first: date, last: date) -> WhenOccurrence:
    """A range whose two ends have their own clock times."""
    doors = next((clock for clock in block.clocks if clock.role == "doors"), None)
    clocks = [clock for clock in block.clocks if clock is not doors] or block.clocks
    one, two = clocks[0], clocks[-1]
    before = _at(first, settle(one.minute, part_around(s, one, block.days[:1]), one.word), one.offset)
    after = _at(last, settle(two.minute, part_around(s, two, block.days[-1:]), two.word), two.offset)
    if one.machine and (before.time(), after.time()) == (time(), time()):
        return WhenOccurrence(before.date(), after.date())
    opened = None if doors is None else time(doors.minute // 60 % 24, doors.minute % 60)
    return WhenOccurrence(before, after if after > before else None, opened)


def compose_rule(s: Scan, rule: Rule, today: date) -> list[WhenOccurrence]:
    """One entry for each start time of a rhythm."""
    first = rule.first(today)
    if first is None:
        return []
    give_roles(s, rule.clocks, role_marks(s))
    lasting = printed_duration(s)
    told = [compose(s, first, session, rule.days, lasting) for session in sessions(s, rule.clocks)]
    text = rule.text(timed=bool(told))
    if not told:
        return [WhenOccurrence(first, None, None, text)]
    return [WhenOccurrence(one.start, one.end, one.doors, text) for one in told if one.start is not None]


def printed_duration(s: Scan) -> int | None:
    """The duration in minutes when the text prints exactly one."""
    if "duration" not in s.kinds:
        return None
    found = {item.number for item in s.items if isinstance(item, Mark) and item.kind == "duration"}
    return found.pop() if len(found) == 1 else None


def tidy(found: list[WhenOccurrence]) -> list[WhenOccurrence]:
    """In time order, each once; a day without a time gives way to the same day with one."""
    if len(found) < 2:
        return found
    timed = {one.day for one in found if not one.all_day}
    kept: dict[tuple[object, object], WhenOccurrence] = {}
    for one in found:
        if one.all_day and one.end is None and one.day in timed:
            continue
        key = (one.start, None if one.start is not None and not one.all_day else one.end)
        before = kept.get(key)
        if before is None or (before.end is None and before.doors is None):
            kept[key] = one
    return sorted(kept.values(), key=_order)


def _order(one: WhenOccurrence) -> tuple[date, time]:
    known = one.start if one.start is not None else one.end
    if isinstance(known, datetime):
        return known.date(), known.time()
    return known or date.max, time()
