"""Markup inside the HTML: schema.org microdata and h-event."""

from __future__ import annotations

from crawlers.sample.markup.jsonld import STATUSES, TYPES
from crawlers.sample.markup.page import Body, Desk, Query, Style, page_of

PER_PAGE = 25


def render_microdata(desk: Desk, query: Query) -> Body:
    """Events as `itemscope` articles, 25 a page, with a link to the next page."""
    entries, page, pages = page_of(desk.entries, query, "page", PER_PAGE)
    types = {e.path: TYPES.get(e.category, "Event") for e in entries}
    states = {e.path: STATUSES.get(e.status, "EventScheduled") for e in entries}
    return desk.html("microdata.html", entries=entries, page=page, pages=pages, types=types, states=states)


def render_hevent(desk: Desk, query: Query) -> Body:
    """Events as `h-event` articles (microformats2)."""
    return desk.html("hevent.html", entries=desk.entries)


STYLES = {
    "microdata": Style("/agenda", render_microdata),
    "hevent": Style("/programma", render_hevent),
}
