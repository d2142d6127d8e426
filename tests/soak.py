"""`make soak`: the sample region for thirty days, with changes every day, in one process as `trek run` is.

`python -m tests.soak [--days N] [--municipality ID] [--seed N]`. The sites stay up and change; the clock is
moved. After each day the invariants are looked at, and memory, open files and sizes are measured; exit
status 1 when anything is broken.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from aggregator.model import Status
from aggregator.store import open_store
from crawlers.sample.change import Change, Kind
from crawlers.sample.model import Entry
from crawlers.sample.sites import SampleRegion, free_base_port
from crawlers.sample.truth import truth
from feeds.select import OFF_FOR
from tests.system.sample import DAY, Verdict, Workplace, at, work
from tests.system.whole import Calendars, Witness

KINDS: tuple[Kind, ...] = (
    "retitle",
    "retitle",
    "retitle",
    "cancel",
    "sell-out",
    "move",
    "drop",
    "add",
    "add",
)
A_DAY = 0.01  # of all entries change each day, at least three
OUT_OF_ORDER = ("error", "empty", "forbidden")
# Memory may grow by what caches still take in after the first third (months, titles, patterns), not day by
# day: a leak of one region's events (some 20 MB) every day would be hundreds of percent.
MOST_GROWTH = 0.15
# docs/scale.md: a line of the journal, and what a run's row takes; the first round says what an event takes.
JOURNAL, RUN, SIZE_WITHIN = 150, 540, 0.25


@dataclass(frozen=True)
class Measure:
    """One day: seconds, those of computing, bytes of memory, open files, bytes of the store and predicted."""

    seconds: float
    computed: float
    memory: int
    handles: int
    store: int
    predicted: float
    changes: int
    written: int
    broken: tuple[str, ...]


@dataclass
class Soak:
    """A region that lives on from day to day."""

    place: Workplace
    sample: SampleRegion
    chance: Random
    witness: Witness = field(default_factory=Witness)
    calendars: Calendars = field(default_factory=Calendars)
    touched: set[tuple[str, str]] = field(default_factory=set)  # pages that had their change
    files: dict[str, tuple[int, ...]] = field(default_factory=dict)  # what is published, by name
    off: dict[str, tuple[str, date]] = field(default_factory=dict)  # occurrence: (event, first day told)
    out: str = ""  # the site that is out of order today
    per_event: float = 0

    def live(self, day: date) -> Measure:
        """One day: the sites change, the job is done, everything is looked at."""
        moment = f"{day}T08:00+00:00"
        with at(moment):
            self.sample.turn(day)
            changes = list(self.changes(day)) if day > DAY else []
            for change in changes:
                self.sample.apply(change)
            began, spent = time.monotonic(), processor()
            with (self.place.folder / "job.log").open("a") as log, redirect_stdout(log), redirect_stderr(log):
                work(self.place.prepare(self.sample), self.place.folder, self.sample.ports)
            seconds, computed = time.monotonic() - began, processor() - spent
        self.place.truth = truth(self.sample.programme)
        before, self.files = self.files, marks(self.place.folder / "public")
        fresh = [name for name, mark in self.files.items() if before.get(name) != mark]
        broken = tuple(self.broken(day, fresh))
        store = self.place.folder / "data" / "trek.sqlite"
        return Measure(
            seconds,
            computed,
            memory(),
            handles(),
            store.stat().st_size,
            self.predict(),
            len(changes),
            len(fresh),
            broken,
        )

    def changes(self, day: date) -> Iterator[Change]:
        """What the sites do today: a few entries change, and one site is out of order."""
        if self.out:
            yield Change("well", self.out)
        here = {path.stem for path in (self.place.folder / "config" / "sources").rglob("*.yaml")}
        sound = sorted(
            s.id
            for s in self.sample.programme.sources.values()
            if s.id in here and s.trait not in OUT_OF_ORDER
        )
        self.out = self.chance.choice(sound) if day.day % 3 == 0 else ""
        if self.out:
            yield Change("error", self.out)
        open_ = [s for s in sound if s != self.out]
        entries = [e for s in open_ for e in self.sample.programme.by_source[s]]
        free = [e for e in entries if (e.source, e.path) not in self.touched and self.stays(e, day)]
        for entry in self.chance.sample(free, min(len(free), max(3, int(len(entries) * A_DAY)))):
            self.touched.add((entry.source, entry.path))
            kind, days = self.chance.choice(KINDS), self.chance.randrange(1, 40)
            title = f"{entry.title} {'(nieuw)' if kind == 'retitle' else 'nogmaals'}"
            yield Change(kind, entry.source, entry.path, title, days)

    @staticmethod
    def stays(entry: Entry, day: date) -> bool:
        return entry.first.first > day + timedelta(days=2) and "#" not in entry.path

    def broken(self, day: date, fresh: Sequence[str]) -> Iterator[str]:
        """The invariants that do not hold today, each in one line."""
        public = self.place.folder / "public"
        yield from self.witness.look(self.place.folder / "data")
        for name in fresh:
            if name.endswith(".ics"):
                yield from (
                    f"{name}: {fault}" for fault in self.calendars.check((public / name).read_bytes())
                )
        here = {path.stem for path in (self.place.folder / "config" / "sources").rglob("*.yaml")}
        verdict = Verdict(self.place)
        secret = {repr(row.title) for event in verdict.truth.hidden for row in event.listings}
        for line in verdict.lost:
            if line.split()[0] in here and not any(title in line for title in secret):
                yield f"at its site and not in the store: {line}"
        yield from self.vanished(day)

    def vanished(self, day: date) -> Iterator[str]:
        """Dates that are off and that the calendars dropped before thirty days were over."""
        told: dict[str, str] = {}
        for path in (self.place.folder / "public" / "agenda").glob("*.ics"):
            # The region's holds no more than its most, and each municipality's all; those of `keep` say
            # CONFIRMED by design, and other languages say the same.
            if path.stem == "region" or "." in path.stem:
                continue
            told |= self.calendars.read(path)
        kept = self.place.events()
        for event in kept.values():
            for occurrence in event.occurrences:
                if event.hidden is None and Status.CANCELLED in (event.status, occurrence.occurrence.status):
                    self.off.setdefault(occurrence.uid, (event.uid, day))
        for uid, (owner, since) in self.off.items():
            one = kept.get(owner)
            still = [o for o in (one.occurrences if one and one.hidden is None else ()) if o.uid == uid]
            off = one and still and Status.CANCELLED in (one.status, still[0].occurrence.status)
            if off and day - since < OFF_FOR and uid in told and told[uid] != "CANCELLED":
                yield f"is off and the calendar says {told[uid]}: {uid}"
            if off and day - since < OFF_FOR and uid not in told:
                yield f"is off and no longer told after {(day - since).days} days: {uid}"

    def predict(self) -> float:
        """The bytes of the store by docs/scale.md, from those of an event after the first round."""
        path = self.place.folder / "data" / "trek.sqlite"
        store = open_store(f"sqlite:///{path}", read_only=True)
        try:
            events = sum(1 for _ in store.events(hidden=True))
            edits = sum(1 for _ in store.edits())
            runs = sum(1 for _ in store.runs(most=10_000))
        finally:
            store.close()
        grown = edits * JOURNAL + runs * RUN
        self.per_event = self.per_event or (path.stat().st_size - grown) / events
        return events * self.per_event + grown


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


def judge(days: Sequence[Measure]) -> Iterator[str]:
    """What of memory, files and sizes is not as it must be over all days."""
    if len(days) < 3:
        return
    third = len(days) // 3
    settled, end = (max(d.memory for d in part) for part in (days[third : 2 * third], days[-third:]))
    if end > settled * (1 + MOST_GROWTH):
        yield f"memory grew from {settled >> 20} to {end >> 20} MB"
    # The sites' own connections come and go; what a job leaves open would grow by one or more a day.
    if days[-1].handles > days[1].handles + third:
        yield f"open files grew from {days[1].handles} to {days[-1].handles}"
    last = days[-1]
    if abs(last.store - last.predicted) > SIZE_WITHIN * last.predicted:
        yield f"the store has {last.store >> 10} kB, not some {int(last.predicted) >> 10}"


def soak(folder: Path, days: int, municipality: str | None, seed: int) -> list[Measure]:
    """Live that many days in a folder; one measure a day, told as it is made."""
    port = free_base_port(12_600)
    place = Workplace(folder, port, municipality)
    found = []
    with at(f"{DAY}T00:00+00:00"), SampleRegion(DAY, port) as sample:
        region = Soak(place, sample, Random(seed))
        for number in range(days):
            one = region.live(DAY + timedelta(days=number))
            found.append(one)
            print(
                f"day {number + 1:2}: {one.seconds:5.1f} s ({one.computed:.1f} computing), "
                f"{one.changes:2} changes, {one.written:5} files written, "
                f"memory {one.memory >> 20} MB, {one.handles} open files, "
                f"store {one.store >> 10} kB "
                f"(predicted {int(one.predicted) >> 10}), {len(one.broken)} broken",
                flush=True,
            )
            for line in one.broken:
                print(f"        {line}", flush=True)
    return found


def main() -> int:
    """Exit status: 0 when everything held."""
    parser = argparse.ArgumentParser(description="The sample region for many days, with changes every day.")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--municipality", help="only the sources and venues of this one")
    parser.add_argument("--seed", type=int, default=20261124)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        days = soak(Path(folder), asked.days, asked.municipality, asked.seed)
    faults = [*judge(days), *(line for day in days for line in day.broken)]
    for line in judge(days):
        print(line)
    print(f"{asked.days} days in {time.monotonic() - began:.0f} s; {len(faults)} invariants broken")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
