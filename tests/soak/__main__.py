"""`make soak`: the sample region for thirty days, with changes every day, in one process as `trek run` is.

`python -m tests.soak [--days N] [--municipality ID] [--seed N]`. The sites stay up and change; the clock is
moved. Each day is what `trek run` does when everything is due, with the allocator that ops/trek.service asks
for. After each day memory, open files and sizes are measured and all invariants looked at, in a process of
its own while the next day is at work; exit status 1 when anything is broken.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import trek
from crawlers.sample.sites import free_base_port
from tests.soak.apart import Apart
from tests.soak.check import Checks, Verdicts, lay_aside
from tests.soak.sites import Sites, sources_of
from tests.system.sample import DAY, Workplace, at
from tests.system.whole import check_lock

# Bytes a day, over the last two thirds of the days: in the first caches fill. A tenth of one region's events
# that stayed behind every day would be more.
MOST_SLOPE = 1 << 20
ENOUGH = 15  # days: in fewer the caches of the first are most of what is seen
MOST_HANDLES = 0.2  # open files a day: what a job leaves open would be one or more
SIZE_WITHIN = 0.25


@dataclass(frozen=True)
class Measure:
    """One day: seconds, those of computing, bytes of memory, open files, what changed and was written."""

    seconds: float
    computed: float
    memory: int
    handles: int
    changes: int
    written: int


@dataclass
class Soak:
    """A region that lives on from day to day; `faults` are the invariants that did not hold."""

    folder: Path
    desk: trek.Desk
    sites: Apart
    checks: Apart
    days: list[Measure] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    files: dict[str, tuple[int, ...]] = field(default_factory=dict)  # what is published, by name
    late: Future[Verdicts] | None = None  # of the newest day

    def live(self, day: date) -> None:
        """One day: the sites change, the job is done, what it left is laid aside to be looked at."""
        changes, so = self.sites.ask("turn", day, moment(day)).result()
        one, fresh = self.work(day, changes)
        self.faults += check_lock(self.folder / "data")
        self.hear()
        self.days.append(one)
        lay_aside(self.folder, aside := self.folder / "aside" / str(day), fresh)
        self.late = self.checks.ask("look", aside, day, so)

    def work(self, day: date, changes: int) -> tuple[Measure, list[str]]:
        """The job of one day; what it took, and the names of the files that it wrote."""
        began, spent = time.monotonic(), processor()
        hasty = patch("crawlers.launch.PROGRAM", "tests.system.hasty")
        with (
            (self.folder / "job.log").open("a") as log,
            redirect_stdout(log),
            redirect_stderr(log),
            hasty,
            at(moment(day)),
        ):
            self.desk.work_and_tell(sorted(self.desk.region.sources))
        seconds, computed = time.monotonic() - began, processor() - spent
        before, self.files = self.files, marks(self.folder / "public")
        fresh = [name for name, mark in self.files.items() if before.get(name) != mark]
        return Measure(seconds, computed, memory(), handles(), changes, len(fresh)), fresh

    def hear(self) -> Verdicts | None:
        """What was found of the newest day, told; None before the first."""
        if self.late is None:
            return None
        found = self.late.result()
        tell(len(self.days), self.days[-1], found)
        self.faults += found.broken
        return found


def moment(day: date) -> str:
    """The time of day at which the job is done."""
    return f"{day}T08:00+00:00"


def marks(folder: Path) -> dict[str, tuple[int, ...]]:
    """What tells a file below a folder from any other that had its name: each is written anew beside it."""
    found: dict[str, tuple[int, ...]] = {}
    for here, _, names in os.walk(folder):
        for name in (n for n in names if not n.startswith(".")):
            told = os.stat(path := os.path.join(here, name))  # noqa: PTH116, PTH118 (of 24,000 files)
            found[path[len(str(folder)) + 1 :]] = (told.st_ino, told.st_mtime_ns, told.st_size)
    return found


def processor() -> float:
    """Seconds that this process and those that it started and that ended spent computing."""
    return sum(os.times()[:4])


def memory() -> int:
    """What this process holds in memory, in bytes; what is only waiting for the collector is not."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def handles() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (a path that goes while it is listed)


