"""Four worker processes beside one on 400 slow loopback sites; then four that are killed at random.

Each site takes a second and a half for an answer, and Trek waits a second between two requests to one host;
a worker does AT_ONCE jobs side by side. So waiting decides and not computing: on two cores four workers
compute no more than two. A round ends when every source's finished run lies in the inbox, and its listings
must be in the store then or soon. It fails loudly when a source was crawled to the end twice, is missing, or
was asked by two at a time.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

SITES = int(os.environ.get("TREK_BENCH_SITES", "400"))
LATENCY = 1.5  # seconds for an answer
AT_ONCE = 4
BEAT = 2.0
KILLS = 20
LONGEST = 1800.0


def measure() -> Iterator[dict[str, Any]]:
    """`workers`: sites/s of four workers beside one; `workers-killed`: what 20 kills in a round change."""
    from crew import crew_of

    with (
        tempfile.TemporaryDirectory(prefix="trek-bench-") as name,
        crew_of(Path(name), SITES, LATENCY) as crew,
    ):
        killed = _round(crew, "killed", 4, random.Random(20261124))
        four, one = _round(crew, "four", 4), _round(crew, "one", 1)
        yield {
            "name": "workers",
            "ours": round(SITES / four["seconds"], 2),
            "peer": round(SITES / one["seconds"], 2),
            "ratio": round(one["seconds"] / four["seconds"], 2),
            "unit": "sites/s",
            "peer_name": "one worker",
            "size": SITES,
            "seconds": [round(one["seconds"]), round(four["seconds"])],
            "memory_mb": [one["memory"], four["memory"]],
        }
        yield {
            "name": "workers-killed",
            "ours": round(SITES / killed["seconds"], 2),
            "peer": round(SITES / four["seconds"], 2),
            "ratio": round(four["seconds"] / killed["seconds"], 2),
            "unit": "sites/s",
            "peer_name": "four workers left in peace",
            "size": SITES,
            "kills": killed["kills"],
            "asked_again": killed["again"],
        }


def _round(crew: Any, name: str, count: int, chance: random.Random | None = None) -> dict[str, Any]:
    """Crawl all sites with so many workers, killing some where there is a `chance`."""
    crew.round(name)
    crew.desk().enqueue(crew.desk().queue())
    workers = [crew.start(AT_ONCE, BEAT) for _ in range(count)]
    kills = sorted(chance.uniform(0.02, 0.98) * SITES for _ in range(KILLS)) if chance else []
    killed, memory, began = 0, 0, None
    try:
        deadline = time.monotonic() + LONGEST
        while (found := len(crew.manifests())) < SITES:
            if found and began is None:
                began = time.monotonic()  # starting Python is not at issue
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name}: {found} of {SITES} sites, {crew.left()}")
            if chance and killed < KILLS and found >= kills[killed]:
                victim = chance.randrange(count)
                os.kill(workers[victim].pid, signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = crew.start(AT_ONCE, BEAT)
                killed += 1
            memory = max(memory, _memory(workers))
            time.sleep(0.2)
        seconds = time.monotonic() - (began or 0)
        while sum(crew.gathered().values()) < SITES * 3:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name}: {crew.gathered().total()} listings, {crew.left()}")
            time.sleep(1)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    requests = crew.requests()
    twice = [source for source, runs in crew.manifests().items() if runs != 1]
    assert not twice, f"{name}: crawled twice: {twice}"
    assert max(said["beside"] for said in requests) == 0, f"{name}: two asked one host at a time"
    again = len(requests) - 2 * SITES  # robots.txt and one page each
    print(f"{name}: {seconds:.0f} s, {killed} kills, {again} requests again, {memory} MB", file=sys.stderr)
    return {"seconds": seconds, "memory": memory, "kills": killed, "again": again}


def _memory(workers: list[subprocess.Popen[bytes]]) -> int:
    """What the workers and their crawls take, MB; what they share is counted once."""
    sessions = ",".join(str(worker.pid) for worker in workers)
    mine = subprocess.run(["pgrep", "-s", sessions], capture_output=True, text=True, check=False)
    total = 0
    for pid in mine.stdout.split():
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # it ended
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total // 1024
