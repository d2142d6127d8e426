"""Several pieces of markup about one event made one: copies dropped, performances gathered."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.model import RawEvent, RawOccurrence
from crawlers.extract.page import Page, Problem
from crawlers.extract.values import host_of

_FILLED = (
    "subtitle", "url", "status", "place", "offers", "free", "ticket_url", "description", "image",
    "image_credit", "organiser", "performers", "categories", "language", "audience", "modified", "source_key",
)  # fmt: skip


def gather(events: list[RawEvent]) -> list[RawEvent]:
    """One event a title, address and place, with all its occurrences, in the order of the page.

    A copy without an address joins the one with the same title and start.
    """
    with_url: dict[tuple[str, str | None], str] = {
        (e.title.casefold(), o.start): e.url for e in events if e.url for o in e.occurrences if o.start
    }
    groups: dict[tuple[object, ...], RawEvent] = {}
    for event in events:
        url = event.url or next(
            (u for o in event.occurrences if (u := with_url.get((event.title.casefold(), o.start)))), None
        )
        where = event.place.name.casefold() if event.place and event.place.name else None
        key: tuple[object, ...] = (event.source_key, url, event.title.casefold())
        match = next((k for k in ((*key, where), (*key, None)) if k in groups), None)
        if match is None and where is None:
            match = next((k for k in groups if k[:3] == key), None) if len(groups) < 2000 else None
        if match is None:
            groups[(*key, where)] = event
        else:
            groups[match] = _join(groups[match], event)
    return list(groups.values())


def _join(first: RawEvent, other: RawEvent) -> RawEvent:
    """Both events' occurrences and what only one of them says; a status goes to its occurrences."""
    mine, theirs = first.occurrences, other.occurrences
    status = first.status
    if first.status != other.status:
        mine, theirs = _with_status(mine, first.status), _with_status(theirs, other.status)
        status = None
    known = {(o.start, o.text, o.rrule): n for n, o in enumerate(mine)}
    merged = list(mine)
    for occurrence in theirs:
        key = (occurrence.start, occurrence.text, occurrence.rrule)
        if key in known:
            merged[known[key]] = _fill(merged[known[key]], occurrence)
        else:
            known[key] = len(merged)
            merged.append(occurrence)
    empty = {name: getattr(other, name) for name in _FILLED if getattr(first, name) in (None, (), "")}
    empty.pop("status", None)
    offers = tuple(dict.fromkeys((*first.offers, *other.offers)))
    return replace(first, **{**empty, "occurrences": tuple(merged), "status": status, "offers": offers})


def _with_status(occurrences: tuple[RawOccurrence, ...], status: str | None) -> tuple[RawOccurrence, ...]:
    return tuple(replace(o, status=o.status or status) for o in occurrences)


def _fill(first: RawOccurrence, other: RawOccurrence) -> RawOccurrence:
    """The first occurrence with the gaps filled from its copy."""
    gaps = {
        f.name: getattr(other, f.name)
        for f in dataclasses.fields(first)
        if getattr(first, f.name) in (None, ()) and getattr(other, f.name)
    }
    return replace(first, **gaps)


def own_page(events: list[RawEvent], page: Page) -> tuple[list[RawEvent], list[Problem]]:
    """Events with markup borrowed from another site put right; the page's only event gets its address.

    Web builders leave the template's site in the markup: the address has another host but exactly
    the path of the page that was read. Such an address is the page's own, and a place of that other
    site is no place of this event.
    """
    problems: list[Problem] = []
    fixed = [_put_right(event, page, problems) for event in events]
    if len(fixed) == 1 and fixed[0].url is None and page.url.startswith(("http://", "https://")):
        fixed = [replace(fixed[0], url=page.url)]
    return fixed, problems


def _put_right(event: RawEvent, page: Page, problems: list[Problem]) -> RawEvent:
    here, there = host_of(page.url), host_of(event.url)
    if not here or not there or here == there or _same_site(here, there):
        return event
    path = urlsplit(page.url).path.rstrip("/")
    if path.count("/") < 2 or urlsplit(event.url or "").path.rstrip("/") != path:
        return event
    where = event.place.name if event.place else None
    problems.append(Problem("borrowed-markup", f"{event.url} on {page.url}; place {where!r} not taken"))
    return replace(event, url=page.url, place=None)


def _same_site(a: str, b: str) -> bool:
    """Whether one host is the other's subdomain, or both are of one domain (last two labels)."""
    return a.split(".")[-2:] == b.split(".")[-2:]


def owns(page: Page, event: RawEvent) -> bool:
    """Whether an event's address is the page itself: the page is about it, and is no list or teaser."""
    mine, its = urlsplit(page.url), urlsplit(event.url or page.url)
    return host_of(page.url) == host_of(event.url or page.url) and mine.path.rstrip("/") == its.path.rstrip(
        "/"
    )
