"""What is known of an event beside its words, written as words that rules can look for.

A page that gives a clock time and a price sells tickets for something; news does neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.model import Event, Timed

TICKET_PRICE, FREE, CLOCK, RUN = "kaartprijs", "gratis", "aanvangstijd", "reeks van dagen"


def read_facts(event: Event) -> tuple[str, ...]:
    """The facts of an event: `kaartprijs`, `gratis`, `aanvangstijd`, `reeks van dagen`."""
    return tuple(_facts(event))


def _facts(event: Event) -> Iterator[str]:
    if event.price is not None:
        if any(amount for amount in (event.price.min, event.price.max)):
            yield TICKET_PRICE
        elif event.price.free:
            yield FREE
    if any(isinstance(o.occurrence.when, Timed) for o in event.occurrences):
        yield CLOCK
    if len(event.occurrences) > 1:
        yield RUN
