"""The one event that a page sets apart from its list: `Eerstvolgend concert`, a heading, a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page
from crawlers.platforms import blocks
from crawlers.platforms.dateish import holds_time, holds_year
from crawlers.platforms.dom import find, words
from crawlers.platforms.lines import is_agenda
from crawlers.platforms.news import is_past
from crawlers.platforms.spots import Spot, spread
from crawlers.platforms.titles import is_name

_NO_EVENT = re.compile(
    r"openingstijd|contact|nieuws|news|tickets?$|praktisch|info|bezoek|nieuwsbrief|vacature|werken bij"
    r"|sponsor|agenda$|programma$|öffnungszeit|kontakt|aktuell|opening hours|visit"
    r"|^(?:activiteiten|evenementen|events|optredens|concerten|termine)$",
    re.I,
)
_FEW = 5  # days that stand alone; more are no boxes
_DEEP = 4  # levels between a day and the box that it stands in


def read_featured(
    page: Page, source: Source | None, spots: list[Spot], *, alone: bool = False
) -> list[RawEvent]:
    """Events in a box of their own: a heading, and one day with its time that is not over.

    Where such a box is `alone` on a page that calls itself an agenda, a year beside the day will do.
    """
    ahead = [s for s in spots if not is_past(s.text, page.seen.date())]
    year_will_do = alone and len(ahead) <= _FEW and is_agenda(page)
    held = [s for s in ahead if holds_time(s.text) or (year_will_do and holds_year(s.text))]
    return list(_boxed(page, source, held))


def _boxed(page: Page, source: Source | None, spots: list[Spot]) -> Iterator[RawEvent]:
    for spot in spots:
        box = own_heading(spot)
        others = spread([s for s in spots if s is not spot])
        if box is None or box in others:
            continue
        event = blocks.read_block(page, source, box, [spot.text], {spot.node})
        if event is not None and not _NO_EVENT.search(event.title):
            yield event


def own_heading(spot: Spot) -> HtmlElement | None:
    """The smallest element around a day that has a heading of its own, which is not the page's."""
    for around in list(spot.node.iterancestors())[:_DEEP]:
        named = [h for h in find(around, "h1, h2, h3, h4, h5") if is_name(words(h))]
        if named:
            return None if around.tag in ("main", "body") or any(h.tag == "h1" for h in named) else around
    return None


def is_home(page: Page) -> bool:
    """Whether a page is a site's first."""
    return urlsplit(page.url).path in ("", "/", "/index.html", "/home", "/nl/", "/de/")
