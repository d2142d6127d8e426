"""The stages that the job runs, each by what it takes and gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aggregator.model import Cluster, Event, Link, Listing, ListingRef, RawEvent, Reject


class Normalises(Protocol):
    """Makes listings of one run's raw events."""

    def listings(self, raws: Iterable[RawEvent], now: datetime) -> list[Listing | Reject]:
        """Listings and rejects, in the order in which they were read."""
        ...


class Tags(Protocol):
    """Gives an event its pillars, and hides what is none of ours."""

    def tag(self, event: Event) -> Event:
        """The event with pillars, tags, and the reason why it is hidden, if it is."""
        ...


class Decides(Protocol):
    """What people decided about events: before whatever the rules say."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Names of the decisions that hold."""
        ...

    @property
    def groups(self) -> bool:
        """Whether any of them joins or parts events, which may concern any listing."""
        ...

    @property
    def digest(self) -> str:
        """A short text that differs when other decisions hold; empty when there is none."""
        ...

    def as_of(self, marks: Sequence[str]) -> AbstractContextManager[None]:
        """Only these hold meanwhile."""
        ...

    def group(
        self,
        clusters: Sequence[Cluster],
        listings: Mapping[ListingRef, Listing],
        members: Callable[[str], Collection[ListingRef]],
    ) -> list[Cluster]:
        """The clusters as people want them; `members` are all listings ever of a UID's event."""
        ...

    def correct(self, draft: Event) -> Event:
        """The merged event with the fields that people corrected."""
        ...


class Compares(Protocol):
    """Finds what is one event, a part of the listings at a time."""

    def parts(self, listings: Sequence[Listing]) -> Iterator[Sequence[Cluster]]:
        """The clusters by part: what hangs together by links, and knows nothing of other parts."""
        ...

    def linked(self, listings: Sequence[Listing], around: Collection[ListingRef]) -> set[ListingRef]:
        """Those of the listings that a link joins with one of `around`, which are among them."""
        ...

    def filed(self, listing: Listing) -> Sequence[int]:
        """Numbers of the blocks in which a listing lies."""
        ...

    def asked(self, listing: Listing) -> Sequence[int]:
        """Numbers of the blocks in which those lie that it is compared with."""
        ...


@dataclass(frozen=True, slots=True)
class Rooms:
    """The stages that the job runs. Without `compares` all is clustered anew each time, by `cluster`."""

    normaliser: Normalises
    cluster: Callable[[Sequence[Listing]], list[Cluster]]
    merge: Callable[[Sequence[Listing], Sequence[Link]], Event]
    tagger: Tags
    decisions: Decides | None = None
    compares: Compares | None = None

    def draft(self, uid: str, cluster: Cluster, listings: Sequence[Listing], names: Collection[str]) -> Event:
        """The event that a cluster's listings make now, corrected and tagged; `names` are its former UIDs."""
        merged = self.merge(listings, cluster.links)
        aliases = tuple(sorted(names))
        draft = replace(merged, uid=uid, listings=cluster.refs, links=cluster.links, aliases=aliases)
        return self.tagger.tag(self.decisions.correct(draft) if self.decisions else draft)


def fingerprint(*folders: Path) -> str:
    """A hash of the configuration and the rules in code: when it changes, events are made anew.

    What people decided about single events is apart, as it changes nothing of how pages are read.
    """
    digest = hashlib.sha256()
    for folder in folders:
        own = (p for p in folder.rglob("*") if p.suffix in (".py", ".yaml", ".toml"))
        for file in sorted(p for p in own if p.relative_to(folder).parts[0] != "corrections"):
            digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def code_of(rules: str) -> str:
    """The part of the fingerprint of the rules that says how pages are read and listings compared."""
    return rules.partition(".")[0]


def rules_of(code: str, decisions: Decides | None) -> str:
    """The fingerprint of what events are made with: that of code and configuration, and the decisions'."""
    digest = decisions.digest if decisions else ""
    return ".".join(part for part in (code_of(code), digest) if part)
