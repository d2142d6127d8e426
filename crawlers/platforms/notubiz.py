"""Notubiz council calendars (`api.notubiz.nl`): one meeting, or a list of them."""

from __future__ import annotations

from typing import Any, ClassVar

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute
from crawlers.platforms.make import council_of, make_event, make_place, occurrence, zone_of
from crawlers.platforms.pluck import flag, objects, pluck, text

_TITLE, _PLACE = 1, 50  # ids of the attributes that hold them


class Notubiz(Platform):
    """Public meetings; agenda items are no events of their own."""

    name: ClassVar[str] = "notubiz"

    def recognises(self, page: Page) -> bool:
        """JSON that names Notubiz' own fields."""
        head = page.body[:4000]
        return (
            head.lstrip().startswith(b"{")
            and b'"permission_group"' in page.body
            and b'"plannings"' in page.body
        )

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Meetings with every planned moment; the next page when the answer counts pages."""
        data = page.json
        rows = objects(data, "meeting") or objects(data, "meetings") or objects(data, "events")
        events = tuple(event for row in rows if (event := _event(page, source, row)))
        more = absolute(page.url, text(data, "pagination.next_page_url", "pagination.next"))
        return Reading(events, next=(more,) if more else ())


def _event(page: Page, source: Source | None, row: dict[str, Any]) -> RawEvent | None:
    said = {a.get("id"): text(a, "value") for a in objects(row, "attributes")}
    title = said.get(_TITLE) or text(row, "title", "description")
    public = text(row, "permission_group") in (None, "public") and not flag(row, "confidential")
    if not title or not public or flag(row, "inactive") or flag(row, "template"):
        return None
    status = "geannuleerd" if flag(row, "canceled") else None
    times = tuple(
        o
        for plan in objects(row, "plannings")
        for o in occurrence(start=text(plan, "start_date"), end=text(plan, "end_date"), zone=zone_of(source))
    )
    if not times:
        return None
    url = absolute(page.url, text(row, "url"))
    return make_event(
        page,
        source,
        f"platform:{Notubiz.name}",
        title,
        occurrences=times,
        source_key=text(row, "id"),
        url=url,
        status=status,
        place=make_place(
            name=said.get(_PLACE) or text(row, "location"),
            place=council_of(url, "notubiz.nl", "raadsinformatie.nl"),
        ),
        types=("CouncilMeeting",),
        categories=tuple(c for c in (text(row, "body"), text(pluck(row, "gremium"), "name")) if c),
        modified=text(row, "last_modified"),
    )
