"""The stages that the job runs, each by what it takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class Rooms:
    """The stages that the job runs."""

    normaliser: Normalises
    cluster: Callable[[Sequence[Listing]], list[Cluster]]
    merge: Callable[[Sequence[Listing], Sequence[Link]], Event]
    tagger: Tags
    decisions: Decides | None = None


def rules_of(code: str, decisions: Decides | None) -> str:
    """The fingerprint of what events are made with: that of code and configuration, and the decisions'."""
    digest = decisions.digest if decisions else ""
    return ".".join(part for part in (code.partition(".")[0], digest) if part)
