"""Runs the main job on the sample region in a folder of its own, and holds the result against the truth."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from icalendar import Calendar

import trek
from aggregator.clock import AMSTERDAM
from aggregator.model import Event, StoredListing
from aggregator.store import open_store
from crawlers.sample.change import Change
from crawlers.sample.config import write_config
from crawlers.sample.sites import SampleRegion
from crawlers.sample.truth import Truth, TruthEvent, truth

CONFIG = Path(__file__).parents[2] / "config"
DAY = date(2026, 11, 24)


@contextmanager
def at(moment: str) -> Iterator[None]:
    """Everything in the block happens at this moment, here and in processes that it starts."""
    before = os.environ.get("TREK_NOW")
    os.environ["TREK_NOW"] = moment
    try:
        yield
    finally:
        if before is None:
            del os.environ["TREK_NOW"]
        else:
            os.environ["TREK_NOW"] = before


@dataclass
class Workplace:
    """A folder in which the main job runs on the sample, day after day."""

    folder: Path
    port: int
    municipality: str | None = None  # only the sources and venues of this one
    dutch: bool = False  # publish in one language, as the others are the same work again
    truth: Truth | None = None
    digests: dict[str, str] = field(default_factory=dict)

    def work(self, moment: str, changes: Iterable[Change] = ()) -> set[str]:
        """Do the job at a moment with these changes made; the public files whose bytes differ from before."""
        with at(moment), SampleRegion(DAY, self.port, tuple(changes)) as sample:
            work(self.prepare(sample), self.folder, sample.ports)
            self.truth = truth(sample.programme)
        before, self.digests = self.digests, digests(self.folder / "public")
        names = before.keys() | self.digests.keys()
        return {name for name in names if before.get(name) != self.digests.get(name)}

    def prepare(self, sample: SampleRegion) -> Path:
        """The configuration for these sites."""
        config = write_config(self.folder / "config", CONFIG, sample.programme.sources)
        if self.dutch:
            path = config / "region.yaml"
            path.write_text(
                re.sub(r"(?m)^languages:.*$", "languages: [nl]", path.read_text("utf-8")), "utf-8"
            )
        if self.municipality:
            for kind in ("sources", "venues"):
                for path in (config / kind).glob("*"):
                    if path.stem != self.municipality:
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
        return config

    @property
    def database(self) -> str:
        """Address of the store."""
        return f"sqlite:///{self.folder / 'data' / 'trek.sqlite'}"

    def calendar(self, name: str) -> Calendar:
        """A published calendar, parsed."""
        return Calendar.from_ical((self.folder / "public" / "agenda" / name).read_bytes())

    def events(self) -> dict[str, Event]:
        """Every event in the store, by UID."""
        store = open_store(self.database, read_only=True)
        try:
            return {event.uid: event for event in store.events(hidden=True)}
        finally:
            store.close()

    def listings(self) -> list[StoredListing]:
        """Every listing in the store."""
        store = open_store(self.database, read_only=True)
        try:
            return list(store.listings())
        finally:
            store.close()


def work(config: Path, folder: Path, ports: Iterable[int]) -> None:
    """The main job in a folder, on sites at these ports of this machine, which need no patience."""
    desk = trek.Desk(folder / "data", folder / "public", None, config, "sample")
    desk.allowed = tuple(f"127.0.0.1:{port}" for port in ports)
    desk.base_url = "http://127.0.0.1:8480/"
    with desk.open() as store, patch("crawlers.launch.PROGRAM", "tests.system.hasty"):
        desk.work(store, everything=True)


def digests(folder: Path) -> dict[str, str]:
    """A hash of each file below a folder, by its name there."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith("."))
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


