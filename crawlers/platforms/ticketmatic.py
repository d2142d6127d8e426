"""Ticketmatic shops and the sites before them: `div.mtPerformance`, and film lists with many times a day."""

from __future__ import annotations

from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_date, holds_time
from crawlers.platforms.dom import absolute, attr, clean, find, image, text_of, words
from crawlers.platforms.make import gather, make_event, make_offers, make_place, zone_of


class Ticketmatic(Platform):
    """One performance a `div.mtPerformance`; one film with all its times a list item."""

    name: ClassVar[str] = "ticketmatic"

    def recognises(self, page: Page) -> bool:
        """The shop's or the film list's own class names."""
        return b"mtPerformance" in page.body or b"OverviewListItem" in page.body

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Performances, films, or what the page says in another way."""
        from crawlers.platforms.auto import read_any  # auto knows every platform, this one among them

        shows = find(page.tree, "div.mtPerformance")
        films = find(page.tree, "#offerList .OverviewListItem, .OverviewListItem")
        if not shows and not films:
            return read_any(page, source)
        found = [_show(page, source, n) for n in shows] + [_film(page, source, n) for n in films]
        return Reading(gather(e for e in found if e))


def _show(page: Page, source: Source | None, node: HtmlElement) -> RawEvent | None:
    title, when = text_of(node, "h1, h2, h3"), text_of(node, ".date") or ""
    if not title or not holds_date(when):
        return None
    url = absolute(page.url, attr(node, "a[href*='mtTicket']", "href")) or page.url
    clock = text_of(node, ".time") or ""
    return make_event(
        page,
        source,
        f"platform:{Ticketmatic.name}",
        title,
        occurrences=(
            RawOccurrence(text=clean(when if holds_time(when) else f"{when} {clock}"), zone=zone_of(source)),
        ),
        source_key=url.rstrip("/").rsplit("/", 1)[-1] if "performance/" in url else url,
        url=url,
        place=make_place(name=text_of(node, ".location")),
        offers=make_offers(text_of(node, ".price")),
        status=text_of(node, ".status, .soldout"),
        image=image(page.url, node),
    )


def _film(page: Page, source: Source | None, node: HtmlElement) -> RawEvent | None:
    """The day stands once, in `li.label` or before the times; each `span.big` is a time on it."""
    title = text_of(node, ".event-title a") or text_of(node, ".event-title, h4")
    url = absolute(page.url, attr(node, ".event-title a, h4 a, a[href]", "href"))
    times: list[RawOccurrence] = []
    day = ""
    for element in node.iter("li", "span", "div"):
        said = words(element)
        if len(said) <= 60 and holds_date(said):
            day = said
        elif "big" in (element.get("class") or "").split() and holds_time(said) and day:
            times.append(RawOccurrence(text=f"{day} {said}", zone=zone_of(source)))
    if not title or not (times or day):
        return None
    when = tuple(dict.fromkeys(times)) or (RawOccurrence(text=day, zone=zone_of(source)),)
    return make_event(
        page,
        source,
        f"platform:{Ticketmatic.name}",
        title,
        occurrences=when,
        source_key=url,
        url=url,
        image=image(page.url, node),
    )
