"""A saved page all the way to its occurrences, as `trek try page` and the scores read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from aggregator.answers import answer_page
from aggregator.errors import TrekError
from aggregator.model import Listing, RawEvent, Reject
from aggregator.normalise.listing import PRIVATE, Normaliser
from aggregator.normalise.text import TITLE_MAX, clean_line
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
        self.normaliser, self.read_page = Normaliser(region, keep_private=True), read_page
        self._sources = _by_host(region)
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
        for made in self.listings(body, url, seen, until, content_type):
            if isinstance(made, Reject):
                self.problems.append(f"left out: {made.reason}: {made.title or ''} ({made.detail})")
                continue
            origin = made.origins.get("title")
            method = origin.method if origin else ""
            for line in answer_page(made, method, exclusive=method == "icalendar"):
                told = {**line, "title": _printed_title(made)}
                if PRIVATE in made.warnings:
                    told["withheld"] = PRIVATE
                yield {**told, **_reasons(made)} if explain else told

    def listings(
        self, body: bytes, url: str, seen: datetime, until: datetime | None, content_type: str | None = None
    ) -> Sequence[Listing | Reject]:
        """What is made of each event on the page; nothing when it cannot be read."""
        try:
            found = self.read_page(body, url, seen, until, content_type)
        except TrekError as error:
            self.problems, self.follow, self.failed = [str(error)], (), True
            return ()
        self.problems, self.follow = list(found.problems), found.follow
        self.failed = bool(self.problems) and not found.events
        return self.normaliser.listings(self._claimed(url, found.events), seen, until)

    def _claimed(self, url: str, events: Sequence[RawEvent]) -> Sequence[RawEvent]:
        """Events as the source's whose site the page is on: its house, its halls and its zone count."""
        source = self._sources.get(_host(url))
        return [replace(event, source_id=source) for event in events] if source else events


def _by_host(region: Region) -> dict[str, str]:
    """The source of each host that only one source reads."""
    found: dict[str, set[str]] = {}
    for source in region.sources.values():
        for host in {_host(url) for url in source.start_urls}:
            found.setdefault(host, set()).add(source.id)
    return {host: ids.pop() for host, ids in found.items() if host and len(ids) == 1}


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _printed_title(listing: Listing) -> str:
    """The title as the page prints it, `Afgelast:` and the like before it included; `status` says it too."""
    origin = listing.origins.get("title")
    return clean_line(origin.raw, TITLE_MAX) or listing.title if origin else listing.title


def _reasons(listing: Listing) -> dict[str, Any]:
    """Why the place is what it is, and the words that each field was read from."""
    read = {name: origin.raw[:WORDS] for name, origin in listing.origins.items()}
    return {"because": listing.place.because, "read": read}
