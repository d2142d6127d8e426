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

    A copy without an address joins the one with the same title and start; a copy without a place
    joins the first with the same title and address.
    """
    if len(events) < 2:
        return [_join([event]) for event in events]
    with_url = {
        (e.title.casefold(), o.start): e.url for e in events if e.url for o in e.occurrences if o.start
    }
    groups: dict[tuple[object, ...], list[RawEvent]] = {}
    first_place: dict[tuple[object, ...], str | None] = {}
    for event in events:
        title = event.title.casefold()
        copies = (with_url.get((title, o.start)) for o in event.occurrences if o.start)
        url = event.url or next((u for u in copies if u), None)
        where = event.place.name.casefold() if event.place and event.place.name else None
        key = (event.source_key, url, title)
        if where is None:
            where = first_place.get(key)
        elif first_place.get(key, where) is None:  # until now none of the copies had a place
            groups[(*key, where)] = groups.pop((*key, None))
            first_place[key] = where
        first_place.setdefault(key, where)
        groups.setdefault((*key, where), []).append(event)
    return [_join(group) for group in groups.values()]


def _join(group: list[RawEvent]) -> RawEvent:
    """All occurrences of a group, and what any of them says; unlike states go to the occurrences."""
    first, *others = group
    if not others:
        once = tuple(dict.fromkeys(first.occurrences))
        return first if len(once) == len(first.occurrences) else replace(first, occurrences=once)
    alike = all(e.status == first.status for e in others)
    merged: dict[tuple[str | None, ...], RawOccurrence] = {}
    for event in group:
        for occurrence in event.occurrences if alike else _with_status(event.occurrences, event.status):
            key = (occurrence.start, occurrence.text, occurrence.rrule)
            merged[key] = _fill(merged[key], occurrence) if key in merged else occurrence
    filled = {}
    for name in _FILLED:
        if getattr(first, name) in (None, (), ""):
            filled[name] = next((v for e in others if (v := getattr(e, name)) not in (None, (), "")), None)
    more = {name: value for name, value in filled.items() if value is not None}
    offers = tuple(dict.fromkeys(o for e in group for o in e.offers))
    return replace(
        first,
        **{
            **more,
            "occurrences": tuple(merged.values()),
            "status": first.status if alike else None,
            "offers": offers,
        },
    )


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
    if not event.url:
        return event
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
