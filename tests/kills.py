"""`make kills`: crawl, aggregate, publish and migrate are killed at random points; nothing may be lost.

`python -m tests.kills [--seed N] [--count N]`. Each point is a stage and a share of the time that the stage
took undisturbed, drawn from the seed, so that a count and a seed name the same points again. After each kill
the invariants are looked at; at the end an undisturbed job must give what it gives elsewhere. Exit status 1
when anything is broken.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import trek
from crawlers.sample.change import Change
from crawlers.sample.sites import SampleRegion, free_base_port
from tests.system.sample import DAY, Workplace, at
from tests.system.whole import Witness, check_public

STAGES = ("crawl", "aggregate", "publish", "migrate")
MORNING = f"{DAY}T08:00+00:00"
ROOT = Path(__file__).parents[1]
PATIENCE = 300  # seconds for a stage that nobody disturbs, on a busy machine


def do_stage(stage: str, desk: trek.Desk) -> None:
    """One stage of the main job, as the commands do it."""
    if stage == "migrate":
        from aggregator.migrate import migrate

        migrate(desk.database, f"sqlite:///{desk.data / 'moved.sqlite'}")
        return
    with desk.open() as store:
        if stage == "crawl":
            desk.crawl(store, None, everything=True)
        elif stage == "aggregate":
            desk.aggregate(store)
        else:
            desk.publish(store)


@dataclass
class Storm:
    """A workplace whose jobs are killed."""

    place: Workplace
    sample: SampleRegion

    def start(self, stage: str) -> subprocess.Popen[bytes]:
        """A stage as a process group of its own."""
        self.place.folder.mkdir(parents=True, exist_ok=True)
        ports = f"{self.sample.ports.start}-{self.sample.ports.stop}"
        command = [sys.executable, "-m", "tests.kills", "--stage", stage, str(self.place.folder), ports]
        if stage == "migrate":
            (self.place.folder / "data" / "moved.sqlite").unlink(missing_ok=True)
        with (self.place.folder / "job.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=log, stderr=log)

    def finish(self, stage: str) -> float:
        """A stage, undisturbed; the seconds it took."""
        began = time.monotonic()
        if status := self.start(stage).wait(PATIENCE):
            text = (self.place.folder / "job.log").read_text()
            raise SystemExit(f"{stage} ended with {status}: {text[-2000:]}")
        return time.monotonic() - began

    def kill(self, stage: str, after: float) -> bool:
        """Start a stage and kill it after some seconds, with all that it started; whether it still ran."""
        process = self.start(stage)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def broken(storm: Storm, witness: Witness) -> Iterator[str]:
    """What does not hold after a kill, each in one line."""
    yield from witness.look(storm.place.folder / "data")
    try:
        check_public(storm.place.folder / "public")
    except (AssertionError, ValueError) as error:
        yield f"a published calendar is not whole: {error}"


def change(sample: SampleRegion, place: Workplace, number: int, chance: Random) -> None:
    """Something happens at a site, so that the next stages have work to do."""
    here = {path.stem for path in (place.folder / "config" / "sources").rglob("*.yaml")}
    entries = [e for s in sorted(here) for e in sample.programme.by_source[s]]
    entry = chance.choice(entries)
    sample.apply(Change("retitle", entry.source, entry.path, f"{entry.title} ({number})"))


def storm(folder: Path, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """Kill so many times; how many of each stage were still at work when killed, and what broke."""
    chance, port = Random(seed), free_base_port(13_400)
    killed, faults, witness = Counter[str](), [], Witness()
    with at(MORNING), SampleRegion(DAY, port) as sample:
        stormy = Storm(Workplace(folder / "stormy", port, "borne"), sample)
        stormy.place.prepare(sample)
        length = {stage: stormy.finish(stage) for stage in STAGES}
        print("undisturbed: " + ", ".join(f"{s} {t:.1f} s" for s, t in length.items()), flush=True)
        witness.look(stormy.place.folder / "data")
        for number in range(1, count + 1):
            stage, share = chance.choice(STAGES), chance.random()
            change(sample, stormy.place, number, chance)
            hit = stormy.kill(stage, share * length[stage])
            killed[stage] += hit
            found = list(broken(stormy, witness))
            faults += [f"kill {number} ({stage} at {share:.2f}): {line}" for line in found]
            word = "killed" if hit else "was done before"
            print(f"{number:3}: {stage} at {share:.2f}: {word}, {len(found)} broken", flush=True)
        for stage in STAGES:
            stormy.finish(stage)
        faults += [f"afterwards: {line}" for line in broken(stormy, witness)]
        faults += compare(stormy, Storm(Workplace(folder / "calm", port, "borne"), sample))
    return killed, faults


def compare(stormy: Storm, calm: Storm) -> Iterator[str]:
    """Listings that a calm job on the same sites has and the storm left not, or with other content."""
    calm.place.prepare(calm.sample)
    for stage in STAGES:
        calm.finish(stage)
    refs = [{s.listing.ref: s.listing.content_hash for s in one.place.listings()} for one in (stormy, calm)]
    yield from (
        f"not as in a calm job: {ref}" for ref, _ in sorted(refs[0].items() ^ refs[1].items(), key=str)
    )


def main() -> int:
    """Exit status: 0 when everything held."""
    parser = argparse.ArgumentParser(description="Kill the stages of the main job at random points.")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--stage", nargs=3, metavar=("STAGE", "FOLDER", "PORTS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.stage:
        stage, folder, ports = asked.stage[0], Path(asked.stage[1]), asked.stage[2].split("-")
        desk = trek.Desk(folder / "data", folder / "public", None, folder / "config", "sample")
        desk.allowed = tuple(f"127.0.0.1:{port}" for port in range(int(ports[0]), int(ports[1])))
        desk.base_url = "http://127.0.0.1:8480/"
        do_stage(stage, desk)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        killed, faults = storm(Path(folder), asked.seed, asked.count)
    for line in faults:
        print(line)
    stages = ", ".join(f"{stage} {killed[stage]}" for stage in STAGES)
    print(f"seed {asked.seed}: {asked.count} points, killed at work: {stages}; {len(faults)} broken")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
