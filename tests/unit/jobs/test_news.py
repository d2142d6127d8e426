"""How much news each crawl brought is kept with it, for that is what a source's pace goes by."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from aggregator.store import Store


def test_each_run_keeps_how_much_news_it_brought(rooms: ModuleType, inbox: Path, store: Store) -> None:
    one, two, moved = (
        rooms.raw("a", key, f"Event {key}", day) for key, day in (("1", 40), ("2", 41), ("1", 42))
    )
    for day, raws in enumerate(([one], [one], [one, two], [moved, two], [moved], [moved, two])):
        rooms.fill(inbox, "a", day, raws)
    rooms.work(inbox, store, 9)
    told = [run.counters.get("news") for run in store.runs("a")]
    # The first is no news; then nothing, a new one, a moved one, one missing (no news), one that is back.
    assert told == [None, 0, 1, 1, 0, 1]
