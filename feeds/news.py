"""What the news feeds hold: new, changed and the coming week, one entry per event. Pure, no language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from aggregator.clock import AMSTERDAM
from aggregator.model import Event
from feeds.select import Agenda, Showing, all_showings, days
from feeds.urls import Scope

CHANGES_FOR = timedelta(days=30)
WEEK = timedelta(days=6)  # today and the six days after it
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a news feed.

    `id` is permanent; `published` is when we first said it and `updated` when it last changed,
    both from the data, never now. `showings` are what the item is about, the first one leads.
    """

    kind: str
    id: str
    event: Event
    showings: tuple[Showing, ...]
    published: datetime
    updated: datetime


def created_of(event: Event) -> datetime:
    """When we first saw it, UTC."""
    known = event.created or min((o.created for o in event.occurrences if o.created), default=None)
    return (known or EPOCH).astimezone(UTC)


def updated_of(event: Event) -> datetime:
    """Its last change, never before its creation, UTC."""
    known = [m for m in (event.modified, *(o.modified for o in event.occurrences)) if m is not None]
    return max([created_of(event), *(m.astimezone(UTC) for m in known)])


def entries(agenda: Agenda, scope: Scope, kind: str) -> list[Entry]:
    """The entries of a scope's feed, at most as many as the site allows."""
    pick = {"new": _new, "changed": _changed, "week": _week}[kind]
    return pick(agenda, scope)[: agenda.info.most_items]


def _new(agenda: Agenda, scope: Scope) -> list[Entry]:
    """Events that are still to come and not off, the newest first."""
    found = []
    for event in agenda.events_of(scope):
        coming = [s for s in all_showings(event) if days(s.when)[1] >= agenda.today]
        if coming and not all(s.off for s in coming):
            going = tuple(s for s in coming if not s.off)
            found.append(Entry("new", event.uid, event, going, created_of(event), updated_of(event)))
    return sorted(found, key=lambda e: (-e.published.timestamp(), e.id))


def is_change(showing: Showing) -> bool:
    """Whether something was announced that a visitor must know: off, moved, sold out, elsewhere.

    SEQUENCE rises with time, place and status (RFC 5545 §3.8.7.4); an event that was already
    called off when we first saw it is news as well.
    """
    return showing.occurrence.sequence > 0 or showing.off


def _changed(agenda: Agenda, scope: Scope) -> list[Entry]:
    """Changes of the past thirty days, the newest first; what was already over when it changed is none."""
    since = datetime.combine(agenda.today, time(), AMSTERDAM) - CHANGES_FOR
    found = []
    for event in agenda.events_of(scope):
        showings = tuple(s for s in all_showings(event) if is_change(s) and _changed_at(s) >= since)
        if showings:
            at = max(_changed_at(s) for s in showings)
            found.append(Entry("changed", f"{event.uid}#{_mark(showings)}", event, showings, at, at))
    return sorted(found, key=lambda e: (-e.published.timestamp(), e.id))


def _changed_at(showing: Showing) -> datetime:
    occurrence = showing.occurrence
    known = occurrence.modified or showing.event.modified or occurrence.created
    return (known or EPOCH).astimezone(UTC)


def _mark(showings: Iterable[Showing]) -> str:
    """Differs with every further change and with nothing else, so a reader announces each change once."""
    said = "|".join(f"{s.occurrence.uid} {s.occurrence.sequence} {s.status}" for s in showings)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _week(agenda: Agenda, scope: Scope) -> list[Entry]:
    """What is on from today to six days on, in order of time; the next occurrence leads."""
    last = agenda.today + WEEK
    by_event: dict[str, list[Showing]] = {}
    for showing in agenda.coming(scope, last):
        by_event.setdefault(showing.event.uid, []).append(showing)
    found = []
    for showings in by_event.values():
        lead = next((s for s in showings if not s.off), showings[0])
        event, rest = lead.event, [s for s in showings if s is not lead]
        published = _entered(lead)
        ident = f"{lead.occurrence.uid}#week"
        updated = max(published, updated_of(event))
        found.append(Entry("week", ident, event, (lead, *rest), published, updated))
    return sorted(found, key=lambda e: (*_week_order(e.showings[0], agenda.today), e.id))


def _entered(showing: Showing) -> datetime:
    """When it came within the week, or later when we saw it only then."""
    first = days(showing.when)[0]
    created = created_of(showing.event)
    if first == date.min:
        return created
    return max(created, datetime.combine(first - WEEK, time(), AMSTERDAM).astimezone(UTC))


def _week_order(showing: Showing, today: date) -> tuple[datetime, str]:
    """By start; what began before today goes with today, before its hours."""
    if days(showing.when)[0] < today:
        return datetime.combine(today, time(), AMSTERDAM), showing.occurrence.uid
    return showing.order
