"""Readers of standard formats: bytes in, RawEvents out. No network, and no exception whatever the bytes."""

from __future__ import annotations

import re

from aggregator.model import RawEvent
from crawlers.extract import feed, hevent, ical, jsonld, microdata, rdfa, schema, sniff
from crawlers.extract.combine import gather, own_page, owns
from crawlers.extract.offsets import mend_offsets
from crawlers.extract.page import Page, Problem, Reading
from crawlers.extract.values import absolute

__all__ = ["Page", "Problem", "Reading", "owns", "read_page"]

Found = tuple[list[RawEvent], list[Problem]]


def read_page(page: Page) -> Reading:
    """Events in any standard format that the bytes hold; Problems say what could not be read.

    JSON-LD, microdata, RDFa, h-event and hCalendar in HTML; iCalendar; RSS and Atom; a bare JSON-LD
    document. Problem codes: `broken-json-ld`, `broken-feed`, `broken-event`, `broken-rule`,
    `broken-h-event`, `no-title`, `no-date`, `too-large` (more events than are read), `page-too-large`,
    `borrowed-markup`, `wrong-offset`, `not-a-calendar`, `others-only` (a list, or teasers on a page about
    something else: no event has this page's address), `unreadable`.
    """
    try:
        return _read(page)
    except Exception as error:  # the last net: a page is never worth a crawl
        return Reading(problems=(Problem("unreadable", f"{type(error).__name__}: {error}"[:200]),))


def _read(page: Page) -> Reading:
    if page.excess:
        return Reading(problems=(Problem("page-too-large", page.excess),))
    kind = sniff.sniff_kind(page)
    if kind is sniff.Kind.ICAL:
        events, problems = ical.read_events(page)
    elif kind is sniff.Kind.FEED:
        events, problems = feed.read_events(page)
    elif kind is sniff.Kind.JSON:
        events, problems = _read_json(page)
    elif kind is sniff.Kind.HTML or (kind is sniff.Kind.OTHER and sniff.has_any(page)):
        events, problems = _read_html(page)
    else:
        events, problems = [], []
    if kind not in (sniff.Kind.ICAL, sniff.Kind.OTHER) and _claims_calendar(page):
        problems = [
            Problem("not-a-calendar", f"{page.url or 'this file'} should be iCalendar but is {kind.value}")
        ]
        events = []
    if kind is not sniff.Kind.ICAL:
        gathered = gather(events) if kind in (sniff.Kind.FEED, sniff.Kind.JSON) else events
        events, more = own_page(gathered, page)
        problems = [*problems, *more]
        if kind is sniff.Kind.HTML and events and not any(owns(page, e) for e in events):
            problems.append(Problem("others-only", f"{len(events)} events with pages of their own"))
    return Reading(events=tuple(events), problems=tuple(problems[:200]))


def _claims_calendar(page: Page) -> bool:
    """Whether the header or the address promises iCalendar."""
    return "text/calendar" in (page.content_type or "").lower() or bool(
        re.search(r"\.ics(?:$|[?#])", page.url, re.I)
    )


def _read_json(page: Page) -> Found:
    """A JSON document that is JSON-LD; other JSON has no standard meaning."""
    if b"@type" not in page.body:
        return [], []
    return schema.read_events(jsonld.read_document(page), page, "json-ld")


def _read_html(page: Page) -> Found:
    """The syntax that gives most events; the first named when several give as many.

    Sites write the same events in two syntaxes, with other words in each; to join them would make
    two events of one.
    """
    there = [read for asked, read in _SYNTAXES if asked(page)]
    base = _base(page) if there else page.url
    best: list[RawEvent] = []
    problems: list[Problem] = []
    for read in there:
        try:
            events, found = read(page, base)
        except Exception as error:  # one syntax must not cost the others
            events, found = (
                [],
                [Problem("unreadable", f"{read.__name__}: {type(error).__name__}: {error}"[:200])],
            )
        problems += found
        events = gather(events)
        if _count(events) > _count(best):
            best = events
    best, more = mend_offsets(best, page)
    return best, [*problems, *more]


def _count(events: list[RawEvent]) -> int:
    return sum(len(e.occurrences) for e in events)


def _read_json_ld(page: Page, base: str) -> Found:
    blocks, problems = jsonld.read_blocks(page)
    events, more = schema.read_events(blocks, page, "json-ld", base)
    return events, problems + more


def _read_microdata(page: Page, base: str) -> Found:
    return schema.read_events(microdata.read_items(page.tree), page, "microdata", base)


def _read_rdfa(page: Page, base: str) -> Found:
    return schema.read_events(rdfa.read_items(page.tree), page, "rdfa", base)


_SYNTAXES = (
    (sniff.has_json_ld, _read_json_ld),
    (sniff.has_microdata, _read_microdata),
    (sniff.has_rdfa, _read_rdfa),
    (sniff.has_microformats, hevent.read_events),
)


def _base(page: Page) -> str:
    """The address that links are relative to: `<base href>`, else the page's own."""
    if b"<base" not in page.lower:
        return page.url
    element = page.tree.find(".//base")
    return absolute(page.url, element.get("href") if element is not None else None) or page.url
