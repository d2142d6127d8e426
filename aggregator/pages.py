"""A saved page all the way to its occurrences, as `trek try page` and the scores read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aggregator.answers import answer_page
from aggregator.errors import TrekError
from aggregator.model import Listing, RawEvent, Reject
from aggregator.normalise.listing import Normaliser
from aggregator.region import Region

WORDS = 200  # characters of a source's own words that are shown as a reason


@dataclass(frozen=True)
class Found:
    """What a reader found on a saved page; `problems` are words for people, `follow` addresses of events."""

    events: Sequence[RawEvent]
    problems: Sequence[str] = ()
    follow: Sequence[str] = ()


class ReadPage(Protocol):
    """Reads a saved page with every reader there is."""

    def __call__(
        self, body: bytes, url: str, seen: datetime, until: datetime | None, content_type: str | None
    ) -> Found:
        """Never raises for a page that can be tried; ReadError for one that cannot."""
        ...


class PageReader:
    """Reads saved pages all the way to occurrences.

    Of the page that was read last: `problems` in words for people, `follow` the addresses of events that
    have to be fetched, `failed` when nothing could be read.
    """

    def __init__(self, region: Region, read_page: ReadPage) -> None:
        self.normaliser, self.read_page = Normaliser(region), read_page
        self.problems: list[str] = []
        self.follow: Sequence[str] = ()
        self.failed = False

    def lines(
        self,
        body: bytes,
        url: str,
        seen: datetime,
        until: datetime | None,
        content_type: str | None = None,
        *,
        explain: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """One answer per occurrence."""
        try:
            found = self.read_page(body, url, seen, until, content_type)
        except TrekError as error:
            self.problems, self.follow, self.failed = [str(error)], (), True
            return
        self.problems, self.follow = list(found.problems), found.follow
        self.failed = bool(self.problems) and not found.events
        for made in self.normaliser.listings(found.events, seen, until):
            if isinstance(made, Reject):
                self.problems.append(f"left out: {made.reason}: {made.title or ''} ({made.detail})")
                continue
            origin = made.origins.get("title")
            method = origin.method if origin else ""
            for line in answer_page(made, method, exclusive=method == "icalendar"):
                yield {**line, **_reasons(made)} if explain else line


def _reasons(listing: Listing) -> dict[str, Any]:
    """Why the place is what it is, and the words that each field was read from."""
    read = {name: origin.raw[:WORDS] for name, origin in listing.origins.items()}
    return {"because": listing.place.because, "read": read}
