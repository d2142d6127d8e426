"""Groups listings into events: candidates by block, surest link first, never across a veto."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from aggregator.dedupe.compare import Comparison, compare
from aggregator.dedupe.record import Record, prepare
from aggregator.dedupe.spot import Surveyor
from aggregator.model import Cluster, Link, Listing, ListingRef

LARGEST_BLOCK = 80  # a block beyond this holds only what is common and is left to the others
STEM = 4  # letters of a word by which alike words meet
LINKED = 0.0  # log-odds from which two listings are linked
ON_AVERAGE = 0.0  # log-odds that all pairs of a join must have on average

Pair = tuple[ListingRef, ListingRef]


def cluster(listings: Sequence[Listing], surveyor: Surveyor) -> list[Cluster]:
    """Every listing in exactly one cluster; the same for any order of the listings.

    The links of a cluster are those by which it grew, one fewer than its listings.
    """
    records = {listing.ref: prepare(listing, surveyor) for listing in listings}
    book = _Book(records)
    links = [pair for pair in candidates(records) if book.linked(pair)]
    group = {ref: [ref] for ref in records}
    held: defaultdict[ListingRef, list[Link]] = defaultdict(list)
    for a, b in sorted(links, key=lambda pair: (-book.of(pair).odds, pair)):
        left, right = group[a], group[b]
        if left is right or not book.fit(left, right):
            continue
        held[left[0]] += [*held.pop(right[0], []), book.link((a, b))]
        left.extend(right)
        for ref in right:
            group[ref] = left
    found = {members[0]: members for members in group.values()}
    clusters = [Cluster(tuple(sorted(refs)), tuple(_sorted(held[first]))) for first, refs in found.items()]
    return sorted(clusters, key=lambda c: c.refs)


def _sorted(links: list[Link]) -> list[Link]:
    return sorted(links, key=lambda k: (k.a, k.b))


class _Book:
    """Comparisons of pairs, each made once."""

    def __init__(self, records: Mapping[ListingRef, Record]) -> None:
        self._records = records
        self._made: dict[Pair, Comparison] = {}

    def of(self, pair: Pair) -> Comparison:
        """The comparison of a pair, smaller identity first."""
        made = self._made.get(pair)
        if made is None:
            made = self._made[pair] = compare(self._records[pair[0]], self._records[pair[1]])
        return made

    def linked(self, pair: Pair) -> bool:
        """Whether a pair is more likely one event than not, and nothing forbids it."""
        made = self.of(pair)
        return made.veto is None and made.odds > LINKED

    def fit(self, left: Sequence[ListingRef], right: Sequence[ListingRef]) -> bool:
        """Whether two groups may be joined: no pair forbids it and on average they belong together."""
        total = 0.0
        for a in left:
            for b in right:
                made = self.of((a, b) if a < b else (b, a))
                if made.veto is not None:
                    return False
                total += made.voice
        return total >= ON_AVERAGE * len(left) * len(right)

    def link(self, pair: Pair) -> Link:
        """The link of a pair with its reason."""
        made = self.of(pair)
        return Link(*pair, round(made.score, 3), made.because)


def candidates(records: Mapping[ListingRef, Record]) -> Iterator[Pair]:
    """Pairs that share a block, each once, in order."""
    blocks: defaultdict[tuple[object, ...], list[ListingRef]] = defaultdict(list)
    for ref in sorted(records):
        for key in _keys(records[ref]):
            blocks[key].append(ref)
    pairs = {
        pair
        for members in blocks.values()
        if 1 < len(members) <= LARGEST_BLOCK
        for pair in combinations(members, 2)
    }
    yield from sorted(pairs)


def _keys(record: Record) -> set[tuple[object, ...]]:
    """Day and town; day and telling word; telling word and place; begin or end of a stay."""
    spot, times = record.spot, record.times
    words = sorted(record.telling) or sorted(w.text for w in record.title)
    places = {
        spot.venue,
        spot.house,
        spot.municipality,
        *(w.text[:STEM] for w in spot.names if w.weight > 0.3),
    } - {None}
    days = set(times.days) | {day for span in times.spans for day in span}
    keys: set[tuple[object, ...]] = {("day", day, place) for day in days for place in places}
    keys |= {("word", day, w.text[:STEM]) for day in days for w in record.title}
    keys |= {("here", word, place) for word in words for place in places}
    return keys
