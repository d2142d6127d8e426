"""The clusters of all listings, where only what hangs together with a change is compared anew.

What is compared depends on two listings alone, and what hangs together by links is a part that knows
nothing of other parts. So after a change the parts that it leaves or comes to are made anew from their
own listings, and the others are as the store remembers them: the same as all from scratch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from aggregator.model import Cluster, Listing, ListingRef, Outline, State
from aggregator.rest import at_rest
from aggregator.rooms import Compares, Rooms
from aggregator.store.protocol import Store

MANY = 0.2  # from this share of changed listings all are compared: it is less work


class Shelf(Mapping[ListingRef, Listing]):
    """The present listings, read from the store when they are first asked for: one, or all at once."""

    def __init__(self, store: Store, refs: Collection[ListingRef]) -> None:
        self._store, self._refs = store, refs
        self._read: dict[ListingRef, Listing] | None = None
        self._single: dict[ListingRef, Listing] = {}

    def _all(self) -> dict[ListingRef, Listing]:
        if self._read is None:
            every = (stored.listing for stored in self._store.listings())
            self._read = {listing.ref: listing for listing in every if listing.ref in self._refs}
        return self._read

    def __getitem__(self, ref: ListingRef) -> Listing:
        if self._read is None and ref not in self._single:
            self._single.update(_some(self._store, [ref] if ref in self._refs else []))
        return (self._single if self._read is None else self._read)[ref]

    def __iter__(self) -> Iterator[ListingRef]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._refs)


class Filed(Mapping[ListingRef, Sequence[int]]):
    """The blocks in which listings lie, worked out when asked: kept, they would be most of the memory."""

    def __init__(self, listings: Mapping[ListingRef, Listing], compares: Compares) -> None:
        self._listings, self._compares = listings, compares

    def __getitem__(self, ref: ListingRef) -> Sequence[int]:
        return self._compares.filed(self._listings[ref])

    def __iter__(self) -> Iterator[ListingRef]:
        return iter(self._listings)

    def __len__(self) -> int:
        return len(self._listings)


def gather(store: Store, rooms: Rooms, outlines: Mapping[ListingRef, Outline], code: str) -> list[Cluster]:
    """Every listing that is not withdrawn in exactly one cluster, in order.

    `code` is the fingerprint of the rules: what other rules found is not used.
    """
    with at_rest():
        return _gather(store, rooms, outlines, code)


def _gather(store: Store, rooms: Rooms, outlines: Mapping[ListingRef, Outline], code: str) -> list[Cluster]:
    present = {ref: o.content_hash for ref, o in outlines.items() if o.state is not State.WITHDRAWN}
    if rooms.compares is None:
        return rooms.cluster(list(Shelf(store, present.keys()).values()))
    known = store.kin(code)
    changed = {ref for ref, said in present.items() if ref not in known or known[ref].content_hash != said}
    if len(changed) > MANY * len(present):
        shelf = Shelf(store, present.keys())
        _remember(store, rooms.compares, shelf, present, code)
    elif changed or len(known) != len(present):
        read = _some(store, changed)
        near = _near(store, rooms.compares, read, present)
        gone = known.keys() - present.keys()
        dropped = {known[ref].part for ref in (near | changed | gone) if ref in known}
        again = changed | {ref for ref, kin in known.items() if kin.part in dropped and ref in present}
        read |= _some(store, again - read.keys())
        _remember(store, rooms.compares, {ref: read[ref] for ref in sorted(again)}, present, code, dropped)
    return sorted(chain.from_iterable(store.parts()), key=lambda c: (c.refs[0].source_id, c.refs[0].key))


def _near(
    store: Store, compares: Compares, read: dict[ListingRef, Listing], present: Mapping[ListingRef, str]
) -> set[ListingRef]:
    """The listings that links lead to from the changed ones, which are read; what is read for it is added."""
    changed = set(read)
    asked = {block for listing in read.values() for block in compares.asked(listing)}
    read |= _some(store, {ref for ref in store.filed(asked) if ref in present and ref not in changed})
    found = compares.parts(list(read.values()), around=changed)
    return {ref for part in found for cluster in part for ref in cluster.refs}


def _remember(
    store: Store,
    compares: Compares,
    listings: Mapping[ListingRef, Listing],
    hashes: Mapping[ListingRef, str],
    code: str,
    dropped: Collection[str] | None = None,
) -> None:
    """Make the parts of these listings anew in place of the dropped ones, or of all."""
    parts = compares.parts(list(listings.values()))
    store.save_kin(parts, hashes, Filed(listings, compares), code, dropped=dropped)


def _some(store: Store, refs: Collection[ListingRef]) -> dict[ListingRef, Listing]:
    return {stored.listing.ref: stored.listing for stored in store.some_listings(refs)}
