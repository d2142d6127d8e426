"""How good Trek is, measured on labelled sets: exact figures that a command prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from aggregator.errors import UsageError

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
    """Rows for every set that the folder holds; a set that is absent has none.

    UsageError when there is no set at all, or one that cannot be read.
    """
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

    has_pages = any((folder / name).is_file() for name in ("index.json", "real/index.json"))
    sets: dict[str, Callable[[], Iterable[Row]]] = {
        "dates": lambda: score_dates(folder),
        "places": lambda: score_places(folder, region),
        "duplicates": lambda: score_same(folder, Deduper(region), PlaceFinder(region)),
        "pillars": lambda: score_pillars(folder, Tagger(region), Tagger(region, learned=False)),
        "pages": lambda: score_pages(folder, read) if has_pages else (),
    }
    rows = [row for name, score in sets.items() for row in _rows(name, folder, score)]
    if not rows:
        raise UsageError("holds no labelled set", str(folder), "name a folder with dates.jsonl and the like")
    return rows


def _rows(name: str, folder: Path, score: Callable[[], Iterable[Row]]) -> list[Row]:
    try:
        return list(score())
    except (LookupError, ValueError, TypeError, AttributeError, OSError) as error:
        what = f"the labelled {name} cannot be read ({type(error).__name__}: {error})"
        raise UsageError(what, str(folder), "mend the line as its guideline says") from error
