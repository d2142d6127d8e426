"""Notubiz council calendars (`api.notubiz.nl`): one meeting, or a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from aggregator.model import RawEvent
from aggregator.region import Source
from crawlers.extract.page import Page, Reading
from crawlers.platforms.base import Platform
from crawlers.platforms.dom import absolute
from crawlers.platforms.make import council_of, council_window, make_event, make_place, occurrence, zone_of
from crawlers.platforms.pluck import flag, objects, pluck, text

_TITLE, _PLACE = 1, 50  # ids of the attributes that hold them
_API, _VERSION = "https://api.notubiz.nl", "format=json&version=1.17.0"


class Notubiz(Platform):
    """Public meetings; agenda items are no events of their own but what a meeting is about.

    `options.organisation` is the council's number at Notubiz.
    """

    name: ClassVar[str] = "notubiz"

    def start(self, source: Source, now: datetime) -> tuple[str, ...]:
        """The list of the coming meetings, where the council's number is known."""
        number = source.options.get("organisation")
        if not number:
            return source.start_urls
        first, last = council_window(now, source)
        span = f"date_from={first}%2000:00:00&date_to={last}%2023:59:59"
        return (f"{_API}/events?organisation_id={number}&{span}&page=1&{_VERSION}",)

    def recognises(self, page: Page) -> bool:
        """JSON that names Notubiz' own fields."""
        head = page.body[:4000]
        return (
            head.lstrip().startswith(b"{")
            and b'"permission_group"' in page.body
            and b'"plannings"' in page.body
        )

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """Meetings with every planned moment; the next page when the answer counts pages.

        A list that does not say what meetings are about leads to each of them.
        """
        data = page.json
        rows = objects(data, "meeting") or objects(data, "meetings") or objects(data, "events")
        more = absolute(page.url, text(data, "pagination.next_page_url", "pagination.next"))
        led = [row for row in rows if source and _leads_on(row)]
        onward = {
            f"{_API}/events/meetings/{text(row, 'id')}?{_VERSION}": text(row, "last_modified") for row in led
        }
        events = tuple(event for row in rows if row not in led and (event := _event(page, source, row)))
        marks = {url: stamp for url, stamp in onward.items() if stamp}
        return Reading(events, next=(more,) if more else (), follow=tuple(onward), marks=marks)


def _leads_on(row: dict[str, Any]) -> bool:
    """Whether a meeting's own answer must be read to know what it is about."""
    public = text(row, "permission_group") in (None, "public") and not flag(row, "inactive")
    return public and "agenda_items" not in row and bool(text(row, "id"))


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
        categories=(
            *(c for c in (text(row, "body"), text(pluck(row, "gremium"), "name")) if c),
            *_subjects(objects(row, "agenda_items")),
        ),
        modified=text(row, "last_modified"),
    )


def _subjects(items: list[dict[str, Any]], depth: int = 3) -> Iterator[str]:
    """The titles of what is on the agenda and public, in order, points below points too."""
    for item in items:
        if flag(item, "confidential") or text(item, "permission_group") not in (None, "public"):
            continue
        named = (text(a, "value") for a in objects(item, "type_data.attributes") if a.get("id") == _TITLE)
        yield from (name for name in named if name)
        if depth:
            yield from _subjects(objects(item, "agenda_items"), depth - 1)
