"""From clusters to events: those that a change concerns are made anew and saved, the others stay.

One step of the job. It decides nothing itself: what belongs together comes from `gather`, which UID it has
from `identity`, and what goes on when an event is made anew from `carry`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import carry, identity
from aggregator.gather import Gathered, Shelf, gather
from aggregator.ledger import Clustered, Ledger
from aggregator.model import Cluster, Event, ListingRef, Outline, StoredListing
from aggregator.rest import at_rest
from aggregator.rooms import Decides, Rooms, code_of
from aggregator.store.protocol import Store

AT_ONCE = 500  # clusters whose listings are read in one go
WITHDRAWN = "withdrawn"  # the basis of an event that no listing is left of
Job = tuple[str, Cluster]  # the UID of an event, and what it is made of


@at_rest()
def cluster_events(
    store: Store,
    rooms: Rooms,
    now: datetime,
    rules: str = "",
    *,
    anew: bool = False,
    ledger: Ledger | None = None,
) -> int:
    """Make the events that marked listings may concern, and save those that differ; how many.

    Of their clusters only those whose listings or links are not what their event was made from are merged
    again; with `anew` all of all listings. An event that no listing is left of stays, hidden.
    """
    whole = anew or (rooms.decisions is not None and rooms.decisions.groups)
    found = gather(store, rooms, code_of(rules), whole=whole)
    clusters = _decided(found.clusters, store, rooms.decisions)
    first_seen = {ref: outline.first_seen for ref, outline in found.outlines.items()}
    given = identity.assign(clusters, found.homes, found.active, first_seen, found.taken)
    bases = {uid: _basis(c, found.outlines) for uid, c in zip(given.uids, clusters, strict=True)}
    holders = _holders(given, found.bases, store)
    robbed = {holder.uid for holder in holders.values()}
    todo = [
        (uid, one)
        for uid, one in zip(given.uids, clusters, strict=True)
        if anew or found.bases.get(uid) != bases[uid] or uid in robbed
    ]
    events = carry.revive(list(_made(todo, given, found, holders, store, rooms, now)))
    members = {ref: uid for uid, one in todo for ref in one.refs}
    left = _withdrawn(given, found.bases, store, now)
    bases.update((event.uid, WITHDRAWN) for event in left)
    events += left
    if ledger:
        fresh = tuple(uid for uid in given.uids if uid not in found.bases)
        held = rooms.decisions.marks if rooms.decisions else ()
        ledger.clustered(Clustered(now, store.revision(), given.aliases, fresh, held))
    saved = {e.uid: bases[e.uid] for e in events}
    return store.save_events(
        events, members, given.aliases, now=now, bases=saved, rules=rules, settled=found.settled
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """Events as they were last saved, of some that are made anew and of those merged into them."""

    events: Mapping[str, Event]
    live: Collection[str]  # UIDs of today
    merged: Mapping[str, Sequence[str]]  # by UID those that retire in it now

    def previous(self, uid: str) -> Event | None:
        """The event as last saved, without aliases that live again."""
        event = self.events.get(uid)
        if event and event.aliases:
            event = replace(event, aliases=tuple(a for a in event.aliases if a not in self.live))
        return event

    def absorbed(self, uid: str) -> list[Event]:
        """The events that are merged into it now."""
        return [self.events[old] for old in self.merged.get(uid, ()) if old in self.events]


def _made(
    todo: Sequence[Job],
    given: identity.Assignment,
    found: Gathered,
    holders: Mapping[str, Event],
    store: Store,
    rooms: Rooms,
    now: datetime,
) -> Iterator[Event]:
    """The events of these clusters, each with what goes on from before."""
    live, merged = set(given.uids), defaultdict(list)
    for old, kept in given.aliases.items():
        merged[kept].append(old)
    for start in range(0, len(todo), AT_ONCE):
        some = todo[start : start + AT_ONCE]
        told = _listings(some, store)
        asked = {old for uid, _ in some for old in (uid, *merged.get(uid, ()))}
        past = _Past(store.some_events(asked & found.bases.keys()), live, merged)
        for uid, one in some:
            own = [told[ref] for ref in one.refs]
            previous, absorbed = past.previous(uid), past.absorbed(uid)
            names = {a for e in (*absorbed, *([previous] if previous else [])) for a in (*e.aliases, e.uid)}
            draft = rooms.draft(uid, one, [stored.listing for stored in own], names)
            checked = max(stored.last_seen for stored in own)
            yield carry.carry_over(draft, previous, now, absorbed, holders.get(uid), checked)


def _listings(some: Sequence[Job], store: Store) -> dict[ListingRef, StoredListing]:
    """The listings of some clusters."""
    refs = [ref for _, one in some for ref in one.refs]
    return {stored.listing.ref: stored for stored in store.some_listings(refs)}


def _withdrawn(
    given: identity.Assignment, known: Mapping[str, str], store: Store, now: datetime
) -> list[Event]:
    """The events that no listing is left of, hidden."""
    gone = {uid for uid, basis in known.items() if basis != WITHDRAWN}.difference(given.uids, given.aliases)
    return [carry.withdraw(event, now) for _, event in sorted(store.some_events(gone).items())]


def _decided(clusters: list[Cluster], store: Store, decisions: Decides | None) -> list[Cluster]:
    """The clusters as people want them."""
    if decisions is None or not decisions.groups:
        return clusters

    def members(uid: str) -> Collection[ListingRef]:
        event = store.event(uid)
        return store.memberships(uids=[event.uid]).keys() if event else ()

    return decisions.group(clusters, Shelf(store, {r for c in clusters for r in c.refs}), members)


def _holders(given: identity.Assignment, known: Mapping[str, str], store: Store) -> dict[str, Event]:
    """By each UID that lives again the event that it was merged into, and that must no longer name it."""
    kept = store.aliases([uid for uid in given.uids if uid not in known])
    events = store.some_events(set(kept.values()))
    return {uid: events[home] for uid, home in kept.items()}


def _basis(cluster: Cluster, listings: Mapping[ListingRef, Outline]) -> str:
    """Hash of what an event is made from: its listings as they are, and what holds them together."""
    parts = [f"{r.source_id}\0{r.key}\0{listings[r].content_hash}" for r in cluster.refs]
    at = {ref: number for number, ref in enumerate(cluster.refs)}
    parts += [f"{at[k.a]}\0{at[k.b]}\0{k.score}\0{k.because}" for k in cluster.links]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
