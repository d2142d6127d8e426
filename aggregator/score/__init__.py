"""How good Trek is, measured on labelled sets: exact figures that a command prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from aggregator.region import Region
    from aggregator.score.table import Row


class PageLines(Protocol):
    """What reads a saved page to answers, as `trek try page` prints them.

    `follow` holds the addresses of events that the page read last leads to.
    """

    follow: Sequence[str]

    def lines(self, body: bytes, url: str, seen: datetime, until: datetime | None) -> Any:
        """One answer per occurrence."""
        ...


def score_all(folder: Path, region: Region, pages: PageLines) -> list[Row]:
    """Rows for every set that the folder holds; a set that is absent has none."""
    from aggregator.dedupe import Deduper
    from aggregator.normalise.place import PlaceFinder
    from aggregator.score.dates import score_dates
    from aggregator.score.pages import score_pages
    from aggregator.score.pillars import score_pillars
    from aggregator.score.places import score_places
    from aggregator.score.same import score_same
    from aggregator.tag.tagger import Tagger

    def read(body: bytes, url: str, seen: datetime, until: datetime | None) -> list[dict[str, Any]]:
        lines = list(pages.lines(body, url, seen, until))
        return lines + [{"follow": address} for address in pages.follow]

    return [
        *score_dates(folder),
        *score_places(folder, region),
        *score_same(folder, Deduper(region), PlaceFinder(region)),
        *score_pillars(folder, Tagger(region)),
        *score_pages(folder, read),
    ]
