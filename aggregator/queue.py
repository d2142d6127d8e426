"""Jobs for any number of workers on any machines: a queue in the PostgreSQL that the store is in.

A crawl job is one host with the sources on it that are due; its lock is the host, so that no two workers
ask one host at a time. A gather job brings the inbox into the store and publishes; one works at a time.
Only the scheduler adds crawl jobs, and none while one of that host waits or is at work. What is due is
computed from the store: the queue can be dropped at any time, and nothing is lost.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aggregator.errors import StoreError, TrekError, UsageError
from aggregator.lock import hold_database, libpq_address
from aggregator.model import Outcome, Run

CRAWL, GATHER = "crawl", "gather"
BEAT = 10.0  # seconds between the signs of life that a worker gives
DEAD = 6  # beats without one after which its jobs are others'
GIVE_UP = 5  # times that a job is begun before it is left to the scheduler's next look
BACK_OFF = 4  # seconds before the second time; its square before the third, and so on
SETTLE = 20  # seconds that gathering waits for more crawls to end
KEPT = 14 * 24  # hours that failed jobs stay to be looked at
MAKING, RESCUE = 7_237_410_113, 7_237_410_114  # advisory locks, numbers of our own
POOL: dict[str, Any] = {
    "min_size": 1,
    "max_size": 4,
}  # connections of one worker, beside the one that listens
EXTRA = "install Trek with its extras: trek-twente[postgres,workers]"

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Hands:
    """What a worker does its jobs with.

    `crawl` crawls sources of one host into the inbox, until the event is set; `newest` gives the id of a
    source's newest finished run, "" without one; `gather` brings the inbox into the store and publishes.
    """

    crawl: Callable[[Sequence[str], threading.Event], list[Run]]
    newest: Callable[[str], str]
    gather: Callable[[], None]


def address_of(database: str) -> str:
    """The address as libpq reads it; UsageError when it is not that of a PostgreSQL."""
    address = libpq_address(database)
    if address is None:
        hint = "trek migrate --to postgresql://user@host/name moves the store; then name it with --database"
        raise UsageError(
            "workers need PostgreSQL, and this store is in another database",
            re.sub("//.*@", "//", database),
            hint,
        )
    return address


class Queue:
    """The queue of one store. StoreError when the extra is missing or the database cannot be used.

    `home` names the data folder whose inbox is gathered from; `room` is where crawls leave what they found:
    a bucket, or the same folder. A worker takes no job that belongs elsewhere.
    """

    def __init__(self, database: str, room: str, home: str, beat: float = BEAT) -> None:
        self.address, self.beat = address_of(database), beat
        self.crawls, self.gathers = f"{CRAWL} {room}", f"{GATHER} {home}"
        try:
            from procrastinate import App, PsycopgConnector
        except ImportError as error:
            raise StoreError("workers need procrastinate", hint=EXTRA) from error
        patience = {"tcp_user_timeout": int(2000 * beat), "connect_timeout": max(2, int(beat))}
        connector = PsycopgConnector(conninfo=self.address, timeout=2 * beat, kwargs=patience, **POOL)
        self.app = App(connector=connector)

    def prepare(self) -> None:
        """Make the queue's tables where there are none."""
        with hold_database(self.address, MAKING, wait=True), self.app.open():
            if not self.app.check_connection():
                self.app.schema_manager.apply_schema()

    def add(self, hosts: Mapping[str, Mapping[str, str]]) -> int:
        """Queue the crawl of each host and a gathering; how many hosts were not queued or at work before.

        `hosts` gives by host its sources that are due, each with the id of its newest run in the store.
        Of several schedulers one may call this at a time.
        """
        with self.app.open():
            manager = self.app.job_manager
            taken = {
                job.lock for now in ("todo", "doing") for job in manager.list_jobs(status=now, task=CRAWL)
            }
            fresh = [host for host in hosts if host not in taken]
            for host in fresh:
                task = self.app.configure_task(CRAWL, queue=self.crawls, lock=host, queueing_lock=host)
                task.defer(sources=dict(hosts[host]), gathers=self.gathers)
            self._add_gather(self.gathers)
        return len(fresh)

    def waiting(self) -> int:
        """How many jobs wait or are at work."""
        with self.app.open():
            manager = self.app.job_manager
            return sum(len(manager.list_jobs(status=now)) for now in ("todo", "doing"))

    def _add_gather(self, queue: str) -> None:
        from procrastinate.exceptions import AlreadyEnqueued

        with suppress(AlreadyEnqueued):
            self._gather_task(queue, 0).defer()

    def _gather_task(self, queue: str, wait: int) -> Any:
        return self.app.configure_task(
            GATHER, queue=queue, lock=queue, queueing_lock=queue, schedule_in={"seconds": wait}
        )

    # --- the worker ----------------------------------------------------------------------

    def work(self, hands: Hands, report: Report, at_once: int = 1, *, wait: bool = True) -> None:
        """Do jobs, `at_once` side by side, until SIGTERM or SIGINT; without `wait` until none is ready.

        What a signal breaks off goes back into the queue. TrekError when the database is lost.
        """
        self._learn(hands, report)
        _tell_log(report)
        try:
            asyncio.run(self._work(report, at_once, wait))
        except OSError as error:
            raise TrekError(f"the queue is lost ({error})", hint="start the worker again") from error

    async def _work(self, report: Report, at_once: int, wait: bool) -> None:
        async with self.app.open_async():
            await self.app.job_manager.delete_old_jobs(
                KEPT, include_failed=True, include_aborted=True, include_cancelled=True
            )
            rescue = asyncio.create_task(self._rescue_always(report))
            try:
                await self.app.run_worker_async(
                    queues=[self.crawls, self.gathers],
                    concurrency=at_once,
                    wait=wait,
                    delete_jobs="successful",
                    update_heartbeat_interval=self.beat,
                    stalled_worker_timeout=self.beat * DEAD,
                    shutdown_graceful_timeout=self.beat / 2,
                    fetch_job_polling_interval=min(5.0, self.beat),
                )
            finally:
                rescue.cancel()
                with suppress(asyncio.CancelledError):
                    await rescue

    def _learn(self, hands: Hands, report: Report) -> None:
        """Teach the queue what its jobs are."""
        from procrastinate import RetryStrategy

        again = RetryStrategy(max_attempts=GIVE_UP, exponential_wait=BACK_OFF)

        @self.app.task(name=CRAWL, retry=again)
        async def crawl(sources: Mapping[str, str], gathers: str) -> None:
            with _told(f"crawl of {', '.join(sources)}", report):
                await _crawl(sources, hands, report)
            await self._gather_soon(gathers, SETTLE)

        @self.app.task(name=GATHER)
        async def gather() -> None:
            try:
                with _told(GATHER, report):
                    await asyncio.to_thread(hands.gather)
            except Exception:
                await self._gather_soon(self.gathers, 3 * SETTLE)
                raise

    async def _gather_soon(self, queue: str, wait: int) -> None:
        from procrastinate.exceptions import AlreadyEnqueued

        with suppress(AlreadyEnqueued):
            await self._gather_task(queue, wait).defer_async()

    # --- dead workers --------------------------------------------------------------------

    async def _rescue_always(self, report: Report) -> None:
        """Now and then take over the jobs of workers that give no sign of life."""
        from procrastinate.exceptions import ConnectorException

        while True:
            await asyncio.sleep(self.beat)
            with suppress(ConnectorException):  # the worker's own heartbeat tells, and ends it
                await self.rescue(report)

    async def rescue(self, report: Report) -> int:
        """Queue the jobs of dead workers again; how many.

        One worker at a time does so: between another's look and its deed a job may have a new worker.
        """
        async with self.app.connector.pool.connection() as connection:  # type: ignore[attr-defined]
            row = await (await connection.execute(f"SELECT pg_try_advisory_xact_lock({RESCUE})")).fetchone()
            if not row[0]:
                return 0
            stalled = await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.beat * DEAD)
            count = 0
            for job in stalled:
                report(f"{job.task_name} {job.lock}: its worker is gone; the job is taken over")
                await self._take_over(job)
                count += 1
        return count

    async def _take_over(self, job: Any) -> None:
        from procrastinate.exceptions import UniqueViolation
        from procrastinate.jobs import Status

        manager = self.app.job_manager
        if job.attempts < GIVE_UP:
            with suppress(UniqueViolation):  # the same waits in the queue already: it will do
                await manager.retry_job(job)
                return
        await manager.finish_job(job, Status.FAILED, delete_job=False)


