"""Which decisions do nothing (any more), each with what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aggregator.correct.book import Book, Placed
from aggregator.correct.entry import Ref, keys_of
from aggregator.model import Event
from aggregator.region import WHOLE_REGION


@dataclass(frozen=True, slots=True)
class _Seen:
    """The events that a key of some decision leads to: UID to municipality."""

    by_key: Mapping[tuple[str, str], Mapping[str, str | None]]
    follow: Mapping[str, int]  # how many events follow a decision, by mark

    def of(self, ref: Ref) -> dict[str, str | None]:
        """The events that a name leads to; by UID when that is known, else by address."""
        return next((dict(found) for key in ref.keys if (found := self.by_key.get(key))), {})


def report(book: Book, events: Iterable[Event]) -> list[str]:
    """A line for each decision that has ended, is about no event, or could not be carried out."""
    placed = book.placed
    if not placed and not book.ended:
        return []
    seen = _look(book, events)
    lines = [f"{_where(p)} has ended on {p.decision.until}; take it out" for p in book.ended]
    for one in placed:
        grouping = one.decision.merge or one.decision.split
        lines += [f"{_where(one)} {line}" for line in (_grouped if grouping else _about)(one, seen)]
    return lines


def _look(book: Book, events: Iterable[Event]) -> _Seen:
    by_key: dict[tuple[str, str], dict[str, str | None]] = {
        key: {} for placed in book.placed for key in placed.decision.keys
    }
    follow: dict[str, int] = {}
    for event in events:
        keys = [key for key in keys_of(event, book.kinds) if key in by_key]
        for key in keys:
            by_key[key][event.uid] = event.place.municipality
        for placed in book.of(event, keys) if keys or event.rulings else ():
            follow[placed.mark] = follow.get(placed.mark, 0) + 1
    return _Seen(by_key, follow)


def _where(placed: Placed) -> str:
    return f"{placed.file}:{placed.line}: the decision of {placed.decision.date} on {placed.decision.text}"


def _about(placed: Placed, seen: _Seen) -> Iterator[str]:
    decision, count = placed.decision, seen.follow.get(placed.mark, 0)
    if not count:
        others = {m for key in decision.keys for m in seen.by_key.get(key, {}).values()}
        others -= {placed.home, None}
        elsewhere = f"; such an event is in {', '.join(sorted(map(str, others)))}" if others else ""
        yield f"is about no event{elsewhere}; check it or take it out"
    elif count > 1 and (decision.correct or decision.without):
        yield f"is about {count} events; add on: or name a listing: if one is meant"


def _grouped(placed: Placed, seen: _Seen) -> Iterator[str]:
    """A merge or split: who is there, and whether it came about."""
    decision = placed.decision
    found = [(ref, seen.of(ref)) for ref in decision.refs]
    there = [(ref, events) for ref, events in found if events]
    if len(there) < 2:
        gone = ", ".join(ref.text for ref, events in found if not events)
        yield f"is about no event: {gone} is not there (any more); check it or take it out"
        return
    sets = [set(events) for _, events in there]
    done = bool(set.intersection(*sets)) if decision.merge else not any(_overlap(sets))
    if not done:
        yield f"is not carried out: {_reason(placed, there)}"


def _overlap(sets: list[set[str]]) -> Iterator[bool]:
    for at, one in enumerate(sets):
        yield from (bool(one & other) for other in sets[at + 1 :])


def _reason(placed: Placed, there: list[tuple[Ref, dict[str, str | None]]]) -> str:
    for ref, events in there:
        if len(events) > 1:
            return f"{ref.text} names {len(events)} events; name a listing instead"
    towns = {town for _, events in there for town in events.values()} - {placed.home, None}
    if placed.home != WHOLE_REGION and towns:
        return f"an event is in {', '.join(sorted(map(str, towns)))}; write it in corrections/region.yaml"
    if placed.decision.split:
        return "they are one listing by these names, or a later decision joins them; name each listing"
    return "a later decision says otherwise; take one of the two out"
