"""When which source is looked at again: computed from the store, never remembered elsewhere."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator import clock
from aggregator.errors import TrekError
from aggregator.model import Outcome, Run
from aggregator.region import Region, Source

PATIENCE = timedelta(hours=6)  # the longest wait before a broken source is tried again
BROKEN_OFF = timedelta(hours=1)  # the same after a crawl that was stopped or killed
SLACK = timedelta(minutes=5)  # so that a daily cron job does not miss a daily source by a second
AHEAD = timedelta(hours=2)  # so far a clock may be put back without sources being crawled anew
LEAST = timedelta(hours=6)  # no busy source is looked at oftener by itself
LONGEST = timedelta(days=14)  # a site that goes on refusing us is asked at least so often
LOOKS = 8  # crawls that show how busy a source is
ENOUGH = 4  # of them, before that is known
TICK = timedelta(minutes=15)  # between looks at what is due


def due_sources(
    region: Region, last_runs: Mapping[str, Run], now: datetime, past: Iterable[Run] = ()
) -> list[str]:
    """Ids of the enabled sources whose time has come, those waiting longest first.

    `past` are the newest runs of each source, oldest first; without them every source keeps its interval.
    """
    known: dict[str, list[Run]] = {}
    for run in past:
        known.setdefault(run.source_id, []).append(run)
    waiting = []
    for source in region.sources.values():
        if source.enabled:
            due = next_due(source, last_runs.get(source.id), now, known.get(source.id, ()))
            if due is None or due - SLACK <= now:
                waiting.append((due is not None, due.isoformat() if due else "", source.id))
    return [source_id for _, _, source_id in sorted(waiting)]


def next_due(source: Source, last: Run | None, now: datetime, past: Sequence[Run] = ()) -> datetime | None:
    """When a source should be crawled next, aware UTC; None when it never was, as far as can be told.

    Counted in UTC from when the last crawl began, so no time is skipped or comes twice when the clocks
    change. A crawl from the future was made by a clock that went wrong: beyond an hour or two it would
    keep a source from being looked at, so it counts as none. `past` are its newest runs, oldest first.
    """
    if last is None:
        return None
    try:
        began = datetime.fromisoformat(last.started).astimezone(UTC)
    except ValueError:
        return None  # a crawl that left no manifest that can be read
    if began - now > AHEAD:
        return None
    asked = timedelta(seconds=last.counters.get("retry-after", 0))  # by the site itself
    return began + max(_rest(source, last, past), asked)


def pace(source: Source, past: Sequence[Run]) -> timedelta:
    """The interval of a source that goes by how often it brought news in its last crawls.

    Its own interval is the longest, so that a new event is always seen within it. A source that brought
    news in half of its last crawls is looked at twice as often, one that did in three quarters of them
    four times, but no source oftener than every six hours unless its file says so.
    """
    told = [r.counters["news"] > 0 for r in past[-LOOKS:] if "news" in r.counters]
    if len(told) < ENOUGH or 2 * sum(told) < len(told):
        return source.every
    busy = source.every / (4 if 4 * sum(told) >= 3 * len(told) else 2)
    return min(source.every, max(busy, LEAST))


def _rest(source: Source, last: Run, past: Sequence[Run]) -> timedelta:
    """How long a source is left alone after its last crawl."""
    if last.outcome in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.EMPTY):
        return pace(source, past)
    if last.outcome is Outcome.BLOCKED:
        refusals = 1
        for run in reversed(past[:-1]):
            if run.outcome is not Outcome.BLOCKED:
                break
            refusals += 1
        return max(source.every, min(source.every * (1 << min(refusals - 1, 10)), LONGEST))
    return min(source.every, BROKEN_OFF if last.outcome is Outcome.CRASHED else PATIENCE)


class Stopped(BaseException):
    """The process was asked to end; no error, and nothing that catches errors catches it."""


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """In the block SIGTERM and SIGINT raise `Stopped`, so that what is at work ends as it should.

    Gives an event that is set from then on. Only the first signal counts: whoever asks again would
    break off the ending.
    """
    asked = threading.Event()

    def stop(number: int, _frame: object) -> None:
        for one in previous:
            signal.signal(one, signal.SIG_IGN)
        asked.set()
        raise Stopped(number)

    previous = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    for one in previous:
        signal.signal(one, stop)
    try:
        yield asked
    finally:
        for one, handler in previous.items():
            signal.signal(one, handler)


def keep_working(job: Callable[[], object], say: Callable[[str], None], tick: timedelta = TICK) -> None:
    """Run the job now and then at every tick, one at a time, until SIGTERM or SIGINT; then return.

    The job itself asks the store what is due, so a missed tick loses nothing. It runs in this thread,
    where the signal can reach it.
    """
    from apscheduler.executors.debug import DebugExecutor
    from apscheduler.schedulers.blocking import BlockingScheduler

    scheduler: Any = BlockingScheduler(timezone="UTC", executors={"default": DebugExecutor()})  # type: ignore[no-untyped-call]
    with stoppable() as asked:

        def work() -> None:
            try:
                _work_once(job, say)
            except Stopped:
                pass
            finally:
                if asked.is_set():  # the scheduler can only end when it has left this call
                    threading.Timer(0, scheduler.shutdown, kwargs={"wait": False}).start()

        scheduler.add_job(
            work,
            "interval",
            seconds=tick.total_seconds(),
            next_run_time=clock.wall(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        with suppress(Stopped):
            scheduler.start()
    say("stopped; the next start goes on from here")


def _work_once(job: Callable[[], object], say: Callable[[str], None]) -> None:
    """The job; whatever goes wrong is told, and the next one does not depend on it."""
    try:
        job()
    except TrekError as error:
        say(str(error))
    except OSError as error:
        say(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception as error:
        traceback.print_exc()
        say(f"unexpected, please report it: {type(error).__name__}: {error}")
