"""What a shared reader of one system looks like. A platform reads; it never fetches."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from aggregator.region import Source
from crawlers.extract.page import Page, Reading


class Platform:
    """Base of the readers of one content system, used by every site that runs on it.

    Subclasses set `name`, and override `read`; `start` when the list is not at the source's
    start addresses; `recognises` when a page of the system can be told from its bytes.
    """

    name: ClassVar[str]

    def start(self, source: Source, now: datetime) -> tuple[str, ...]:
        """The addresses to begin with at a moment: some calendars are asked for a window of time."""
        return source.start_urls

    def recognises(self, page: Page) -> bool:
        """Whether these bytes surely come from this system; cheap, and False when in doubt."""
        return False

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events of a page, and where the list goes on. `source` is None for an unknown site."""
        raise NotImplementedError
