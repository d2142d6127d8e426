"""One event from the listings of a cluster: each field from the most trusted that has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aggregator.dedupe.moments import resolve
from aggregator.model import (
    Event,
    EventOccurrence,
    Evidence,
    Link,
    Listing,
    Place,
    Status,
    Tier,
    to_plain,
)
from aggregator.normalise.rights import allowed
from aggregator.region import Region

ORDER = {tier: rank for rank, tier in enumerate(Tier)}
SELLER_FIRST = {**ORDER, Tier.SELLER: -1}  # the shop knows the price

FIELDS = (
    *("title", "subtitle", "url", "ticket_url", "price", "description", "image", "image_credit"),
    *("organiser", "performers", "categories", "types", "language"),
)


def merge(listings: Sequence[Listing], links: Sequence[Link], region: Region) -> Event:
    """A draft event without UIDs; its evidence says which listing each field came from.

    Description and image are what each source's rights allow.
    """
    members = ranked(listings)
    shown = [allowed(k, region.rights[k.rights]) if k.rights in region.rights else k for k in members]
    values: dict[str, Any] = {}
    evidence: dict[str, Evidence] = {}
    for name in FIELDS:
        order = sorted(shown, key=lambda k: SELLER_FIRST[k.tier]) if name == "price" else shown
        _take(name, order, values, evidence)
    place = _place(members, evidence)
    occurrences = resolve(members).occurrences
    _note("occurrences", members[0], members[1:], lambda k: k.occurrences, evidence)
    _note("status", members[0], members[1:], lambda k: k.status, evidence)
    return Event(
        uid="",
        occurrences=tuple(EventOccurrence("", o) for o in occurrences),
        place=place,
        status=_status(members),
        listings=tuple(sorted(k.ref for k in listings)),
        sources=tuple(dict.fromkeys((k.source_id, k.url or "") for k in members)),
        evidence=evidence,
        links=tuple(links),
        **values,
    )


def ranked(listings: Sequence[Listing]) -> list[Listing]:
    """Listings in the order in which they are believed: by tier, then by identity."""
    return sorted(listings, key=lambda k: (ORDER[k.tier], k.source_id, k.key))


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