def slope(values: Sequence[float]) -> float:
    """How much is added a day, by the line that fits the last two thirds of the days best."""
    late = values[len(values) // 3 :]
    return statistics.linear_regression(range(len(late)), late).slope


def judge(days: Sequence[Measure], last: Verdicts) -> Iterator[str]:
    """What of memory, files and sizes is not as it must be over all days."""
    if abs(last.store - last.predicted) > SIZE_WITHIN * last.predicted:
        yield f"the store has {last.store >> 10} kB, not some {int(last.predicted) >> 10}"
    if len(days) < ENOUGH:
        return
    memory, handles = slope([d.memory for d in days]), slope([d.handles for d in days])
    print(
        f"memory {memory / (1 << 20):+.2f} MB a day (at most {MOST_SLOPE >> 20}), open files {handles:+.2f}"
    )
    if memory > MOST_SLOPE:
        yield f"memory grows by {memory / (1 << 20):.1f} MB a day"
    if handles > MOST_HANDLES:
        yield f"open files grow by {handles:.1f} a day"


def tell(number: int, one: Measure, found: Verdicts) -> None:
    """A line of one day, and one for each invariant that does not hold."""
    print(
        f"day {number:2}: {one.seconds:5.1f} s ({one.computed:.1f} computing), {one.changes:2} changes, "
        f"{one.written:5} files written, memory {one.memory >> 20} MB, {one.handles} open files, "
        f"store {found.store >> 10} kB (predicted {int(found.predicted) >> 10}), {len(found.broken)} broken",
        flush=True,
    )
    for line in found.broken:
        print(f"        {line}", flush=True)


def soak(folder: Path, count: int, municipality: str | None, seed: int) -> list[str]:
    """Live that many days in a folder; what did not hold, a line each."""
    place = Workplace(folder, free_base_port(12_600), municipality)
    with at(f"{DAY}T00:00+00:00"), Apart(Sites, place, seed) as sites:
        config, ports = sites.ask("open").result()
        desk = trek.Desk(folder / "data", folder / "public", None, config, "sample")
        desk.allowed = tuple(f"127.0.0.1:{port}" for port in ports)
        desk.base_url = "http://127.0.0.1:8480/"
        with Apart(Checks, sources_of(config)) as checks:
            region = Soak(folder, desk, sites, checks)
            for number in range(count):
                region.live(DAY + timedelta(days=number))
            last = region.hear()
        assert last
        print(
            f"the jobs took {sum(d.seconds for d in region.days):.0f} s, "
            f"{sum(d.computed for d in region.days):.0f} of them computing"
        )
        return [*region.faults, *judge(region.days, last)]


def as_the_unit() -> None:
    """Begin this program anew, once, with what ops/trek.service tells the allocator, which reads it first."""
    unit = (Path(__file__).parents[2] / "ops" / "trek.service").read_text()
    told = dict(re.findall(r"(?m)^Environment=(MALLOC_\w+)=(.+)$", unit))
    if missing := told.keys() - os.environ.keys():
        words = [sys.executable, "-m", "tests.soak", *sys.argv[1:]]
        os.execve(sys.executable, words, {**os.environ, **{name: told[name] for name in missing}})


def main() -> int:
    """Exit status: 0 when everything held."""
    as_the_unit()
    parser = argparse.ArgumentParser(description="The sample region for many days, with changes every day.")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--municipality", help="only the sources and venues of this one")
    parser.add_argument("--seed", type=int, default=20261124)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        faults = soak(Path(folder), asked.days, asked.municipality, asked.seed)
    for line in faults:
        print(line)
    print(f"{asked.days} days in {time.monotonic() - began:.0f} s; {len(faults)} invariants broken")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
