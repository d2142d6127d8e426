"""What a venue's own pages leave unsaid, and how much each thing would help. Pure.

A score is the share of what residents need that the listings say, weighted: the weights are a choice of
ours, stated on the page. It says nothing of the programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import AllDay, Event, Listing

STRUCTURED = ("json-ld", "microdata", "rdfa", "h-event", "icalendar")
WEIGHTS: Mapping[str, int] = {
    "structured": 30,
    "time": 20,
    "price": 15,
    "end": 15,
    "image": 10,
    "description": 10,
}


@dataclass(frozen=True, slots=True)
class Gain:
    """A thing that some events lack: how many, of how many, and the points that saying it would add."""

    gap: str
    lacking: int
    of: int
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """0..100, and what would help most first; `points` is None where there is nothing to score."""

    points: int | None
    gains: tuple[Gain, ...]


def is_structured(listings: Iterable[Listing]) -> bool:
    """Whether any of these was read from marked-up data, or from a system that has been made known to us."""
    methods = {origin.method for listing in listings for origin in listing.origins.values()}
    return any(m in STRUCTURED or m.startswith("platform:") for m in methods)


def gaps_of(event: Event, listings: Sequence[Listing]) -> list[str]:
    """What an event lacks, the weightiest first; `listings` are those that it is made of."""
    whens = [o.occurrence.when for o in event.occurrences]
    one_day = [w for w in whens if isinstance(w, AllDay) and w.first and w.last in (None, w.first)]
    hours = any(o.occurrence.hours for o in event.occurrences)
    said = {
        "structured": is_structured(listings),
        "time": not one_day or hours,
        "price": event.price is not None,
        "end": all(isinstance(w, AllDay) or w.end is not None for w in whens),
        "image": bool(event.image) or any(k.image for k in listings),
        "description": bool(event.description) or any(k.description for k in listings),
    }
    return [gap for gap in WEIGHTS if not said[gap]]


def score_of(gaps: Sequence[Sequence[str]]) -> Score:
    """The score of events, each given by what it lacks."""
    if not gaps:
        return Score(None, ())
    total, gains = sum(WEIGHTS.values()), []
    for gap, weight in WEIGHTS.items():
        lacking = sum(gap in one for one in gaps)
        if lacking:
            gains.append(Gain(gap, lacking, len(gaps), 100 * weight * lacking / len(gaps) / total))
    points = round(100 - sum(gain.points for gain in gains))
    return Score(points, tuple(sorted(gains, key=lambda g: -g.points)))
