"""When we last looked at each source, and how coarsely a page says it that is not made anew for each crawl.

The page of an event stands as a file and must not change with every crawl. It names a day that moves once a
week (each source on a weekday of its own, so that not all pages are made on one day) and says "or later";
the exact day is on the source's page, and a script puts it in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zlib import crc32

from aggregator.clock import AMSTERDAM
from aggregator.model import Event, Run
from aggregator.store.protocol import EventReader
from feeds.select import FINE

STEP = 7  # days
REMEMBERED = 30  # runs that are looked through for one that read the source


def read_days(runs: Mapping[str, Run]) -> dict[str, date]:
    """The local day on which each source was last read, by id; without those that could not be read then."""
    fine = {name: run.finished for name, run in sorted(runs.items()) if run.outcome in FINE and run.finished}
    return {name: datetime.fromisoformat(at).astimezone(AMSTERDAM).date() for name, at in fine.items()}


def read_since(runs: Mapping[str, Run], reader: EventReader | None = None) -> dict[str, date]:
    """For each source a day on or after which it was read: never more than six days before the true one.

    With a `reader` a source that could not be read lately keeps the day on which it could: pages of events
    do not change because a site is down.
    """
    if reader is not None:
        runs = {name: run if run.outcome in FINE else _last_fine(reader, run) for name, run in runs.items()}
    return {name: day - timedelta(days=_step(name, day)) for name, day in read_days(runs).items()}


def _last_fine(reader: EventReader, newest: Run) -> Run:
    """The newest run of a source that read it, else its newest."""
    found = [run for run in reader.runs(newest.source_id, most=REMEMBERED) if run.outcome in FINE]
    return found[-1] if found else newest


def _step(name: str, day: date) -> int:
    return (day.toordinal() + crc32(name.encode())) % STEP


def sources_of(event: Event) -> list[str]:
    """The ids of the sources of an event, the most trusted first."""
    return list(dict.fromkeys([s for s, _ in event.sources] + [ref.source_id for ref in event.listings]))
