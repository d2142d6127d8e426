"""What the news feeds hold: new, changed and the coming week, one entry per event. Pure, no language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from aggregator.clock import AMSTERDAM
from aggregator.model import Event
from feeds.changes import Announcement, Change, Kind, announcements, changes_since, place_kind
from feeds.scopes import scopes_of
from feeds.select import Agenda, Showing
from feeds.urls import REGION, Scope

WEEK = timedelta(days=6)  # today and the six days after it
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
Homes = tuple[Scope, ...]


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


def entries(agenda: Agenda, scope: Scope, kind: str, ahead: timedelta = WEEK) -> list[Entry]:
    """The entries of a scope's feed, at most as many as the site allows.

    `ahead` is how far the feed of what is on looks. Entries are made once for an agenda and dealt out
    to the scopes: an entry is the same in each.
    """
    key = (kind, ahead if kind == "week" else WEEK)
    shelves: dict[Scope, list[Entry]] | None = agenda.news.get(key)
    if shelves is None:
        made = _week(agenda, ahead) if kind == "week" else {"new": _new, "changed": _changed}[kind](agenda)
        shelves = agenda.news[key] = {}
        for entry, homes in made:
            for home in homes:
                shelf = shelves.setdefault(home, [])
                if len(shelf) < agenda.info.most_items:
                    shelf.append(entry)
    return shelves.get(scope, [])


def _newest_first(entry: Entry) -> tuple[float, str]:
    return -entry.published.timestamp(), entry.id


def _new(agenda: Agenda) -> Iterator[tuple[Entry, Homes]]:
    """Events that are still to come and not off, the newest first."""
    found = []
    for event in agenda.events.values():
        going = tuple(s for s in agenda.dates(event) if s.last >= agenda.today and not s.off)
        if going:
            found.append(Entry("new", event.uid, event, going, created_of(event), updated_of(event)))
    for entry in sorted(found, key=_newest_first):
        yield entry, agenda.homes[entry.event.uid]


def changed_for(agenda: Agenda, takes: Callable[[Event], bool]) -> list[Entry]:
    """The changes of the events that somebody wants, also of those that went to where it is not wanted."""
    found = []
    for event, news, _ in _told(agenda):
        left = any(takes(replace(event, place=place)) for place in news.places)
        if (left and not takes(event)) if news.uid != event.uid else (left or takes(event)):
            found.append(_announced(agenda, event, news))
    return sorted(found, key=_newest_first)[: agenda.info.most_items]


def _told(agenda: Agenda) -> Iterator[tuple[Event, Announcement, Homes]]:
    """The announcements of the past thirty days, by event, with who hears of it: also where it was before."""
    since, known = changes_since(agenda.today), agenda.events | agenda.away | agenda.gone
    for uid in sorted(agenda.edits.keys() & known.keys()):
        event, homes = known[uid], agenda.homes.get(uid) or tuple(agenda.left.get(uid, ()))
        if uid in agenda.gone:
            homes = tuple(scopes_of(event, agenda.info))
        for news in announcements(event, agenda.edits[uid]):
            if news.at >= since:
                before = (scopes_of(replace(event, place=place), agenda.info) for place in news.places)
                yield event, news, tuple(dict.fromkeys((*homes, *chain(*before))))
    for uid in sorted(agenda.left):
        yield from _joined(agenda, known[uid])


def _joined(agenda: Agenda, event: Event) -> Iterator[tuple[Event, Announcement, Homes]]:
    """For those who followed where one was that became part of this event: it is elsewhere now."""
    left = agenda.left[event.uid]
    for gone in sorted(set(left.values()), key=lambda gone: (gone.at, gone.alias or "")):
        coming = any(s.last >= gone.at.astimezone(AMSTERDAM).date() for s in agenda.dates(event))
        if gone.alias and coming and place_kind(gone.place, event.place) is Kind.PLACE:
            told = Change(Kind.PLACE, None, None, gone.place, event.place)
            homes = tuple(scope for scope, its in left.items() if its == gone)
            yield event, Announcement(gone.alias, gone.at, (told,)), homes


def _changed(agenda: Agenda) -> Iterator[tuple[Entry, Homes]]:
    """Changes of the past thirty days, the newest first."""
    found = [(_announced(agenda, event, news), homes) for event, news, homes in _told(agenda)]
    yield from sorted(found, key=lambda told: _newest_first(told[0]))


def _announced(agenda: Agenda, event: Event, news: Announcement) -> Entry:
    """The entry of an announcement; it is about the dates that changed, or those to come."""
    showings: list[Showing] = agenda.dates(event)
    about = {c.occurrence for c in news.changes}
    own = tuple(s for s in showings if s.occurrence.uid in about)
    coming = tuple(s for s in showings if s.last >= news.at.astimezone(AMSTERDAM).date())
    about_all = coming or tuple(showings)
    updated = updated_of(event) if any(c.again for c in news.changes) else news.at
    return Entry("changed", news.id, event, own or about_all, news.at, max(updated, news.at), news.changes)


def _week(agenda: Agenda, ahead: timedelta) -> Iterator[tuple[Entry, Homes]]:
    """What is on from today on, as far as `ahead`, in order of time; the next occurrence leads."""
    by_event: dict[str, list[Showing]] = {}
    for showing in agenda.coming(REGION, agenda.today + ahead):
        by_event.setdefault(showing.event.uid, []).append(showing)
    found = []
    for showings in by_event.values():
        lead = next((s for s in showings if not s.off), showings[0])
        event, rest = lead.event, [s for s in showings if s is not lead]
        published = _entered(lead, ahead)
        ident = f"{lead.occurrence.uid}#week"
        updated = max(published, updated_of(event))
        found.append(Entry("week", ident, event, (lead, *rest), published, updated))
    for entry in sorted(found, key=lambda e: (*_week_order(e.showings[0], agenda.today), e.id)):
        yield entry, agenda.homes[entry.event.uid]


def _entered(showing: Showing, ahead: timedelta) -> datetime:
    """When it came within the days ahead, or later when we saw it only then."""
    created = created_of(showing.event)
    if showing.first == date.min:
        return created
    return max(created, datetime.combine(showing.first - ahead, time(), AMSTERDAM).astimezone(UTC))


def _week_order(showing: Showing, today: date) -> tuple[datetime, str]:
    """By start; what began before today goes with today, before its hours."""
    if showing.first < today:
        return datetime.combine(today, time(), AMSTERDAM), showing.occurrence.uid
    return showing.order
