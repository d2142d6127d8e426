"""What the page of one event says of itself: dates in cards that lead to other events are those events'."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from crawlers.extract.page import Page
from crawlers.platforms.dateish import days_in
from crawlers.platforms.dom import absolute, attr, find, lines, text_of, words
from crawlers.platforms.links import is_event_path
from crawlers.platforms.moments import clocks, with_times
from crawlers.platforms.spots import Spot
from crawlers.platforms.titles import is_name

_CUT = re.compile(r"\s(?:[|–—•·-]|//)\s|$")
_SLUG = 4  # letters of an address that name something
_UP = 6  # levels between a date and the card around it
_BEGINS = re.compile(r"\b(?:aanvang|begint|begin|start|beginn|show|showtime)\b\W*(?:om\s)?\d", re.I)


def own_name(page: Page) -> str:
    """What the page of one event is called: the heading, or its title's beginning, that the address repeats.

    Empty for any other page.
    """
    slug = slug_of(page)
    if not is_event_path(page.url) or len(slug) < _SLUG:
        return ""
    told = [words(heading) for heading in find(page.tree, "h1")]
    for said in (text_of(page.tree, "title"), attr(page.tree, "meta[property='og:title']", "content")):
        told += [said[: cut.start()].strip() for cut in _CUT.finditer(said)] if said else []
    return next((name for name in told if flat(name) == slug and is_name(name)), "")


def slug_of(page: Page) -> str:
    """The letters of the last part of the page's address."""
    return flat(unquote(urlsplit(page.url).path).rstrip("/").rpartition("/")[2])


def flat(text: str) -> str:
    """The letters and digits of a text, in small letters."""
    return "".join(c for c in text.casefold() if c.isalnum())


def own_spots(page: Page, spots: list[Spot], heading: HtmlElement) -> list[Spot]:
    """Dates that stand in nothing that leads to the page of another event; all where every one does."""
    named = {heading, *heading.iterancestors()}
    kept = [spot for spot in spots if not _leads_away(page, spot, spots, named)]
    return kept or spots


def find_around(
    page: Page, heading: HtmlElement, near: Spot, spots: list[Spot], others: list[Spot]
) -> HtmlElement:
    """What is read beside the day of a page: around it and the heading, nothing of other events.

    More of it where only that says when something begins.
    """
    around = with_times(heading, near)
    again = [
        s for s in spots if days_in(s.text) == days_in(near.text)
    ]  # the day, printed for a small screen too
    told = [_alone(spot, others) for spot in (near, *again)]
    alone = next((block for block in told if clocks(block)), told[0])
    if any(around is node or around in node.iterancestors() for node in (other.node for other in others)):
        return alone
    sure = bool(others) or bool(own_name(page))
    return alone if sure and _says_begin(alone) and not _says_begin(around) else around


def _alone(spot: Spot, others: list[Spot]) -> HtmlElement:
    """The largest element around a date that holds none of the others."""
    held = {around for other in others for around in (other.node, *other.node.iterancestors())}
    best = spot.node
    for around in spot.node.iterancestors():
        if around in held or around.tag in ("body", "html"):
            break
        best = around
    return best


def _says_begin(block: HtmlElement) -> bool:
    """Whether a line of a block says when something begins (`Aanvang: 19:30`)."""
    return any(len(line) < 90 and _BEGINS.search(line) for line in lines(block))


def _leads_away(page: Page, spot: Spot, spots: list[Spot], named: set[HtmlElement]) -> bool:
    """Whether the card that holds a date, and no other day, links to the page of another event."""
    own, day = _path(page.url), days_in(spot.text)
    others = [s for s in spots if days_in(s.text) != day]
    held = {around for other in others for around in (other.node, *other.node.iterancestors())}
    for around in (spot.node, *islice(spot.node.iterancestors(), _UP)):
        if around in named or around in held or around.tag in ("main", "body"):
            return False
        anchors = [around, *find(around, "a[href]")] if around.tag == "a" else find(around, "a[href]")
        for url in (absolute(page.url, anchor.get("href")) for anchor in anchors):
            ours = url is not None and urlsplit(url).netloc == urlsplit(page.url).netloc
            if url and ours and is_event_path(url) and not _path(url).startswith(own):
                return True
    return False


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/").casefold()
