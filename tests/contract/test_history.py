"""The runs that a store remembers, and the old values that it forgets, on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model import (
    AllDay,
    Decision,
    Event,
    EventOccurrence,
    Occurrence,
    Outcome,
    Place,
    Run,
)
from aggregator.store import Store

FIRST = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)


@pytest.fixture
def filled(store: Store) -> Store:
    """Five runs of one source and two of another, in no order."""
    for source, day in (("b", 1), ("a", 3), ("a", 0), ("a", 4), ("b", 0), ("a", 1), ("a", 2)):
        moment = FIRST + timedelta(days=day)
        stamp = moment.isoformat()
        counters = {"field:title": day}
        run = Run(
            f"{moment:%Y%m%dT%H%M%SZ}-{day:06x}",
            source,
            stamp,
            stamp,
            Outcome.OK,
            True,
            day,
            counters=counters,
        )
        store.apply_run(run, Decision(()), [], moment)
    return store


def test_the_newest_runs_of_each_source_oldest_first(filled: Store) -> None:
    days = [(r.source_id, r.items, r.counters["field:title"]) for r in filled.runs(most=3)]
    assert days == [("a", 2, 2), ("a", 3, 3), ("a", 4, 4), ("b", 0, 0), ("b", 1, 1)]
    assert [r.items for r in filled.runs("a")] == [0, 1, 2, 3, 4]
    assert list(filled.runs("nobody")) == []


def test_old_values_are_forgotten_and_young_ones_are_not(store: Store) -> None:
    day = (FIRST + timedelta(days=40)).date()
    for number, title in enumerate(("One", "Two", "Three")):
        moment = FIRST + timedelta(days=number)
        times = (EventOccurrence("o", Occurrence(AllDay(day)), created=FIRST, modified=moment),)
        event = Event("u", title, times, Place("borne"), (), created=FIRST, modified=moment)
        store.save_events([event], {}, {}, now=moment)
    before = list(store.edits())
    gone = store.forget_edits(FIRST + timedelta(days=1))
    left = list(store.edits())
    assert gone == len(before) - len(left) > 0
    assert [e.new for e in left if e.field == "title"] == ["Two", "Three"]
    assert store.forget_edits(FIRST) == 0
