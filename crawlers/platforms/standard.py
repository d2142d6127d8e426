"""Platforms that are standards: what `crawlers.extract` reads, with the list's next page."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from aggregator.region import Source
from crawlers.extract import read_page
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.links import follow_links, next_pages


class Standard(Platform):
    """JSON-LD, microdata, RDFa, h-event, iCalendar, RSS or Atom, whatever the bytes are."""

    name: ClassVar[str] = "json-ld"

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events of the page; those whose own page must be read stand in `follow` instead."""
        reading = read_page(page)
        if not page.body.lstrip()[:200].startswith(b"<"):
            return reading
        return with_links(page, source, reading)


class Icalendar(Standard):
    """An iCalendar feed."""

    name: ClassVar[str] = "icalendar"


class Rss(Standard):
    """An RSS or Atom feed; its entries are no events unless they carry an event's date."""

    name: ClassVar[str] = "rss"


class Microdata(Standard):
    """Microdata or RDFa in HTML."""

    name: ClassVar[str] = "microdata"


class HEvent(Standard):
    """h-event or hCalendar in HTML."""

    name: ClassVar[str] = "h-event"


def with_links(page: Page, source: Source | None, reading: Reading) -> Reading:
    """A reading with the source's own rules for paging and following applied."""
    followed = follow_links(page, source.follow) if source and source.follow else ()
    events = tuple(e for e in reading.events if e.url not in followed or e.url == page.url)
    onward = reading.next or next_pages(page, source, len(reading.events) + len(followed))
    follow = tuple(dict.fromkeys((*reading.follow, *followed)))
    return replace(reading, events=events, next=onward, follow=follow)
