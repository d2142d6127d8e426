"""City agendas in the style of uitinhengelo.nl: `div.event[href]` cards without a year or a venue."""

from __future__ import annotations

from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import TIME, holds_date, holds_time
from crawlers.platforms.dom import absolute, attr, clean, find, image, text_of, words
from crawlers.platforms.links import next_pages
from crawlers.platforms.make import gather, make_event, make_offers, zone_of


class UitInHengelo(Platform):
    """The printed day ("vandaag", "t/m 07 aug") goes on as words; one address may carry many days."""

    name: ClassVar[str] = "uitinhengelo"

    def recognises(self, page: Page) -> bool:
        """The card's own class names."""
        return b"eventCat" in page.body and b"eventDetail" in page.body

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events of the list; their pages, which name the venue, in `follow` when a source is crawled."""
        cards = find(page.tree, "div.event[href], a.event[href], .event")
        events = gather(event for card in cards if (event := _card(page, source, card)))
        follow: tuple[str, ...] = ()
        if source is not None and source.options.get("details") == "yes":
            follow = tuple(e.url for e in events if e.url)
            events = tuple(e for e in events if not e.url)
        return Reading(events, next_pages(page, source, len(cards)), follow)


def _card(page: Page, source: Source | None, card: HtmlElement) -> RawEvent | None:
    title, day = text_of(card, "h5") or text_of(card, "h4, h3"), text_of(card, ".date") or ""
    if not title or not (holds_date(day) or day):
        return None
    details = [words(d) for d in find(card, ".eventDetail")]
    clocks = [d for d in details if holds_time(d)]
    money = [d for d in details if d and d not in clocks and not TIME.search(d)]
    url = absolute(page.url, card.get("href") or attr(card, "a[href]", "href"))
    return make_event(
        page,
        source,
        f"platform:{UitInHengelo.name}",
        title,
        occurrences=(RawOccurrence(text=clean(f"{day} {' '.join(clocks)}"), zone=zone_of(source)),),
        source_key=url,
        url=url,
        offers=make_offers(", ".join(money)),
        image=image(page.url, card),
        categories=tuple(c for n in find(card, ".eventCat") if (c := words(n))),
    )
