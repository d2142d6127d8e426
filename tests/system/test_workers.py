"""Several worker processes on one queue: killed at random, nothing is lost, and no host is asked by two."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from crew import Crew, crew_of, wait_until
from slow import EVENTS

SITES, WORKERS, KILLS = 20, 3, 3
BEAT = 1.0  # the least; a dead worker is known after six
pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    with crew_of(tmp_path_factory.mktemp("crew"), SITES, 0.2) as crew:
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
            victim = chance.randrange(WORKERS)
            os.kill(workers[victim].pid, signal.SIGKILL)
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
