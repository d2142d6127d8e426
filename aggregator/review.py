"""Which merges are the least sure, and which two events are nearly one: for an editor to look at. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aggregator.correct.entry import name_of
from aggregator.correct.group import DECIDED
from aggregator.decide import is_over
from aggregator.dedupe.block import pairs
from aggregator.dedupe.compare import Comparison, compare
from aggregator.dedupe.record import Record, prepare
from aggregator.dedupe.spot import Surveyor
from aggregator.model import Event, Listing, ListingRef, Occurrence
from aggregator.region import WHOLE_REGION, Region
from aggregator.wording import Wording

WEAK = 0.9  # a link below this is worth a look
NEAR = 0.1  # and so are two events that are one with at least this probability
MOST_NEAR = 8  # told of one event
OTHER_TITLES = "other titles, but nothing speaks against it"


@dataclass(frozen=True, slots=True)
class Near:
    """An event that looks like another and is held apart from it.

    `veto` is what forbids that they are one; without one the odds were too low, or (`crowd`) the other
    listings did not agree.
    """

    uid: str
    title: str
    when: Occurrence | None
    score: float
    because: str
    veto: str | None = None
    crowd: bool = False

    def say(self, words: Wording) -> str:
        """Why it is another event, in the language of the words."""
        if self.veto:
            return words.because(self.veto)
        line = "crowd" if self.crowd else "doubt"
        return words(line, because=words.because(self.because), score=f"{self.score:.2f}")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two listings in doubt."""

    ref: ListingRef
    uid: str
    title: str
    when: Occurrence
    where: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two listings that were merged weakly (`merged`) or that nearly were one event."""

    merged: bool
    a: Side
    b: Side
    municipality: str | None
    score: float
    because: str

    @property
    def doubt(self) -> float:
        """0..1, the strongest at 1: as likely one as two."""
        return 1 - 2 * abs(self.score - 0.5)

    @property
    def file(self) -> str:
        """The file of decisions that it belongs in."""
        return f"corrections/{self.municipality or WHOLE_REGION}.yaml"

    def entry(self, deed: str, today: date, reason: str) -> str:
        """The lines that decide it: `merge` or `split`."""
        refs = ", ".join(json.dumps(name_of(s.ref), ensure_ascii=False) for s in (self.a, self.b))
        facts = (
            f"    date: {today}\n    role: redactie\n    reason: {json.dumps(reason, ensure_ascii=False)}\n"
        )
        return f"  - {deed}: [{refs}]\n{facts}"


def doubts(
    region: Region,
    events: Iterable[Event],
    listings: Iterable[Listing],
    now: datetime,
    home: str | None = None,
) -> list[Doubt]:
    """Weak merges and near misses among what is shown and still to come, the strongest doubt first.

    `home` leaves only those of a municipality. What people decided is not asked again.
    """
    shown = [e for e in events if not e.hidden and home in (None, e.place.municipality)]
    owner = {ref: event for event in shown for ref in event.listings}
    coming = {k.ref: k for k in listings if k.ref in owner and not is_over(k, now)}
    found = [*_weak(shown, coming), *_misses(region, owner, coming)]
    return sorted(found, key=lambda d: (-d.doubt, d.a.ref, d.b.ref))


def _weak(events: Iterable[Event], listings: Mapping[ListingRef, Listing]) -> Iterator[Doubt]:
    for event in events:
        for link in event.links:
            a, b = listings.get(link.a), listings.get(link.b)
            if a and b and link.score < WEAK and not link.because.startswith(DECIDED):
                sides = _side(a, event), _side(b, event)
                yield Doubt(True, *sides, event.place.municipality, link.score, _because(a, b, link.because))


def _misses(
    region: Region, owner: Mapping[ListingRef, Event], listings: Mapping[ListingRef, Listing]
) -> Iterator[Doubt]:
    """The nearest two listings of each two events that are nearly one."""
    best: dict[tuple[str, str], tuple[float, Record, Record, Comparison]] = {}
    for a, b in _compared(region, listings.values()):
        one, other = owner[a.ref], owner[b.ref]
        if one is other or {r.mark for r in one.rulings} & {r.mark for r in other.rulings}:
            continue
        made = compare(a, b)
        key = (min(one.uid, other.uid), max(one.uid, other.uid))
        if made.veto is None and made.score >= NEAR and made.score > best.get(key, (0.0,))[0]:
            best[key] = made.score, a, b, made
    for score, a, b, made in best.values():
        x, y = owner[a.ref], owner[b.ref]
        town = x.place.municipality if x.place.municipality == y.place.municipality else None
        because = _because(a.listing, b.listing, made.because)
        yield Doubt(False, _side(a.listing, x), _side(b.listing, y), town, round(score, 3), because)


def _because(a: Listing, b: Listing, because: str) -> str:
    """The reason; equal titles that name nothing weigh nothing, but a reader sees that they are equal."""
    same = a.title.casefold() == b.title.casefold()
    return because.replace(OTHER_TITLES, "the same title") if same else because


def _compared(region: Region, listings: Iterable[Listing]) -> Iterator[tuple[Record, Record]]:
    """Each two listings that may be one event, a municipality at a time."""
    surveyor = Surveyor(region)
    towns: defaultdict[str | None, list[Record]] = defaultdict(list)
    for listing in sorted(listings, key=lambda k: k.ref):
        towns[listing.place.municipality].append(prepare(listing, surveyor))
    loose = towns.pop(None, [])
    for records in towns.values():
        together = sorted([*records, *loose], key=lambda r: r.ref)
        yield from ((together[a], together[b]) for a, b in pairs(together))
    if not towns:
        yield from ((loose[a], loose[b]) for a, b in pairs(loose))


def _side(listing: Listing, event: Event) -> Side:
    place = listing.place
    where = ", ".join(p for p in (place.name, place.place or place.municipality) if p)
    return Side(listing.ref, event.uid, listing.title, listing.occurrences[0], where, listing.url)


def near(region: Region, event: Event, events: Iterable[Event], listings: Iterable[Listing]) -> list[Near]:
    """The events that look like this one and are held apart from it, the likest first."""
    own = set(event.listings)
    owner = {ref: other for other in events for ref in other.listings if other.uid != event.uid}
    asked = [k for k in listings if k.ref in own or (k.ref in owner and _may_meet(k, event))]
    found: dict[str, tuple[float, Comparison, Record]] = {}
    for a, b in _compared(region, asked):
        if (a.ref in own) == (b.ref in own):
            continue
        other, made = b if a.ref in own else a, compare(a, b)
        least = 0.5 if made.veto else NEAR
        uid = owner[other.ref].uid
        if made.score >= least and made.score > found.get(uid, (0.0,))[0]:
            found[uid] = made.score, made, other
    order = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:MOST_NEAR]
    return [_near(owner[other.ref], made) for _, (_, made, other) in order]


def _may_meet(listing: Listing, event: Event) -> bool:
    return listing.place.municipality in (None, event.place.municipality) or not event.place.municipality


def _near(event: Event, made: Comparison) -> Near:
    when: Sequence[Occurrence] = [o.occurrence for o in event.occurrences]
    first = when[0] if when else None
    score = round(made.score, 3)
    return Near(event.uid, event.title, first, score, made.because, made.veto, crowd=made.odds > 0)
