"""The clusters of the listings, where only what hangs together with a change is compared and looked at.

What is compared depends on two listings alone, and what hangs together by links is a part that knows
nothing of other parts. So after a change the parts that it leaves or comes to are made anew from their
own listings, and the others are as the store remembers them: the same as all from scratch. Which listings
changed is marked where they are written; a mark goes when the events that it may concern are saved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from aggregator.identity import event_uid
from aggregator.model import Cluster, Listing, ListingRef, Outline, State
from aggregator.rooms import Compares, Rooms
from aggregator.store.protocol import Store

MANY = 0.2  # from this share of changed listings all are compared: it is less work


@dataclass(frozen=True, slots=True)
class Gathered:
    """Clusters in order, and what the store knows of them: of all, or of all that marks may concern.

    `outlines` are of their listings and of any that ever belonged to their events; `homes` says to which
    event (UID) each belongs, `active` of which it is made. `bases` are those events' own, `taken` the UIDs
    that a new event may not have, `settled` the marks that are done with when the events are saved.
    """

    clusters: list[Cluster]
    outlines: Mapping[ListingRef, Outline]
    homes: Mapping[ListingRef, str]
    active: Mapping[ListingRef, str]
    bases: Mapping[str, str]
    taken: Collection[str]
    settled: Collection[ListingRef]


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


def gather(store: Store, rooms: Rooms, code: str, *, whole: bool = False) -> Gathered:
    """The clusters whose events may have to be made anew; with `whole` every listing's that is not withdrawn.

    `code` is the fingerprint of the rules: what other rules found is not used.
    """
    if rooms.compares is None:
        return _whole(store, rooms.cluster(list(Shelf(store, _present(store)).values())))
    compared, marked = store.compared(code), store.marked()
    if not compared or len(marked) > MANY * compared:
        hashes = _present(store)
        _remember(store, rooms.compares, Shelf(store, hashes.keys()), hashes, code)
        whole = True
    else:
        _renew(store, rooms.compares, marked, code)
    return _whole(store, chain.from_iterable(store.parts())) if whole else _around(store)


def _present(store: Store) -> dict[ListingRef, str]:
    """The hash of each listing that is not withdrawn."""
    return {r: o.content_hash for r, o in store.outlines().items() if o.state is not State.WITHDRAWN}


def _renew(store: Store, compares: Compares, marked: Collection[ListingRef], code: str) -> None:
    """Compare what is marked and differs from what was compared, and make anew the parts that it concerns."""
    outlines, known = store.outlines(marked), store.kin(marked)
    present = {ref: o.content_hash for ref, o in outlines.items() if o.state is not State.WITHDRAWN}
    changed = {ref for ref, said in present.items() if ref not in known or known[ref].content_hash != said}
    gone = known.keys() - present.keys()
    if not changed and not gone:
        return
    read = _some(store, changed)
    near = _near(store, compares, read, gone)
    met = {ref: kin for ref, kin in known.items() if ref in changed or ref in gone}
    dropped = {kin.part for kin in (*met.values(), *store.kin(near - changed).values())}
    held = store.held_by(dropped)
    again = (held.keys() - gone) | changed
    read |= _some(store, again - read.keys())
    hashes = {ref: kin.content_hash for ref, kin in held.items()} | present
    _remember(store, compares, {ref: read[ref] for ref in sorted(again)}, hashes, code, dropped)


def _near(
    store: Store, compares: Compares, read: dict[ListingRef, Listing], gone: Collection[ListingRef]
) -> set[ListingRef]:
    """The listings that links join with the changed ones, which are read; what is read for it is added."""
    changed = set(read)
    asked = {block for listing in read.values() for block in compares.asked(listing)}
    read |= _some(store, store.filed(asked) - changed - set(gone))
    return compares.linked(list(read.values()), changed)


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


def _whole(store: Store, clusters: Iterable[Cluster]) -> Gathered:
    """All clusters, with all that the store knows."""
    homes = store.memberships()
    return Gathered(
        sorted(clusters, key=_place_in_line),
        store.outlines(),
        homes,
        store.memberships(active=True),
        store.bases(),
        set(homes.values()),
        store.marked(),
    )


def _place_in_line(cluster: Cluster) -> tuple[str, str]:
    return cluster.refs[0].source_id, cluster.refs[0].key


@dataclass(slots=True)
class _Circle:
    """What marks may concern: grows by whatever shares a part or an event with what is in it."""

    refs: set[ListingRef] = field(default_factory=set)
    clusters: list[Cluster] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    def grow(self, store: Store, fresh: Collection[ListingRef]) -> set[ListingRef]:
        """Take these listings in, their parts and their events; who else belongs to those events."""
        names = {kin.part for kin in store.kin(fresh).values()} - self.parts
        self.parts |= names
        found = [cluster for part in store.parts(names) for cluster in part]
        self.clusters += found
        more = {ref for cluster in found for ref in cluster.refs}.union(fresh) - self.refs
        self.refs |= more
        uids = {*store.memberships(refs=more).values(), *self._robbed(store, more)} - self.uids
        self.uids |= uids
        return store.memberships(uids=uids).keys() - self.refs

    def _robbed(self, store: Store, refs: Collection[ListingRef]) -> Collection[str]:
        """The events that UIDs now lead to which these listings may found again."""
        held: set[str] = set()
        again, founders = 0, refs
        while founders:
            names = {event_uid(ref, again): ref for ref in founders}
            taken = store.bases(names).keys()
            held.update(store.aliases(names).values())
            self.taken |= taken
            again, founders = again + 1, [names[uid] for uid in taken]
        return held


def _around(store: Store) -> Gathered:
    """The clusters that marks may concern, with what the store knows of them and their events."""
    settled = store.marked()
    circle, fresh = _Circle(), settled
    while fresh:
        fresh = circle.grow(store, fresh)
    uids = circle.uids
    return Gathered(
        sorted(circle.clusters, key=_place_in_line),
        store.outlines(circle.refs),
        store.memberships(uids=uids),
        store.memberships(active=True, uids=uids),
        store.bases(uids),
        circle.taken,
        settled,
    )


def _some(store: Store, refs: Collection[ListingRef]) -> dict[ListingRef, Listing]:
    return {stored.listing.ref: stored.listing for stored in store.some_listings(refs)}
