"""When: reads how venues print dates (Dutch first, German and English beside it)."""

from __future__ import annotations

from datetime import date

from aggregator.normalise.when.answer import When, WhenOccurrence, Word, expand_rrule
from aggregator.normalise.when.stamp import parse_duration, parse_stamp

__all__ = [
    "When",
    "WhenOccurrence",
    "Word",
    "expand_rrule",
    "explain",
    "parse_duration",
    "parse_stamp",
    "parse_when",
]


def parse_when(text: str, today: date, lang: str = "nl") -> When:
    """First form: reads a machine stamp only."""
    stamp = parse_stamp(text)
    if stamp is None:
        return When()
    start = stamp.replace(tzinfo=None) if hasattr(stamp, "tzinfo") else stamp
    return When((WhenOccurrence(start),))


def explain(text: str, today: date) -> str:
    """The answer for people."""
    return "\n".join(str(o.start) for o in parse_when(text, today).occurrences)
