"""Groups listings into events: candidates by block, surest link first, never across a veto.

What hangs together by links is a part; parts know nothing of each other. So what changed is done anew
with its own parts alone, with the same result as all from scratch.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from aggregator.dedupe.block import Pair, pairs
from aggregator.dedupe.compare import compare, unlikely
from aggregator.dedupe.record import Record
from aggregator.model import Cluster, Link, Listing, ListingRef
from aggregator.rest import at_rest

LINKED = 0.0  # log-odds from which two listings are linked
ON_AVERAGE = 0.0  # log-odds that all pairs of a join must have on average


Ready = Callable[[Listing], Record]  # makes the record of a listing
Part = tuple[Cluster, ...]  # the events of listings that links hold together, directly or over others


def linked(listings: Sequence[Listing], ready: Ready, around: Collection[ListingRef]) -> set[ListingRef]:
    """Those of the listings that a link joins with one of `around`, which are among them."""
    towns: defaultdict[str | None, list[Listing]] = defaultdict(list)
    for listing in sorted(listings, key=lambda k: (k.source_id, k.key)):
        towns[listing.place.municipality].append(listing)
    astray = prepared(towns.pop(None, []), ready)
    found: set[ListingRef] = set()
    for town in towns.values() or [[]]:
        records = [*astray, *prepared(town, ready)]
        centre = {n for n, record in enumerate(records) if record.ref in around}
        for a, b in _Book(records).links(pairs(records, centre)):
            found |= {records[a].ref, records[b].ref}
    return found


def in_line(record: Record) -> tuple[str, str]:
    """The order of identities, as text alone, which is compared sooner."""
    return record.ref.source_id, record.ref.key


def prepared(listings: Iterable[Listing], ready: Ready) -> list[Record]:
    """The records of listings."""
    with at_rest():
        return [ready(listing) for listing in listings]


def grouped(records: Sequence[Record], loose: Collection[ListingRef] = ()) -> tuple[list[Part], list[int]]:
    """The parts of records in order of identity; those with a loose one wait: numbers of their others."""
    book = _Book(records)
    astray = {n for n, record in enumerate(records) if record.ref in loose} if loose else set()
    links = book.links(p for p in pairs(records) if not (p[0] in astray and p[1] in astray))
    groups = _hang_together(len(records), links)
    by_group: defaultdict[int, list[Pair]] = defaultdict(list)
    for a, b in links:
        by_group[groups[a]].append((a, b))
    members: defaultdict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        members[group].append(number)
    made: list[Part] = []
    waiting: list[int] = []
    for group, numbers in members.items():
        if astray.isdisjoint(numbers):
            made.append(tuple(book.grow(numbers, by_group[group])))
        else:
            waiting += [n for n in numbers if n not in astray]
    return made, waiting


def _hang_together(count: int, links: Iterable[Pair]) -> list[int]:
    """For each number the smallest that links lead to."""
    first = list(range(count))

    def root(number: int) -> int:
        while first[number] != number:
            first[number] = number = first[first[number]]
        return number

    for a, b in links:
        x, y = root(a), root(b)
        first[max(x, y)] = min(x, y)
    return [root(number) for number in range(count)]


class _Book:
    """How the pairs of records speak for one event, smaller number first, each compared once."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._voices: dict[Pair, float | None] = {}

    def links(self, found: Iterable[Pair]) -> list[Pair]:
        """Pairs that are more likely one event than not and that nothing forbids, the surest first."""
        linked = []
        with at_rest():
            for a, b in found:
                x, y = self._records[a], self._records[b]
                if unlikely(x, y):
                    continue
                made = compare(x, y, whole=False)
                if made.veto is None and (odds := made.odds) > LINKED:
                    self._voices[a, b] = made.heard(odds)
                    linked.append((-odds, a, b))
        return [(a, b) for _, a, b in sorted(linked)]

    def voice(self, a: int, b: int) -> float | None:
        """What a pair says for being one event; None when something forbids it."""
        pair = (a, b) if a < b else (b, a)
        if pair not in self._voices:
            made = compare(self._records[pair[0]], self._records[pair[1]], whole=False)
            self._voices[pair] = made.voice if made.veto is None else None
        return self._voices[pair]

    def grow(self, numbers: Sequence[int], links: Iterable[Pair]) -> Iterator[Cluster]:
        """The clusters of a part: joined along the surest links first, as far as all pairs agree."""
        group = {number: [number] for number in numbers}
        held: defaultdict[int, list[Link]] = defaultdict(list)
        for a, b in links:
            left, right = group[a], group[b]
            if left is right or not self.fit(left, right):
                continue
            held[left[0]] += [*held.pop(right[0], []), self.link(a, b)]
            left.extend(right)
            for number in right:
                group[number] = left
        for members in {id(g): g for g in group.values()}.values():
            refs = tuple(self._records[number].ref for number in sorted(members))
            yield Cluster(refs, tuple(sorted(held[members[0]], key=lambda k: (k.a, k.b))))

    def fit(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Whether two groups may be joined: no pair forbids it and on average they belong together."""
        total = 0.0
        for a in left:
            for b in right:
                voice = self.voice(a, b)
                if voice is None:
                    return False
                total += voice
        return total >= ON_AVERAGE * len(left) * len(right)

    def link(self, a: int, b: int) -> Link:
        """The link of a pair with its reason."""
        made = compare(self._records[a], self._records[b])
        return Link(
            self._records[a].ref, self._records[b].ref, round(made.score, 3), sys.intern(made.because)
        )
