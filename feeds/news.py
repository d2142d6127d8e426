"""What the news feeds hold: new, changed and the coming week, one entry per event. Pure, no language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from aggregator.clock import AMSTERDAM
from aggregator.model import Event
from feeds.changes import Announcement, Change, announcements, changes_since
from feeds.select import Agenda, Showing, all_showings, days, scopes_of
from feeds.urls import Scope

WEEK = timedelta(days=6)  # today and the six days after it
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a news feed.

    `id` is permanent; `published` is when we first said it and `updated` when it last changed,
    both from the data, never now. `showings` are what the item is about, the first one leads;
    `changes` what a changed item announces.
    """

    kind: str
    id: str
    event: Event
    showings: tuple[Showing, ...]
    published: datetime
    updated: datetime
    changes: tuple[Change, ...] = ()


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


def _changed(agenda: Agenda, scope: Scope) -> list[Entry]:
    """Changes of the past thirty days, the newest first; also for those who follow the place it left."""
    return _announced(agenda).get(scope, [])


@lru_cache(maxsize=1)
def _announced(agenda: Agenda) -> dict[Scope, list[Entry]]:
    """Every announcement by the scopes that carry it: those of the event, and of where it was before."""
    since = changes_since(agenda.today)
    found: dict[Scope, list[Entry]] = {}
    for uid in sorted(agenda.edits.keys() & agenda.events.keys()):
        event = agenda.events[uid]
        for news in announcements(event, agenda.edits[uid]):
            if news.at < since:
                continue
            homes = dict.fromkeys(scopes_of(event, agenda.info))
            for place in news.places:
                homes |= dict.fromkeys(scopes_of(replace(event, place=place), agenda.info))
            for scope in homes:
                found.setdefault(scope, []).append(_announce(event, news))
    for told in found.values():
        told.sort(key=lambda e: (-e.published.timestamp(), e.id))
    return found


def _announce(event: Event, news: Announcement) -> Entry:
    """The entry of an announcement; it is about the dates that changed, or all when the place did."""
    about = {c.occurrence for c in news.changes}
    showings = all_showings(event)
    own = tuple(s for s in showings if s.occurrence.uid in about)
    updated = updated_of(event) if any(c.again for c in news.changes) else news.at
    return Entry(
        "changed", news.id, event, own or tuple(showings), news.at, max(updated, news.at), news.changes
    )


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
