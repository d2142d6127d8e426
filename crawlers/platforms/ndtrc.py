"""NDTRC / Feed Factory records (uitagenda exports, VVV sites), JSON and XML.

Both come in two dialects; `ndtrcxml` turns the XML into the shape of the JSON, this reads that.
"""

from __future__ import annotations

from typing import Any, ClassVar

from aggregator.model import RawEvent, RawOffer, RawPlace
from aggregator.region import Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute
from crawlers.platforms.make import make_event, make_place, zone_of
from crawlers.platforms.ndtrcdates import read_calendar
from crawlers.platforms.ndtrcxml import read_records
from crawlers.platforms.pluck import flag, items, objects, pluck, text

_EVENTS = ("EVENEMENT", "EVENTGROUP")


class Ndtrc(Platform):
    """Records of events; a feed's drafts are left out, one record tried alone is shown as it is."""

    name: ClassVar[str] = "ndtrc"

    def recognises(self, page: Page) -> bool:
        """The vocabulary's own names near the beginning."""
        head = page.body[:4000]
        start = head.lstrip()[:1]
        if start in (b"{", b"["):
            return b'"trcItem' in page.body or (b'"wfstatus"' in page.body and b'"entitytype"' in page.body)
        return start == b"<" and b"TrcXml" in head and b"<trcitem" in head

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Events that are published and approved, with every date; a problem for each left out."""
        events: list[RawEvent] = []
        problems: list[Problem] = []
        for record in _records(page):
            if text(record, "entitytype") not in _EVENTS or flag(record, "deleted"):
                continue
            name = _title(record, source)
            if not _is_public(record):
                problems.append(Problem("not-published", f"{name}: {text(record, 'wfstatus')}"))
                if source is not None:
                    continue
            event = _event(page, source, record, name)
            if event is None:
                problems.append(Problem("no-dates", name or str(text(record, "trcid", "externalid"))))
            else:
                events.append(event)
        return Reading(tuple(events), problems=tuple(problems))


def _records(page: Page) -> list[dict[str, Any]]:
    if page.body.lstrip()[:1] == b"<" or page.json is None:
        return read_records(page.body)
    data = page.json
    rows = (
        objects(data)
        if isinstance(data, list)
        else next(
            (
                found
                for key in ("trcItems", "items", "results", "hits", "data")
                if (found := objects(data, key))
            ),
            objects(data),
        )
    )
    return [item if isinstance(item := row.get("trcItem"), dict) else row for row in rows]


def _is_public(record: dict[str, Any]) -> bool:
    return (
        flag(record, "published") and text(record, "wfstatus") == "approved" and not flag(record, "offline")
    )


def _title(record: dict[str, Any], source: Source | None) -> str:
    return text(_detail(record, source), "title") or ""


def _detail(record: dict[str, Any], source: Source | None) -> dict[str, Any]:
    """The texts in the source's language, else Dutch, else the first that there are."""
    details = objects(record, "trcItemDetails")
    for language in (source.language if source else "nl", "nl"):
        for detail in details:
            if text(detail, "lang") == language and text(detail, "title"):
                return detail
    return details[0] if details else {}


def _event(page: Page, source: Source | None, record: dict[str, Any], name: str) -> RawEvent | None:
    times = read_calendar(pluck(record, "calendar"), zone_of(source))
    if not name or not times:
        return None
    detail = _detail(record, source)
    links = {
        k: absolute(page.url, text(u, "url"))
        for u in reversed(objects(record, "contactinfo.urls"))
        for k in (text(u, "urlServiceType"),)
    }
    photo = next(
        (f for f in objects(record, "files") if flag(f, "main")), next(iter(objects(record, "files")), {})
    )
    status = None
    if flag(record, "trcItemCategories.canceled") or flag(record, "calendar.cancelled"):
        status = "cancelled"
    elif flag(record, "trcItemCategories.soldout") or flag(record, "calendar.soldout"):
        status = "soldout"
    return make_event(
        page,
        source,
        f"platform:{Ndtrc.name}",
        name,
        occurrences=times,
        source_key=text(record, "trcid", "externalid"),
        url=links.get("general") or next((u for u in links.values() if u), None),
        ticket_url=links.get("booking"),
        status=status,
        place=_place(record),
        offers=_offers(record),
        free=True if any(flag(p, "freeentrance") for p in objects(record, "priceElements")) else None,
        description=text(detail, "longdescription", "shortdescription"),
        image=absolute(page.url, text(photo, "hlink")),
        image_credit=text(photo, "copyright"),
        performers=tuple(n for p in items(record, "performers") if (n := text(p, "label", "name"))),
        categories=tuple(c for t in objects(record, "trcItemCategories.types") if (c := text(t, "catid"))),
        language=text(detail, "lang"),
        modified=text(record, "lastupdated"),
    )


def _place(record: dict[str, Any]) -> RawPlace | None:
    """Name and address; `xcoordinate` is the longitude. Coordinates that are none are left out."""
    address = pluck(record, "location.address") or {}
    spot = next(iter(objects(address, "gisCoordinates")), {})
    street, number = text(address, "street") or "", text(address, "housenr") or ""
    line = street if not number or street.endswith(number) else f"{street} {number}"
    point = text(spot, "ycoordinate"), text(spot, "xcoordinate")
    good = all(p and "." in p for p in point)
    return make_place(
        name=text(record, "location.label", "location.locationItem.text"),
        address=line,
        place=text(address, "city"),
        postcode=text(address, "zipcode"),
        latitude=point[0] if good else None,
        longitude=point[1] if good else None,
        country=text(address, "country"),
    )


def _offers(record: dict[str, Any]) -> tuple[RawOffer, ...]:
    offers = []
    for element in objects(record, "priceElements"):
        low, high = text(element, "priceValue.from"), text(element, "priceValue.until")
        note = text(element, "description.value", "description")
        if low or high:
            offers.append(RawOffer(text=note, low=low, high=high or low, currency="EUR"))
    return tuple(offers)
