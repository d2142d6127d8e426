"""One event from the listings of a cluster: each field from the most trusted that has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import (
    AllDay,
    Event,
    EventOccurrence,
    Evidence,
    Link,
    Listing,
    Occurrence,
    Place,
    Status,
    Tier,
    Timed,
    to_plain,
)
from aggregator.normalise.rights import allowed
from aggregator.region import Region

ORDER = {tier: rank for rank, tier in enumerate(Tier)}
SELLER_FIRST = {**ORDER, Tier.SELLER: -1}  # the shop knows the price
DOORS = timedelta(minutes=90)
UTC_MISTAKE = timedelta(hours=2)

FIELDS = (
    *("title", "subtitle", "url", "ticket_url", "price", "description", "image", "image_credit"),
    *("organiser", "performers", "categories", "language"),
)


def merge(listings: Sequence[Listing], links: Sequence[Link], region: Region) -> Event:
    """A draft event without UIDs; its evidence says which listing each field came from.

    Description and image are what each source's rights allow.
    """
    ranked = sorted(listings, key=lambda k: (ORDER[k.tier], k.source_id, k.key))
    shown = [allowed(k, region.rights[k.rights]) if k.rights in region.rights else k for k in ranked]
    values: dict[str, Any] = {}
    evidence: dict[str, Evidence] = {}
    for name in FIELDS:
        order = sorted(shown, key=lambda k: SELLER_FIRST[k.tier]) if name == "price" else shown
        _take(name, order, values, evidence)
    place = _place(ranked, evidence)
    occurrences = merge_occurrences([k.occurrences for k in ranked])
    _note("occurrences", ranked[0], ranked[1:], lambda k: k.occurrences, evidence)
    _note("status", ranked[0], ranked[1:], lambda k: k.status, evidence)
    return Event(
        uid="",
        occurrences=tuple(EventOccurrence("", o) for o in occurrences),
        place=place,
        status=_status(ranked),
        listings=tuple(sorted(k.ref for k in listings)),
        sources=tuple(dict.fromkeys((k.source_id, k.url or "") for k in ranked)),
        evidence=evidence,
        links=tuple(links),
        **values,
    )


def merge_occurrences(per_listing: Sequence[Sequence[Occurrence]]) -> list[Occurrence]:
    """Occurrences of all listings, the most trusted first; each real moment once, in time order.

    Doors against start, a missing time and a clock two hours off are one moment; a run given as a
    span is told by its performances where another listing names those.
    """
    merged: list[Occurrence] = []
    for occurrences in per_listing:
        free = list(range(len(merged)))
        fresh = []
        for occurrence in sorted(occurrences, key=_begin):
            match = min(free, key=lambda i: (_distance(merged[i], occurrence), i), default=None)
            if match is None or _distance(merged[match], occurrence) == FAR:
                fresh.append(occurrence)
                continue
            free.remove(match)
            merged[match] = _join(merged[match], occurrence)
        merged.extend(fresh)
    single = [o for o in merged if not _is_span(o)]
    told = [o for o in merged if not (_is_span(o) and any(_within(s, o) for s in single))]
    return sorted(told, key=_begin)


FAR = 9


def _distance(a: Occurrence, b: Occurrence) -> int:
    """0 the same moment, 1 a day without a time, 2 doors, 3 a clock mistake, FAR another moment."""
    if isinstance(a.when, AllDay) and isinstance(b.when, AllDay):
        return 0 if _is_span(a) == _is_span(b) and _same_stay(a.when, b.when) else FAR
    if _is_span(a) or _is_span(b) or _day(a) != _day(b):
        return FAR
    if isinstance(a.when, AllDay) or isinstance(b.when, AllDay):
        return 1
    gap = abs(a.when.start - b.when.start)
    if not gap:
        return 0
    return 2 if gap <= DOORS else 3 if gap == UTC_MISTAKE else FAR


def _join(kept: Occurrence, other: Occurrence) -> Occurrence:
    """The kept occurrence with what it does not say itself."""
    when = kept.when
    if isinstance(when, AllDay) and isinstance(other.when, Timed):
        when = other.when
    elif isinstance(when, Timed) and isinstance(other.when, Timed) and when.end is None:
        end = other.when.end
        when = replace(when, end=end if end and end > when.start else None)
    doors = kept.doors or other.doors
    if isinstance(when, Timed) and doors and doors > when.start:
        doors = None
    return replace(kept, when=when, doors=doors, hours=kept.hours or other.hours, url=kept.url or other.url)


def _same_stay(a: AllDay, b: AllDay) -> bool:
    """Whether two spans are one stay: the same first or last day, or either end not said."""
    if a.first and b.first and a.first != b.first:
        return a.last is not None and a.last == b.last
    return a.last is None or b.last is None or a.last == b.last or a.first == b.first


def _within(single: Occurrence, span: Occurrence) -> bool:
    when = span.when
    day = _day(single)
    if not isinstance(when, AllDay) or day is None:
        return False
    return (when.first is None or when.first <= day) and (when.last is None or day <= when.last)


def _is_span(occurrence: Occurrence) -> bool:
    when = occurrence.when
    return isinstance(when, AllDay) and (when.first is None or when.last not in (None, when.first))


def _day(occurrence: Occurrence) -> date | None:
    when = occurrence.when
    return when.start.astimezone(AMSTERDAM).date() if isinstance(when, Timed) else when.first


def _begin(occurrence: Occurrence) -> tuple[str, str]:
    when = occurrence.when
    if isinstance(when, Timed):
        return when.start.astimezone(AMSTERDAM).isoformat(), str(when.end)
    return str(when.first or when.last), str(when.last)


def _take(
    name: str, ranked: Sequence[Listing], values: dict[str, Any], evidence: dict[str, Evidence]
) -> None:
    having = [k for k in ranked if getattr(k, name) not in (None, "", ())]
    if not having:
        return
    values[name] = getattr(having[0], name)
    _note(name, having[0], having[1:], lambda k: getattr(k, name), evidence)


def _note(
    name: str,
    chosen: Listing,
    others: Sequence[Listing],
    read: Callable[[Listing], Any],
    evidence: dict[str, Evidence],
) -> None:
    losers = tuple((k.ref, _words(read(k))) for k in others if read(k) != read(chosen))
    evidence[name] = Evidence(chosen.ref, losers)


def _words(value: Any) -> str:
    plain = to_plain(value)
    return plain if isinstance(plain, str) else str(plain)


def _place(ranked: Sequence[Listing], evidence: dict[str, Evidence]) -> Place:
    """The place of the most trusted listing that knows the venue, else of one that knows the town."""
    best = max(
        ranked, key=lambda k: (k.place.venue is not None, k.place.municipality is not None, -ORDER[k.tier])
    )
    _note("place", best, [k for k in ranked if k is not best], lambda k: k.place, evidence)
    return best.place


def _status(ranked: Sequence[Listing]) -> Status:
    """The status of the most trusted listing; sold out when a seller says so of a scheduled event."""
    status = ranked[0].status
    if status is Status.SCHEDULED and any(
        k.status is Status.SOLD_OUT and k.tier is Tier.SELLER for k in ranked
    ):
        return Status.SOLD_OUT
    return status
