"""Starts a crawl as a process of its own and listens to it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from aggregator.errors import TrekError
from aggregator.model import Outcome, Run
from aggregator.plain import run_from_plain
from crawlers.run import Job

LONGEST = 3600  # seconds for all sources of one process
PROGRAM = "crawlers.run"


def launch_crawl(job: Job, longest: float = LONGEST) -> Iterator[Run]:
    """Each source's run as it ends; a source that the process lost comes last, as crashed.

    The process is ended after `longest` seconds, and when the caller stops listening.
    """
    left = set(job.sources)
    process = subprocess.Popen(
        [sys.executable, "-m", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    errors: list[str] = []
    listener = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
    listener.start()
    guard = threading.Timer(longest, process.kill)
    guard.start()
    try:
        process.stdin.write(job.dumps())
        process.stdin.close()
        for line in process.stdout:
            run = run_from_plain(json.loads(line))
            left.discard(run.source_id)
            yield run
        process.wait()
        listener.join(5)
        yield from _lost(job, left, errors)
    finally:
        guard.cancel()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        process.stdout.close()
        listener.join(5)
        process.stderr.close()


def _lost(job: Job, left: set[str], errors: list[str]) -> Iterator[Run]:
    last = next((line.strip() for line in reversed(errors) if line.strip()), "no reason given")
    if left == set(job.sources) and errors:
        raise TrekError(f"the crawl could not start ({last})", hint=f"see {job.log or 'the log'}")
    for source_id in sorted(left):
        yield Run(
            run_id="",
            source_id=source_id,
            started=job.now,
            finished=None,
            outcome=Outcome.CRASHED,
            complete=False,
            detail=f"the crawl ended before this source was done ({last})",
        )
