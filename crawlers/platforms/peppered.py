"""Peppered theatre sites: `li.eventCard` with a moment, or with one `li.subshow` a performance."""

from __future__ import annotations

import re
from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_date
from crawlers.platforms.dom import absolute, attr, clean, find, image, link, text_of, words
from crawlers.platforms.links import next_pages
from crawlers.platforms.make import gather, make_event, make_offers, make_place, zone_of
from crawlers.platforms.where import at_named_house

_STATE = re.compile(
    r"(?:^|\s)(?:status-)?(uitverkocht|soldout|wachtlijst|geannuleerd|afgelast|verplaatst)\b", re.I
)


class Peppered(Platform):
    """State is in class names (`status-uitverkocht`); `data-event-start` is local, without a zone."""

    name: ClassVar[str] = "peppered"

    def recognises(self, page: Page) -> bool:
        """The card's class names."""
        return b"eventCard" in page.body and (b"subshow" in page.body or b"descMetaContainer" in page.body)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """One event a card with all its performances; the next page by link or by `?pNN_page=`."""
        cards = find(page.tree, "li.eventCard, article.eventCard")
        events = gather(event for card in cards if (event := _card(page, source, card)))
        return Reading(events, next_pages(page, source, len(cards)) or _numbered(page, len(cards)))


def _numbered(page: Page, cards: int) -> tuple[str, ...]:
    """The page after this one, when the choice list `page-selection` has it."""
    found = re.search(r"[?&](p\d+_page)=(\d+)", page.url)
    here = int(found[2]) if found else 1
    for option in find(page.tree, "select.page-selection option") if cards else []:
        target = re.search(r"p\d+_page=(\d+)", option.get("value") or "")
        if target and int(target[1]) == here + 1:
            url = absolute(page.url, option.get("value"))
            return (url,) if url else ()
    return ()


def _card(page: Page, source: Source | None, card: HtmlElement) -> RawEvent | None:
    title = text_of(card, "a.desc .title") or text_of(card, ".title")
    url = absolute(page.url, attr(card, "a.desc", "href")) or link(page.url, card)
    shows = find(card, "li.subshow")
    times = tuple(o for node in (shows or [card]) if (o := _when(page, source, node)))
    if not title or not times:
        return None
    subtitle = text_of(card, "a.desc .subtitle")
    elsewhere = None if any(o.place for o in times) else at_named_house(subtitle)
    return make_event(
        page,
        source,
        f"platform:{Peppered.name}",
        title,
        occurrences=times,
        source_key=url,
        subtitle=subtitle,
        url=url,
        status=_status(card) if not shows else None,
        place=make_place(name=text_of(card, "a.desc .venue") or elsewhere),
        offers=make_offers(
            text_of(card, ".pricePopoverBtn") or text_of(card, ".meta .price") or _notice(card)
        ),
        image=image(page.url, card),
        categories=tuple(g for a in find(card, ".genres__link") if (g := words(a))),
    )


def _when(page: Page, source: Source | None, node: HtmlElement) -> RawOccurrence | None:
    stamp = attr(node, "[data-event-start]", "data-event-start")
    day, clock = text_of(node, ".date .start") or "", text_of(node, ".time .start") or ""
    end = text_of(node, ".date .end")
    printed = clean(f"{day}{f' - {end}' if end else ''} {clock}")
    if not stamp and not holds_date(printed):
        return None
    return RawOccurrence(
        start=stamp,
        text=printed or None,
        status=_status(node),
        place=make_place(name=text_of(node, ".locationBox .venue")),
        zone=zone_of(source),
    )


def _status(node: HtmlElement) -> str | None:
    """The state that a button or badge carries as its class, in its own word."""
    for element in [node, *find(node, "[class*='status'], [class*='soldout'], .btn, .label")]:
        found = _STATE.search(element.get("class") or "") or _STATE.search(
            words(element) if element is not node else ""
        )
        if found:
            return found[1].lower()
    return None


def _notice(card: HtmlElement) -> str | None:
    """A button that sells nothing but says how one gets in ("Vrij toegankelijk")."""
    return next((w for n in find(card, ".status-info") if (w := words(n)) and not _STATE.search(w)), None)
