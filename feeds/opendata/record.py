"""One event as open data: schema.org names, plain values, nothing of our own reasoning."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aggregator.model import AllDay, Event, Status, Timed
from feeds.card import (
    Voice,
    age_range,
    description_of,
    image_of,
    kind_url,
    label_names,
    pillar_ids,
    source_links,
    title_of,
    town,
)
from feeds.news import created_of, updated_of
from feeds.opendata.fields import COLUMNS
from feeds.press.plain import guarded
from feeds.select import Showing, all_showings
from feeds.site.jsonld import STATUS
from feeds.site.rows import machine_time
from feeds.text import one_line, web_address

SCHEMA = "https://schema.org"


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value; False and 0 are values."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def record_of(event: Event, voice: Voice) -> dict[str, Any]:
    """The event as JSON-LD; texts and images only as far as their sources' rights allow."""
    info, image = voice.info, image_of(event, voice.info)
    words = [*pillar_ids(event, info), *(label for label, _ in label_names(event, voice))]
    words += [f"ndtrc:{code}" for tag in event.tags for code in info.codes.get(tag.tag, ())[:1]]
    words += [kind for kind in map(one_line, event.categories) if kind]
    return {"@context": SCHEMA, "@type": "Event", "@id": voice.urls.tag(event.uid)} | present(
        {
            "identifier": event.uid,
            "sameAs": [voice.urls.tag(alias) for alias in event.aliases],
            "name": title_of(event) or event.uid,
            "alternateName": one_line(event.subtitle),
            "description": description_of(event, info),
            "url": voice.urls.absolute(voice.urls.event(voice.language, event.uid)),
            "isBasedOn": [url for _, url in source_links(event, info)],
            "image": image[0] if image else None,
            "creditText": image[1] if image else None,
            "additionalType": kind_url(event, info),
            "keywords": list(dict.fromkeys(words)),
            "typicalAgeRange": age_range(event),
            "inLanguage": event.language,
            "organizer": _named("Organization", event.organiser),
            "performer": [p for name in event.performers if (p := _named("PerformingGroup", name))],
            "location": _location(event, voice),
            "isAccessibleForFree": event.price.free if event.price else None,
            "offers": _offers(event),
            "dateCreated": utc(created_of(event)),
            "dateModified": utc(updated_of(event)),
            "subEvent": [_sub_event(showing) for showing in all_showings(event)],
        }
    )


def utc(moment: datetime) -> str:
    """`2026-11-20T06:30:00Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _named(kind: str, name: str | None) -> dict[str, Any] | None:
    return {"@type": kind, "name": one_line(name)} if one_line(name) else None


def _location(event: Event, voice: Voice) -> dict[str, Any]:
    place = event.place
    address = {
        "@type": "PostalAddress",
        "streetAddress": one_line(place.address),
        "postalCode": one_line(place.postcode),
        "addressLocality": town(event, voice.info),
        "addressRegion": place.municipality,
    }
    geo = None
    if place.latitude is not None and place.longitude is not None:
        point = (round(place.latitude, 6), round(place.longitude, 6))
        geo = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]}
    fields = {"name": one_line(place.name), "hall": one_line(place.hall), "identifier": place.venue}
    return {"@type": "Place"} | present(fields | {"address": present(address), "geo": geo})


def _offers(event: Event) -> dict[str, Any] | None:
    price = event.price
    low, high = (price.min, price.max) if price else (None, None)
    fields = {
        "price": float(low) if low is not None else None,
        "highPrice": float(high) if high is not None and high != low else None,
        "priceCurrency": price.currency if price and (low is not None or high is not None) else None,
        "url": web_address(event.ticket_url),
    }
    found = present(fields)
    return {"@type": "Offer", **found} if found else None


def _sub_event(showing: Showing) -> dict[str, Any]:
    when, occurrence = showing.when, showing.occurrence
    known = not (isinstance(when, AllDay) and when.first is None)
    end = when.last if isinstance(when, AllDay) else when.end
    doors, previous = occurrence.occurrence.doors, occurrence.previous
    sold = showing.status is Status.SOLD_OUT
    fields = {
        "identifier": occurrence.uid,
        "startDate": machine_time(when) if known else None,
        "endDate": _moment(end) if end else None,
        "previousStartDate": machine_time(previous) if previous and previous != when else None,
        "doorTime": _moment(doors) if doors else None,
        "openingHours": one_line(occurrence.occurrence.hours),
        "eventStatus": f"{SCHEMA}/{STATUS.get(showing.status, 'EventScheduled')}",
        "availability": f"{SCHEMA}/SoldOut" if sold else None,
    }
    return {"@type": "Event"} | present(fields)


def _moment(value: Any) -> str:
    """A day, or a moment with the region's offset."""
    return machine_time(Timed(value) if isinstance(value, datetime) else AllDay(value))


def render_line(event: Event, voice: Voice) -> bytes:
    """The record as a line of NDJSON."""
    return dump(record_of(event, voice))


def dump(value: Mapping[str, Any]) -> bytes:
    """A line of NDJSON, LF at its end."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def render_rows(event: Event, voice: Voice) -> bytes:
    """The record as rows of the table (RFC 4180): one per date, the event's own fields repeated."""
    record, out = record_of(event, voice), io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    for sub in record.get("subEvent", []):
        table.writerow([guarded(_cell({**record, "subEvent": sub}, path)) for path in COLUMNS])
    return out.getvalue().encode()


def _cell(value: Any, path: str) -> str:
    for name in path.split("."):
        if isinstance(value, list):
            value = [v.get(name) for v in value]
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return "|".join(str(v).replace("|", "/") for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
