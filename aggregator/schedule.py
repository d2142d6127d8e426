"""When which source is looked at again: computed from the store, never remembered elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aggregator.errors import TrekError
from aggregator.model import Outcome, Run
from aggregator.region import Region, Source

PATIENCE = timedelta(hours=6)  # the longest wait before a broken source is tried again
SLACK = timedelta(minutes=5)  # so that a daily cron job does not miss a daily source by a second
TICK = 15  # minutes between looks at what is due


def due_sources(region: Region, last_runs: Mapping[str, Run], now: datetime) -> list[str]:
    """Ids of the enabled sources whose time has come, those waiting longest first."""
    waiting = []
    for source in region.sources.values():
        if source.enabled:
            due = next_due(source, last_runs.get(source.id))
            if due is None or due - SLACK <= now:
                waiting.append((due is not None, due.isoformat() if due else "", source.id))
    return [source_id for _, _, source_id in sorted(waiting)]


def next_due(source: Source, last: Run | None) -> datetime | None:
    """When a source should be crawled next; None when it never was."""
    if last is None:
        return None
    began = datetime.fromisoformat(last.started)
    broken = last.outcome not in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.EMPTY)
    return began + (min(source.every, PATIENCE) if broken else source.every)


def keep_working(job: Callable[[], None], region: Region, say: Callable[[str], None]) -> None:
    """Run the job now and then every quarter of an hour, one at a time, until interrupted.

    The job itself asks the store what is due, so a missed tick loses nothing.
    """
    from apscheduler.schedulers.blocking import BlockingScheduler

    def work() -> None:
        try:
            job()
        except TrekError as error:  # tomorrow's run must not depend on today's
            say(str(error))

    scheduler: Any = BlockingScheduler(timezone="UTC")  # type: ignore[no-untyped-call]
    scheduler.add_job(
        work, "interval", minutes=TICK, id="main-job", coalesce=True, max_instances=1, misfire_grace_time=None
    )
    work()
    say(f"{region.settings.name.get('nl')}: looking at what is due every {TICK} minutes; Ctrl-C ends it.")
    scheduler.start()
