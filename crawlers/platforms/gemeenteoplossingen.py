"""GemeenteOplossingen council calendars: the meetings API, and the page of one meeting."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dateish import holds_date, holds_time
from crawlers.platforms.dom import absolute, first, text_of, words
from crawlers.platforms.make import council_window, make_event, make_place, occurrence, stamp, zone_of
from crawlers.platforms.pluck import flag, objects, text


class GemeenteOplossingen(Platform):
    """`{base}/v1/meetings` and `/v2/meetings`: `result.meetings[]`.

    `options.api` is the base of the interface (`https://raad.example/api`), `options.version` 1 or 2.
    """

    name: ClassVar[str] = "gemeenteoplossingen"

    def start(self, source: Source, now: datetime) -> tuple[str, ...]:
        """The list of the coming meetings, where the interface is known."""
        base = source.options.get("api")
        if not base:
            return source.start_urls
        first, last = council_window(now, source)
        if source.options.get("version", "1") == "2":
            return (f"{base}/v2/meetings?date_from={first}",)
        zone = ZoneInfo(source.zone)
        begin, end = (int(datetime.combine(day, time(), zone).timestamp()) for day in (first, last))
        return (f"{base}/v1/meetings?date_from={begin}&date_to={end}",)

    def recognises(self, page: Page) -> bool:
        """The API's own field names, or the page of one meeting."""
        body = page.body
        if body.lstrip()[:1] == b"{":
            return b'"meetings"' in body[:4000] and b'"dmu"' in body
        return b"meeting_object_id" in body and b"page_title" in body

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Meetings of the API's answer, or the one of a page."""
        if page.json is None:
            return _page(page, source)
        rows = objects(page.json, "result.meetings") or objects(page.json, "meetings")
        return Reading(tuple(event for row in rows if (event := _event(page, source, row))))


def _event(page: Page, source: Source | None, row: dict[str, Any]) -> RawEvent | None:
    title = text(row, "dmu.name", "description", "title")
    start = _start(row, zone_of(source))
    if not title or not start or flag(row, "inactive") or flag(row, "confidential"):
        return None
    note = text(row, "description")
    return make_event(
        page,
        source,
        f"platform:{GemeenteOplossingen.name}",
        title,
        occurrences=occurrence(start=start, zone=zone_of(source)),
        source_key=text(row, "id"),
        subtitle=note if note != title else None,
        url=absolute(page.url, text(row, "url")),
        status="geannuleerd" if flag(row, "canceled") else None,
        place=make_place(name=text(row, "location")),
        types=("CouncilMeeting",),
        categories=tuple(
            subject
            for item in objects(row, "items")
            if (subject := text(item, "title", "description", "name"))
        ),
        modified=text(row, "lastModified", "last_modified"),
    )


def _start(row: dict[str, Any], zone: str) -> str | None:
    """`date` (ISO, or UNIX seconds of local midnight) with `startTime` as a local stamp."""
    value = text(row, "date") or text(row, "date.date")
    if not value:
        return None
    if value.isdigit() and len(value) == 10:
        value = datetime.fromtimestamp(int(value), UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d")
    clock = text(row, "startTime", "start_time")
    return f"{value[:10]}T{clock}" if clock else stamp(value)


def _page(page: Page, source: Source | None) -> Reading:
    """`h2.page_title` holds the committee and the day; the page's title repeats both with the time."""
    heading = first(page.tree, "h2.page_title")
    title = text_of(page.tree, "h2.page_title .highlighted") or text_of(page.tree, "h2.page_title .group")
    if heading is None or not title:
        return Reading()
    whole = next(
        (
            t
            for t in (words(heading), text_of(page.tree, "h1"), text_of(page.tree, "title"))
            if t and holds_date(t) and holds_time(t)
        ),
        words(heading),
    )
    when = whole.removeprefix(title).strip(" -,")
    event = make_event(
        page,
        source,
        f"platform:{GemeenteOplossingen.name}",
        title,
        occurrences=occurrence(text=when),
        source_key=_key(page),
        url=absolute(page.url, _canonical(page)) or page.url,
        types=("CouncilMeeting",),
        place=make_place(name=text_of(page.tree, ".meeting_location, .location")),
    )
    return Reading((event,)) if event.occurrences else Reading()


def _key(page: Page) -> str | None:
    """The meeting's own number, from the hidden field that carries it."""
    field = first(page.tree, "#meeting_object_id")
    return field.get("value") if field is not None else None


def _canonical(page: Page) -> str | None:
    meta = first(page.tree, "meta[property='og:url']")
    return meta.get("content") if meta is not None else None
