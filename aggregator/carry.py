"""What goes on when an event is made anew: the UIDs of its dates, their revision numbers and stamps. Pure.

Through new titles, moved times, merges and splits a calendar keeps each date, or is told that it ended
(RFC 5545 §3.8.7.4).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.identity import occurrence_uid, start_key
from aggregator.model import (
    AllDay,
    Event,
    EventOccurrence,
    Occurrence,
    Place,
    Status,
    Timed,
    to_plain,
)

UNPUBLISHED = (
    *("uid", "occurrences", "listings", "evidence", "links", "aliases", "retired"),
    *("created", "modified", "hidden_because", "featured", "rulings"),
)
RETIRED_FOR = timedelta(days=60)  # a calendar says for thirty days that a date became part of another


def carry_over(
    draft: Event,
    previous: Event | None,
    now: datetime,
    absorbed: Collection[Event] = (),
    holder: Event | None = None,
    checked: datetime | None = None,
) -> Event:
    """The draft with its occurrences' UIDs, revision numbers and stamps.

    `draft.uid` is final, its occurrences have no UID yet; `previous` is the event as last saved,
    `absorbed` the events that were merged into it and `holder` the one that it was merged into and
    leaves again: there its dates have been called off, so their numbers go on. `created` stays, `modified`
    becomes `now` only when a published field changed, `sequence` rises only when time, place or status did;
    `checked`, when its sources were last seen, is noted with what changed.
    """
    aliases = {a for e in (*absorbed, *([previous] if previous else [])) for a in (*e.aliases, e.uid)}
    head_same = previous is not None and _head(draft) == _head(previous)
    moved = previous is None or _stage(draft) != _stage(previous)
    pairs = _pair(draft, previous, absorbed, now)
    own = {o.uid for o in previous.occurrences} if previous else set()
    used = own | {o.uid for event in absorbed for o in event.occurrences}
    held = {o.uid: o for o in (*holder.occurrences, *holder.retired)} if holder else {}
    occurrences = []
    for index, new in enumerate(draft.occurrences):
        old = pairs.get(index)
        if old is None:
            fresh = _fresh_occurrence(draft.uid, start_key(new.occurrence.when), used)
            old = held.get(fresh)
        if old is None:
            made = EventOccurrence(fresh, new.occurrence, created=now, modified=now, checked=checked)
            occurrences.append(made)
        else:
            anew = moved or old.uid not in own  # what another event told is told again
            went_on = _continued(new.occurrence, old, now, checked, head_same=head_same, moved=anew)
            occurrences.append(went_on)
    same = head_same and previous is not None and tuple(occurrences) == previous.occurrences
    return dataclasses.replace(
        draft,
        occurrences=tuple(occurrences),
        aliases=tuple(sorted(aliases - {draft.uid})),
        retired=_retired(occurrences, previous, absorbed, now),
        created=previous.created if previous else now,
        modified=previous.modified if previous and same else now,
    )


def revive(events: Sequence[Event]) -> list[Event]:
    """The events without retired dates that one of them has again: after a split they live on."""
    alive = {o.uid for e in events for o in e.occurrences}
    left = [tuple(o for o in e.retired if o.uid not in alive) for e in events]
    return [
        dataclasses.replace(e, retired=r) if r != e.retired else e for e, r in zip(events, left, strict=True)
    ]


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
    occurrence: Occurrence,
    old: EventOccurrence,
    now: datetime,
    checked: datetime | None,
    *,
    head_same: bool,
    moved: bool,
) -> EventOccurrence:
    """An occurrence that was known, as it is now."""
    same = head_same and old.occurrence == occurrence
    before = old.occurrence
    risen = moved or (before.when, before.status) != (occurrence.when, occurrence.status)
    restarted = start_key(before.when) != start_key(occurrence.when)
    return EventOccurrence(
        old.uid,
        occurrence,
        sequence=old.sequence + risen,
        created=old.created,
        modified=old.modified if same else now,
        previous=before.when if restarted else old.previous,
        checked=old.checked if same else checked,
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
