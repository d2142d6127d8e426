"""Theatres on X-com's systems with Itix tickets: `shows.php` lists, and Craft sites with show tiles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_date, holds_time
from crawlers.platforms.dom import absolute, attr, clean, find, first, fragment, image, text_of, words
from crawlers.platforms.links import next_pages
from crawlers.platforms.make import collect, gather, make_event, make_offers, make_place, zone_of
from crawlers.platforms.pluck import text

_PERIOD = re.compile(r"\bt/m\b|\btot en met\b", re.I)
_IDLE = frozenset({"", "reserveren", "bestellen", "bestel", "geen_webverkoop"})


class Xcom(Platform):
    """Blocks of `shows.php`, tiles of a programme, and the page of one show."""

    name: ClassVar[str] = "xcom"

    def recognises(self, page: Page) -> bool:
        """The block, tile or detail markup of these sites."""
        body = page.body
        return (b"program-block" in body and b"data-showid" in body) or (
            b"data-showid" in body and (b"show-tile__link" in body or b"show-details__date" in body)
        )

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """A `shows.php` answer or page of blocks, a page of tiles, or one show's page."""
        answers = _answers(page.json)
        if answers:
            trees = [fragment(html) for html in answers]
            events = collect(
                e for tree in trees for b in find(tree, ".program-block") if (e := _block(page, source, b))
            )
            return Reading(events, next=_next_answer(page))
        blocks = find(page.tree, ".program-block")
        if blocks:
            return Reading(
                collect(e for b in blocks if (e := _block(page, source, b))), next_pages(page, source, 1)
            )
        tiles = find(page.tree, ".show-tile")
        if tiles:
            return _tiles(page, source, tiles)
        event = _detail(page, source)
        return Reading((event,)) if event else Reading()


# --- shows.php ----------------------------------------------------------------------------


def _answers(data: Any) -> list[str]:
    """The HTML of one answer, or of several kept in one file."""
    if not isinstance(data, dict):
        return []
    rows = [data, *(v for v in data.values() if isinstance(v, dict))]
    return [html for row in rows if isinstance(html := row.get("html"), str) and html.strip()]


def _next_answer(page: Page) -> tuple[str, ...]:
    here, last = text(page.json, "currentPage") or "", text(page.json, "pages") or ""
    if not (here.isdigit() and last.isdigit() and int(here) < int(last)):
        return ()
    parts = urlsplit(page.url)
    query = parse_qs(parts.query, keep_blank_values=True)
    query["page"] = [str(int(here) + 1)]
    return (urlunsplit(parts._replace(query=urlencode(query, doseq=True))),)


def _block(page: Page, source: Source | None, block: HtmlElement) -> RawEvent | None:
    """`content` holds the right moment; `datetime` is malformed and the address may be an old date."""
    title = text_of(block, ".program-block__title")
    start, printed = (
        attr(block, "[itemprop=startDate]", "content"),
        text_of(block, ".program-block__datetime"),
    )
    if not title or not (start or printed):
        return None
    order = first(block, "[data-hook=order-link-placeholder]")
    status = _said(order.get("data-webstatus"), order.get("data-status")) if order is not None else None
    label = text_of(block, ".program-block__label")
    subtitle = text_of(block, ".program-block__subtitle")
    return make_event(
        page,
        source,
        f"platform:{Xcom.name}",
        title,
        occurrences=(RawOccurrence(start=start, text=printed, zone=zone_of(source)),),
        source_key=block.get("data-showid"),
        subtitle=subtitle,
        url=absolute(page.url, attr(block, "a[href]", "href")),
        status=status or label,
        place=make_place(name=attr(block, "[itemprop=location]", "content")),
        offers=make_offers(text_of(block, ".program-block__price")),
        ticket_url=absolute(page.url, order.get("data-href")) if order is not None else None,
        image=image(page.url, block),
        categories=tuple(c for c in (text_of(block, ".program-block__genre"),) if c),
    )


def _said(*states: str | None) -> str | None:
    return next((s for s in states if s and s.lower() not in _IDLE), None)


# --- tiles and details --------------------------------------------------------------------


def _tiles(page: Page, source: Source | None, tiles: list[HtmlElement]) -> Reading:
    """A run printed as a period without times is completed by its own page; alone it is shown as printed."""
    events: list[RawEvent] = []
    follow: list[str] = []
    for tile in tiles:
        event = _tile(page, source, tile)
        if event is None:
            continue
        line = event.occurrences[0].text or ""
        run = event.url and _PERIOD.search(line) and not holds_time(line)
        if run:
            follow.append(str(event.url))
        if not run or source is None:
            events.append(event)
    return Reading(gather(events), next_pages(page, source, len(tiles)), tuple(dict.fromkeys(follow)))


