"""Which listings are the same event, and what one event is made of their claims.

`record` prepares a listing, `compare` weighs two, `cluster` groups them, `merge` makes the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aggregator.dedupe.cluster import cluster
from aggregator.dedupe.merge import merge, merge_occurrences
from aggregator.model import Cluster, Event, Link, Listing, ListingRef
from aggregator.region import Region


class Deduper:
    """The room's door: groups listings of a region and merges each group."""

    def __init__(self, region: Region) -> None:
        self.region = region

    def cluster(self, listings: Sequence[Listing]) -> list[Cluster]:
        """Every listing in exactly one cluster; the same for any order of the listings."""
        return cluster(listings)

    def merge(self, listings: Sequence[Listing], links: Sequence[Link] = ()) -> Event:
        """A draft event without UIDs from the listings of one cluster."""
        return merge(listings, links, self.region)

    def label(
        self, listings: Sequence[Listing], clusters: Sequence[Cluster]
    ) -> Mapping[ListingRef, str | None]:
        """A name for the one moment that a listing tells of; None for a run or an uncertain day."""
        known = {listing.ref: listing for listing in listings}
        labels: dict[ListingRef, str | None] = {}
        for number, group in enumerate(clusters, 1):
            members = [known[ref] for ref in group.refs]
            moments = merge_occurrences([m.occurrences for m in members])
            for member in members:
                labels[member.ref] = _label(number, member, moments)
        return labels


def _label(number: int, member: Listing, moments: Sequence[object]) -> str | None:
    if len(member.occurrences) != 1:
        return None
    alone = [
        index
        for index, moment in enumerate(moments)
        if len(merge_occurrences([[moment], member.occurrences])) == 1  # type: ignore[list-item]
    ]
    return f"o{number}-{alone[0]}" if len(alone) == 1 else None
