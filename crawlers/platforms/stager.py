"""Stager ticket shops (`<org>.stager.co`): the shop page's JSON-LD list and its API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import chompjs

from aggregator.model import RawEvent, RawOccurrence
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute, find
from crawlers.platforms.make import collect, make_event, make_offers, make_place, zone_of
from crawlers.platforms.pluck import flag, objects, text

# how these shops name a hall that is let
_HIRED = re.compile(r"(?:besloten|privé)\b|private? (?:event|party|feest|verhuur|hire|borrel)\b", re.I)


class Stager(Platform):
    """The `Z` of its stamps is in truth local time; private hire is in the list and is left out."""

    name: ClassVar[str] = "stager"

    def recognises(self, page: Page) -> bool:
        """A page of a Stager shop, or an answer with the API's own field names."""
        body = page.body
        if body.lstrip()[:1] in (b"{", b"["):
            return b'"startsOn"' in body and b'"eventId"' in body
        return (".stager.co" in page.url or ".stager.nl" in page.url) and b"application/ld+json" in body

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Every event of the shop."""
        data = page.json
        if data is not None:
            rows = objects(data) if isinstance(data, list) else objects(data, "events") or objects(data)
            return Reading(collect(e for row in rows if (e := _row(page, source, row))))
        found = (
            node
            for script in find(page.tree, "script[type='application/ld+json']")
            for node in _nodes(script.text)
        )
        return Reading(collect(e for node in found if (e := _node(page, source, node))))


def _row(page: Page, source: Source | None, row: dict[str, Any]) -> RawEvent | None:
    title, start = text(row, "name"), text(row, "startsOn")
    if not title or not start or _HIRED.match(title):
        return None
    key = text(row, "eventId")
    when = RawOccurrence(
        start=start, end=text(row, "endsOn"), door=text(row, "doorsOn"), zone=zone_of(source), local_z=True
    )
    return make_event(
        page,
        source,
        f"platform:{Stager.name}",
        title,
        occurrences=(when,),
        source_key=key,
        url=absolute(page.url, text(row, "url") or (f"/shop/default/events/{key}" if key else None)),
        status="soldout" if flag(row, "soldOut") else None,
        place=make_place(name=text(row, "location.name", "location")),
        description=text(row, "description"),
    )


def _nodes(script: str | None) -> Iterator[dict[str, Any]]:
    """Event objects of one JSON-LD block, also inside `ItemList.itemListElement[].item`."""
    stack: list[Any] = [_load(script or "")]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            if str(value.get("@type")).endswith("Event"):
                yield value
            else:
                stack.extend(v for v in reversed(value.values()) if isinstance(v, dict | list))


def _load(script: str) -> Any:
    try:
        return json.loads(script)
    except (ValueError, RecursionError):
        pass
    try:
        return chompjs.parse_js_object(script)
    except ValueError:
        return None


def _node(page: Page, source: Source | None, node: dict[str, Any]) -> RawEvent | None:
    title, start = text(node, "name"), text(node, "startDate")
    if not title or not start or _HIRED.match(title):
        return None
    url = absolute(page.url, text(node, "url"))
    offer = next(iter(objects(node, "offers")), {})
    when = RawOccurrence(
        start=start,
        end=text(node, "endDate"),
        door=text(node, "doorTime"),
        zone=zone_of(source),
        local_z=True,
    )
    return make_event(
        page,
        source,
        f"platform:{Stager.name}",
        title,
        occurrences=(when,),
        source_key=(url or "").rstrip("/").rsplit("/", 1)[-1] or None,
        url=url,
        status=text(node, "eventStatus"),
        place=make_place(
            name=text(node, "location.name", "location"),
            address=text(node, "location.address.streetAddress"),
            place=text(node, "location.address.addressLocality"),
            postcode=text(node, "location.address.postalCode"),
        ),
        offers=make_offers(
            text(offer, "price"), url=text(offer, "url"), availability=text(offer, "availability")
        ),
        image=absolute(page.url, text(node, "image", "image.0", "image.url")),
        description=text(node, "description"),
    )
