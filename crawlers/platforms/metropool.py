"""Metropool (Hengelo, Enschede, Almelo): event pages, and the cards of its list."""

from __future__ import annotations

import re
from typing import ClassVar

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from aggregator.region import Source
from crawlers.extract import read_page
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import TIME, holds_date
from crawlers.platforms.dom import absolute, attr, clean, find, first, image, lines, text_of, words
from crawlers.platforms.links import next_pages
from crawlers.platforms.make import collect, make_event, make_offers, make_place, zone_of
from crawlers.platforms.merge import complement

_STAMP = re.compile(r"(\d\d)-(\d\d)-(\d{4})\s*/\s*(\d\d:\d\d)")


class Metropool(Platform):
    """One house in three towns: the town is read per event, never from the site."""

    name: ClassVar[str] = "metropool"

    def recognises(self, page: Page) -> bool:
        """An event page's blocks, or the list's data attributes, on a site that calls itself Metropool."""
        body = page.body
        marks = (b"data-event-category3", b"paging-container", b"contentblock-EventInfo")
        return b"etropool" in body and any(mark in body for mark in marks)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """The page of one event when it has a timetable or a ticket button; else the cards of a list."""
        if first(page.tree, "#EventInfo, .event-description .fullsize-title") is not None:
            event = _detail(page, source)
            return Reading(complement((event,), read_page(page).events)) if event else Reading()
        cards = find(page.tree, "a.ticket-row, .card--event, .paging-container > *")
        events = collect(e for card in cards if (e := _card(page, source, card)))
        return Reading(events, next_pages(page, source, len(events)))


def _detail(page: Page, source: Source | None) -> RawEvent | None:
    tree = page.tree
    title = text_of(tree, ".fullsize-title .name") or text_of(tree, "h1")
    tickets = first(tree, "[data-event-category3]")
    when = _when(tree, _moment(tickets.get("data-event-category3")) if tickets is not None else None, source)
    if not title or not (when.start or holds_date(when.text or "")):
        return None
    rows = find(tree, "#EventInfo li")
    said = {words(k).lower(): row for row in rows if (k := first(row, "span")) is not None}
    genre = said.get("genre")
    return make_event(
        page,
        source,
        f"platform:{Metropool.name}",
        title,
        occurrences=(when,),  # no source_key: the ticket's number goes when the tickets are gone
        subtitle=text_of(tree, ".event-description h5"),
        url=absolute(page.url, attr(tree, "link[rel=canonical]", "href")) or page.url,
        status=text_of(tree, ".fullsize-title .tag, .event-status, .sold-out"),
        place=_place(tree, said.get("locatie")),
        offers=make_offers(words(said["prijs"]).removeprefix("Prijs").strip()) if "prijs" in said else (),
        ticket_url=absolute(page.url, tickets.get("href")) if tickets is not None else None,
        description=text_of(tree, ".intro"),
        image=image(page.url, tree),
        categories=(words(genre).removeprefix("Genre").strip(),) if genre is not None else (),
    )


def _when(tree: HtmlElement, start: str | None, source: Source | None) -> RawOccurrence:
    plan = _timetable(tree)
    day = clean(f"{text_of(tree, '.title .day') or ''} {text_of(tree, '.title .month') or ''}")
    door = f"{start[:10]}T{plan['door'].replace('.', ':')}" if start and plan.get("door") else None
    return RawOccurrence(
        start=start, door=door, text=clean(f"{day} {_printed(plan)}") or None, zone=zone_of(source)
    )


def _place(tree: HtmlElement, row: HtmlElement | None) -> RawPlace | None:
    """The stage and its town; the town stands beside the title, as the house plays in three."""
    return make_place(
        name=(text_of(row, ".location") if row is not None else None) or text_of(tree, "#LocationInfo h3"),
        address=next(iter(lines(first(tree, "#LocationInfo p"))), None),
        place=text_of(tree, ".title .place"),
    )


def _timetable(tree: HtmlElement) -> dict[str, str]:
    """`door` and `start` of the timetable; the music café's own opening is neither."""
    plan: dict[str, str] = {}
    for row in find(tree, ".timetable li"):
        line = words(row)
        clock = TIME.search(line)
        if clock is None:
            continue
        label = line[: clock.start()].lower()
        if "zaal open" in label or label.startswith(("deur", "open")):
            plan.setdefault("door", clock[0])
        elif "aanvang" in label or "start" in label:
            plan["start"] = clock[0]
    return plan


def _printed(plan: dict[str, str]) -> str:
    labels = {"door": "zaal open", "start": "aanvang"}
    return " ".join(f"{labels[k]} {plan[k]}" for k in ("door", "start") if k in plan)


def _moment(value: str | None) -> str | None:
    """`18-10-2025 / 20:00` as a local stamp."""
    found = _STAMP.search(value or "")
    return f"{found[3]}-{found[2]}-{found[1]}T{found[4]}" if found else None


def _card(page: Page, source: Source | None, card: HtmlElement) -> RawEvent | None:
    title = text_of(card, ".event-title, .card__title, .name")
    node = first(card, "[data-event-category3]")
    start = _moment((node if node is not None else card).get("data-event-category3"))
    printed = clean(f"{text_of(card, '.event-date, .card__date') or ''} {text_of(card, '.event-time') or ''}")
    if not title or not (start or holds_date(printed)):
        return None
    url = absolute(page.url, card.get("href") or attr(card, "a[href]", "href"))
    genres = card.get("data-genres") or ""
    return make_event(
        page,
        source,
        f"platform:{Metropool.name}",
        title,
        occurrences=(RawOccurrence(start=start, text=printed or None, zone=zone_of(source)),),
        url=url,
        subtitle=text_of(card, ".event-subtitle"),
        status=text_of(card, ".tag, .label, .event-status"),
        place=make_place(name=text_of(card, ".event-venue"), place=text_of(card, ".event-location, .place")),
        offers=make_offers(text_of(card, ".event-price")),
        image=image(page.url, card),
        categories=tuple(g for g in (clean(part) for part in genres.split(",")) if g),
    )
