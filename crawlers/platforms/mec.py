"""Modern Events Calendar of WordPress: the cards of its list, grid and month skins."""

from __future__ import annotations

from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract import read_page
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import date_in_url, days_in, holds_date, holds_year
from crawlers.platforms.dom import absolute, attr, clean, find, image, lines, text_of
from crawlers.platforms.links import next_pages
from crawlers.platforms.make import collect, make_event, make_offers, make_place, occurrence, zone_of
from crawlers.platforms.merge import complement


class Mec(Platform):
    """`article.mec-event-article`; day and month stand apart from the time and without a year."""

    name: ClassVar[str] = "mec"

    def recognises(self, page: Page) -> bool:
        """Its class names."""
        return b"mec-event-article" in page.body and b"mec-event-title" in page.body

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """One event a card; a card without a link of its own gets none."""
        cards = find(page.tree, "article.mec-event-article, div.mec-event-article")
        events = collect(event for card in cards if (event := _card(page, source, card)))
        return Reading(complement(events, read_page(page).events), next_pages(page, source, len(cards)))


def _card(page: Page, source: Source | None, card: HtmlElement) -> RawEvent | None:
    title = text_of(card, ".mec-event-title a") or text_of(card, ".mec-event-title")
    url = absolute(page.url, attr(card, ".mec-event-title a", "href"))
    when = _when(card, url, source)
    if not title or not when:
        return None
    return make_event(
        page,
        source,
        f"platform:{Mec.name}",
        title,
        occurrences=when,
        source_key=_key(card, url),
        url=url,
        place=make_place(
            name=text_of(card, ".mec-event-loc-place, .mec-venue-details > span, .mec-event-location"),
            address=text_of(card, ".mec-event-address, .mec-address, .mec-grid-event-location"),
        ),
        offers=make_offers(text_of(card, ".mec-event-cost, .mec-price-details")),
        status=text_of(card, ".mec-event-status-title, .mec-event-soldout, .mec-cancellation-reason"),
        description=text_of(card, ".mec-event-description"),
        image=image(page.url, card),
        categories=tuple(c for c in (text_of(card, ".mec-category, .mec-event-category"),) if c),
    )


def _key(card: HtmlElement, url: str | None) -> str | None:
    """The event's number with the day of this occurrence, as a series has one number."""
    number = attr(card, ".mec-event-title a", "data-event-id")
    found = date_in_url(url or "")
    return f"{number}-{found[0]}" if number and found else number


def _when(card: HtmlElement, url: str | None, source: Source | None) -> tuple[RawOccurrence, ...]:
    """The day in the address when it is the printed day; else the words, with a year when one is there."""
    day = text_of(card, ".mec-start-date-label") or clean(
        f"{text_of(card, '.mec-event-date') or ''} {text_of(card, '.mec-event-month') or ''}"
    )
    if not holds_date(day):
        day = next((line for line in lines(card) if holds_date(line)), "")
    end = text_of(card, ".mec-end-date-label")
    clock = text_of(card, ".mec-event-time, .mec-start-time, .mec-time-details")
    until = text_of(card, ".mec-end-time")
    found = date_in_url(url or "")
    if found and not holds_year(day):
        year, month, date = found[0].split("-")
        if days_in(day) == {(int(date), int(month))}:
            if not clock and not end:
                return (RawOccurrence(start=found[0], text=day, zone=zone_of(source)),)
            day = f"{day} {year}"
    if not holds_year(day):
        day = next((w for w in lines(card) if holds_year(w) and days_in(w) == days_in(day)), day)
    span = f"{day} - {end.lstrip('- ')}" if end and holds_date(end) else day
    times = f"{clock} - {until}" if clock and until else clock
    return occurrence(text=clean(f"{span} {times or ''}")) if day else ()
