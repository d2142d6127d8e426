"""Doubts and states of a text, and what each of its words was read as.

>>> from aggregator.normalise.when import parse_when
>>> parse_when("wo 28 november 2026, 20.00 uur UITVERKOCHT", date(2026, 11, 23)).flags
('weekday-conflict', 'sold-out')
>>> parse_when("12 mei 2036", date(2026, 11, 23)).flags
('implausible-year',)
"""

from __future__ import annotations

from datetime import date, datetime

from aggregator.normalise.when.answer import WhenOccurrence, Word
from aggregator.normalise.when.item import Clock, Day, Item, Mark, Scan
from aggregator.normalise.when.token import PADDING
from aggregator.normalise.when.year import find_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
STATES = {
    "cancelled": "cancelled",
    "sold-out": "sold-out",
    "postponed": "postponed",
    "provisional": "provisional",
}


def read_flags(s: Scan, days: list[Day], found: list[WhenOccurrence], today: date) -> tuple[str, ...]:
    """Codes in a fixed order, each once."""
    flags: list[str] = []
    for day in days:
        if day.weekday is not None and day.month is not None and _conflicts(day, today):
            flags.append("weekday-conflict")
            break
    midnight = odd = False
    for one in found:
        start, day_of = one.start, one.day
        odd = odd or (day_of is not None and not today.year - 1 <= day_of.year <= today.year + 3)
        midnight = midnight or (isinstance(start, datetime) and start.hour == start.minute == 0)
    if odd:
        flags.append("implausible-year")
    if midnight or "machine_midnight" in s.kinds:
        flags.append("midnight-start")
    if not STATED.isdisjoint(s.kinds):
        flags += _states(s)
    return tuple(flags)


STATED = frozenset(("status", "moved", "struck", "more"))


def _states(s: Scan) -> list[str]:
    """What the text says of the event's state."""
    marks = [item for item in s.items if isinstance(item, Mark)]
    told = [str(s.tokens[mark.i].means.get("status")) for mark in marks if mark.kind in ("status", "moved")]
    states = [STATES[state] for state in told if state in STATES]
    if any(isinstance(item, Day) and item.dead and item.old for item in s.items):
        states = [state for state in states if state != "postponed"] + ["rescheduled"]
    return list(dict.fromkeys(states)) + ["more-days"] * ("more" in s.kinds)


def _conflicts(day: Day, today: date) -> bool:
    """A printed weekday that does not fit the date."""
    if day.weekday is None or day.nth or day.bare or day.month is None or day.weekdays:
        return False
    found = find_day(day, today)
    return found is not None and found.weekday() != day.weekday


def read_words(s: Scan) -> tuple[Word, ...]:
    """Each piece of the cleaned text with what it was read as; "" for nothing."""
    starts: dict[int, Item] = {}
    for item in s.items:
        starts.setdefault(item.i, item)
    words: list[Word] = []
    k, count = 0, len(s.tokens) - PADDING
    while k < count:
        found = starts.get(k)
        end = min(found.j, count) if found is not None else k + 1
        text = "".join(
            (" " if token.gap and n else "") + token.text for n, token in enumerate(s.tokens[k:end])
        )
        words.append(Word(text, _read_as(found) if found is not None else _small(s, k)))
        k = max(end, k + 1)
    return tuple(words)


def _small(s: Scan, k: int) -> str:
    means = s.tokens[k].means
    return next((kind for kind in ("stop", "label", "at", "unit") if kind in means), "")


def _read_as(item: Item) -> str:
    state = (
        ""
        if isinstance(item, Mark)
        else " (old date)"
        if item.old
        else " (not an event date)"
        if item.dead
        else ""
    )
    if isinstance(item, Clock):
        return f"{item.role or 'time'} {item}{state}"
    if isinstance(item, Mark):
        name = item.kind.replace("drop_near", "no event date").replace("drop_deadline", "deadline word")
        return f"{name} {item.value if not item.value.isdigit() else item.number or ''}".strip()
    parts = [
        WEEKDAYS[item.weekday] if item.weekday is not None else "",
        item.holiday or "",
        str(item.fixed or ""),
        str(item.day or ""),
        MONTHS[item.month - 1] if item.month else "",
        str(item.year or ""),
        item.part or "",
    ]
    return f"day {' '.join(part for part in parts if part)}{state}"
