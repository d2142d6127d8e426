"""The Events Calendar of WordPress: REST `tribe/events/v1` and `tec/v1`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from aggregator.model import RawEvent, RawOccurrence, RawOffer, RawPlace
from aggregator.region import Source
from crawlers.extract.page import Page, Problem, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute
from crawlers.platforms.make import make_event, make_place, plain, zone_of
from crawlers.platforms.pluck import flag, items, objects, pluck, text

ROUTE = "/wp-json/tribe/events/v1/events"
_UNPUBLISHED = frozenset({"draft", "trash", "private", "pending", "future", "auto-draft"})


class Tribe(Platform):
    """`events[]` with local `start_date`; `next_rest_url` leads to the next page."""

    name: ClassVar[str] = "tribe"

    def start(self, source: Source, now: datetime) -> tuple[str, ...]:
        """The REST route of each site, 50 events a page (the most that it gives)."""
        return tuple(_rest(url) for url in source.start_urls)

    def recognises(self, page: Page) -> bool:
        """JSON with The Events Calendar's own field names."""
        head = page.body[:20_000]
        if not head.lstrip().startswith((b"{", b"[")):
            return False
        return b'"start_date"' in head and (
            b'"rest_url"' in head
            or b'"hide_from_listings"' in head
            or (b'"events"' in head and b'"venue"' in head)
        )

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Published events that their site lists itself."""
        data = page.json
        rows = objects(data, "events") or (objects(data) if pluck(data, "start_date") else [])
        events: list[RawEvent] = []
        problems: list[Problem] = []
        for row in rows:
            title, start = text(row, "title", "title.rendered"), text(row, "start_date")
            if not title or not start:
                problems.append(Problem("no-title-or-start", str(row.get("id"))))
            elif not flag(row, "hide_from_listings") and text(row, "status") not in _UNPUBLISHED:
                events.append(_event(page, source, row, title, start))
        following = absolute(page.url, text(data, "next_rest_url"))
        return Reading(tuple(events), next=(following,) if following else (), problems=tuple(problems))


def _rest(url: str) -> str:
    if "/wp-json/" in url or "rest_route=" in url:
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{ROUTE}?per_page=50"


def _event(page: Page, source: Source | None, row: dict[str, Any], title: str, start: str) -> RawEvent:
    image = text(row, "image.url") or (text(row, "image") if isinstance(row.get("image"), str) else None)
    key = text(row, "global_id", "id")
    return make_event(
        page,
        source,
        f"platform:{Tribe.name}",
        title,
        occurrences=(_when(row, start, source),),
        source_key=key,
        url=absolute(page.url, text(row, "url")),
        place=_place(row),
        offers=_offers(row),
        ticket_url=absolute(page.url, text(row, "website")),
        description=text(row, "description", "excerpt"),
        image=absolute(page.url, image),
        organiser=next((n for o in objects(row, "organizer") if (n := text(o, "organizer"))), None),
        categories=tuple(
            n for c in objects(row, "categories") + objects(row, "tags") if (n := text(c, "name"))
        ),
        modified=text(row, "modified_utc", "modified"),
    )


def _when(row: dict[str, Any], start: str, source: Source | None) -> RawOccurrence:
    """Local stamps; `all_day` as plain days (the end is the last day, inclusive)."""
    end = text(row, "end_date")
    zone = text(row, "timezone")
    if flag(row, "all_day"):
        start, end = start[:10], end[:10] if end else None
    elif end == start:
        end = None
    return RawOccurrence(start=start, end=end, zone=zone if zone and "/" in zone else zone_of(source))


def _place(row: dict[str, Any]) -> RawPlace | None:
    venue = next(iter(objects(row, "venue")), {})
    return make_place(
        name=text(venue, "venue", "title"),
        address=text(venue, "address"),
        place=text(venue, "city"),
        postcode=text(venue, "zip"),
        latitude=text(venue, "geo_lat"),
        longitude=text(venue, "geo_lng"),
        country=text(venue, "country"),
    )


def _offers(row: dict[str, Any]) -> tuple[RawOffer, ...]:
    cost = text(row, "cost")
    values = [v for v in map(plain, items(row, "cost_details.values")) if v]
    if not cost and not values:
        return ()
    currency = text(row, "cost_details.currency_code")
    low, high = (values[0], values[-1]) if values else (None, None)
    return (RawOffer(text=cost, low=low, high=high, currency=currency),)
