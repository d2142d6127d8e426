"""Permanent identities: which UID an event and each of its occurrences have, for good.

A UID is a name-based UUID (RFC 9562 §5.5) of the event's founding listing, so it does not depend
on the order in which listings arrive, and a store rebuilt from the inbox has the same ones. Pure.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aggregator.model import (
    AllDay,
    Cluster,
    ListingRef,
    Timed,
)

NAMESPACE = uuid.UUID("5f0c6a4e-3a7e-5d55-9a56-2f7d3b1c9e10")


@dataclass(frozen=True, slots=True)
class Assignment:
    """`uids[i]` is the UID of the i-th cluster; `aliases` maps each retired UID to the kept one."""

    uids: tuple[str, ...]
    aliases: Mapping[str, str]


def event_uid(founder: ListingRef, again: int = 0) -> str:
    """The UID of the event that this listing founds; `again` counts the rare second founding."""
    name = "\n".join(("event", founder.source_id, founder.key, *([str(again)] if again else [])))
    return str(uuid.uuid5(NAMESPACE, name))


def occurrence_uid(event: str, start: str, again: int = 0) -> str:
    """The UID of an event's occurrence by its original start (`start_key`)."""
    name = "\n".join(("occurrence", event, start, *([str(again)] if again else [])))
    return str(uuid.uuid5(NAMESPACE, name))


def start_key(when: Timed | AllDay) -> str:
    """The start as text: a moment in UTC, a day, or `until` a day when only the end is known."""
    if isinstance(when, Timed):
        return when.start.astimezone(UTC).isoformat()
    return when.first.isoformat() if when.first else f"until {when.last}"


def assign(
    clusters: Sequence[Cluster],
    memberships: Mapping[ListingRef, str],
    active: Mapping[ListingRef, str],
    first_seen: Mapping[ListingRef, datetime],
    taken: Collection[str] = (),
) -> Assignment:
    """The UID of each cluster.

    `memberships` is every listing's event, also of listings that left; `active` the part of it that
    the events were made of last time; `first_seen` when each listing ever known was first seen. `taken`
    are UIDs that no new event may have beside those of the memberships. Clusters that share no event with
    others may be left out, with their listings.
    At a merge the oldest UID stays and the younger become aliases; at a split the UID stays with
    the part that holds the founding listing, else with the part that holds the oldest one.
    """
    members: dict[str, list[ListingRef]] = {}

    def age(ref: ListingRef) -> tuple[datetime, ListingRef]:
        return first_seen[ref], ref

    holds: dict[int, list[str]] = {}
    for uid, holder in _holders(clusters, memberships, active, age).items():
        holds.setdefault(holder, []).append(uid)

    def uid_age(uid: str) -> tuple[bool, Any]:
        if not members:  # asked only where events are merged
            for ref, home in memberships.items():
                members.setdefault(home, []).append(ref)
        founders = [ref for ref in members[uid] if event_uid(ref) == uid and ref in first_seen]
        # without its founder, or founded a second time, it is younger than all others
        return (False, age(founders[0])) if founders else (True, uid)

    uids: list[str] = []
    aliases: dict[str, str] = {}
    taken = {*memberships.values(), *taken}
    for index, cluster in enumerate(clusters):
        held = holds.get(index, [])
        if len(held) > 1:
            held = sorted(held, key=uid_age)
        uids.append(held[0] if held else _fresh(sorted(cluster.refs, key=age), taken))
        aliases.update((old, held[0]) for old in held[1:])
    return Assignment(tuple(uids), aliases)


def _holders(
    clusters: Sequence[Cluster],
    memberships: Mapping[ListingRef, str],
    active: Mapping[ListingRef, str],
    age: Any,
) -> dict[str, int]:
    """For each UID in use the cluster that holds on to it.

    Listings that were part of the event last time go before one that had left it and came back.
    """
    holders: dict[str, int] = {}
    contested: set[str] = set()
    for index, cluster in enumerate(clusters):
        for ref in cluster.refs:
            if (uid := memberships.get(ref)) and holders.setdefault(uid, index) != index:
                contested.add(uid)
    if not contested:
        return holders
    claims: dict[str, list[tuple[tuple[bool, bool, Any], int]]] = {}
    for index, cluster in enumerate(clusters):
        for ref in cluster.refs:
            if (uid := memberships.get(ref)) in contested:
                rank = (active.get(ref) != uid, event_uid(ref) != uid, age(ref))
                claims.setdefault(uid, []).append((rank, index))
    return holders | {uid: min(claim)[1] for uid, claim in claims.items()}


def _fresh(refs: Iterable[ListingRef], taken: set[str]) -> str:
    """A UID that no other event has, from the oldest listing."""
    founder = next(iter(refs))
    again = 0
    while (uid := event_uid(founder, again)) in taken:
        again += 1
    taken.add(uid)
    return uid
