"""schema.org JSON-LD of an event, for search engines and other collectors."""

from __future__ import annotations

import json
from typing import Any

from aggregator.model import AllDay, Event, Status
from feeds.card import Voice, age_range, description_of, kind_url, source_links, title_of, town
from feeds.select import Showing, all_showings, begin
from feeds.site.rows import machine_time
from feeds.text import one_line, web_address

MOST = 50  # occurrences described
STATUS = {
    Status.CANCELLED: "EventCancelled",
    Status.POSTPONED: "EventPostponed",
    Status.RESCHEDULED: "EventRescheduled",
    Status.MOVED_ONLINE: "EventMovedOnline",
}


def render_jsonld(event: Event, voice: Voice) -> str:
    """JSON that can stand inside a `<script type="application/ld+json">`: no `<`, `>`, `&` in it."""
    items = [_describe(showing, voice) for showing in all_showings(event)[:MOST]]
    value = items[0] if len(items) == 1 else items
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _describe(showing: Showing, voice: Voice) -> dict[str, Any]:
    event, when = showing.event, showing.when
    end = when.last if isinstance(when, AllDay) else when.end
    online = showing.status is Status.MOVED_ONLINE
    fields: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": voice.urls.tag(showing.occurrence.uid),
        "name": title_of(event),
        "startDate": machine_time(when),
        "endDate": None if end is None else _end(when, end),
        "doorTime": _door(showing),
        "eventStatus": f"https://schema.org/{STATUS.get(showing.status, 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{'Online' if online else 'Offline'}EventAttendanceMode",
        "location": _place(event, voice),
        "additionalType": kind_url(event, voice.info),
        "typicalAgeRange": age_range(event),
        "description": one_line(description_of(event, voice.info, most=300)),
        "url": voice.urls.absolute(voice.urls.event(voice.language, event.uid)),
        "isBasedOn": [url for _, url in source_links(event, voice.info)],
        "organizer": {"@type": "Organization", "name": one_line(event.organiser)}
        if event.organiser
        else None,
        "performer": [_named("PerformingGroup", name) for name in event.performers if one_line(name)],
        "offers": _offer(showing),
        "isAccessibleForFree": event.price.free if event.price else None,
    }
    if showing.occurrence.previous is not None and showing.status is Status.RESCHEDULED:
        fields["previousStartDate"] = machine_time(showing.occurrence.previous)
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _named(kind: str, name: str | None) -> dict[str, str] | None:
    return {"@type": kind, "name": one_line(name)} if one_line(name) else None


def _end(when: Any, end: Any) -> str:
    if isinstance(when, AllDay):
        return str(end.isoformat())
    return str(end.astimezone(begin(when).tzinfo).isoformat(timespec="minutes"))


def _door(showing: Showing) -> str | None:
    doors = showing.occurrence.occurrence.doors
    return doors.astimezone(begin(showing.when).tzinfo).isoformat(timespec="minutes") if doors else None


def _place(event: Event, voice: Voice) -> dict[str, Any]:
    place = event.place
    address = {
        "@type": "PostalAddress",
        "streetAddress": one_line(place.address),
        "postalCode": one_line(place.postcode),
        "addressLocality": town(event, voice.info),
        "addressCountry": "NL",
    }
    found: dict[str, Any] = {
        "@type": "Place",
        "name": one_line(place.name) or town(event, voice.info),
        "address": {key: value for key, value in address.items() if value},
    }
    if place.latitude is not None and place.longitude is not None:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(place.latitude, 6),
            "longitude": round(place.longitude, 6),
        }
    return found


def _offer(showing: Showing) -> dict[str, Any] | None:
    event = showing.event
    url = web_address(showing.occurrence.occurrence.url or event.ticket_url)
    price = event.price.min if event.price else None
    if url is None and price is None:
        return None
    sold_out = showing.status is Status.SOLD_OUT
    offer = {
        "@type": "Offer",
        "url": url,
        "price": str(price) if price is not None else None,
        "priceCurrency": event.price.currency if event.price and price is not None else None,
        "availability": "https://schema.org/SoldOut" if sold_out else None,
    }
    return {key: value for key, value in offer.items() if value}
