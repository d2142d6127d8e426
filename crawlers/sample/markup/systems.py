"""The lists of shared systems: The Events Calendar, Peppered, X-com's `shows.php`, Craft show tiles."""

from __future__ import annotations

import html
import json
from typing import Any

from aggregator.model import Status
from crawlers.sample.markup import dutch
from crawlers.sample.markup.page import Body, Desk, Query, Style, marked_title, page_of, titled, words
from crawlers.sample.model import HOST, Entry, SampleSource

JSON = "application/json; charset=UTF-8"
PEPPERED_STATES = {Status.SOLD_OUT: "status-uitverkocht", Status.CANCELLED: "status-geannuleerd"}
ITIX_STATES = {Status.SOLD_OUT: "uitverkocht", Status.CANCELLED: "geannuleerd"}
ROUTE = "/wp-json/tribe/events/v1/events"


def render_tribe(desk: Desk, query: Query) -> Body:
    """`events[]` with `next_rest_url`; ten a page unless asked, at most fifty."""
    asked = query.get("per_page", "10")
    size = min(max(int(asked), 1), 50) if asked.isdigit() else 10
    entries, page, pages = page_of(desk.entries, query, "page", size)
    answer: dict[str, Any] = {
        "events": [_tribe_event(desk, e) for e in entries],
        "rest_url": f"{desk.source.home}{ROUTE}?page={page}&per_page={size}",
        "total": len(desk.entries),
        "total_pages": pages,
    }
    if page < pages:
        answer["next_rest_url"] = f"{desk.source.home}{ROUTE}?page={page + 1}&per_page={size}"
    return Body(json.dumps(answer, ensure_ascii=True).encode(), JSON)


def _tribe_event(desk: Desk, entry: Entry) -> dict[str, Any]:
    """One event in the plugin's own words: local times, entities in the title, `venue` as an object."""
    showing, venue = entry.first, desk.venue(entry)
    end = showing.last if showing.stay else (showing.end or showing.start)
    form = "%Y-%m-%d 00:00:00" if showing.stay else "%Y-%m-%d %H:%M:%S"
    return {
        "id": entry.event_number * 100 + showing.number,
        "global_id": global_id(desk.source, entry),
        "status": "publish",
        "url": desk.url(entry),
        "title": html.escape(marked_title(entry)).replace("–", "&#8211;").replace("&#x27;", "&#8217;"),
        "description": f"<p>{html.escape(_words(entry))}</p>",
        "all_day": showing.stay,
        "start_date": showing.start.strftime(form),
        "end_date": end.strftime("%Y-%m-%d 23:59:59" if showing.stay else form),
        "timezone": "Europe/Amsterdam",
        "cost": "Gratis" if entry.cost.low is None else f"€{entry.cost.low}",
        "venue": {
            "venue": entry.venue_name,
            "address": entry.street,
            "city": entry.place,
            "zip": entry.postcode,
            "country": "Nederland",
            "geo_lat": venue.latitude,
            "geo_lng": venue.longitude,
        },
        "organizer": [],
        "categories": [{"name": entry.category, "slug": entry.category.lower()}],
        "tags": [],
        "hide_from_listings": False,
    }


def global_id(source: SampleSource, entry: Entry) -> str | None:
    """The plugin's own permanent id of a post."""
    return f"{HOST}:{source.port}?id={entry.event_number * 100 + entry.first.number}"


def _words(entry: Entry) -> str:
    return f"{entry.subtitle}. {words(entry)}" if entry.subtitle else words(entry)


def render_peppered(desk: Desk, query: Query) -> Body:
    """Cards with `data-event-start` in local time, twelve a page."""
    entries, page, pages = page_of(desk.entries, query, "p54_page", 12)
    return desk.html("peppered.html", entries=entries, page=page, pages=pages, states=PEPPERED_STATES)


def render_shows(desk: Desk, query: Query) -> Body:
    """The answer of `shows.php`: HTML of twelve blocks inside JSON."""
    entries, page, pages = page_of(desk.entries, query, "page", 12)
    blocks = desk.html("shows.html", entries=entries, states=ITIX_STATES).data.decode()
    answer = {"html": blocks, "pages": pages, "currentPage": page, "countItemsTotal": len(desk.entries)}
    return Body(json.dumps(answer).encode(), JSON)


def render_tiles(desk: Desk, query: Query) -> Body:
    """Show tiles, twelve a page; a run is printed as a period and told in full on its own page."""
    entries, page, pages = page_of(desk.entries, query, "page", 12)
    return desk.html(
        "tiles.html",
        entries=entries,
        page=page,
        pages=pages,
        lines={e.path: tile_line(desk, e) for e in entries},
    )


def tile_line(desk: Desk, entry: Entry) -> str:
    """`Za 17 okt. 2026 - 20:30 uur - Grote zaal`; another house in place of the hall when it is there."""
    when = dutch.craft(entry.first)
    if len(entry.showings) > 1:
        when = dutch.period(entry.first, entry.showings[-1])
    return f"{when} - {where}" if (where := tile_place(desk, entry)) else when


def tile_place(desk: Desk, entry: Entry) -> str:
    """The hall, or the name and town of another house."""
    if desk.venue(entry).id != desk.source.venue:
        return f"{entry.venue_name} {entry.place}"
    return entry.hall or ""


def render_show(desk: Desk, entry: Entry) -> Body:
    """A show's own page: one row for each performance."""
    return desk.html("show.html", entry=entry, place=tile_place(desk, entry), name=titled(entry))


STYLES = {
    "tribe": Style(
        ROUTE,
        render_tribe,
        {"platform": "tribe"},
        begin=f"{ROUTE}?per_page=50",
        path="/event/{slug}/",
        key=global_id,
    ),
    "peppered": Style(
        "/nl/agenda",
        render_peppered,
        {"platform": "peppered"},
        path="/nl/agenda/{slug}-{code}",
        whole=True,
        ends=False,
        tells=frozenset({Status.SCHEDULED, *PEPPERED_STATES}),
    ),
    "shows": Style(
        "/shows.php",
        render_shows,
        {"platform": "xcom"},
        begin="/shows.php?type=theatre&page=1",
        path="/programma/{slug}/{stamp}",
        ends=False,
        tells=frozenset({Status.SCHEDULED, *ITIX_STATES}),
    ),
    "tiles": Style(
        "/theaterprogramma",
        render_tiles,
        {"platform": "xcom"},
        render_show,
        path="/{slug}/{stamp}",
        whole=True,
        ends=False,
    ),
}
