"""Sites without a list: a JSON interface with its own words, and a sitemap with a page for each event."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from crawlers.sample.markup.jsonld import render_page
from crawlers.sample.markup.page import STATUS_WORDS, Body, Desk, Query, Style, page_of, price_words, words
from crawlers.sample.model import Entry, SampleSource

MAPPING = {
    "items": "resultaten[]",
    "key": "nummer",
    "title": "naam",
    "subtitle": "toevoeging",
    "start": "moment.van",
    "end": "moment.tot",
    "door": "moment.deur",
    "url": "adres",
    "status": "status",
    "description": "omschrijving",
    "category": "rubriek",
    "price": "prijs",
    "place.name": "plek.naam",
    "place.address": "plek.straat",
    "place.postcode": "plek.postcode",
    "place.place": "plek.plaats",
    "next": "volgende",
}


def render_results(desk: Desk, query: Query) -> Body:
    """Thirty results a page, with the address of the next."""
    entries, page, pages = page_of(desk.entries, query, "blad", 30)
    following = f"{desk.source.home}/api/evenementen?blad={page + 1}" if page < pages else None
    answer = {
        "totaal": len(desk.entries),
        "resultaten": [_result(desk, e) for e in entries],
        "volgende": following,
    }
    return Body(json.dumps(answer, ensure_ascii=False).encode(), "application/json")


def _result(desk: Desk, entry: Entry) -> dict[str, Any]:
    showing = entry.first
    moment = {"van": _local(showing.start), "tot": _local(showing.end), "deur": _local(showing.doors)}
    return {
        "nummer": number(desk.source, entry),
        "naam": entry.title,
        "toevoeging": entry.subtitle or None,
        "moment": moment,
        "adres": desk.url(entry),
        "status": STATUS_WORDS[entry.status] or None,
        "omschrijving": words(entry),
        "rubriek": [entry.category],
        "prijs": price_words(entry.cost),
        "plek": {
            "naam": entry.venue_name,
            "straat": entry.street,
            "postcode": entry.postcode,
            "plaats": entry.place,
        },
    }


def number(source: SampleSource, entry: Entry) -> str | None:
    """The number of a result."""
    return f"{entry.event_number}-{entry.first.number}"


def _local(moment: Any) -> str | None:
    """Local time without an offset, as many a site writes it."""
    if moment is None:
        return None
    return f"{moment:%Y-%m-%dT%H:%M}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"


def render_nothing(desk: Desk, query: Query) -> Body:
    """A front page that only says that the site is being built: the sitemap alone knows the pages."""
    return desk.html("agenda.html", entries=(), script="")


STYLES = {
    "json": Style(
        "/api/evenementen",
        render_results,
        {"platform": "json", "mapping": MAPPING},
        path="/evenement/{code}-{slug}",
        key=number,
    ),
    "sitemap": Style(
        "/agenda",
        render_nothing,
        {"platform": "sitemap", "follow": {"pattern": "/activiteit/"}},
        render_page,
        begin="/sitemap.xml",
        path="/activiteit/{slug}",
        whole=True,
    ),
}
