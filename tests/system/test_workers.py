"""Several worker processes on one queue: killed at random, nothing is lost, and no host is asked by two."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from aggregator.model import Outcome, Run
from aggregator.slot import Slot
from crawlers.inbox import InboxRun

sys.path.insert(0, str(Path(__file__).parent))
from crew import Crew, crew_of, wait_until
from slow import EVENTS

SITES, WORKERS, KILLS = 20, 3, 3
BEAT = 1.0  # the least; a dead worker is known after six
pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    with crew_of(tmp_path_factory.mktemp("crew"), SITES, 0.5) as crew:
        yield crew


def test_workers_that_are_killed_lose_nothing_and_repeat_nothing(crew: Crew) -> None:
    crew.round("storm")
    desk = crew.desk()
    queue = desk.queue()
    assert desk.enqueue(queue) == SITES
    assert desk.enqueue(queue) == 0, "what waits is not queued again"
    workers = [crew.start(2, BEAT) for _ in range(WORKERS)]
    chance = random.Random(20261124)
    try:
        for number in range(KILLS):
            wait_until(lambda least=1 + 5 * number: len(crew.manifests()) >= least, 120)
            time.sleep(chance.uniform(0, 1))
            victim, how = chance.randrange(WORKERS), signal.SIGTERM if number == 1 else signal.SIGKILL
            os.kill(workers[victim].pid, how)
            workers[victim].wait()
            workers[victim] = crew.start(2, BEAT)
        wait_until(lambda: len(crew.gathered()) == SITES, 120)
        assert desk.enqueue(queue) == 0, "what was crawled is not due"
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        ended = [worker.wait(60) for worker in workers]
    assert set(ended) <= {0, -signal.SIGTERM}, "the latter before it began"
    assert set(crew.manifests().values()) == {1}, "each source was crawled to the end once"
    assert set(crew.gathered().values()) == {EVENTS}
    assert max(said["beside"] for said in crew.requests()) == 0, "two workers asked one host at a time"
    assert max(said["all"] for said in crew.requests()) > 1, "the workers did not work side by side"


def test_the_jobs_of_a_frozen_worker_are_taken_over(crew: Crew) -> None:
    """As of a machine that was put to sleep: it does not end, and gives no sign of life."""
    crew.round("frozen")
    desk = crew.desk()
    few = sorted(desk.region.sources)[:6]
    assert desk.enqueue(desk.queue(), few) == len(few)
    frozen = crew.start(2, BEAT)
    other = None
    try:
        wait_until(lambda: crew.left()["doing"] > 0 and crew.requests(), 120)
        os.kill(frozen.pid, signal.SIGSTOP)
        held = crew.left()["doing"]
        assert held > 0, "it was frozen at work"
        other = crew.start(2, BEAT)
        wait_until(lambda: len(crew.gathered()) == len(few), 120)
        assert "its worker is gone; the job is taken over" in (crew.home / "worker.log").read_text()
        os.kill(frozen.pid, signal.SIGCONT)
        wait_until(lambda: not crew.left()["doing"], 60)
    finally:
        for worker in (frozen, other):
            if worker:
                worker.send_signal(signal.SIGCONT)
                worker.send_signal(signal.SIGTERM)
                worker.wait(60)
    assert set(crew.gathered().values()) == {EVENTS}, "nothing came twice when it woke up"
    assert crew.manifests().keys() == set(few)


def test_what_other_machines_crawl_comes_through_a_bucket(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew.round("far")
    bucket = Slot(MemoryStore(), "s3://inbox")
    monkeypatch.setattr("aggregator.slot.open_slot", lambda _address: bucket)
    home, far = crew.desk(), crew.desk()
    far.data = crew.home / "far"
    far.data.mkdir()
    with home.open():
        pass  # which makes the store
    with home.look() as store:
        there, here = far.hands(store, "s3://inbox"), home.hands(store, "s3://inbox")
        assert here.newest("huis-0") == ""
        (run,) = there.crawl(["huis-0"], threading.Event())
        assert run.complete
        assert here.newest("huis-0") == run.run_id
        left = InboxRun(far.data / "outbox", "huis-1", run.run_id)
        left.finish(Run(run.run_id, "huis-1", run.started, run.started, Outcome.EMPTY, True))
        assert there.newest("huis-1") == run.run_id, "what a killed worker left behind is sent"
        here.gather()
        assert bucket.finished() == []
        assert here.newest("huis-0") == here.newest("huis-1") == run.run_id, "both are in the store"
    assert crew.gathered() == {"huis-0": EVENTS}
    assert (home.public / "index.html").is_file()
    assert not [path for path in far.data.rglob("*") if path.name == "manifest.json"]