def _tile(page: Page, source: Source | None, tile: HtmlElement) -> RawEvent | None:
    anchor = first(tile, "a.show-tile__link")
    url = absolute(page.url, anchor.get("href")) if anchor is not None else None
    heads = text_of(tile, ".show-tile__link .h4"), text_of(tile, ".show-tile__link .h5")
    line = next((w for p in find(tile, ".show-tile__content p") if holds_date(w := words(p))), "")
    if not heads[0] or not line:
        return None
    title, other = _ordered(heads[0], heads[1], url)
    when, hall = _split(line)
    status = text_of(tile, ".show-tile__labels .label")
    return make_event(
        page,
        source,
        f"platform:{Xcom.name}",
        title,
        occurrences=(_row(when, None, status, source),),
        place=hall,
        ticket_url=_order(page, tile),
        source_key=_slug_of(url) or attr(tile, "[data-showid]", "data-showid"),
        subtitle=other,
        url=url,
        image=image(page.url, tile),
        categories=tuple(words(t) for t in find(tile, ".show-tile__labels .tag") if words(t)),
    )


def _detail(page: Page, source: Source | None) -> RawEvent | None:
    """Every row of a show's page; rows that it prints twice (small and wide screens) count once."""
    rows: dict[object, tuple[RawOccurrence, str | None]] = {}
    orders: set[str | None] = set()
    for row in find(page.tree, ".show-details__price"):
        when, hall = _split(text_of(row, ".show-details__date") or "")
        if holds_date(when):
            label = text_of(row, ".label, [class*='sold-out'], [class*='status']")
            made = _row(when, hall, label, source)
            order = _order(page, row)
            rows.setdefault(order or made.text, (made, text_of(row, ".show-details__price__range")))
            orders.add(order)
    if not rows:
        return None
    halls = {made.place for made, _ in rows.values()}
    place = halls.pop() if len(halls) == 1 else None
    shown = tuple(replace(made, place=None) if place else made for made, _ in rows.values())
    title = text_of(page.tree, "h1 .h4, h1 strong") or text_of(page.tree, "h1") or _page_title(page)
    price = next((p for _, p in rows.values() if p), None)
    return make_event(
        page,
        source,
        f"platform:{Xcom.name}",
        title,
        occurrences=shown,
        place=place,
        source_key=_slug_of(page.url),
        subtitle=text_of(page.tree, "h1 .h5, h1 + .h5, h1 + h2"),
        url=page.url,
        ticket_url=orders.pop() if len(orders) == 1 else None,  # each performance is sold apart
        offers=make_offers(price),
        description=text_of(page.tree, ".show-details__description, .show-content"),
    )


def _row(when: str, hall: RawPlace | None, status: str | None, source: Source | None) -> RawOccurrence:
    return RawOccurrence(text=when, status=status, place=hall, zone=zone_of(source))


def _order(page: Page, node: HtmlElement) -> str | None:
    """Where a performance is sold; that is no page about it."""
    return absolute(page.url, attr(node, "a[data-showid]", "href"))


def _split(line: str) -> tuple[str, RawPlace | None]:
    """`Za 17 okt. 2026 - 20:30 uur - Rabozaal` as its moment and its hall, which may be another house."""
    parts = [clean(part) for part in re.split(r"\s+-\s+", line)]
    halls = [p for p in parts[1:] if p and not holds_time(p) and not holds_date(p)]
    when = " - ".join(p for p in parts if p and p not in halls)
    return when, make_place(name=", ".join(halls))


def _ordered(head: str, sub: str | None, url: str | None) -> tuple[str, str | None]:
    """Title and other line; they stand in either order, but the address begins with the title."""
    slug = _slug_of(url) or ""
    swapped = (
        sub
        and not slug.startswith(_slug(head))
        and (slug.startswith(_slug(sub)) or slug.endswith(_slug(head)))
    )
    return (sub, head) if sub and swapped else (head, sub)


def _slug_of(url: str | None) -> str | None:
    """The show's name in the address, without the moment after it."""
    steps = [s for s in unquote(urlsplit(url or "").path).split("/") if s]
    return next((_slug(s) for s in reversed(steps) if not re.match(r"^\d\d-\d\d-\d{4}", s)), None)


def _slug(name: str) -> str:
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", flat)).strip("-")


def _page_title(page: Page) -> str:
    """The page's title before the house's name, else the words of its address."""
    printed = attr(page.tree, "meta[property='og:title']", "content") or text_of(page.tree, "title")
    if printed:
        return re.split(r"\s[|–-]\s", printed)[0]
    return (_slug_of(page.url) or "").replace("-", " ").capitalize()
