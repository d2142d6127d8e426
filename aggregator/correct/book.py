"""The decisions of a region that hold today, and what they do to clusters and events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from aggregator.config_entries import closest, validate
from aggregator.correct.entry import Decision, keys_of
from aggregator.correct.field import correct, without
from aggregator.correct.group import Members, Wish, regroup
from aggregator.errors import ConfigError, ConfigMistakesError
from aggregator.model import Cluster, Event, Listing, ListingRef
from aggregator.region import WHOLE_REGION, Region
from aggregator.yaml_file import Document, load_document

FOLDER = "corrections/"
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Placed:
    """A decision with the file and line that it stands in, and the municipality that it is for.

    `mark` tells it from all others, as long as nobody changes a word of it.
    """

    decision: Decision
    file: str
    line: int
    home: str
    mark: str

    def fits(self, event: Event) -> bool:
        """Whether it is about this event, and this event is of its municipality."""
        about = self.decision.about
        return self._owns(event) and (about is None or about.fits(event))

    def _owns(self, event: Event) -> bool:
        place, values = event.place.municipality, self.decision.correct
        claims = place is None and values is not None and bool(values.venue or values.municipality)
        return self.home in (WHOLE_REGION, place) or claims

    @property
    def order(self) -> tuple[date, str, int]:
        """The earlier first; of one day in the order of files and lines."""
        return self.decision.date, self.file, self.line


class Book:
    """The decisions that hold on a day (all when none is given), and those that have ended."""

    def __init__(self, region: Region, placed: Sequence[Placed], today: date | None = None) -> None:
        self.region, self.today = region, today
        ordered = sorted(placed, key=lambda p: p.order)
        self.ended = [p for p in ordered if today and p.decision.until and p.decision.until <= today]
        self._all = ordered
        self._held = frozenset(p.mark for p in ordered if p not in self.ended)
        self._index: dict[tuple[str, str], list[Placed]] = {}
        for one in ordered:
            for key in one.decision.keys:
                self._index.setdefault(key, []).append(one)
        self.kinds = frozenset(kind for kind, _ in self._index)  # of what events are found by here

    @property
    def placed(self) -> list[Placed]:
        """The decisions in force, the earlier first."""
        return [p for p in self._all if p.mark in self._held]

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of the decisions in force."""
        return tuple(p.mark for p in self.placed)

    @property
    def groups(self) -> bool:
        """Whether any decision in force joins or parts events."""
        return any(p.decision.merge or p.decision.split for p in self.placed)

    @property
    def digest(self) -> str:
        """A short text that differs when other decisions are in force; empty when there is none."""
        return hashlib.sha256(" ".join(self.marks).encode()).hexdigest()[:16] if self.marks else ""

    @contextmanager
    def as_of(self, marks: Sequence[str]) -> Iterator[None]:
        """Only these decisions hold meanwhile: those that held when a step was first done."""
        before, self._held = self._held, frozenset(marks)
        try:
            yield
        finally:
            self._held = before

    def group(
        self, clusters: Sequence[Cluster], listings: Mapping[ListingRef, Listing], members: Members
    ) -> list[Cluster]:
        """The clusters as people want them; `members` are all listings ever of a UID's event."""
        wishes = [
            Wish(d.refs, bool(d.merge), p.home, d.because)
            for p in self.placed
            if (d := p.decision).merge or d.split
        ]
        return regroup(clusters, listings, wishes, members) if wishes else list(clusters)

    def of(self, event: Event, keys: Iterable[tuple[str, str]] | None = None) -> list[Placed]:
        """The decisions that an event follows or is about, the earlier first; `keys` where they are known."""
        if not self._index:
            return []
        known = {r.mark for r in event.rulings}
        keys = keys_of(event, self.kinds) if keys is None else keys
        found = {p.mark: p for key in keys for p in self._index.get(key, ()) if p.fits(event)}
        return [p for p in self.placed if p.mark in found or p.mark in known]

    def correct(self, draft: Event) -> Event:
        """The merged event, before its pillars are read: fields corrected, decisions noted on it."""
        event = draft
        for placed in self.of(draft):
            decision = placed.decision
            if decision.correct:
                event = correct(event, decision.correct, self.region, decision.because)
            if decision.without:
                event = without(event, decision.without)
            event = replace(
                event,
                featured=event.featured or decision.feature,
                rulings=(*event.rulings, *decision.rulings(placed.mark)),
            )
        return event


