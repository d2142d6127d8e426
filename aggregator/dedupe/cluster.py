"""Groups listings into events: candidates by block, surest link first, never across a veto."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from aggregator.dedupe.compare import Comparison, compare
from aggregator.dedupe.record import Record, prepare
from aggregator.dedupe.spot import Surveyor
from aggregator.model import Cluster, Link, Listing

# In a block beyond this each is paired with its neighbours only, in order of day and title.
LARGEST = {"venue": 80, "town": 30, "word": 40, "here": 60}
NEIGHBOURS = 8
STEM = 4  # letters of a word by which alike words meet
LINKED = 0.0  # log-odds from which two listings are linked
ON_AVERAGE = 0.0  # log-odds that all pairs of a join must have on average

Pair = tuple[int, int]
Key = tuple[str, object, object]


def cluster(listings: Sequence[Listing], surveyor: Surveyor) -> list[Cluster]:
    """Every listing in exactly one cluster; the same for any order of the listings.

    The links of a cluster are those by which it grew, one fewer than its listings.
    """
    records = [prepare(listing, surveyor) for listing in sorted(listings, key=lambda k: k.ref)]
    book = _Book(records)
    group = [[number] for number in range(len(records))]
    held: defaultdict[int, list[Link]] = defaultdict(list)
    for a, b in book.links(candidates(records)):
        left, right = group[a], group[b]
        if left is right or not book.fit(left, right):
            continue
        held[left[0]] += [*held.pop(right[0], []), book.link(a, b)]
        left.extend(right)
        for number in right:
            group[number] = left
    found = {members[0]: members for members in group}
    clusters = [
        Cluster(
            tuple(records[number].ref for number in sorted(members)),
            tuple(sorted(held[first], key=lambda k: (k.a, k.b))),
        )
        for first, members in found.items()
    ]
    return sorted(clusters, key=lambda c: c.refs)


class _Book:
    """Comparisons of pairs, smaller number first, each made once."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._made: dict[Pair, Comparison] = {}

    def of(self, a: int, b: int) -> Comparison:
        """The comparison of a pair."""
        pair = (a, b) if a < b else (b, a)
        made = self._made.get(pair)
        if made is None:
            made = self._made[pair] = compare(self._records[pair[0]], self._records[pair[1]])
        return made

    def links(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Pairs that are more likely one event than not and that nothing forbids, the surest first."""
        found = []
        for a, b in pairs:
            made = compare(self._records[a], self._records[b])
            if made.veto is None and (odds := made.odds) > LINKED:
                self._made[a, b] = made
                found.append((-odds, a, b))
        return [(a, b) for _, a, b in sorted(found)]

    def fit(self, left: Sequence[int], right: Sequence[int]) -> bool:
        """Whether two groups may be joined: no pair forbids it and on average they belong together."""
        total = 0.0
        for a in left:
            for b in right:
                made = self.of(a, b)
                if made.veto is not None:
                    return False
                total += made.voice
        return total >= ON_AVERAGE * len(left) * len(right)

    def link(self, a: int, b: int) -> Link:
        """The link of a pair with its reason."""
        made = self.of(a, b)
        return Link(self._records[a].ref, self._records[b].ref, round(made.score, 3), made.because)


def candidates(records: Sequence[Record]) -> Iterator[Pair]:
    """Pairs that share a block, each once."""
    blocks: defaultdict[Key, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        for key in _keys(record):
            blocks[key].append(number)
    met: set[Pair] = set()
    for (kind, *_), members in blocks.items():
        pairs = combinations(members, 2) if len(members) <= LARGEST[kind] else _neighbours(members, records)
        for pair in pairs:
            if pair not in met:
                met.add(pair)
                yield pair


def _neighbours(members: list[int], records: Sequence[Record]) -> Iterator[Pair]:
    """Each with the next few: the work grows with the block, not with its square."""
    order = sorted(members, key=lambda n: (records[n].times.first, records[n].title, n))
    for at, number in enumerate(order):
        for other in order[at + 1 : at + 1 + NEIGHBOURS]:
            yield (number, other) if number < other else (other, number)


def _keys(record: Record) -> set[Key]:
    """Day and place; day and beginning of a word; telling word and place."""
    spot, times = record.spot, record.times
    words = sorted(record.telling) or [w.text for w in record.title]
    names = (w.text[:STEM] for w in spot.names if w.weight > 0.3)
    houses: list[object] = [at for at in (spot.venue, spot.house, *names) if at is not None]
    if not houses and not spot.municipality:
        houses.append(("source", record.ref.source_id))  # all that is known of where it is
    days = set(times.days) | {day for span in times.spans for day in span}
    keys: set[Key] = {("venue", day, house) for day in days for house in houses}
    keys |= {("word", day, w.text[:STEM]) for day in days for w in record.title}
    keys |= {("here", word, house) for word in words for house in houses}
    if spot.municipality:
        keys |= {("town", day, spot.municipality) for day in days}
        keys |= {("here", word, spot.municipality) for word in words}
    return keys
