"""One event from the listings of a cluster: each field from the most trusted that has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aggregator.dedupe.marks import read_marks
from aggregator.dedupe.moments import Resolved, resolve
from aggregator.dedupe.record import weigh_title
from aggregator.dedupe.said import said
from aggregator.dedupe.spot import Surveyor
from aggregator.model import Event, EventOccurrence, Evidence, Link, Listing, Occurrence, Status, Tier
from aggregator.normalise.rights import allowed
from aggregator.region import Region

ORDER = {tier: rank for rank, tier in enumerate(Tier)}
# The shop knows the price best after the house itself.
PRICE_ORDER = {**ORDER, Tier.SELLER: ORDER[Tier.VENUE] + 0.5}
FIELDS = (
    *("subtitle", "url", "ticket_url", "price", "description", "image", "organiser", "performers"),
    *("categories", "types", "language"),
)


def merge(listings: Sequence[Listing], links: Sequence[Link], region: Region, surveyor: Surveyor) -> Event:
    """A draft event without UIDs; its evidence says which listing each field came from.

    Description and image are what each source's rights allow; an image keeps its own credit.
    """
    members = ranked(listings)
    shown = [allowed(k, region.rights[k.rights]) if k.rights in region.rights else k for k in members]
    draft = _Draft()
    draft.take("title", _telling_first(shown, surveyor))
    for name in FIELDS:
        order = sorted(shown, key=lambda k: PRICE_ORDER[k.tier]) if name == "price" else shown
        draft.take(name, order)
    if "image" in draft.values:
        draft.values["image_credit"] = draft.chosen(shown, "image").image_credit
    if (draft.values.get("subtitle") or "").casefold() == draft.values["title"].casefold():
        draft.drop("subtitle")
    draft.take("place", _surest_place(members))
    found = resolve(members)
    draft.note("occurrences", members, lambda k: k.occurrences)
    draft.note("status", members, lambda k: k.status)
    return Event(
        uid="",
        occurrences=tuple(EventOccurrence("", o) for o in in_force(found, members)),
        status=_status(found, members),
        listings=tuple(sorted(k.ref for k in listings)),
        sources=tuple(dict.fromkeys((k.source_id, k.url or "") for k in members)),
        evidence=draft.evidence,
        links=tuple(links),
        **draft.values,
    )


def ranked(listings: Sequence[Listing]) -> list[Listing]:
    """Listings in the order in which they are believed: by tier, then by identity."""
    return sorted(listings, key=lambda k: (ORDER[k.tier], k.source_id, k.key))


class _Draft:
    """Values of an event's fields and where each came from, while they are gathered."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.evidence: dict[str, Evidence] = {}

    def take(self, name: str, order: Sequence[Listing]) -> None:
        """Take a field from the first listing that has it."""
        having = [k for k in order if getattr(k, name) not in (None, "", ())]
        if having:
            self.values[name] = getattr(having[0], name)
            self.note(name, having, lambda k: getattr(k, name))

    def note(self, name: str, order: Sequence[Listing], read: Callable[[Listing], Any]) -> None:
        """Note that a field is the first listing's, and what the others said."""
        chosen = read(order[0])
        losers = [(k.ref, said(read(k))) for k in order[1:] if read(k) != chosen]
        words = said(chosen)
        self.evidence[name] = Evidence(order[0].ref, tuple(loser for loser in losers if loser[1] != words))

    def drop(self, name: str) -> None:
        """Leave a field out after all."""
        del self.values[name], self.evidence[name]

    def chosen(self, listings: Sequence[Listing], name: str) -> Listing:
        """The listing that a field was taken from."""
        ref = self.evidence[name].chosen
        return next(k for k in listings if k.ref == ref)


def _telling_first(shown: Sequence[Listing], surveyor: Surveyor) -> list[Listing]:
    """Listings whose title names something first: an artist's own page may say no more than a town."""
    telling = {k.ref: bool(weigh_title(k, surveyor.spot(k.place), surveyor).telling) for k in shown}
    return sorted(shown, key=lambda k: not telling[k.ref])


def _surest_place(members: Sequence[Listing]) -> list[Listing]:
    """Listings that know the venue first, then those that know the town; a notice of moving counts most."""
    venues = {k.place.venue for k in members if k.place.venue}
    moved = {
        k.place.venue
        for k in members
        if len(venues) > 1 and k.place.venue and read_marks(k.title, k.description or "").moved
    }
    news = moved if len(moved) == 1 else set()

    def rank(listing: Listing) -> tuple[bool, bool, bool]:
        place = listing.place
        return place.venue not in news, place.venue is None, place.municipality is None

    return sorted(members, key=rank)


def in_force(found: Resolved, members: Sequence[Listing]) -> list[Occurrence]:
    """The moments without an old date: after a notice of a new one, the most trusted has the say.

    Only an earlier date goes, and only when less trusted listings have no other: they lag behind.
    """
    every = list(found.occurrences)
    notice = any(
        k.status is Status.RESCHEDULED or read_marks(k.title, k.description or "").redated for k in members
    )
    trusted = {
        found.index[k.ref, at]
        for k in members
        if k.tier is members[0].tier
        for at in range(len(k.occurrences))
    } - {None}
    if not notice or not trusted:
        return every
    stale = {
        found.index[k.ref, 0] for k in members if k.tier is not members[0].tier and len(k.occurrences) == 1
    }
    told = {
        found.index[k.ref, at] for k in members if len(k.occurrences) > 1 for at in range(len(k.occurrences))
    }
    first = min(at for at in trusted if at is not None)
    return [o for at, o in enumerate(every) if at >= first or at not in stale - trusted - told]


def _status(found: Resolved, members: Sequence[Listing]) -> Status:
    """What holds for every moment; scheduled when the moments differ, of which each has its own."""
    states = {occurrence.status for occurrence in found.occurrences}
    if not states:
        return members[0].status
    return states.pop() if len(states) == 1 else Status.SCHEDULED