def load_book(region: Region, today: date | None = None) -> Book:
    """The decisions in `corrections/`; ConfigMistakesError with every mistake in its files."""
    placed: list[Placed] = []
    mistakes: list[ConfigError] = []
    for name, raw in region.raw.items():
        if name.startswith(FOLDER):
            document = _document(region, f"{name}.yaml", raw)
            placed += _read(document, name.removeprefix(FOLDER), region)
            mistakes += document.mistakes
    if mistakes:
        raise ConfigMistakesError(tuple(mistakes))
    return Book(region, placed, today)


def _document(region: Region, file: str, raw: object) -> Document:
    """The file itself, which knows the line of each key; else what was read of it."""
    path = region.folder / file if region.folder else None
    return load_document(path, file) if path and path.is_file() else Document(file, raw)


def _read(document: Document, home: str, region: Region) -> Iterator[Placed]:
    homes = (*region.municipalities, WHOLE_REGION)
    if home not in homes:
        document.mistake(f"no municipality is called {home}", (), closest(home, homes) or "rename the file")
        return
    data = document.data if isinstance(document.data, dict) else {}
    for other in data:
        if other != "corrections":
            document.mistake(f"unknown key {other}", (other,), closest(other, ["corrections"]))
    entries = data.get("corrections")
    if not isinstance(entries, list):
        document.mistake("no list under `corrections`", (), "begin with `corrections:`, each entry with `- `")
        return
    for number, entry in enumerate(entries):
        at = ("corrections", number)
        decision = validate(document, Decision, entry, at)
        if decision is not None:
            _check(document, decision, home, region, number)
            plain = decision.model_dump(mode="json", exclude_defaults=True)
            words = json.dumps([home, plain], sort_keys=True, ensure_ascii=False)
            mark = hashlib.sha256(words.encode()).hexdigest()[:12]
            yield Placed(decision, document.file, document.line(at), home, mark)


def _check(document: Document, decision: Decision, home: str, region: Region, number: int) -> None:
    """What only the region knows: pillars, venues, municipalities, and whose they are."""
    at = ("corrections", number)
    for key in ("set", "unset"):
        for pillar in getattr(decision, key):
            if pillar not in region.pillars:
                known = ", ".join(sorted(region.pillars))
                document.mistake(f"no pillar is called {pillar}", (*at, key), f"write one of {known}")
    values = decision.correct
    if values is None:
        return
    venue = region.venues.get(values.venue or "")
    if values.venue and venue is None:
        hint = closest(values.venue, region.venues)
        document.mistake(f"no venue is called {values.venue}", (*at, "correct", "venue"), hint)
    town = values.municipality
    if town and town not in (*region.municipalities, OUTSIDE):
        hint = closest(town, (*region.municipalities, OUTSIDE))
        document.mistake(f"no municipality is called {town}", (*at, "correct", "municipality"), hint)
    elif town and venue and town != venue.municipality:
        what = f"venue {venue.id} is in {venue.municipality}, not in {town}"
        document.mistake(what, (*at, "correct", "municipality"), "take municipality: out")
    moved = venue.municipality if venue else town
    if home != WHOLE_REGION and moved not in (None, home, OUTSIDE):
        what = f"moves an event to {moved}, which a file of {home} must not touch"
        document.mistake(what, (*at, "correct"), f"write it in corrections/{WHOLE_REGION}.yaml")
