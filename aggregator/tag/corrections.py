"""What people decided about an event's labels, in `config/corrections/`, put upon what the rules gave.

`aggregator.correct` reads the files; here `set`, `unset`, `hide` and `show` take effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from aggregator.correct import Book
from aggregator.correct.entry import Decision
from aggregator.correct.report import report
from aggregator.model import Event, Tag

RULE = "correction"  # the rule of a tag, and the reason code of an event, that a person decided
OVERRULED = ("not-culture", "not-an-event", "private")  # what `show` may undo


class Corrections:
    """The decisions of a book that are about labels."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def of(self, event: Event) -> list[Decision]:
        """The decisions about an event, the earliest first."""
        return [placed.decision for placed in self.book.of(event)]

    def apply(self, event: Event, could: tuple[Tag, ...] = ()) -> Event:
        """The tagged event as people want it; `could` are the pillars it would have if it were shown."""
        for decision in self.of(event):
            if decision.hide:
                event = replace(event, hidden=RULE, hidden_because=decision.because, pillars=())
            elif decision.show and event.hidden in (*OVERRULED, RULE):
                hidden = _by_place(event)
                event = replace(
                    event, hidden=hidden, hidden_because=event.place.because if hidden else "", pillars=could
                )
            kept = [t for t in event.pillars if t.tag not in (*decision.unset, *decision.set)]
            if event.hidden is None:
                kept += [Tag(pillar, RULE, decision.because) for pillar in decision.set]
            event = replace(event, pillars=tuple(sorted(kept, key=lambda t: t.tag)))
        return event

    def report(self, events: Iterable[Event]) -> list[str]:
        """A line for each decision that has ended or does nothing, with what to do."""
        return report(self.book, events)

    def examples(self, events: Iterable[Event]) -> Iterator[dict[str, Any]]:
        """The events that a decision offers as examples, as lines of `config/examples.jsonl`.

        Each as it was decided, also where the decision was written after the store was last made.
        """
        for stored in events:
            if any(decision.example for decision in self.of(stored)):
                event = self.apply(stored, stored.pillars)
                yield {
                    "title": event.title,
                    "description": event.description,
                    "pillars": [tag.tag for tag in event.pillars],
                    "event": event.hidden != "not-an-event",
                    "culture": event.hidden not in ("not-culture", RULE),
                }


def _by_place(event: Event) -> str | None:
    """Why its place alone keeps an event out, which no decision about tags can change."""
    return {None: "no-municipality", "outside": "outside"}.get(event.place.municipality)
