"""Groups listings into events: candidates by block, strongest link first, never across a veto."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from aggregator.dedupe.compare import compare, veto
from aggregator.dedupe.record import Record, prepare
from aggregator.model import Cluster, Link, Listing, ListingRef

LARGEST_BLOCK = 400  # a block beyond this holds only a common word and is left to the others


def cluster(listings: Sequence[Listing]) -> list[Cluster]:
    """Every listing in exactly one cluster; the same for any order of the listings."""
    records = {listing.ref: prepare(listing) for listing in listings}
    links = [link for a, b in candidates(records) if (link := compare(records[a], records[b]))]
    group = {ref: [ref] for ref in records}
    for link in sorted(links, key=lambda k: (-k.score, k.a, k.b)):
        left, right = group[link.a], group[link.b]
        if left is right or _vetoed(left, right, records):
            continue
        left.extend(right)
        for ref in right:
            group[ref] = left
    found = {id(members): members for members in group.values()}
    return sorted((_cluster(members, links) for members in found.values()), key=lambda c: c.refs)


def candidates(records: dict[ListingRef, Record]) -> Iterator[tuple[ListingRef, ListingRef]]:
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
    """Day and municipality; telling word and place; telling word and month of a span."""
    town = record.listing.place.municipality
    keys: set[tuple[object, ...]] = {("day", day, town) for day in record.days}
    keys |= {("day", day, word) for day in record.days for word in record.words}
    where = record.listing.place.venue or record.listing.place.name or town
    keys |= {("word", word, where) for word in record.words}
    if record.spans:
        keys |= {("span", word, town) for word in record.words}
    return keys


def _vetoed(left: list[ListingRef], right: list[ListingRef], records: dict[ListingRef, Record]) -> bool:
    return any(veto(records[a], records[b]) for a in left for b in right)


def _cluster(members: list[ListingRef], links: list[Link]) -> Cluster:
    inside = set(members)
    return Cluster(tuple(sorted(members)), tuple(k for k in links if k.a in inside and k.b in inside))
