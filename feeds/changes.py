"""What visitors must hear of: read from the journal, one announcement per event and moment.

Off, on again, sold out, another date or time, another place or hall, and that no source lists it any more.
New words, a corrected spelling, a price or a picture are never announced. Pure, no language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from aggregator.clock import AMSTERDAM
from aggregator.model import AllDay, Edit, Event, Occurrence, Place, Status, Timed
from aggregator.plain import from_plain
from feeds.away import GONE
from feeds.place import differ, is_elsewhere
from feeds.select import days

CHANGES_FOR = timedelta(days=30)
When = Timed | AllDay


class Kind(StrEnum):
    """What happened; the values are the endings of the words' keys."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"  # no source lists it any more, and none says why
    LISTED = "listed"  # a source does so again
    MOVED = "moved"
    RESCHEDULED = "rescheduled"  # a new date is promised, none is told
    MOVED_ONLINE = "moved-online"
    PLACE = "place"
    HALL = "hall"
    SOLD_OUT = "sold-out"
    AVAILABLE = "available"


OFF = (Kind.CANCELLED, Kind.POSTPONED, Kind.RESCHEDULED)
PLACE: tuple[str, str | None] = ("place", None)  # a topic that every announcement names
LISTED: tuple[str, str | None] = ("listed", None)
GRAVITY = list(Kind)  # what leads when several things changed at once


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed; `old` and `new` are its values, `occurrence` a UID or None for all.

    `when` is the occurrence's time after the change. `again`: it, or the place, has changed once
    more since.
    """

    kind: Kind
    occurrence: str | None = None
    when: When | None = None
    old: When | Place | Status | None = None
    new: When | Place | Status | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that changed on an event at one moment (aware UTC), the gravest first."""

    uid: str
    at: datetime
    changes: tuple[Change, ...]

    @property
    def id(self) -> str:
        """Permanent: what was announced at a moment is never announced under another name."""
        return f"{self.uid}#{self.at:%Y%m%dT%H%M%S}" + (f".{self.at:%f}" if self.at.microsecond else "")

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it was before, for those who follow that place."""
        return tuple(c.old for c in self.changes if isinstance(c.old, Place))


@dataclass
class _State:
    """What of an event can be announced, at one moment."""

    status: Status
    place: Place
    hidden: str | None
    times: dict[str, Occurrence] = field(default_factory=dict)

    def status_of(self, uid: str) -> Status:
        own = self.times[uid].status
        return own if own is not Status.SCHEDULED else self.status

    def copy(self) -> _State:
        return _State(self.status, self.place, self.hidden, dict(self.times))


def changes_since(today: date) -> datetime:
    """The moment from which changes are announced on a day."""
    return datetime.combine(today, time(), AMSTERDAM) - CHANGES_FOR


def announcements(event: Event, edits: Iterable[Edit]) -> list[Announcement]:
    """The announcements of an event, the newest first, from its lines of the journal in order of time.

    The event as it is now is walked back line by line, so that each announcement compares two
    whole states and a line that only repeats another says nothing twice.
    """
    by_moment: dict[datetime, list[Edit]] = {}
    for edit in edits:
        by_moment.setdefault(edit.at, []).append(edit)
    times = {o.uid: o.occurrence for o in event.occurrences}
    after = _State(event.status, event.place, event.hidden, times)
    found: list[Announcement] = []
    seen: set[tuple[str, str | None]] = set()
    for at in sorted(by_moment, reverse=True):
        before = _undo(after, by_moment[at])
        changes = list(_compare(before, after, at))
        if changes:
            marked = (replace(c, again=not seen.isdisjoint({*_topics(c), PLACE, LISTED})) for c in changes)
            found.append(Announcement(event.uid, at, tuple(sorted(marked, key=_gravity))))
            seen |= {topic for c in changes for topic in _topics(c)}
        if before is None:
            break
        after = before
    return found


def _gravity(change: Change) -> tuple[int, str]:
    return GRAVITY.index(change.kind), change.occurrence or ""


def _topics(change: Change) -> set[tuple[str, str | None]]:
    """What a later change replaces: the same occurrence's time or status, or the place.

    One that is off has no time any more, and with a new one it is on again.
    """
    if change.kind in (Kind.PLACE, Kind.HALL):
        return {PLACE}
    if change.kind in (Kind.WITHDRAWN, Kind.LISTED):
        return {LISTED}
    found = {("when" if change.kind is Kind.MOVED else "status", change.occurrence)}
    return found | {("when", change.occurrence)} if change.kind in OFF else found


def _undo(after: _State, edits: list[Edit]) -> _State | None:
    """The state before these lines; None when the event appeared with them."""
    before = after.copy()
    for edit in reversed(edits):
        if edit.field == "event":
            if edit.old is None:
                return None
        elif edit.occurrence is not None:
            _undo_occurrence(before, edit, edit.occurrence)
        elif edit.field == "status":
            before.status = Status(edit.old or Status.SCHEDULED)
        elif edit.field == "place":
            before.place = from_plain(Place, edit.old or {})
        elif edit.field == "hidden":
            before.hidden = edit.old
    return before


def _undo_occurrence(state: _State, edit: Edit, uid: str) -> None:
    if edit.field == "occurrence":
        if edit.old is None:
            state.times.pop(uid, None)
        else:
            state.times[uid] = from_plain(Occurrence, edit.old)
    elif uid in state.times and edit.field == "when" and edit.old:
        state.times[uid] = replace(state.times[uid], when=from_plain(Occurrence, {"when": edit.old}).when)
    elif uid in state.times and edit.field == "status":
        state.times[uid] = replace(state.times[uid], status=Status(edit.old or Status.SCHEDULED))


def _compare(before: _State | None, after: _State, at: datetime) -> Iterator[Change]:
    """What became different; what was over by then is no news, nor is that what was off is taken down."""
    today = at.astimezone(AMSTERDAM).date()
    coming = on = False
    for uid, now in after.times.items():
        was = before.times.get(uid) if before else None
        if days(now.when)[1] < today and (was is None or days(was.when)[1] < today):
            continue
        coming, on = True, on or after.status_of(uid) is not Status.CANCELLED
        old = before.status_of(uid) if before and was else Status.SCHEDULED
        yield from _times(uid, was, now.when, old, after.status_of(uid))
    if before is not None and coming and (kind := place_kind(before.place, after.place)):
        yield Change(kind, None, None, before.place, after.place)
    if before is not None and on and {before.hidden, after.hidden} == {None, GONE}:
        yield Change(Kind.WITHDRAWN if after.hidden else Kind.LISTED)


def _times(uid: str, was: Occurrence | None, when: When, old: Status, new: Status) -> Iterator[Change]:
    """Changes of one occurrence; one that was called off when it was first seen is news too."""
    kind = status_kind(old, new)
    if was is None:
        if kind in (Kind.CANCELLED, Kind.POSTPONED):
            yield Change(kind, uid, when, None, new)
        return
    moved = new is not Status.CANCELLED and is_move(was.when, when)
    if kind and not (moved and kind in (Kind.RESCHEDULED, Kind.RESTORED)):
        yield Change(kind, uid, when, old, new)
    if moved:
        yield Change(Kind.MOVED, uid, when, was.when, when)


STATUS_KINDS: Mapping[Status, Kind] = {
    Status.CANCELLED: Kind.CANCELLED,
    Status.POSTPONED: Kind.POSTPONED,
    Status.MOVED_ONLINE: Kind.MOVED_ONLINE,
    Status.SOLD_OUT: Kind.SOLD_OUT,
}


def status_kind(old: Status, new: Status) -> Kind | None:
    """What a change of status means to a visitor; None when it means nothing."""
    if old is new:
        return None
    if new in STATUS_KINDS:
        return STATUS_KINDS[new]
    if new is Status.RESCHEDULED and old is not Status.POSTPONED:
        return Kind.RESCHEDULED
    if old is Status.SOLD_OUT:
        return Kind.AVAILABLE
    return Kind.RESTORED if old in STATUS_KINDS else None


def is_move(old: When, new: When) -> bool:
    """Whether another day or start was told: an end, or a clock time that became known, is no move."""
    if isinstance(old, Timed) and isinstance(new, Timed):
        return old.start != new.start
    if isinstance(old, AllDay) and isinstance(new, AllDay):
        pairs = ((old.first, new.first), (old.last, new.last))
        return any(a is not None and b is not None and a != b for a, b in pairs)
    whole, timed = (old, new) if isinstance(old, AllDay) else (new, old)
    assert isinstance(whole, AllDay)
    first, last = whole.first or whole.last, whole.last or whole.first
    assert first is not None
    assert last is not None
    return not first <= days(timed)[0] <= last


def place_kind(old: Place, new: Place) -> Kind | None:
    """Another place, another hall, or None."""
    if is_elsewhere(old, new):
        return Kind.PLACE
    return Kind.HALL if differ(old.hall, new.hall) else None
