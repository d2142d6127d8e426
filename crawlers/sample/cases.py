"""The hand-written cases of real life (`data/cases.yaml`) as events, on days counted from a Monday."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from aggregator.clock import AMSTERDAM
from aggregator.model import Status
from crawlers.sample.compose import Slot, make_cost, parse_slot, showing
from crawlers.sample.model import Rule, SampleEvent, SampleVenue, Showing
from crawlers.sample.words import load_data

RANGE = 150  # days; a clock change farther away is left out


@dataclass(frozen=True, slots=True)
class Case:
    """An event with the sites that tell of it, and what a site that is late still tells."""

    event: SampleEvent
    entries: dict[str, dict[str, Any]]
    old_showings: tuple[Showing, ...] = ()
    old_hall: str | None = None
    old_status: Status = Status.SCHEDULED
    outside: SampleVenue | None = None
    instead_of: str = ""


def load_cases(monday: date) -> list[Case]:
    """All cases for the week that begins on `monday`; those of a clock change only when it is near."""
    return [case for data in load_data("cases") if (case := _case(data, monday)) is not None]


def _case(data: dict[str, Any], monday: date) -> Case | None:
    showings, rule = _times(data, monday)
    if not showings:
        return None
    genre, status = data["genre"], Status(data.get("status", "scheduled"))
    outside = _outside(data["outside"], data["id"]) if "outside" in data else None
    old = tuple(
        replace(s, start=s.previous, end=None, doors=None, previous=None) for s in showings if s.previous
    )
    event = SampleEvent(
        id=data["id"],
        genre="case",
        act=genre["act"],
        show=genre.get("show", ""),
        venue=outside.id if outside else data["venue"],
        showings=showings,
        category=genre["category"],
        text=data["text"],
        pillars=tuple(genre["pillars"]),
        culture=data.get("hidden") not in ("private", "not-culture", "not-an-event"),
        hidden=data.get("hidden"),
        cost=make_cost(genre["price"], random.Random(data["id"])),
        hall=data.get("hall"),
        hours=data.get("hours"),
        language=genre.get("language", "nl"),
        status=status,
        rule=rule,
    )
    hall = data.get("hall_was", data.get("hall"))
    made_way = data.get("instead_of", "")
    return Case(event, data["entries"], old or showings, hall, outside=outside, instead_of=made_way)


def _times(data: dict[str, Any], monday: date) -> tuple[tuple[Showing, ...], Rule | None]:
    """The showings of a case and, for a weekly one, the rule with its exceptions."""
    if "stay" in data:
        first, last = (monday + timedelta(days=n) for n in data["stay"])
        return (Showing(1, first, last),), None
    slot = parse_slot(data["slot"])
    day = _clock_change(monday, data["dst"]) if "dst" in data else None
    if "dst" in data and day is None:
        return (), None
    day = day or monday + timedelta(days=data["week"] * 7 + slot.weekdays[0])
    if "weekly" in data:
        return _weekly(data, day, slot)
    shown = [showing(n + 1, day + timedelta(days=n), slot) for n in range(data.get("run", 1))]
    for text in data.get("also", ()):
        later = Slot(slot.weekdays, time.fromisoformat(text), slot.minutes, slot.doors)
        shown.append(showing(len(shown) + 1, day, later))
    if "moved" in data:
        shown = [replace(s, previous=_wall(s.start) + timedelta(days=data["moved"])) for s in shown]
    return tuple(shown), None


def _weekly(data: dict[str, Any], day: date, slot: Slot) -> tuple[tuple[Showing, ...], Rule]:
    """A weekly series: some weeks skipped, some at another hour."""
    plain = [showing(n + 1, day + timedelta(weeks=n), slot) for n in range(data["weekly"])]
    skipped = tuple(_wall(plain[n].start) for n in data["skip"])
    moved = []
    for n, text in data["shift"].items():
        other = Slot(slot.weekdays, time.fromisoformat(text), slot.minutes, slot.doors)
        moved.append((_wall(plain[n].start), _wall(showing(n + 1, plain[n].first, other).start)))
        plain[n] = showing(n + 1, plain[n].first, other)
    kept = tuple(s for n, s in enumerate(plain) if n not in data["skip"])
    return kept, Rule(skipped, tuple(moved), _wall(plain[0].start), data["weekly"])


def _wall(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError(f"{moment} has no time")
    return moment


def _clock_change(monday: date, part: str) -> date | None:
    """The Sunday of the next clock change (`day`) or the Saturday before it (`night`), when near."""
    for n in range(RANGE):
        day = monday + timedelta(days=n)
        noon, before = (datetime.combine(d, time(12), AMSTERDAM) for d in (day, day - timedelta(days=1)))
        if noon.utcoffset() != before.utcoffset() and n > 0:
            return day if part == "day" else day - timedelta(days=1)
    return None


def _outside(data: dict[str, Any], case: str) -> SampleVenue:
    """A venue outside the region."""
    latitude, longitude = data["at"]
    return SampleVenue(
        id=case,
        name=data["name"],
        kind="outside",
        municipality="outside",
        place=data["place"],
        street=data["street"],
        postcode=data["postcode"],
        latitude=latitude,
        longitude=longitude,
        country=data.get("country", "NL"),
    )
