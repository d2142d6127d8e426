"""Crawls as forks of one process that has everything loaded, for a worker that does very many.

Starting Python and Scrapy and reading the configuration costs more than crawling a small site. Here it
is done once a worker; each crawl is still a process of its own, with its own bounds, that can be ended.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection, wait

from aggregator.model import Outcome, Run
from aggregator.region import Region
from crawlers.launch import LONGEST
from crawlers.run import Job, crawl, limit_self

GLANCE = 0.2  # seconds between looks at whether the crawl must end
GRACE = 5  # seconds that a crawl has to end in good order


class Nest:
    """A place that crawls of one region are started from."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crawlers.warm"])

    def crawl(self, job: Job, halt: threading.Event, longest: float = LONGEST) -> Iterator[Run]:
        """Each source's run as it ends; one that the process lost comes last, as crashed.

        The process is ended when `halt` is set, after `longest` seconds, and when the caller stops
        listening.
        """
        left = set(job.sources)
        ours, theirs = self._context.Pipe(duplex=False)
        few = {name: self.region.sources[name] for name in job.sources}
        region = replace(self.region, sources=few, venues={}, pillars={}, raw={})
        process = self._context.Process(target=_crawl, args=(theirs, job, region), daemon=True)
        process.start()
        theirs.close()
        try:
            for run in _listen(ours, halt, time.monotonic() + longest):
                left.discard(run.source_id)
                yield run
        finally:
            ours.close()
            process.join(0 if halt.is_set() else GRACE)
            if process.is_alive():
                process.terminate()
                process.join(GRACE)
            if process.is_alive():
                process.kill()
                process.join()
        for name in sorted(left):
            why = f"the crawl ended before this source was done (exit status {process.exitcode})"
            yield Run("", name, job.now, None, Outcome.CRASHED, False, detail=why)


def _listen(pipe: Connection, halt: threading.Event, end: float) -> Iterator[Run]:
    """What the crawl says, until it has no more to say or has to end."""
    while not halt.is_set() and time.monotonic() < end:
        if not pipe.poll(GLANCE):
            continue
        try:
            yield pipe.recv()
        except (EOFError, ConnectionError):
            return


def _crawl(pipe: Connection, job: Job, region: Region) -> None:
    """The crawl, in its own process."""
    limit_self(job)
    threading.Thread(target=_end_with_worker, daemon=True).start()

    def report(run: Run) -> None:  # Scrapy copies its settings, and a copy of a pipe would close it
        pipe.send(run)

    crawl(job, report, region)


def _end_with_worker() -> None:
    """End this process when the worker is gone; whoever started it for the worker may still be there."""
    worker = multiprocessing.parent_process()
    assert worker is not None
    wait([worker.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
