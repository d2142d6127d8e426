"""Permanent identities: which UID an event and each of its occurrences have, for good.

A UID is a name-based UUID (RFC 9562 §5.5) of the event's founding listing, so it does not depend
on the order in which listings arrive, and a store rebuilt from the inbox has the same ones. Pure.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import (
    AllDay,
    Cluster,
    Event,
    EventOccurrence,
    ListingRef,
    Occurrence,
    Place,
    Status,
    Timed,
    to_plain,
)

NAMESPACE = uuid.UUID("5f0c6a4e-3a7e-5d55-9a56-2f7d3b1c9e10")
UNPUBLISHED = (
    *("uid", "occurrences", "listings", "evidence", "links", "aliases", "retired"),
    *("created", "modified", "hidden_because", "featured", "rulings"),
)
RETIRED_FOR = timedelta(days=60)  # a calendar says for thirty days that a date became part of another


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
) -> Assignment:
    """The UID of each cluster.

    `memberships` is every listing's event, also of listings that left; `active` the part of it that
    the events were made of last time; `first_seen` when each listing ever known was first seen.
    At a merge the oldest UID stays and the younger become aliases; at a split the UID stays with
    the part that holds the founding listing, else with the part that holds the oldest one.
    """
    founders = {event_uid(ref): ref for ref in memberships}

    def age(ref: ListingRef) -> tuple[datetime, ListingRef]:
        return first_seen[ref], ref

    holds: dict[int, list[str]] = {}
    for uid, holder in _holders(clusters, memberships, active, founders, age).items():
        holds.setdefault(holder, []).append(uid)

    def uid_age(uid: str) -> tuple[bool, Any]:
        founder = founders.get(uid)  # unknown for a second founding: younger than all others
        return (False, age(founder)) if founder and founder in first_seen else (True, uid)

    uids: list[str] = []
    aliases: dict[str, str] = {}
    taken = set(memberships.values())
    for index, cluster in enumerate(clusters):
        held = sorted(holds.get(index, ()), key=uid_age)
        uids.append(held[0] if held else _fresh(sorted(cluster.refs, key=age), taken))
        aliases.update((old, held[0]) for old in held[1:])
    return Assignment(tuple(uids), aliases)


def _holders(
    clusters: Sequence[Cluster],
    memberships: Mapping[ListingRef, str],
    active: Mapping[ListingRef, str],
    founders: Mapping[str, ListingRef],
    age: Any,
) -> dict[str, int]:
    """For each UID in use the cluster that holds on to it.

    Listings that were part of the event last time go before one that had left it and came back.
    """
    claims: dict[str, list[tuple[tuple[bool, bool, Any], int]]] = {}
    for index, cluster in enumerate(clusters):
        for ref in cluster.refs:
            if uid := memberships.get(ref):
                rank = (active.get(ref) != uid, founders.get(uid) != ref, age(ref))
                claims.setdefault(uid, []).append((rank, index))
    return {uid: min(claim)[1] for uid, claim in claims.items()}


def _fresh(refs: Iterable[ListingRef], taken: set[str]) -> str:
    """A UID that no other event has, from the oldest listing."""
    founder = next(iter(refs))
    again = 0
    while (uid := event_uid(founder, again)) in taken:
        again += 1
    taken.add(uid)
    return uid


def carry_over(
    draft: Event, previous: Event | None, now: datetime, absorbed: Collection[Event] = ()
) -> Event:
    """The draft with its occurrences' UIDs, revision numbers and stamps.

    `draft.uid` is final, its occurrences have no UID yet; `previous` is the event as last saved and
    `absorbed` the events that were merged into it. `created` stays, `modified` becomes `now` only
    when a published field changed, `sequence` rises only when time, place or status did.
    """
    aliases = {a for e in (*absorbed, *([previous] if previous else [])) for a in (*e.aliases, e.uid)}
    head_same = previous is not None and _head(draft) == _head(previous)
    moved = previous is None or _stage(draft) != _stage(previous)
    pairs = _pair(draft, previous, absorbed, now)
    used = {o.uid for e in (*absorbed, *([previous] if previous else [])) for o in e.occurrences}
    occurrences = []
    for index, new in enumerate(draft.occurrences):
        old = pairs.get(index)
        if old is None:
            start = start_key(new.occurrence.when)
            fresh = _fresh_occurrence(draft.uid, start, used)
            occurrences.append(EventOccurrence(fresh, new.occurrence, created=now, modified=now))
        else:
            occurrences.append(_continued(new.occurrence, old, now, head_same=head_same, moved=moved))
    same = head_same and previous is not None and tuple(occurrences) == previous.occurrences
    return dataclasses.replace(
        draft,
        occurrences=tuple(occurrences),
        aliases=tuple(sorted(aliases - {draft.uid})),
        retired=_retired(occurrences, previous, absorbed, now),
        created=previous.created if previous else now,
        modified=previous.modified if previous and same else now,
    )


def _retired(
    occurrences: Sequence[EventOccurrence],
    previous: Event | None,
    absorbed: Collection[Event],
    now: datetime,
) -> tuple[EventOccurrence, ...]:
    """The coming dates of merged events whose UIDs nothing carries on, so that calendars can end them."""
    today = now.astimezone(AMSTERDAM).date().isoformat()
    carried = {o.uid for o in occurrences}
    known = {o.uid: o for o in (previous.retired if previous else ())}
    for event in absorbed:
        known.update((o.uid, o) for o in event.retired)
        coming = [o for o in event.occurrences if not event.hidden and _day(o.occurrence.when) >= today]
        known.update((o.uid, dataclasses.replace(o, sequence=o.sequence + 1, modified=now)) for o in coming)
    since = now - RETIRED_FOR
    left = [o for o in known.values() if o.uid not in carried and o.modified and o.modified >= since]
    return tuple(sorted(left, key=lambda o: o.uid))


def withdraw(previous: Event, now: datetime) -> Event:
    """The event without a listing left: hidden, kept with its UID."""
    if previous.hidden == "withdrawn" and not previous.listings:
        return previous
    because = "no source lists it any more"
    return dataclasses.replace(
        previous, hidden="withdrawn", hidden_because=because, listings=(), links=(), modified=now
    )


def _head(event: Event) -> dict[str, Any]:
    """The published fields that all occurrences share."""
    plain: dict[str, Any] = to_plain(event)
    for name in UNPUBLISHED:
        plain.pop(name, None)
    plain.get("place", {}).pop("because", None)
    plain["pillars"] = sorted({tag.tag for tag in event.pillars})  # which rule gave them is no news
    return plain


def _stage(event: Event) -> tuple[Place, Status]:
    """What beside the time makes a resident look again: the place as published, and the status."""
    place = dataclasses.replace(event.place, because="", latitude=None, longitude=None)
    return place, event.status  # a point put more exactly is the same place


def _continued(
    occurrence: Occurrence, old: EventOccurrence, now: datetime, *, head_same: bool, moved: bool
) -> EventOccurrence:
    """An occurrence that was known, as it is now."""
    before = old.occurrence
    risen = moved or (before.when, before.status) != (occurrence.when, occurrence.status)
    restarted = start_key(before.when) != start_key(occurrence.when)
    return EventOccurrence(
        old.uid,
        occurrence,
        sequence=old.sequence + risen,
        created=old.created,
        modified=old.modified if head_same and before == occurrence else now,
        previous=before.when if restarted else old.previous,
    )


def _fresh_occurrence(event: str, start: str, used: set[str]) -> str:
    """A UID that no occurrence of this event has: another may have begun there and moved away."""
    again = 0
    while (uid := occurrence_uid(event, start, again)) in used:
        again += 1
    used.add(uid)
    return uid


def _pair(
    draft: Event, previous: Event | None, absorbed: Collection[Event], now: datetime
) -> dict[int, EventOccurrence]:
    """Which old occurrence each new one continues, by index: equal starts first, then the moved one."""
    pairs: dict[int, EventOccurrence] = {}
    old = list(previous.occurrences) if previous else []
    pool = old + [o for event in absorbed for o in event.occurrences]
    by_start: dict[str, list[EventOccurrence]] = {}
    for known in pool:
        by_start.setdefault(start_key(known.occurrence.when), []).append(known)
    for index, new in enumerate(draft.occurrences):
        if same := by_start.get(start_key(new.occurrence.when)):
            pairs[index] = same.pop(0)
    used = {o.uid for o in pairs.values()}
    for index, known in _moved(draft, [o for o in old if o.uid not in used], pairs, old, now):
        pairs[index] = known
    return pairs


def _moved(
    draft: Event,
    gone: list[EventOccurrence],
    pairs: Mapping[int, EventOccurrence],
    old: Sequence[EventOccurrence],
    now: datetime,
) -> Iterable[tuple[int, EventOccurrence]]:
    """The pairs of a time that moved within its day, and of the one date that moved.

    What has been is not moved, it is over. In a series a date beyond the last known one is the
    window rolling on, not a move.
    """
    fresh = [(i, o.occurrence) for i, o in enumerate(draft.occurrences) if i not in pairs]
    today = now.astimezone(AMSTERDAM).date().isoformat()
    for day in sorted({_day(o.occurrence.when) for o in gone}):
        left = [o for o in gone if _day(o.occurrence.when) == day]
        here = [(i, o) for i, o in fresh if _day(o.when) == day]
        if len(left) == len(here) == 1:
            yield here[0][0], left[0]
            gone = [o for o in gone if o is not left[0]]
            fresh = [(i, o) for i, o in fresh if i != here[0][0]]
    coming = [o for o in gone if _day(o.occurrence.when) >= today]
    if len(coming) == len(fresh) == 1:
        index, occurrence = fresh[0]
        beyond = _day(occurrence.when) > max(_day(o.occurrence.when) for o in old)
        if not (len(old) > 2 and beyond):
            yield index, coming[0]


def _day(when: Timed | AllDay) -> str:
    """The local day on which it begins, ISO; the last day when only that is known."""
    if isinstance(when, Timed):
        return when.start.astimezone(AMSTERDAM).date().isoformat()
    return str(when.first or when.last)
