"""Which labels are the least sure: the list that an editor looks through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.model import Event
from aggregator.tag.corrections import RULE as CORRECTION
from aggregator.tag.rules import NOT_CULTURE, NOT_EVENT
from aggregator.tag.tagger import NEEDED, Tagger

NEAR = 0.35  # evidence this close to what is needed is worth a look


@dataclass(frozen=True, slots=True)
class Weak:
    """A label that hangs by little: `margin` above 0 means that it was given, below 0 that it was not."""

    uid: str
    title: str
    municipality: str | None
    label: str
    margin: float
    because: str


def weakest(tagger: Tagger, events: Iterable[Event], most: int = 50) -> list[Weak]:
    """The labels nearest to their border, given or just not, the nearest first; people's decisions stay out.

    Labels are the pillars and `not-an-event` and `not-culture`, which decide whether anybody sees the event.
    """
    found = [weak for event in events for weak in _weak(tagger, event)]
    return sorted(found, key=lambda weak: (abs(weak.margin), weak.uid, weak.label))[:most]


def _weak(tagger: Tagger, event: Event) -> Iterator[Weak]:
    if event.hidden in ("private", CORRECTION) or any(tag.rule == CORRECTION for tag in event.pillars):
        return
    read = tagger.read_event(event)
    visible = read.event and read.culture
    for label in (NOT_EVENT, NOT_CULTURE, *(tagger.region.pillars if visible else ())):
        margin = round(read.sums.get(label, 0.0) - NEEDED, 2)
        if abs(margin) <= NEAR:
            because = "; ".join(reason for reason in read.reasons if _speaks(tagger, reason, label))
            yield Weak(event.uid, event.title, event.place.municipality, label, margin, because)


def _speaks(tagger: Tagger, reason: str, label: str) -> bool:
    return label in tagger.weights(reason.partition(":")[0])
