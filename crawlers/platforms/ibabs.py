"""iBabs council calendars: the site's JSON, its month list, and the page of one meeting."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urljoin

from lxml.html import HtmlElement

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_date, holds_time
from crawlers.platforms.dom import absolute, clean, find, first, text_of, words
from crawlers.platforms.make import (
    collect,
    council_of,
    council_window,
    make_event,
    make_place,
    occurrence,
    zone_of,
)
from crawlers.platforms.pluck import objects, text

_HALL = re.compile(r"\(([^()]+)\)\s*$")
_ID = re.compile(r"/Agenda/Index/([0-9a-f-]{36})", re.I)


class Ibabs(Platform):
    """Meetings of `bestuurlijkeinformatie.nl`; documents and agenda items are no events."""

    name: ClassVar[str] = "ibabs"

    def start(self, source: Source, now: datetime) -> tuple[str, ...]:
        """The portal's own list of the coming meetings, for a source that begins at its front page."""
        first, last = council_window(now, source)
        path = f"/Calendar/GetAgendasForCalendar?start={first}T00:00:00&end={last}T23:59:59"
        fronts = {url for url in source.start_urls if url.count("/") <= 3}
        return tuple(urljoin(url, path) if url in fronts else url for url in source.start_urls)

    def recognises(self, page: Page) -> bool:
        """iBabs' public portal, by the address of its meetings and its own words."""
        body = page.body
        if b"iBabs" in body[:5000] or b"bestuurlijkeinformatie.nl" in page.url.encode():
            return b"/Agenda/" in body or b"agendatype-" in body
        return False

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Meetings of an answer of `GetAgendasForCalendar`, of a month list, or of one page.

        What a meeting is about stands on its own page, to which the answer leads when a source is crawled.
        """
        if isinstance(page.json, list):
            found = [e for row in objects(page.json) if (e := _row(page, source, row))]
            onward = tuple(e.url for e in found if source and e.url and _ID.search(e.url))
            return Reading(tuple(e for e in found if e.url not in onward), follow=onward)
        cards = find(page.tree, "a.calendar-item")
        if cards:
            return Reading(collect(e for card in cards if (e := _card(page, source, card))))
        event = _detail(page, source)
        return Reading((event,)) if event else Reading()


def _make(page: Page, source: Source | None, title: str, url: str | None, **fields: Any) -> RawEvent:
    found = _ID.search(url or "")
    return make_event(
        page,
        source,
        f"platform:{Ibabs.name}",
        title,
        source_key=found[1].lower() if found else None,
        url=url,
        types=("CouncilMeeting",),
        **fields,
    )


def _row(page: Page, source: Source | None, row: dict[str, Any]) -> RawEvent | None:
    title, start = text(row, "title"), text(row, "start")
    if not title or not start:
        return None
    name, hall = _split(title)
    when = RawOccurrence(start=start, end=text(row, "end"), zone=zone_of(source))
    url = absolute(page.url, text(row, "url"))
    return _make(page, source, name, url, occurrences=(when,), place=_place(page, hall))


def _card(page: Page, source: Source | None, card: HtmlElement) -> RawEvent | None:
    label = first(card, ".calendar-item-label")
    day, clock = text_of(card, ".sr-only"), text_of(card, ".calendar-item-time")
    title, hall = _split(words(label))
    if not title or not day:
        return None
    when = occurrence(text=clean(f"{day} {clock or ''}"))
    url = absolute(page.url, card.get("href"))
    return _make(page, source, title, url, occurrences=when, place=_place(page, hall))


def _detail(page: Page, source: Source | None) -> RawEvent | None:
    header = first(page.tree, "#maincontent .box-header")
    if header is None:
        return None
    title, day = text_of(header, "h1"), text_of(header, "h2")
    clock = text_of(header, ".heading3, h3")
    if not title or not day or not holds_date(day):
        return None
    said = {
        words(t).lower(): words(d)
        for t in find(page.tree, "#maincontent dt")
        if (d := t.getnext()) is not None
    }
    when = clean(f"{day} {clock}") if clock and holds_time(clock) else day
    return _make(
        page,
        source,
        title,
        page.url,
        occurrences=occurrence(text=when),
        place=_place(page, said.get("locatie")),
        description=said.get("toelichting"),
        categories=tuple(words(t) for t in find(page.tree, "#agendaitems .panel-title-label")),
    )


def _place(page: Page, hall: str | None) -> RawPlace | None:
    return make_place(name=hall, place=council_of(page.url, "bestuurlijkeinformatie.nl"))


def _split(label: str) -> tuple[str, str | None]:
    """`Raad (Raadzaal)` as its name and its room."""
    found = _HALL.search(label)
    return (label[: found.start()].strip(), found[1].strip()) if found else (label.strip(), None)
