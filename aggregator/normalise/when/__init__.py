"""When: reads how venues print dates. Dutch first, German and English beside it.

A small grammar over tokens; each module explains its part. The words are data: `words/nl.toml` and its
neighbours; whoever wants to add "om de veertien dagen" edits the table `[frequency]` there and nothing else.
Pure and quick: linear in the length of a text, no clock, no network, never an exception on any text.

>>> from datetime import date
>>> when = parse_when("za 28 nov, zaal open 19.30, aanvang 20.15 uur", date(2026, 11, 23))
>>> str(when.occurrences[0].start), str(when.occurrences[0].doors)
('2026-11-28 20:15:00', '19:30:00')
"""

from __future__ import annotations

from datetime import date

from aggregator.normalise.when.answer import When, WhenOccurrence, Word, expand_rrule
from aggregator.normalise.when.explain import explain
from aggregator.normalise.when.reader import read_when
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
    """What a printed text says about when, seen on `today`; `lang` decides where languages disagree.

    Times are naive wall clock of Europe/Amsterdam, days without a clock time are `date`s. Nothing is
    guessed: no event date gives no occurrence. Never raises.
    """
    return read_when(text, today, lang)
