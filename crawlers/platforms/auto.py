"""Reads any page: known systems first, then standard formats, then what a page prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract import owns, read_page
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_time
from crawlers.platforms.gemeenteoplossingen import GemeenteOplossingen
from crawlers.platforms.house import with_house, with_label
from crawlers.platforms.ibabs import Ibabs
from crawlers.platforms.labels import Labels
from crawlers.platforms.layout import Layout
from crawlers.platforms.links import event_links
from crawlers.platforms.mapping import Json
from crawlers.platforms.mec import Mec
from crawlers.platforms.merge import complement, same_title
from crawlers.platforms.metropool import Metropool
from crawlers.platforms.ndtrc import Ndtrc
from crawlers.platforms.notubiz import Notubiz
from crawlers.platforms.own import own_name
from crawlers.platforms.peppered import Peppered
from crawlers.platforms.runs import follow_runs
from crawlers.platforms.sitemap import Sitemap
from crawlers.platforms.stager import Stager
from crawlers.platforms.standard import with_links
from crawlers.platforms.state import State
from crawlers.platforms.ticketmatic import Ticketmatic
from crawlers.platforms.tribe import Tribe
from crawlers.platforms.uitinhengelo import UitInHengelo
from crawlers.platforms.xcom import Xcom

RECOGNISED: tuple[Platform, ...] = (
    Sitemap(), Tribe(), Ndtrc(), Notubiz(), Ibabs(), GemeenteOplossingen(), Stager(), Xcom(), Peppered(),
    Metropool(), Ticketmatic(), UitInHengelo(), Mec(),
)  # fmt: skip


class Auto(Platform):
    """For a source of which nobody said what it runs on."""

    name: ClassVar[str] = "auto"

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """See `read_any`."""
        return read_any(page, source)


def read_any(page: Page, source: Source | None = None) -> Reading:
    """Events of any page, by the surest reader that finds some; pages to follow where it finds none.

    A system whose own marks are there, then JSON-LD, microdata, RDFa, h-event, iCalendar and RSS,
    then a front end's state, labels, and the page's layout. Events of an unknown site that name no place
    are at the house whose site it is. Whatever the bytes: no exception.
    """
    for platform in RECOGNISED:
        if _try(platform.recognises, page):
            reading = _read(platform, page, source)
            if reading.events or reading.follow or reading.next or _is_data(page):
                events = (
                    complement(reading.events, read_page(page).events)
                    if not _is_data(page)
                    else reading.events
                )
                return replace(reading, events=_at_home(page, source, events))
    standard = read_page(page)
    if _is_data(page):
        reading = standard if standard.events or page.json is None else _read(Json(), page, source)
        calendar = any(e.method == "icalendar" for e in reading.events)  # a calendar names its places
        return reading if calendar else replace(reading, events=_at_home(page, source, reading.events))
    reading = follow_runs(page, source, with_links(page, source, _html(page, source, standard)))
    return replace(reading, events=_at_home(page, source, reading.events))


def _html(page: Page, source: Source | None, standard: Reading) -> Reading:
    events = standard.events
    if events and all(_is_timed(e) for e in events) and not _others_only(standard) and len(events) > 1:
        return standard
    printed = _printed(page, source)
    if events:
        main = printed.events[0] if len(printed.events) == 1 and owns(page, printed.events[0]) else None
        if (
            main is not None
            and _others_only(standard)
            and not any(same_title(main.title, e.title) for e in events)
        ):
            return replace(printed, problems=printed.problems + standard.problems)
        return replace(standard, events=complement(events, printed.events))
    if printed.events or any(p.code in ("closed", "only-past") for p in printed.problems):
        return replace(printed, problems=printed.problems + standard.problems)
    return replace(printed, follow=event_links(page), problems=printed.problems + standard.problems)


def _printed(page: Page, source: Source | None) -> Reading:
    """What the page says to people: a front end's state, labels or the layout."""
    for platform in (State(), Labels()):
        if _try(platform.recognises, page):
            reading = _read(platform, page, source)
            if len(reading.events) == 1 and platform.name == "labels" and not own_name(page):
                laid = _read(Layout(), page, source)
                return laid if len(laid.events) > 1 else reading
            if reading.events and any(e.url is None for e in reading.events):
                laid = _read(Layout(), page, source)  # a state knows no addresses, its cards do
                return replace(reading, events=complement(reading.events, laid.events))
            if reading.events:
                return reading
    return _read(Layout(), page, source)


def _at_home(page: Page, source: Source | None, events: tuple[RawEvent, ...]) -> tuple[RawEvent, ...]:
    """Events of an unknown site with the house whose site it is, where they name no place."""
    if source is not None:
        return events
    return with_label(page, events) if _is_data(page) else with_house(page, events)


def _others_only(reading: Reading) -> bool:
    return any(p.code == "others-only" for p in reading.problems)


def _is_timed(event: RawEvent) -> bool:
    return all((o.start and len(o.start) > 10) or holds_time(o.text or "") for o in event.occurrences)


def _is_data(page: Page) -> bool:
    """Whether the page is no HTML: JSON, a feed, a calendar."""
    head = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:300].lower()
    if head.startswith(b"<"):
        return (
            head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<trc"))
            and b"<html" not in page.body[:2000].lower()
        )
    return head[:1] in (b"{", b"[") or head.startswith(b"begin:")


def _read(platform: Platform, page: Page, source: Source | None) -> Reading:
    """A platform's reading; a page that breaks it is a problem to look at, not the end of a crawl."""
    try:
        return platform.read(page, source)
    except Exception as error:
        return Reading(problems=(Problem("reader-failed", f"{platform.name}: {error!r}"[:200]),))


def _try(ask: Callable[[Page], bool], page: Page) -> bool:
    try:
        return ask(page)
    except Exception:
        return False
