"""`make kills`: crawl, aggregate, publish and migrate are killed at random points; nothing may be lost.

`python -m tests.kills [--seed N] [--count N]`. Each point is a stage and a share of the time that the stage
took undisturbed, drawn from the seed, so that a count and a seed name the same points again. A stage is a
fork of a process that has everything loaded: what is killed is its work, not Python that starts. (The system
tests kill whole jobs as they are started by hand.) After each kill the invariants are looked at; at the end
an undisturbed job must give what it gives elsewhere. Exit status 1 when anything is broken.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from select import select
from typing import IO

import trek
from crawlers.sample.change import Change
from crawlers.sample.sites import SampleRegion, free_base_port
from tests.system.sample import DAY, Workplace, at
from tests.system.whole import Calendars, Witness

STAGES = ("crawl", "aggregate", "publish", "migrate")
MORNING = f"{DAY}T08:00+00:00"
ROOT = Path(__file__).parents[1]
PATIENCE = 300  # seconds for a stage that nobody disturbs, on a busy machine
HERE = "borne"  # few sources make a round short; they tell of the same events, and the region's do too
DELAY = 0.05  # seconds between two requests to a host: it is not the sites' patience that is tried


def do_stage(stage: str, desk: trek.Desk) -> None:
    """One stage of the main job, as the commands do it; the crawl in this process."""
    if stage == "migrate":
        from aggregator.migrate import migrate

        migrate(desk.database, f"sqlite:///{desk.data / 'moved.sqlite'}")
        return
    with desk.open() as store:
        if stage == "crawl":
            from crawlers.run import crawl

            names = desk.due(store, None, everything=True)
            with suppress(SystemExit):  # its way to end
                crawl(desk.job(names), lambda _run: None, desk.region)
        elif stage == "aggregate":
            desk.aggregate(store)
        else:
            desk.publish(store)


def nurse(folder: Path, ports: range) -> None:
    """Load everything, then fork for each stage that is named on standard input.

    Tells the process that is at work, and how it ended, each in a line.
    """
    import crawlers.run
    import feeds.publish

    assert {crawlers.run, feeds.publish}, "loaded for all forks"
    desk = trek.Desk(folder / "data", folder / "public", None, folder / "config", "sample")
    desk.allowed = tuple(f"127.0.0.1:{port}" for port in ports)
    desk.base_url = "http://127.0.0.1:8480/"
    for source in desk.region.sources.values():
        object.__setattr__(source, "delay", DELAY)  # less than a configuration may say
    object.__setattr__(desk.region.settings, "languages", ("nl",))  # others are the same work again
    log = os.open(folder / "job.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            os.dup2(log, 1)
            os.dup2(log, 2)
            status = 1
            try:
                do_stage(line.strip(), desk)
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


@dataclass
class Storm:
    """A workplace whose jobs are killed."""

    place: Workplace
    nurse: subprocess.Popen[str]
    calendars: Calendars = field(default_factory=Calendars)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)  # calendars by file and time of change

    @classmethod
    @contextmanager
    def open(cls, folder: Path, sample: SampleRegion) -> Iterator[Storm]:
        """A workplace for these sites, and what forks its stages."""
        place = Workplace(folder, sample.ports.start, HERE)
        place.prepare(sample)
        ports = [str(sample.ports.start), str(sample.ports.stop)]
        command = [sys.executable, "-m", "tests.kills", "--nurse", str(folder), *ports]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1) as process:
            yield cls(place, process)
            told(process.stdin).close()

    def start(self, stage: str) -> int:
        """Begin a stage; its process, which leads a group of its own."""
        if stage == "migrate":
            (self.place.folder / "data" / "moved.sqlite").unlink(missing_ok=True)
        print(stage, file=told(self.nurse.stdin), flush=True)
        return int(told(self.nurse.stdout).readline())

    def finish(self, stage: str) -> float:
        """A stage, undisturbed; the seconds it took."""
        began, process = time.monotonic(), self.start(stage)
        if not select([told(self.nurse.stdout)], [], [], PATIENCE)[0]:
            os.killpg(process, signal.SIGKILL)
        if status := int(told(self.nurse.stdout).readline()):
            text = (self.place.folder / "job.log").read_text()
            raise SystemExit(f"{stage} ended with {status}: {text[-2000:]}")
        return time.monotonic() - began

    def kill(self, stage: str, after: float) -> bool:
        """Start a stage and kill it after some seconds, with all that it started; whether it still ran."""
        process = self.start(stage)
        if not select([told(self.nurse.stdout)], [], [], after)[0]:
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
        return int(told(self.nurse.stdout).readline()) == -signal.SIGKILL

    def broken(self, witness: Witness) -> Iterator[str]:
        """What does not hold after a kill, each in one line."""
        yield from witness.look(self.place.folder / "data")
        for path in (self.place.folder / "public").rglob("*.ics"):
            stat = path.stat()
            if self.seen.get(str(path)) != (stat.st_ino, stat.st_mtime_ns):
                yield from (
                    f"{path.name} is not whole: {fault}" for fault in self.calendars.check(path.read_bytes())
                )
                self.seen[str(path)] = (stat.st_ino, stat.st_mtime_ns)


def told(stream: IO[str] | None) -> IO[str]:
    """A pipe that is there."""
    assert stream is not None
    return stream


def change(sample: SampleRegion, place: Workplace, number: int, chance: Random) -> None:
    """Something happens at a site, so that the next stages have work to do."""
    here = {path.stem for path in (place.folder / "config" / "sources").rglob("*.yaml")}
    entries = [e for s in sorted(here) for e in sample.programme.by_source[s]]
    entry = chance.choice(entries)
    sample.apply(Change("retitle", entry.source, entry.path, f"{entry.title} ({number})"))


def storm(folder: Path, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """Kill so many times; how many of each stage were still at work when killed, and what broke."""
    chance, port = Random(seed), free_base_port(13_400)
    killed, faults, witness = Counter[str](), list[str](), Witness()
    with at(MORNING), SampleRegion(DAY, port) as sample:
        with Storm.open(folder / "stormy", sample) as stormy:
            for stage in STAGES:
                stormy.finish(stage)  # the first time there is far more to do
            change(sample, stormy.place, 0, chance)
            length = {stage: stormy.finish(stage) for stage in STAGES}
            print("undisturbed: " + ", ".join(f"{s} {t:.1f} s" for s, t in length.items()), flush=True)
            faults += stormy.broken(witness)
            for number in range(1, count + 1):
                stage, share = chance.choice(STAGES), chance.random()
                change(sample, stormy.place, number, chance)
                hit = stormy.kill(stage, share * length[stage])
                killed[stage] += hit
                found = list(stormy.broken(witness))
                faults += [f"kill {number} ({stage} at {share:.2f}): {line}" for line in found]
                word = "killed" if hit else "was done before"
                print(f"{number:3}: {stage} at {share:.2f}: {word}, {len(found)} broken", flush=True)
            for stage in STAGES:
                stormy.finish(stage)
            faults += [f"afterwards: {line}" for line in stormy.broken(witness)]
        with Storm.open(folder / "calm", sample) as calm:
            for stage in STAGES:
                calm.finish(stage)
            faults += compare(stormy, calm)
    return killed, faults


def compare(stormy: Storm, calm: Storm) -> Iterator[str]:
    """Listings that a calm job on the same sites has and the storm left not, or with other content."""
    refs = [{s.listing.ref: s.listing.content_hash for s in one.place.listings()} for one in (stormy, calm)]
    yield from (
        f"not as in a calm job: {ref}" for ref, _ in sorted(refs[0].items() ^ refs[1].items(), key=str)
    )


def main() -> int:
    """Exit status: 0 when everything held."""
    parser = argparse.ArgumentParser(description="Kill the stages of the main job at random points.")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--nurse", nargs=3, metavar=("FOLDER", "FIRST", "END"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.nurse:
        nurse(Path(asked.nurse[0]), range(int(asked.nurse[1]), int(asked.nurse[2])))
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        killed, faults = storm(Path(folder), asked.seed, asked.count)
    for line in faults:
        print(line)
    stages = ", ".join(f"{stage} {killed[stage]}" for stage in STAGES)
    print(
        f"seed {asked.seed}: {asked.count} points, killed at work: {stages}; {len(faults)} broken; "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
