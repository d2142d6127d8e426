"""Which listings are the same event, and what one event is made of their claims.

`record` prepares a listing, `compare` weighs two, `cluster` groups them, `towns` a municipality at a time,
`merge` makes the event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from aggregator.dedupe.block import asked, filed
from aggregator.dedupe.cluster import linked
from aggregator.dedupe.merge import merge, ranked
from aggregator.dedupe.moments import sole_moments
from aggregator.dedupe.record import Record, prepare
from aggregator.dedupe.spot import OUTSIDE, Surveyor
from aggregator.dedupe.towns import Blocks, hands, parts
from aggregator.model import Cluster, Event, Link, Listing, ListingRef
from aggregator.region import Region
from aggregator.rest import at_rest

KEPT = 20_000  # records


class Deduper:
    """The room's door: groups listings of a region and merges each group."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._surveyor = Surveyor(region)
        self._records: dict[int, Record] = {}
        self._lies: Blocks = {}

    def cluster(self, listings: Sequence[Listing]) -> list[Cluster]:
        """Every listing in exactly one cluster; the same for any order of the listings.

        The links of a cluster are those by which it grew, one fewer than its listings.
        """
        with at_rest():
            found = [one for part in self.parts(listings) for one in part]
        return sorted(found, key=lambda c: (c.refs[0].source_id, c.refs[0].key))

    def parts(self, listings: Sequence[Listing]) -> Iterator[tuple[Cluster, ...]]:
        """The clusters by part: what hangs together by links, and knows nothing of other parts."""
        return parts(listings, self._prepare, hands(len(listings)), self._lies)

    def linked(self, listings: Sequence[Listing], around: Collection[ListingRef]) -> set[ListingRef]:
        """Those of the listings that a link joins with one of `around`, which are among them."""
        return linked(listings, self._prepare, around)

    def filed(self, listing: Listing) -> Sequence[int]:
        """Numbers of the blocks in which a listing lies."""
        known = self._lies.get(listing.ref) if self._lies else None
        return filed(self._prepare(listing)) if known is None else known

    def asked(self, listing: Listing) -> Sequence[int]:
        """Numbers of the blocks in which those lie that it is compared with."""
        return asked(self._prepare(listing), [*self.region.municipalities, OUTSIDE])

    def _prepare(self, listing: Listing) -> Record:
        """The record of a listing; of the last ones it is kept, as each is asked for more than once."""
        kept = self._records.get(id(listing))
        if kept is None or kept.listing is not listing:
            if len(self._records) >= KEPT:
                self._records.clear()
            kept = self._records[id(listing)] = prepare(listing, self._surveyor)
        return kept

    def merge(self, listings: Sequence[Listing], links: Sequence[Link] = ()) -> Event:
        """A draft event without UIDs from the listings of one cluster."""
        return merge(listings, links, self.region, self._surveyor)

    def label(
        self, listings: Sequence[Listing], clusters: Sequence[Cluster]
    ) -> Mapping[ListingRef, str | None]:
        """A name for the one moment that a listing tells of; None for a run or an uncertain day."""
        known = {listing.ref: listing for listing in listings}
        labels: dict[ListingRef, str | None] = {}
        for number, group in enumerate(clusters, 1):
            refs = {id(known[ref]): ref for ref in group.refs}
            members = ranked([known[ref] for ref in group.refs])
            for member, alone in zip(members, sole_moments(members), strict=True):
                labels[refs[id(member)]] = None if alone is None else f"o{number}-{alone}"
        return labels
