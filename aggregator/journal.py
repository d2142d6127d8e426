"""What changed on an event, line by line: old and new value of each field. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aggregator.model import AllDay, Edit, Event, EventOccurrence, to_plain

FIELDS = (
    *("title", "subtitle", "status", "place", "price", "url", "ticket_url", "description", "image"),
    *("organiser", "performers", "categories", "language", "sources", "pillars", "tags", "hidden"),
)
MOMENT = ("when", "status", "doors", "hours", "url")


def edits(previous: Event | None, current: Event, at: datetime) -> Iterator[Edit]:
    """The journal's lines for one event that was saved again, in order of field."""
    if previous is None:
        yield Edit(current.uid, at, "event", None, current.title)
        return
    for name in FIELDS:
        old, new = _plain(getattr(previous, name)), _plain(getattr(current, name))
        if old != new:
            yield Edit(current.uid, at, name, old, new)
    before = {o.uid: o for o in previous.occurrences}
    for occurrence in current.occurrences:
        yield from _occurrence(current.uid, before.pop(occurrence.uid, None), occurrence, at)
    for gone in before.values():
        if not _past(gone, at):  # what has been leaves every agenda; that is no news
            yield Edit(current.uid, at, "occurrence", _plain(gone.occurrence), None, gone.uid)


def merged(previous: Event, kept: str, at: datetime) -> Iterator[Edit]:
    """The lines for an event that became part of another (`kept`), with where the public saw it."""
    yield Edit(previous.uid, at, "event", previous.title, f"merged into {kept}")
    if previous.hidden is None and previous.place.municipality is not None:
        yield Edit(previous.uid, at, "place", _plain(previous.place), None)


def _occurrence(uid: str, old: EventOccurrence | None, new: EventOccurrence, at: datetime) -> Iterator[Edit]:
    if old is None:
        yield Edit(uid, at, "occurrence", None, _plain(new.occurrence), new.uid)
        return
    for name in MOMENT:
        was, now = _plain(getattr(old.occurrence, name)), _plain(getattr(new.occurrence, name))
        if was != now:
            yield Edit(uid, at, name, was, now, new.uid)


def _past(occurrence: EventOccurrence, at: datetime) -> bool:
    when = occurrence.occurrence.when
    if isinstance(when, AllDay):
        day = when.last or when.first
        return day is not None and day < at.date()
    return (when.end or when.start) <= at


def _plain(value: Any) -> Any:
    """A plain value without our reasons; None for an empty one."""
    plain = to_plain(value)
    if isinstance(plain, dict):
        plain.pop("because", None)
    return plain if plain not in ([], {}, "") else None
