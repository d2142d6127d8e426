"""The region in figures: what is counted for `/zicht/`, and how. Pure, no language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aggregator.model import Event
from feeds.info import SiteInfo
from feeds.select import Agenda, Showing, Window
from feeds.sight.estimate import Estimate, estimate
from feeds.tally import ALL, MONTHS, WHOLE, Tally, months_from, tally_of
from feeds.urls import REGION

NEAR = timedelta(days=91)  # from today on: what gaps and estimates look at
OWN_TIERS = ("organiser", "venue")
CHILDREN = "kinderen"


@dataclass(frozen=True, slots=True)
class Voices:
    """The sources of one municipality: how many are read, which told nothing that is coming, which fail."""

    read: int
    silent: tuple[str, ...]
    failing: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """All by municipality, and `region` for the whole; `gaps` are (municipality, pillar) without an event."""

    months: tuple[str, ...]
    tallies: Mapping[tuple[str, str], Tally]
    period: str
    free: Mapping[str, int]
    children: Mapping[str, int]
    sources: Mapping[str, Voices]
    gaps: tuple[tuple[str, str], ...]
    estimates: Mapping[str, Estimate]

    def total(self, place: str, key: str = ALL) -> int:
        """Events of the whole time."""
        return self.tallies[place, self.period].counts[key]

    def month(self, place: str, month: str, key: str = ALL) -> int:
        """Events of a month."""
        return self.tallies[place, month].counts[key]

    def share(self, place: str, key: str) -> float:
        """The part of its events that have a pillar, 0..1; one of two pillars counts for both."""
        return self.total(place, key) / (self.total(place) or 1)


def count(agenda: Agenda) -> Figures:
    """The figures of a day: twelve months from this one on, gaps and estimates of three."""
    info = agenda.info
    months = months_from(agenda.today, MONTHS)
    tallies = {(one.municipality, one.month): one for one in tally_of(agenda, months)}
    coming = {s.event.uid: s.event for s in _coming(agenda)}.values()
    near = {s.event.uid: s.event for s in _coming(agenda, near=True)}.values()
    return Figures(
        tuple(months),
        tallies,
        f"{months[0]}/{months[-1]}",
        _by_place(e for e in coming if e.price is not None and e.price.free),
        _by_place(e for e in coming if any(tag.tag == CHILDREN for tag in e.tags)),
        _voices(list(coming), agenda),
        _gaps(near, info),
        {place: _estimate(found, info) for place, found in _parts(near, info).items()},
    )


def _coming(agenda: Agenda, *, near: bool = False) -> list[Showing]:
    """What is not off, within the twelve months that are counted or the three near ones."""
    last = f"{months_from(agenda.today, MONTHS)[-1]}-31"
    span = Window(agenda.today, agenda.today + NEAR)
    found = [s for s in agenda.coming(REGION) if not s.off and not s.merged]
    return [s for s in found if (span.shows(s) if near else f"{s.first}" <= last)]


def _by_place(events: Iterable[Event]) -> Counter[str]:
    found: Counter[str] = Counter()
    for event in events:
        found.update((event.place.municipality or "", WHOLE))
    return found


def _parts(events: Iterable[Event], info: SiteInfo) -> dict[str, list[Event]]:
    parts: dict[str, list[Event]] = {place: [] for place in (*info.municipalities, WHOLE)}
    for event in events:
        parts[event.place.municipality or ""].append(event)
        parts[WHOLE].append(event)
    return parts


def _voices(events: Sequence[Event], agenda: Agenda) -> dict[str, Voices]:
    """By the municipality in whose folder a source stands; those of the whole region under `region`."""
    telling = {source for event in events for source in sources_of(event)}
    found: dict[str, list[str]] = {place: [] for place in (*agenda.info.municipalities, WHOLE)}
    for name, source in agenda.info.sources.items():
        if not source.off:
            found.setdefault(source.municipality or WHOLE, []).append(name)
    return {
        place: Voices(
            len(names),
            tuple(n for n in names if n not in telling and n not in agenda.stale),
            tuple(n for n in names if n in agenda.stale),
        )
        for place, names in found.items()
    }


def sources_of(event: Event) -> set[str]:
    """The sources that tell of an event."""
    return {ref.source_id for ref in event.listings}


def _gaps(events: Iterable[Event], info: SiteInfo) -> tuple[tuple[str, str], ...]:
    there = {(e.place.municipality, tag.tag) for e in events for tag in e.pillars}
    return tuple((m, p) for m in info.municipalities for p in info.pillars if (m, p) not in there)


def _estimate(events: Iterable[Event], info: SiteInfo) -> Estimate:
    counts: Counter[str] = Counter()
    for event in events:
        tiers = {info.sources[s].tier for s in sources_of(event) if s in info.sources}
        own, others = bool(tiers & {*OWN_TIERS}), bool(tiers - {*OWN_TIERS, ""})
        counts.update({"own": int(own), "others": int(others), "both": int(own and others)})
    return estimate(counts["own"], counts["others"], counts["both"])
