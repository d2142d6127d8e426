"""A venue's own event as schema.org would have it on their page: known facts, and blanks for the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aggregator.model import AllDay, Event, Listing, Status
from feeds.card import Voice, title_of
from feeds.select import Showing, all_showings
from feeds.site.jsonld import STATUS
from feeds.site.rows import machine_time
from feeds.text import one_line, web_address


def render_fix(event: Event, listings: Sequence[Listing], voice: Voice) -> str:
    """JSON-LD for a `<script type="application/ld+json">` on the page of the event, to copy.

    What no source says stands there as a sentence to be replaced: nothing is made up.
    """
    showings = all_showings(event)
    items = [_describe(event, showing, listings, voice) for showing in showings[:2]]
    value: Any = items[0] if len(items) == 1 else items
    text = json.dumps(value, ensure_ascii=False, indent=2).replace("<", "\\u003c")
    return f'<script type="application/ld+json">\n{text}\n</script>'


def _describe(event: Event, showing: Showing, listings: Sequence[Listing], voice: Voice) -> dict[str, Any]:
    words, when, place = voice.words, showing.when, event.place
    end = when.last or when.first if isinstance(when, AllDay) else when.end
    own = web_address(next((k.url for k in listings if k.url), event.url))
    image = web_address(event.image or next((k.image for k in listings if k.image), None))
    start = machine_time(when)
    fields = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": title_of(event),
        "startDate": start if not isinstance(when, AllDay) else f"{start} {words('venue.fill.time')}",
        "endDate": end.isoformat() if end else words("venue.fill.end", day=start[:10]),
        "eventStatus": f"https://schema.org/{STATUS.get(showing.status, 'EventScheduled')}",
        "url": own or words("venue.fill.url"),
        "image": image or words("venue.fill.image"),
        "description": one_line(event.description)[:200] or words("venue.fill.description"),
        "location": {
            "@type": "Place",
            "name": one_line(place.name) or words("venue.fill.place"),
            "address": {
                "@type": "PostalAddress",
                "streetAddress": one_line(place.address) or words("venue.fill.street"),
                "postalCode": one_line(place.postcode) or words("venue.fill.postcode"),
                "addressLocality": one_line(place.place) or words("venue.fill.town"),
                "addressCountry": "NL",
            },
        },
        "offers": _offer(event, showing, own, voice),
    }
    if isinstance(when, AllDay) and (when.last or when.first) != when.first:
        fields["startDate"] = start  # a span of days needs no hour
    return fields


def _offer(event: Event, showing: Showing, own: str | None, voice: Voice) -> dict[str, Any]:
    price, words = event.price, voice.words
    amount = "0" if price and price.free else str(price.min) if price and price.min is not None else None
    sold = showing.status is Status.SOLD_OUT
    return {
        "@type": "Offer",
        "price": amount or words("venue.fill.price"),
        "priceCurrency": price.currency if price else "EUR",
        "availability": f"https://schema.org/{'SoldOut' if sold else 'InStock'}",
        "url": web_address(event.ticket_url) or own or words("venue.fill.url"),
    }
