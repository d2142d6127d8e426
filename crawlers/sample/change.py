"""Changes to one site while it serves: what real sites do between two crawls. All pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from aggregator.errors import UsageError
from aggregator.model import Status
from crawlers.sample.model import Entry, Programme, SampleEvent, Showing

Kind = Literal["retitle", "cancel", "sell-out", "move", "drop", "add", "error", "empty", "well"]
_MOMENT = re.compile(r"\d{2}-\d{2}-\d{4}-\d{2}-\d{2}")
OUTAGES = {"error": "error", "empty": "empty", "well": ""}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happens at one site.

    `retitle` (to `title`), `cancel`, `sell-out`, `move` (by `days`) and `drop` concern the event on
    `path`; `add` tells of one more event like the one on `path`, called `title`, `days` later.
    `error`, `empty` and `well` concern the whole site.
    """

    kind: Kind
    source: str
    path: str = ""
    title: str = ""
    days: int = 0


def change_programme(programme: Programme, change: Change) -> Programme:
    """The programme after a change. UsageError for a site or address that is not there."""
    if change.source not in programme.sources:
        raise UsageError(f"no site is called {change.source}", "sample region")
    if change.kind in OUTAGES:
        return programme
    found = [e for e in programme.by_source[change.source] if e.path == change.path]
    if not found:
        raise UsageError(f"{change.source} has no page {change.path}", "sample region")
    return _CHANGES[change.kind](programme, change, found[0])


def _retitle(programme: Programme, change: Change, entry: Entry) -> Programme:
    return _swap(programme, entry, entry.replace(title=change.title))


def _state(status: Status) -> Callable[[Programme, Change, Entry], Programme]:
    def apply(programme: Programme, change: Change, entry: Entry) -> Programme:
        changed = _swap(programme, entry, entry.replace(status=status))
        return _follow(changed, entry, status=status)

    return apply


def _move(programme: Programme, change: Change, entry: Entry) -> Programme:
    """The same event on another day; the address stays."""
    moved = tuple(_later(s, change.days) for s in entry.showings)
    changed = _swap(programme, entry, entry.replace(showings=moved, rule=None))
    numbers = {s.number: s for s in moved}
    event = programme.events[entry.event]
    return _follow(
        changed, entry, showings=tuple(numbers.get(s.number, s) for s in event.showings), rule=None
    )


def _drop(programme: Programme, change: Change, entry: Entry) -> Programme:
    kept = tuple(e for e in programme.entries if e is not entry)
    events = programme.events
    if not any(e.event == entry.event for e in kept):
        events = {k: e for k, e in events.items() if k != entry.event}
    return replace(programme, entries=kept, events=events)


def _beside(path: str, days: int, first: Showing) -> str:
    """A path for one more event: of another show where the last part is the moment of a performance."""
    show, _, moment = path.rpartition("/")
    if _MOMENT.fullmatch(moment) and isinstance(first.start, datetime):
        return f"{show}-extra-{days}/{first.start:%d-%m-%Y-%H-%M}"
    return f"{path}-extra-{days}"


def _add(programme: Programme, change: Change, entry: Entry) -> Programme:
    """One more event, shaped like the one on `path`, on a later day."""
    showings = tuple(replace(_later(s, change.days), number=n) for n, s in enumerate(entry.showings, 1))
    event = replace(
        programme.events[entry.event],
        id=f"{entry.event}--extra-{change.days}",
        act=change.title,
        show="",
        showings=showings,
        rule=None,
    )
    added = entry.replace(
        event=event.id,
        path=_beside(entry.path.rstrip("/"), change.days, showings[0]),
        title=change.title,
        subtitle="",
        showings=showings,
        event_number=entry.event_number + 90_000 + change.days,
        rule=None,
    )
    return replace(
        programme, entries=(*programme.entries, added), events=programme.events | {event.id: event}
    )


_CHANGES: dict[str, Callable[[Programme, Change, Entry], Programme]] = {
    "retitle": _retitle,
    "cancel": _state(Status.CANCELLED),
    "sell-out": _state(Status.SOLD_OUT),
    "move": _move,
    "drop": _drop,
    "add": _add,
}


def _swap(programme: Programme, old: Entry, new: Entry) -> Programme:
    return replace(programme, entries=tuple(new if e is old else e for e in programme.entries))


def _follow(programme: Programme, entry: Entry, **changes: object) -> Programme:
    """The event itself changes too when its own house says so, or when nobody else tells of it."""
    source, event = programme.sources[entry.source], programme.events[entry.event]
    alone = {e.source for e in programme.entries if e.event == entry.event} == {entry.source}
    if source.venue != event.venue and not alone:
        return programme
    changed: SampleEvent = replace(event, **changes)  # type: ignore[arg-type]
    return replace(programme, events=programme.events | {event.id: changed})


def _later(showing: Showing, days: int) -> Showing:
    def shift(moment: datetime | date | None) -> datetime | date | None:
        return None if moment is None else moment + timedelta(days=days)

    start, end, doors = shift(showing.start), shift(showing.end), shift(showing.doors)
    return replace(
        showing, start=start or showing.start, end=end, doors=doors if isinstance(doors, datetime) else None
    )