async def _crawl(sources: Mapping[str, str], hands: Hands, report: Report) -> None:
    """Crawl those of the sources that nobody crawled since the job was queued."""
    due = [name for name, known in sources.items() if await asyncio.to_thread(hands.newest, name) <= known]
    if not due:
        return
    halt = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(hands.crawl, due, halt))
    try:
        runs = await asyncio.shield(work)
    except asyncio.CancelledError:
        halt.set()
        await asyncio.wait([work])
        raise
    if lost := [run for run in runs if not run.run_id]:
        raise TrekError(lost[0].detail, ", ".join(run.source_id for run in lost))
    for run in runs:
        if run.outcome not in (Outcome.OK, Outcome.NOT_MODIFIED):
            report(f"{run.source_id}: {run.outcome}: {run.detail}")


class _told:  # noqa: N801 - reads as a word in `with`
    """Tells in one line what went wrong in a job."""

    def __init__(self, what: str, report: Report) -> None:
        self.what, self.report = what, report

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, TrekError):
            self.report(f"{self.what}: {error}")
        elif isinstance(error, Exception):
            self.report(f"{self.what}: unexpected, please report it: {type(error).__name__}: {error}")


def _tell_log(report: Report) -> None:
    """Warnings of the queue become lines for the operator; how jobs end is told elsewhere."""

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not str(getattr(record, "action", "")).startswith("job_"):
                report(record.getMessage())

    log = logging.getLogger("procrastinate")
    log.handlers, log.propagate = [Teller(logging.WARNING)], False
