"""The invariants of a soak, looked at in a process of their own, beside the job of the next day.

What a day left is laid aside when its job has ended (`lay_aside`: the store copied, calendars linked, which
the next job replaces and never writes into), so that all of it is looked at, every day, as it was that day.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from aggregator.model import Event, Status
from aggregator.store import open_store
from crawlers.sample.truth import Truth
from feeds.select import OFF_FOR
from tests.system.sample import Verdict, Workplace
from tests.system.whole import Calendars, Witness

# docs/scale.md: a line of the journal, and what a run's row takes; the first round says what an event takes.
JOURNAL, RUN = 150, 540


@dataclass(frozen=True)
class Verdicts:
    """Of one day: the bytes of the store, those predicted, and what does not hold, a line each."""

    store: int
    predicted: float
    broken: tuple[str, ...]


@dataclass
class Checks:
    """Looks at day after day, and remembers what was there before."""

    here: frozenset[str]  # the sources
    witness: Witness = field(default_factory=Witness)
    calendars: Calendars = field(default_factory=Calendars)
    off: dict[str, tuple[str, date]] = field(default_factory=dict)  # occurrence: (event, first day told)
    per_event: float = 0

    def look(self, aside: Path, day: date, truth: Truth) -> Verdicts:
        """Everything that was laid aside of a day; it is removed."""
        os.environ["TREK_NOW"] = f"{day}T08:00+00:00"
        verdict = Verdict(Workplace(aside, 0, truth=truth))
        broken = [*self.witness.look(aside / "data"), *self.torn(aside), *self.lost(verdict)]
        broken += self.vanished(aside, day, verdict.events)
        predicted = self.predict(aside, len(verdict.events))
        store = (aside / "data" / "trek.sqlite").stat().st_size
        shutil.rmtree(aside)
        return Verdicts(store, predicted, tuple(broken))

    def torn(self, aside: Path) -> Iterator[str]:
        """Calendars that were written on this day and are not whole and valid."""
        for path in sorted((aside / "fresh").rglob("*.ics")):
            name = path.relative_to(aside / "fresh")
            yield from (f"{name}: {fault}" for fault in self.calendars.check(path.read_bytes()))

    def lost(self, verdict: Verdict) -> Iterator[str]:
        """What the sites tell and the store has not."""
        secret = {repr(row.title) for event in verdict.truth.hidden for row in event.listings}
        for line in verdict.lost:
            if line.split()[0] in self.here and not any(title in line for title in secret):
                yield f"at its site and not in the store: {line}"

    def vanished(self, aside: Path, day: date, kept: Mapping[str, Event]) -> Iterator[str]:
        """Dates that are off and that the calendars dropped before thirty days were over."""
        told: dict[str, str] = {}
        for path in (aside / "public" / "agenda").glob("*.ics"):
            # The region's holds no more than its most, and each municipality's all; those of `keep` say
            # CONFIRMED by design, and other languages say the same.
            if path.stem == "region" or "." in path.stem:
                continue
            told |= self.calendars.read(path)
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

    def predict(self, aside: Path, events: int) -> float:
        """The bytes of the store by docs/scale.md, from those of an event after the first round."""
        path = aside / "data" / "trek.sqlite"
        store = open_store(f"sqlite:///{path}", read_only=True)
        try:
            edits = sum(1 for _ in store.edits())
            runs = sum(1 for _ in store.runs(most=10_000))
        finally:
            store.close()
        grown = edits * JOURNAL + runs * RUN
        self.per_event = self.per_event or (path.stat().st_size - grown) / events
        return events * self.per_event + grown


def lay_aside(folder: Path, aside: Path, fresh: Collection[str]) -> None:
    """What a day's checks look at, which later days cannot change; nobody writes in the store now."""
    (aside / "data").mkdir(parents=True)
    shutil.copyfile(folder / "data" / "trek.sqlite", aside / "data" / "trek.sqlite")
    public = folder / "public"
    for name in (n for n in fresh if n.endswith(".ics")):
        (aside / "fresh" / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / "fresh" / name).hardlink_to(public / name)
    (aside / "public" / "agenda").mkdir(parents=True)
    for path in (public / "agenda").glob("*.ics"):
        (aside / "public" / "agenda" / path.name).hardlink_to(path)