class Verdict:
    """What the store made of the sample, held against the truth."""

    def __init__(self, place: Workplace) -> None:
        assert place.truth is not None
        self.place, self.truth, self.events = place, place.truth, place.events()
        self.uid_of = {ref: e.uid for e in self.events.values() for ref in e.listings}
        self.uids: dict[str, set[str]] = defaultdict(set)  # truth event -> our events
        self.mixed: dict[str, set[str]] = defaultdict(set)  # our event -> truth events
        self.lost: list[str] = []
        self._match(place.listings())

    def _match(self, stored: list[StoredListing]) -> None:
        by_key: dict[tuple[str, str], Any] = {}
        for one in stored:
            ref = one.listing.ref
            for name in (ref.key, one.listing.url or "", ref.key.split("#~")[0]):
                by_key.setdefault((ref.source_id, name), []).append(ref)
        for row in self.truth.listings:
            if not row.readable:
                continue
            refs = by_key.get((row.source, row.key or row.url)) or by_key.get((row.source, row.url)) or []
            refs = [r for r in refs if r in self.uid_of]
            if not refs:
                self.lost.append(f"{row.source} {row.title!r} ({row.url})")
            for ref in refs:
                self.uids[row.event].add(self.uid_of[ref])
                self.mixed[self.uid_of[ref]].add(row.event)

    def split(self) -> list[str]:
        """Events of the truth that are several of ours: missed merges."""
        return [
            f"{event.title!r}: " + " / ".join(sorted(self.events[u].title for u in self.uids[event.id]))
            for event in self.truth.shown
            if len(self.uids[event.id]) > 1
        ]

    def false_merges(self) -> list[str]:
        """Events of ours that are several of the truth."""
        titles = {e.id: f"{e.title} ({e.municipality})" for e in self.truth.events.values()}
        return [" = ".join(sorted(titles[i] for i in ids)) for ids in self.mixed.values() if len(ids) > 1]

    def wrongly_shown(self) -> list[str]:
        """Hidden events that can be seen."""
        return [
            f"{event.title!r} ({event.hidden})"
            for event in self.truth.hidden
            for uid in self.uids.get(event.id, ())
            if self.events[uid].hidden is None
        ]

    def wrongly_hidden(self) -> list[str]:
        """Events that ought to be seen and cannot."""
        return [
            f"{event.title!r}: {self.events[uid].hidden} ({self.events[uid].hidden_because})"
            for event in self.truth.shown
            for uid in self.uids.get(event.id, ())
            if self.events[uid].hidden is not None
        ]

    def wrong_places(self) -> list[str]:
        """Events in another municipality than the truth says."""
        return [
            f"{e.title!r}: {self.events[u].place.municipality}, not {e.municipality}"
            for e in self.truth.shown
            for u in self.uids.get(e.id, ())
            if self.events[u].place.municipality != e.municipality
        ]

    def wrong_times(self) -> list[str]:
        """Events whose published moments are not those of the truth, as the calendars tell them."""
        published = self._published()
        wrong = []
        for event in self.truth.shown:
            uids = {o.uid for u in self.uids.get(event.id, ()) for o in self.events[u].occurrences}
            found = sorted(str(published[uid]) for uid in uids if uid in published)
            right = sorted(str(when) for when in self._expected(event))
            if found != right:
                wrong.append(f"{event.id} {event.title!r}: {found[:4]} not {right[:4]}")
        return wrong

    def _published(self) -> dict[str, Any]:
        """Start of each published occurrence by UID; a day for a stay."""
        found: dict[str, Any] = {}
        for path in sorted((self.place.folder / "public" / "agenda").glob("*.ics")):
            if path.stem == "region":
                continue
            for event in self.place.calendar(path.name).walk("VEVENT"):
                start = event["DTSTART"].dt
                local = start.astimezone(AMSTERDAM) if isinstance(start, datetime) else start
                found[str(event["UID"]).split("@")[0]] = (
                    local.replace(tzinfo=None) if isinstance(local, datetime) else local
                )
        return found

    @staticmethod
    def _expected(event: TruthEvent) -> Iterator[date]:
        for occurrence in event.occurrences:
            start = occurrence.start
            last = occurrence.end or start
            day = start.date() if isinstance(start, datetime) else start
            end = last.date() if isinstance(last, datetime) else last
            if not occurrence.listed or end < DAY - timedelta(days=30) or day > DAY + timedelta(days=365):
                continue
            yield start.replace(tzinfo=None) if isinstance(start, datetime) else start


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), range(int(sys.argv[3]), int(sys.argv[4])))
