"""schema.org events as JSON-LD: a list, nested in a graph, broken blocks beside good ones, own pages."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from aggregator.model import Status
from crawlers.sample.markup.page import Body, Desk, Query, Style, titled, words
from crawlers.sample.model import Entry, Showing

KINDS = {
    "MusicEvent": "Pop Rock Jazz Klassiek Koor Orgel Muziek Elektronisch Folk Singer-songwriter Konzert",
    "Festival": "Festival",
    "ComedyEvent": "Cabaret",
    "TheaterEvent": "Toneel Musical",
    "ChildrensEvent": "Jeugd Kinderen",
    "DanceEvent": "Dans",
    "ScreeningEvent": "Film",
    "ExhibitionEvent": "Expositie Mediakunst",
    "LiteraryEvent": "Literatuur",
    "EducationEvent": "Workshop",
    "SocialEvent": "Ontmoeting",
    "SportsEvent": "Sport",
}
TYPES = {category: kind for kind, categories in KINDS.items() for category in categories.split()}
STATUSES = {
    Status.CANCELLED: "EventCancelled",
    Status.POSTPONED: "EventPostponed",
    Status.RESCHEDULED: "EventRescheduled",
    Status.MOVED_ONLINE: "EventMovedOnline",
}


def event_object(desk: Desk, entry: Entry) -> dict[str, Any]:
    """One event; several showings are its subEvents in an EventSeries."""
    made = _event(desk, entry, entry.first)
    if len(entry.showings) == 1:
        return made
    parts = [_part(entry, showing) for showing in entry.showings]
    return made | {
        "@type": "EventSeries",
        "endDate": parts[-1].get("endDate", parts[-1]["startDate"]),
        "subEvent": parts,
    }


def _event(desk: Desk, entry: Entry, showing: Showing) -> dict[str, Any]:
    url = desk.url(entry)
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES.get(entry.category, "Event"),
        "@id": f"{url}#event",
        "name": titled(entry),
        "url": url,
        "description": words(entry),
        "eventStatus": f"https://schema.org/{STATUSES.get(entry.status, 'EventScheduled')}",
        "location": _location(desk, entry),
        "inLanguage": entry.language,
    }
    made |= _times(showing)
    if showing.previous:
        made["previousStartDate"] = showing.previous.isoformat()
    return made | _offers(entry, url)


def _part(entry: Entry, showing: Showing) -> dict[str, Any]:
    return {"@type": TYPES.get(entry.category, "Event"), "name": titled(entry), **_times(showing)}


def _times(showing: Showing) -> dict[str, Any]:
    found: dict[str, Any] = {"startDate": showing.start.isoformat()}
    if showing.doors:
        found["doorTime"] = showing.doors.isoformat()
    if showing.end:
        found["endDate"] = showing.end.isoformat()
    return found


def _location(desk: Desk, entry: Entry) -> Any:
    venue = desk.venue(entry)
    address = {
        "@type": "PostalAddress",
        "streetAddress": entry.street,
        "postalCode": entry.postcode,
        "addressLocality": entry.place,
        "addressCountry": venue.country,
    }
    name = (
        f"{entry.venue_name}, {entry.hall}"
        if entry.hall and entry.hall not in entry.venue_name
        else entry.venue_name
    )
    place = {"@type": "Place", "name": name, "address": {k: v for k, v in address.items() if v}}
    if entry.status is Status.MOVED_ONLINE:
        return [{"@type": "VirtualLocation", "url": desk.url(entry)}, place]
    return place


def _offers(entry: Entry, url: str) -> dict[str, Any]:
    if entry.cost.low is None:
        return {"isAccessibleForFree": True}
    sold_out = entry.status is Status.SOLD_OUT
    offer = {
        "@type": "Offer",
        "price": str(entry.cost.low),
        "priceCurrency": "EUR",
        "availability": f"https://schema.org/{'SoldOut' if sold_out else 'InStock'}",
        "url": url,
    }
    if entry.cost.high != entry.cost.low:
        return {"offers": [offer, offer | {"price": str(entry.cost.high)}]}
    return {"offers": offer}


def script(value: Any) -> str:
    """A value as a script block; `<` is escaped so that no text can close the block."""
    return _block(json.dumps(value, ensure_ascii=False, indent=1))


def _block(text: str) -> str:
    inner = text.replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">\n{inner}\n</script>\n')


def render_list(desk: Desk, query: Query) -> Body:
    """All events in one array."""
    blocks = script([event_object(desk, e) for e in desk.entries]) if desk.entries else ""
    return desk.html("agenda.html", entries=desk.entries, script=blocks)


def render_graph(desk: Desk, query: Query) -> Body:
    """Events among other things in a @graph: every other one inside an ItemList."""
    home = desk.source.home
    items = [
        {"@type": "ListItem", "position": n, "item": event_object(desk, e)}
        for n, e in enumerate(desk.entries[::2], 1)
    ]
    graph: list[dict[str, Any]] = [
        {"@type": "WebSite", "@id": f"{home}/#website", "url": f"{home}/", "name": desk.source.name},
        {"@type": "Organization", "@id": f"{home}/#organization", "name": desk.source.name},
        {
            "@type": "BreadcrumbList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Agenda"}],
        },
        {
            "@type": "CollectionPage",
            "name": "Agenda",
            "mainEntity": {"@type": "ItemList", "itemListElement": items},
        },
    ]
    graph += [event_object(desk, e) for e in desk.entries[1::2]]
    made = {"@context": "https://schema.org", "@graph": graph}
    return desk.html("agenda.html", entries=desk.entries, script=script(made))


def render_broken(desk: Desk, query: Query) -> Body:
    """A block for each event; some sloppy (trailing comma, raw line break), between them some past repair."""
    blocks = []
    for n, entry in enumerate(desk.entries):
        text = json.dumps(event_object(desk, entry), ensure_ascii=False, indent=1)
        if n % 3 == 1:
            text = text.removesuffix("\n}") + ",\n}"
        if n % 4 == 2:
            text = text.replace(". ", ".\n", 1)
        blocks.append(_block(text))
        if n % 5 == 0:
            blocks.append(
                _block('{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [{')
            )
    return desk.html("agenda.html", entries=desk.entries, script=Markup("").join(blocks))


def render_links(desk: Desk, query: Query) -> Body:
    """Links only; each event has its own page."""
    return desk.html("links.html", entries=desk.entries, script="")


def render_page(desk: Desk, entry: Entry) -> Body:
    """An event's own page with its JSON-LD."""
    return desk.html("detail.html", entry=entry, script=script(event_object(desk, entry)))


STYLES = {
    "jsonld": Style("/agenda", render_list, detail=render_page, whole=True),
    "jsonld-graph": Style("/agenda", render_graph, detail=render_page, whole=True),
    "jsonld-broken": Style("/programma", render_broken, whole=True),
    "jsonld-pages": Style(
        "/agenda", render_links, {"follow": {"links": "a.event-link"}}, render_page, whole=True
    ),
}
