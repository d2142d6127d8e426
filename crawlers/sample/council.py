"""Council calendars of the sample: meetings with their agendas, and which points of them touch culture."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crawlers.sample.markup.page import Body, Desk, Query, Style

STYLE = "council"
_OPENING, _CLOSING = "Opening en mededelingen", "Sluiting"


@dataclass(frozen=True, slots=True)
class SampleMeeting:
    """A meeting at half past seven in the evening; `culture` are the points that touch culture."""

    number: int
    day: date
    body: str
    culture: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    canceled: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """The whole agenda."""
        return (_OPENING, *self.other, *self.culture, _CLOSING)


def council_meetings(source: str, today: date) -> tuple[SampleMeeting, ...]:
    """What a council does from the week of `today` on; the same all week long."""
    monday = today - timedelta(days=today.weekday())

    def evening(weeks: int, day: int) -> date:
        return monday + timedelta(weeks=weeks, days=day)

    if source.startswith("raad-borne"):
        return (
            SampleMeeting(
                11, evening(1, 1), "Raadscommissie Samenleving",
                ("Uitgangspunten nieuwe cultuurnota", "Inspreker over de toekomst van de bibliotheek"),
                ("Verlenging contract leerlingenvervoer",),
            ),
            SampleMeeting(
                12, evening(2, 1), "Gemeenteraad",
                other=("Krediet kunstgrasveld sportpark De Meetlat", "Herinrichting Theaterplein"),
            ),
            SampleMeeting(13, evening(3, 1), "Gemeenteraad", ("Vaststellen cultuurnota",), canceled=True),
        )  # fmt: skip
    return (
        SampleMeeting(
            21,
            evening(1, 2),
            "Gemeenteraad",
            ("Aanwijzing gemeentelijk monument Proefweg 3",),
            ("Begroting",),
        ),
        SampleMeeting(22, evening(2, 2), "Presidium", other=("Vergaderschema",)),
    )


def render_meetings(desk: Desk, query: Query) -> Body:
    """The answer of the interface `/v1/meetings`, as GemeenteOplossingen gives it."""
    rows = [
        {
            "id": meeting.number,
            "date": meeting.day.isoformat(),
            "startTime": "19:30",
            "description": "",
            "location": "Raadzaal",
            "dmu": {"id": 1, "name": meeting.body},
            "items": [{"title": title} for title in meeting.items],
            "url": f"{desk.source.home}/vergadering/{meeting.number}",
            "canceled": meeting.canceled,
            "inactive": False,
        }
        for meeting in council_meetings(desk.source.id, desk.today)
    ]
    answer = {"result": {"meetings": rows}}
    return Body(json.dumps(answer, ensure_ascii=False).encode(), "application/json")


def council_truth(sources: Iterable[str], today: date) -> dict[tuple[str, date], SampleMeeting]:
    """The meetings that must be published, by the source and the day: those that touch culture."""
    found = {(name, meeting.day): meeting for name in sources for meeting in council_meetings(name, today)}
    return {key: meeting for key, meeting in found.items() if meeting.culture}


STYLES = {STYLE: Style("/api/v1/meetings", render_meetings, {"platform": "gemeenteoplossingen"})}
