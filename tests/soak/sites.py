"""The sites of a soak, in a process of their own: what they hold in memory is not Trek's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from crawlers.sample.change import Change, Kind
from crawlers.sample.model import Entry
from crawlers.sample.sites import SampleRegion
from crawlers.sample.truth import Truth, truth
from tests.system.sample import DAY, Workplace

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


@dataclass
class Sites:
    """The sample's sites, which stay up and change from day to day as a seed says."""

    place: Workplace
    seed: int
    touched: set[tuple[str, str]] = field(default_factory=set)  # pages that had their change
    out: str = ""  # the site that is out of order today

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.sample = SampleRegion(DAY, self.place.port).start()
        self.config = self.place.prepare(self.sample)
        self.here = sources_of(self.config)

    def open(self) -> tuple[Path, range]:
        """Where the configuration for them lies, and their ports."""
        return self.config, self.sample.ports

    def turn(self, day: date, moment: str) -> tuple[int, Truth]:
        """A new day: they change; how many changes that were, and what is so from now on."""
        os.environ["TREK_NOW"] = moment
        self.sample.turn(day)
        changes = list(self.changes(day)) if day > DAY else []
        for change in changes:
            self.sample.apply(change)
        return len(changes), truth(self.sample.programme)

    def changes(self, day: date) -> Iterator[Change]:
        """What the sites do today: a few entries change, and one site is out of order."""
        if self.out:
            yield Change("well", self.out)
        sound = sorted(
            s.id
            for s in self.sample.programme.sources.values()
            if s.id in self.here and s.trait not in OUT_OF_ORDER
        )
        self.out = self.chance.choice(sound) if day.day % 3 == 0 else ""
        if self.out:
            yield Change("error", self.out)
        open_ = [s for s in sound if s != self.out]
        entries = [e for s in open_ for e in self.sample.programme.by_source[s]]
        free = [e for e in entries if (e.source, e.path) not in self.touched and stays(e, day)]
        for entry in self.chance.sample(free, min(len(free), max(3, int(len(entries) * A_DAY)))):
            self.touched.add((entry.source, entry.path))
            kind, days = self.chance.choice(KINDS), self.chance.randrange(1, 40)
            title = f"{entry.title} {'(nieuw)' if kind == 'retitle' else 'nogmaals'}"
            yield Change(kind, entry.source, entry.path, title, days)


def stays(entry: Entry, day: date) -> bool:
    """Whether an entry will be told for some days yet, on a page of its own."""
    return entry.first.first > day + timedelta(days=2) and "#" not in entry.path


def sources_of(config: Path) -> frozenset[str]:
    """The sources of a configuration, by the names of their files."""
    return frozenset(path.stem for path in (config / "sources").rglob("*.yaml"))
